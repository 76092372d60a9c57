"""What is done periodically: once per period, however many workers there are."""

from datetime import timedelta

from kryptos.infra.queue import Periodic
from kryptos.surfaces.worker.jobs import Prune, SealAuditLog

SCHEDULE = (
    Periodic(SealAuditLog(), every=timedelta(seconds=10)),
    Periodic(Prune(), every=timedelta(hours=1)),
)
