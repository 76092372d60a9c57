"""Jobs on the same PostgreSQL: written in a transaction of ours, run at least once, one at a time per lane."""

from kryptos.infra.queue.job import Job, SoleJob, enqueue
from kryptos.infra.queue.liveness import (
    SILENT_AFTER,
    count_workers,
    find_last_worker_sign,
    forget_worker,
    note_worker,
)
from kryptos.infra.queue.liveness import prune as prune_workers
from kryptos.infra.queue.loop import OUTAGE, Outage, repeat
from kryptos.infra.queue.periods import Periodic, enqueue_due
from kryptos.infra.queue.relay import JobsOf, outbox_lag, relay_events
from kryptos.infra.queue.runner import LEASE, Handler, Runner
from kryptos.infra.queue.store import (
    DeadJob,
    count_jobs,
    drop,
    find_oldest_due,
    forget_dead,
    forget_lane,
    list_dead,
    revive,
)
from kryptos.infra.queue.store import prune as prune_jobs

__all__ = [
    "LEASE",
    "OUTAGE",
    "SILENT_AFTER",
    "DeadJob",
    "Handler",
    "Job",
    "JobsOf",
    "Outage",
    "Periodic",
    "Runner",
    "SoleJob",
    "count_jobs",
    "count_workers",
    "drop",
    "enqueue",
    "enqueue_due",
    "find_last_worker_sign",
    "find_oldest_due",
    "forget_dead",
    "forget_lane",
    "forget_worker",
    "list_dead",
    "note_worker",
    "outbox_lag",
    "prune_jobs",
    "prune_workers",
    "relay_events",
    "repeat",
    "revive",
]
