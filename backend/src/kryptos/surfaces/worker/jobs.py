"""What each job does: one Uow per step, the network only between them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import structlog

from kryptos.domains import audit, identity
from kryptos.infra.database import Database
from kryptos.infra.mail import Mailer, MailRefused
from kryptos.infra.queue import Handler, Job, SoleJob
from kryptos.infra.settings import Settings
from kryptos.surfaces.worker.access import (
    Accesses,
    PauseUnread,
    PruneAccessRecords,
    pause_unread,
    prune_access_records,
)
from kryptos.surfaces.worker.erasing import (
    EraseForsakenGuests,
    ErasePerson,
    Erasing,
    ResumeErasures,
    ScrubFiles,
    erase_forsaken_guests,
    erase_person,
    resume_erasures,
    scrub_files,
)
from kryptos.surfaces.worker.pricing import (
    PriceTransactions,
    Pricing,
    RefreshPrices,
    price_transactions,
    refresh_prices,
)
from kryptos.surfaces.worker.pruning import PRUNED
from kryptos.surfaces.worker.sign_in_mail import sign_in_mail
from kryptos.surfaces.worker.syncing import (
    Reading,
    RequestDueSyncs,
    SyncIntegration,
    TryConnection,
    request_due_syncs,
    sync_integration,
    try_connection,
)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Workshop:
    """What jobs work with."""

    database: Database
    mailer: Mailer | None
    settings: Settings
    reading: Reading
    pricing: Pricing


class SendSignInCode(Job, frozen=True):
    """Make the code of a sign-in and mail it. Made at sending time, the clear code never rests anywhere."""

    name: ClassVar[str] = "send_sign_in_code"
    max_starts: ClassVar[int] = 6  # about a minute in all: later, nobody waits for it any more
    limit_seconds: ClassVar[float] = 60
    challenge_id: str


class SealAuditLog(SoleJob, frozen=True):
    """Give the new records of the audit log their place in their chain."""

    name: ClassVar[str] = "seal_audit_log"

    @property
    def lane(self) -> str:
        """One at a time: each goes on where the one before stopped."""
        return self.name


class Prune(SoleJob, frozen=True):
    """Delete what can no longer matter."""

    name: ClassVar[str] = "prune"

    @property
    def lane(self) -> str:
        """One at a time: two would wait for each other's locks."""
        return self.name


async def send_sign_in_code(workshop: Workshop, job: SendSignInCode) -> None:
    """Issue the code, then mail it; tried again, it issues a new one, and the mail sent last is the one that counts."""
    if workshop.mailer is None:
        log.error("sign_in_mail_impossible", reason="neither KRYPTOS_SMTP_URL nor KRYPTOS_MAILBOX is set")
        return
    issued = await workshop.database.execute(
        partial(identity.issue_sign_in_code, challenge_id=job.challenge_id, signup=workshop.settings.signup)
    )
    if issued is None:
        return
    try:
        await workshop.mailer.send(sign_in_mail(issued))
    except MailRefused as error:  # a mistyped address is nobody's outage
        log.warning("mail_refused", challenge_id=job.challenge_id, reason=type(error.__cause__).__name__)
    else:
        log.info("sign_in_code_sent", challenge_id=job.challenge_id)


async def seal_audit_log(workshop: Workshop, _job: SealAuditLog) -> None:
    """Seal a batch per transaction until nothing is left."""
    while await workshop.database.execute(audit.seal):
        pass


async def prune(workshop: Workshop, _job: Prune) -> None:
    """Prune everything that can be, a batch per transaction; what fails does not keep the rest from being pruned."""
    failures: list[Exception] = []
    for name, prune_one in PRUNED.items():
        count = 0
        try:
            while deleted := await workshop.database.execute(prune_one):
                count += deleted
        except Exception as error:
            log.exception("prune_failed", what=name)
            failures.append(error)
        if count:
            log.info("pruned", what=name, count=count)
    if failures:
        message = "not everything could be pruned"
        raise ExceptionGroup(message, failures)


def handlers(workshop: Workshop) -> Mapping[type[Job], Handler]:
    """Return the handler of every job that there is."""
    accesses = Accesses(workshop.database, workshop.settings)
    erasing = Erasing(workshop.database, workshop.settings)
    return {
        SendSignInCode: partial(send_sign_in_code, workshop),
        SealAuditLog: partial(seal_audit_log, workshop),
        Prune: partial(prune, workshop),
        PauseUnread: partial(pause_unread, accesses),
        PruneAccessRecords: partial(prune_access_records, accesses),
        SyncIntegration: partial(sync_integration, workshop.reading),
        TryConnection: partial(try_connection, workshop.reading),
        ErasePerson: partial(erase_person, erasing),
        ResumeErasures: partial(resume_erasures, erasing),
        EraseForsakenGuests: partial(erase_forsaken_guests, erasing),
        ScrubFiles: partial(scrub_files, erasing),
        RequestDueSyncs: partial(request_due_syncs, workshop.reading),
        RefreshPrices: partial(refresh_prices, workshop.pricing),
        PriceTransactions: partial(price_transactions, workshop.pricing),
    }
