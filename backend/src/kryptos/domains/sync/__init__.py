"""Sync: the journey of what a provider says into integrations, ledger and portfolio, one step per transaction."""

from kryptos.domains.sync.contracts import ChainPlan, Plan
from kryptos.domains.sync.errors import SyncOvertaken
from kryptos.domains.sync.events import ConnectionTestRequested
from kryptos.domains.sync.service.begin import begin
from kryptos.domains.sync.service.connection_tests import (
    ConnectionTest,
    end_test,
    find_test,
    prune_tests,
    request_test,
)
from kryptos.domains.sync.service.disconnect import disconnect
from kryptos.domains.sync.service.end import end
from kryptos.domains.sync.service.personal import (
    erase_cursors,
    erase_tests,
    export_cursors,
    export_tests,
)
from kryptos.domains.sync.service.request import request_due, request_resync
from kryptos.domains.sync.service.steps import (
    fail_stage,
    keep_balances,
    keep_page,
    known_contracts,
    start_stage,
)

__all__ = [
    "ChainPlan",
    "ConnectionTest",
    "ConnectionTestRequested",
    "Plan",
    "SyncOvertaken",
    "begin",
    "disconnect",
    "end",
    "end_test",
    "erase_cursors",
    "erase_tests",
    "export_cursors",
    "export_tests",
    "fail_stage",
    "find_test",
    "keep_balances",
    "keep_page",
    "known_contracts",
    "prune_tests",
    "request_due",
    "request_resync",
    "request_test",
    "start_stage",
]
