"""Jobs about access: stop reading what no app may read, forget old access records."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import ClassVar

import structlog

from kryptos.domains import connect, grants
from kryptos.infra.database import Database
from kryptos.infra.queue import SoleJob
from kryptos.infra.settings import Settings

log = structlog.get_logger(__name__)


class PauseUnread(SoleJob, frozen=True):
    """Pause every account that no app may read, resume those that one may read again."""

    name: ClassVar[str] = "pause_unread"


class PruneAccessRecords(SoleJob, frozen=True):
    """Delete the access records that have been kept long enough."""

    name: ClassVar[str] = "prune_access_records"


@dataclass(frozen=True, slots=True)
class Accesses:
    """What these jobs work with."""

    database: Database
    settings: Settings


async def pause_unread(accesses: Accesses, _job: PauseUnread) -> None:
    """Look through all workspaces, some hundred per transaction; change each in one of its own, looked at anew."""
    after: str | None = ""
    while after is not None:
        found = await accesses.database.execute(partial(connect.find_misread, after=after))
        for workspace_id in found.workspace_ids:
            count = await accesses.database.execute(
                partial(connect.settle_reading, workspace_id=workspace_id)
            )
            if count:
                log.info("reading_settled", workspace_id=workspace_id, count=count)
        after = found.last


async def prune_access_records(accesses: Accesses, _job: PruneAccessRecords) -> None:
    """Delete a batch per transaction until none is left."""
    kept_for = timedelta(days=accesses.settings.access_record_days)
    while count := await accesses.database.execute(partial(grants.prune_accesses, kept_for=kept_for)):
        log.info("pruned", what="access records", count=count)
