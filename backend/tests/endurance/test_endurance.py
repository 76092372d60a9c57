"""A short run in which every server, every worker and the database is killed; the long one is `make endurance`."""

import pytest

from tests.endurance.running import Plan, run
from tests.support.installation import durable_cluster, installed

pytestmark = pytest.mark.slow

SHORT = Plan(seconds=25, pause_seconds=2, threads=4)


@pytest.mark.timeout(400)
def test_nothing_that_was_acknowledged_is_lost_whatever_is_killed() -> None:
    with durable_cluster() as cluster, installed(cluster) as installation:
        figures = run(cluster, installation, SHORT)
    assert figures.violations == []
    assert len(figures.kills) == 5
    assert figures.rows["access_records"] > 0
    assert min(figures.accesses[name] for name in ("living", "rotated", "revoked", "accounts taken back")) > 0
    assert not [status for status in figures.answers if status.startswith("5") and status != "503"]
