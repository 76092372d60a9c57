"""Doing something again and again until told to stop, through every outage of the database."""

import asyncio
from collections.abc import Awaitable, Callable

import sqlalchemy as sa
import structlog

from kryptos.kernel.errors import Unavailable

log = structlog.get_logger(__name__)

OUTAGE = (Unavailable, sa.exc.OperationalError, sa.exc.InterfaceError, OSError)
"""What says that the database is away, not that something is wrong with us."""

_FIRST_PAUSE_SECONDS = 0.25
_LONGEST_PAUSE_SECONDS = 5.0


class Outage:
    """Which loops of a process are without the database; one log line when the first is, one when none is any more."""

    def __init__(self) -> None:
        self._loops: set[str] = set()

    def began(self, loop: str, error: BaseException) -> None:
        """Note that a loop could not reach the database."""
        if not self._loops:
            log.warning("database_unavailable", reason=repr(error.__cause__ or error))
        self._loops.add(loop)

    def ended(self, loop: str) -> None:
        """Note that a loop reached the database."""
        if loop in self._loops:
            self._loops.discard(loop)
            if not self._loops:
                log.info("database_back")


async def repeat(
    name: str,
    step: Callable[[], Awaitable[object]],
    *,
    stop: asyncio.Event,
    pause_seconds: float,
    outage: Outage,
    bell: asyncio.Event | None = None,
) -> None:
    """Run ``step`` until ``stop``: at once again when it returned something true, otherwise after a pause.

    The bell ends a pause early; it is only a hint that there may be something to do. During an outage the pauses grow
    up to five seconds; any other failure is logged and tried again.
    """
    outage_seconds = 0.0
    while not stop.is_set():
        rest_seconds = pause_seconds
        try:
            did_something = await step()
        except OUTAGE as error:
            outage.began(name, error)
            outage_seconds = min(max(outage_seconds * 2, _FIRST_PAUSE_SECONDS), _LONGEST_PAUSE_SECONDS)
            rest_seconds = outage_seconds
        except Exception:
            log.exception("loop_failed", loop=name)
        else:
            outage.ended(name)
            outage_seconds = 0.0
            if did_something:
                continue
        await _pause(rest_seconds, stop, bell)


async def _pause(seconds: float, stop: asyncio.Event, bell: asyncio.Event | None) -> None:
    signals = [asyncio.create_task(each.wait()) for each in (stop, bell) if each is not None]
    try:
        await asyncio.wait(signals, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for signal in signals:
            signal.cancel()
    if bell is not None:
        bell.clear()
