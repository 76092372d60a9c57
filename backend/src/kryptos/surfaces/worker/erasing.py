"""Erasing: people who asked for it, and guests whom everybody has forsaken."""

from typing import ClassVar

from kryptos.domains import privacy
from kryptos.infra.database import Database, Uow
from kryptos.infra.queue import Job, SoleJob, enqueue


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


async def erase_person(database: Database, job: ErasePerson) -> None:
    """Do step after step until nothing of the person is left."""
    await privacy.erase_person(database, erasure_id=job.erasure_id)


async def resume_erasures(database: Database, _job: ResumeErasures) -> None:
    """Ask for every erasure that is open; where its job waits or runs already, that one is enough."""

    async def work(uow: Uow) -> None:
        for erasure_id in await privacy.list_open_erasures(uow):
            await enqueue(uow, ErasePerson(erasure_id=erasure_id))

    await database.execute(work)
