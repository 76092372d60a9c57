"""Access notes: which data calls succeeded and when tokens were last used, in memory until the next flush.

A data call itself writes nothing. What is noted waits at most a second, longer only while the database is away, when
nobody can be authenticated and so hardly anything is noted.
"""

import asyncio
from collections import deque
from datetime import datetime
from functools import partial

import structlog

from kryptos.domains import grants
from kryptos.domains.grants import Access, AccessRecord
from kryptos.infra.database import Database, Uow
from kryptos.kernel.errors import Unavailable
from kryptos.kernel.ids import RandomBytes, new_id

log = structlog.get_logger(__name__)

MOST_RECORDS = 100_000
"""That wait at once, some forty megabytes; beyond it the oldest are dropped, counted and logged."""
_WRITTEN_AT_ONCE = 2_000

Noted = tuple[str, datetime, str, int | None, str]


class AccessNotes:
    """The notes of one web process."""

    def __init__(self, random_bytes: RandomBytes, *, most_records: int = MOST_RECORDS) -> None:
        self._random_bytes = random_bytes
        self._most_records = most_records
        self._used_at: dict[str, datetime] = {}
        self._noted: deque[Noted] = deque()
        self._waiting: deque[AccessRecord] = deque()
        """Those that have their id already, by which a repeated write is known."""
        self._dropped = 0

    def note_use(self, access: Access, *, at: datetime) -> None:
        """Note that a token was used, whatever became of the call."""
        self._used_at[access.access_token_id] = at

    def note_access(
        self, access: Access, *, at: datetime, endpoint: str, rows: int | None, request_id: str
    ) -> None:
        """Note a call that succeeded."""
        self._noted.append((access.grant_id, at, endpoint, rows, request_id))
        if len(self._noted) + len(self._waiting) > self._most_records:
            (self._waiting or self._noted).popleft()
            self._dropped += 1

    async def flush(self, database: Database) -> None:
        """Write what was noted so far, some thousand records in a transaction; what cannot be written now is kept."""
        self._tell_dropped()
        used_at, self._used_at = self._used_at, {}
        left = len(self._noted) + len(self._waiting)  # what comes meanwhile waits for the next beat
        while used_at or left > 0:
            records = self._take(min(left, _WRITTEN_AT_ONCE))
            try:
                await database.execute(partial(_write, used_at=used_at, records=records))
            except (Unavailable, asyncio.CancelledError) as error:
                self._used_at = {**used_at, **self._used_at}
                self._waiting.extendleft(reversed(records))
                if isinstance(error, asyncio.CancelledError):  # the process ends, and flushes once more
                    raise
                return
            except Exception:
                log.exception("token_uses_lost", count=len(used_at))
                self._dropped += len(records)
            used_at, left = {}, left - _WRITTEN_AT_ONCE

    def give_up(self) -> None:
        """Tell how many records the process takes with it when it ends."""
        self._dropped += len(self._noted) + len(self._waiting)
        self._noted.clear()
        self._waiting.clear()
        self._tell_dropped()

    def _take(self, count: int) -> list[AccessRecord]:
        """Return the oldest records and forget them, each with an id that sorts by its instant."""
        while self._noted and len(self._waiting) < count:
            grant_id, at, endpoint, rows, request_id = self._noted.popleft()
            record_id = new_id("acc", at, self._random_bytes)
            self._waiting.append(AccessRecord(grant_id, record_id, at, endpoint, rows, request_id))
        return [self._waiting.popleft() for _ in range(min(count, len(self._waiting)))]

    def _tell_dropped(self) -> None:
        if self._dropped:
            log.error("access_records_lost", count=self._dropped)
            self._dropped = 0


async def _write(uow: Uow, *, used_at: dict[str, datetime], records: list[AccessRecord]) -> None:
    await grants.record_use(uow, used_at=used_at)
    await grants.record_accesses(uow, accesses=records)
