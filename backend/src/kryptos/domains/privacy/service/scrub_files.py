"""Rid the files of the database of what was erased."""

from collections.abc import Callable, Sequence
from functools import partial

import sqlalchemy as sa

from kryptos.domains.privacy._tables import erasures
from kryptos.infra.database import Database, Uow
from kryptos.infra.scrub import Scrubbed, scrub


async def scrub_files(database: Database, *, say: Callable[[str], None]) -> Scrubbed:
    """Scrub the database, and note of which erasures that was the last trace; raise ``ScrubUnderWay``."""
    ended = await database.execute(_list_unscrubbed)
    done = await scrub(database.url, say=say)
    if not done.undone:
        await database.execute(partial(_note_scrubbed, erasure_ids=ended))
    return done


async def _list_unscrubbed(uow: Uow) -> tuple[str, ...]:
    wanted = sa.select(erasures.c.id).where(
        erasures.c.finished_at.is_not(None), erasures.c.scrubbed_at.is_(None)
    )
    return tuple(row.id for row in await uow.all(wanted))


async def _note_scrubbed(uow: Uow, *, erasure_ids: Sequence[str]) -> None:
    mine = erasures.c.id.in_(list(erasure_ids))
    await uow.execute(sa.update(erasures).where(mine).values(scrubbed_at=uow.now))
