"""The verdict on an endurance run can be another: what a fault could leave behind is found."""

from collections.abc import Iterator

import pytest

from kryptos.infra.postgres import Cluster
from tests.endurance.running import Plan, Trial
from tests.support.installation import durable_cluster, installed
from tests.support.processes import wait_until

pytestmark = pytest.mark.slow

PEACE = Plan(seconds=0, pause_seconds=0, threads=4)
LAST = "(SELECT max(id) FROM transactions)"
ACTIVE = "(SELECT min(id) FROM grants WHERE revoked_at IS NULL)"
DAMAGE = {
    "other than one receipt": "DELETE FROM consent_receipts",
    "GET /api/v1/userinfo: answered": "UPDATE access_tokens SET replaced_at = NULL",
    "and not (": f"DELETE FROM ledger_entries WHERE transaction_id <> {LAST}",
    "is of no account": f"UPDATE transactions SET integration_id = 'wallet_0' WHERE id = {LAST}",
    "accounts that are lost": "DELETE FROM integrations WHERE id = (SELECT max(id) FROM integrations)",
    "active grants that are lost": f"DELETE FROM grants WHERE id = {ACTIVE}",
    "revoked grants that are lost": "UPDATE grants SET revoked_at = NULL",
    "is dead": """
        INSERT INTO jobs (id, name, payload, state, created_at, run_at, starts, max_starts, died_at)
        VALUES ('job_0', 'prune', '{}', 'dead', now(), now(), 1, 1, now())""",
    "the audit chain": "UPDATE audit_records SET action = 'another' WHERE sequence = 1",
}
"""By the words of the finding, a statement that does what may never happen."""


@pytest.fixture(scope="module")
def cluster_of_our_own() -> Iterator[Cluster]:
    with durable_cluster() as cluster:
        yield cluster


@pytest.mark.timeout(300)
def test_everything_that_a_fault_could_leave_behind_is_found(cluster_of_our_own: Cluster) -> None:
    with installed(cluster_of_our_own) as installation:
        trial = Trial(cluster_of_our_own, installation, PEACE)
        with trial.crowd.at_work():
            accesses = trial.crowd.ledger.accesses
            wait_until(lambda: any(each.is_revoked for each in accesses), what="one is revoked")
            wait_until(lambda: any(each.dead_tokens for each in accesses), what="one is rotated")
        assert trial.violations() == []
        for words, damage in DAMAGE.items():
            assert not [each for each in trial.violations() if words in each], words
            installation.run_script(damage)
            assert [each for each in trial.violations() if words in each], words
