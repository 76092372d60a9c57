"""Integrations: connected accounts, what is read of each, and how far reading has come."""

from kryptos.domains.integrations.contracts import (
    CHAIN_STAGES,
    Finding,
    Health,
    Integration,
    IntegrationPage,
    Stage,
    StageLog,
    StageStatus,
    Status,
)
from kryptos.domains.integrations.errors import (
    AliasInvalid,
    ChainsInvalid,
    DuplicateConnection,
    IntegrationNotFound,
)
from kryptos.domains.integrations.events import (
    IntegrationConnected,
    IntegrationRemoved,
    SyncEnded,
    SyncRequested,
)
from kryptos.domains.integrations.policy import checked_chains
from kryptos.domains.integrations.service.connect import connect, repair
from kryptos.domains.integrations.service.find import (
    find_integration,
    get_integration,
    list_all,
    list_due,
    list_integrations,
)
from kryptos.domains.integrations.service.follow import (
    begin_sync,
    count_transactions,
    end_sync,
    record_stage,
    request_sync,
)
from kryptos.domains.integrations.service.health import list_health
from kryptos.domains.integrations.service.lateness import find_lateness
from kryptos.domains.integrations.service.pause import Reading, list_readings, pause, resume
from kryptos.domains.integrations.service.personal import (
    erase_integration,
    export_integrations,
    find_one_in,
    list_workspaces_with,
    pass_on,
    stop_for_good,
)
from kryptos.domains.integrations.service.remove import remove

__all__ = [
    "CHAIN_STAGES",
    "AliasInvalid",
    "ChainsInvalid",
    "DuplicateConnection",
    "Finding",
    "Health",
    "Integration",
    "IntegrationConnected",
    "IntegrationNotFound",
    "IntegrationPage",
    "IntegrationRemoved",
    "Reading",
    "Stage",
    "StageLog",
    "StageStatus",
    "Status",
    "SyncEnded",
    "SyncRequested",
    "begin_sync",
    "checked_chains",
    "connect",
    "count_transactions",
    "end_sync",
    "erase_integration",
    "export_integrations",
    "find_integration",
    "find_lateness",
    "find_one_in",
    "get_integration",
    "list_all",
    "list_due",
    "list_health",
    "list_integrations",
    "list_readings",
    "list_workspaces_with",
    "pass_on",
    "pause",
    "record_stage",
    "remove",
    "repair",
    "request_sync",
    "resume",
    "stop_for_good",
]
