"""What is done periodically: once per period, however many workers there are."""

from datetime import timedelta

from kryptos.infra.queue import Periodic
from kryptos.surfaces.worker.access import PauseUnread, PruneAccessRecords
from kryptos.surfaces.worker.erasing import EraseForsakenGuests, ResumeErasures, ScrubFiles
from kryptos.surfaces.worker.jobs import Prune, SealAuditLog
from kryptos.surfaces.worker.pricing import PriceTransactions, RefreshPrices
from kryptos.surfaces.worker.syncing import RequestDueSyncs

SCHEDULE = (
    Periodic(SealAuditLog(), every=timedelta(seconds=10)),
    Periodic(Prune(), every=timedelta(hours=1)),
    Periodic(PauseUnread(), every=timedelta(hours=1)),
    Periodic(PruneAccessRecords(), every=timedelta(hours=1)),
    Periodic(RequestDueSyncs(), every=timedelta(seconds=15)),
    Periodic(ResumeErasures(), every=timedelta(minutes=10)),
    Periodic(EraseForsakenGuests(), every=timedelta(days=1)),
    Periodic(ScrubFiles(), every=timedelta(days=1)),
    Periodic(RefreshPrices(), every=timedelta(minutes=5)),
    Periodic(PriceTransactions(), every=timedelta(minutes=1)),
)
