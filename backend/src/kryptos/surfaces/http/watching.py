"""What web servers and workers show to whoever watches: their own counts, and what the database knows."""

import hmac
import time
from collections.abc import Callable, Sequence
from ipaddress import ip_address

import structlog

from kryptos.domains import grants, integrations, privacy
from kryptos.infra.backup.record import find_last_backup
from kryptos.infra.database import Database, Uow
from kryptos.infra.queue import (
    count_jobs,
    count_workers,
    find_last_worker_sign,
    find_oldest_due,
    outbox_lag,
)
from kryptos.infra.settings import counted_together
from kryptos.infra.telemetry import Measure, render_metrics
from kryptos.kernel.errors import Unavailable

log = structlog.get_logger(__name__)

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
REFUSAL = (
    "Metrics are for this machine only. Elsewhere set KRYPTOS_METRICS_TOKEN and send it as a bearer token.\n"
)
_KEPT_SECONDS = 5.0  # however many scrape, the database is asked that often


def may_watch(*, peer: str | None, authorization: str, is_forwarded: bool, token: str | None) -> bool:
    """Say whether somebody may read metrics: whoever has the token, or without one this machine alone."""
    if token is not None:
        return hmac.compare_digest(authorization.encode(), f"Bearer {token}".encode())
    try:
        return not is_forwarded and peer is not None and ip_address(peer).is_loopback
    except ValueError:
        return False


class Watch:
    """The text that a process shows; what the database knows is measured at most every few seconds."""

    def __init__(self, database: Database, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._monotonic = monotonic
        self._measured: Sequence[Measure] = ()
        self._measured_at: float | None = None

    async def render(self) -> bytes:
        """Return every metric as text."""
        now = self._monotonic()
        if self._measured_at is None or now - self._measured_at > _KEPT_SECONDS:
            self._measured, self._measured_at = await self._measure(), now
        return render_metrics(self._measured, shared=counted_together())

    async def _measure(self) -> Sequence[Measure]:
        try:
            return [_reached(1), *(await self._database.execute(measure))]
        except Unavailable:
            return [_reached(0)]
        except Exception:  # a schema that is not there yet, say: the counts are shown all the same
            log.exception("measuring_failed")
            return [_reached(0)]


def _reached(value: int) -> Measure:
    return Measure("database_reached", "Whether the database answered when it was last measured", value)


async def measure(uow: Uow) -> Sequence[Measure]:
    """Return what the database knows of how the installation is."""
    seen_at, backed_up_at = await find_last_worker_sign(uow), await find_last_backup(uow)
    erasures = await privacy.count_erasures(uow)
    return [
        Measure(
            "outbox_lag_seconds",
            "Age of the oldest event that no worker has taken up",
            (await outbox_lag(uow)).total_seconds(),
        ),
        Measure("queue_jobs", "Jobs by state", await count_jobs(uow), "state"),
        Measure(
            "queue_oldest_due_seconds",
            "How long the job has been due that waits longest",
            (await find_oldest_due(uow)).total_seconds(),
        ),
        Measure("workers", "Workers that left a sign within a minute", await count_workers(uow)),
        Measure(
            "worker_sign_age_seconds",
            "Time since any worker left a sign; infinite when none did",
            (uow.now - seen_at).total_seconds() if seen_at else float("inf"),
        ),
        Measure(
            "sync_oldest_due_seconds",
            "How long the sync has been due that waits longest to be asked for",
            (await integrations.find_lateness(uow)).total_seconds(),
        ),
        Measure("grants", "Grants by state", await grants.count_grants(uow), "state"),
        Measure(
            "erasures", "Erasures by state", {"waiting": erasures.waiting, "done": erasures.done}, "state"
        ),
        Measure(
            "erasure_oldest_waiting_seconds",
            "How long the erasure has waited that waits longest",
            erasures.oldest_waiting.total_seconds(),
        ),
        Measure(
            "erasures_unscrubbed",
            "Erasures that are done while the database's files may still hold traces",
            erasures.unscrubbed,
        ),
        Measure(
            "last_backup_timestamp_seconds",
            "When the newest backup was taken, in seconds since 1970; 0 when none is known",
            backed_up_at.timestamp() if backed_up_at else 0,
        ),
    ]
