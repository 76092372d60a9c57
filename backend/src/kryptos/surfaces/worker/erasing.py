"""Erasing: people who asked for it, guests whom everybody has forsaken, and what the database's files still hold."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import ClassVar

import structlog

from kryptos.domains import privacy
from kryptos.infra.database import Database, Uow
from kryptos.infra.postgres import cluster_files
from kryptos.infra.queue import Job, SoleJob, enqueue
from kryptos.infra.scrub import is_server_of
from kryptos.infra.settings import Settings

log = structlog.get_logger(__name__)


class ErasePerson(Job, frozen=True):
    """Do what is left of an erasure."""

    name: ClassVar[str] = "erase_person"
    limit_seconds: ClassVar[float] = 3600
    erasure_id: str

    @property
    def dedup_key(self) -> str:
        """One that waits is enough."""
        return self.erasure_id

    @property
    def lane(self) -> str:
        """One at a time: two would take turns at every step."""
        return self.erasure_id


class ResumeErasures(SoleJob, frozen=True):
    """Go on with erasures whose job has died: they are promised."""

    name: ClassVar[str] = "resume_erasures"


class EraseForsakenGuests(SoleJob, frozen=True):
    """Ask for the erasure of every guest of whom no app may read anything any more."""

    name: ClassVar[str] = "erase_forsaken_guests"


class ScrubFiles(SoleJob, frozen=True):
    """Scrub the embedded database, if somebody was erased since."""

    name: ClassVar[str] = "scrub_files"
    max_starts: ClassVar[int] = 2
    limit_seconds: ClassVar[float] = 4 * 3600


@dataclass(frozen=True, slots=True)
class Erasing:
    """What erasing works with."""

    database: Database
    settings: Settings


async def erase_person(erasing: Erasing, job: ErasePerson) -> None:
    """Do step after step until nothing of the person is left."""
    await privacy.erase_person(erasing.database, erasure_id=job.erasure_id)
    log.info("person_erased", erasure_id=job.erasure_id)


async def resume_erasures(erasing: Erasing, _job: ResumeErasures) -> None:
    """Ask for every erasure that is open; where its job waits or runs already, that one is enough."""

    async def work(uow: Uow) -> None:
        for erasure_id in await privacy.list_open_erasures(uow):
            await enqueue(uow, ErasePerson(erasure_id=erasure_id))

    await erasing.database.execute(work)


async def erase_forsaken_guests(erasing: Erasing, _job: EraseForsakenGuests) -> None:
    """Look at every guest, some at a time."""
    kept_for = timedelta(days=erasing.settings.guest_days)
    after: str | None = ""
    while after is not None:
        look = partial(privacy.erase_forsaken_guests, kept_for=kept_for, after=after)
        after = await erasing.database.execute(look)


async def scrub_files(erasing: Erasing, _job: ScrubFiles) -> None:
    """Scrub what is ours to scrub: a database elsewhere is its operator's, who knows when its tables may be locked."""
    database = erasing.database
    if not erasing.settings.scrub_nightly or not (await database.execute(privacy.count_erasures)).unscrubbed:
        return
    if not await is_server_of(database.url, data=str(cluster_files(erasing.settings))):
        return
    done = await privacy.scrub_files(database, say=lambda step: log.debug("scrubbing", step=step))
    log.info("files_scrubbed", tables=done.tables, undone=done.undone)
