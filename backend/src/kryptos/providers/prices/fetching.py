"""Asking the sources in their order: each is asked for what those before it did not know or could not be asked.

These are the steps a job takes outside of any transaction; what they return is then kept by the domain of prices.
"""

from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Generic, TypeVar

from kryptos.providers.contracts import CouldNotLook
from kryptos.providers.prices.contracts import PricePoint, PriceSource, Quote

Key = TypeVar("Key", str, PricePoint)


@dataclass(frozen=True, slots=True)
class Fetched(Generic[Key]):
    """What was found for the tokens or points asked for; each of them is in exactly one of the first three."""

    quotes: Mapping[Key, Quote]
    unknown: frozenset[Key]
    """Every source was asked, and none knows a price."""
    unreached: frozenset[Key]
    """No price was found, but a source could not be asked: ask again later."""
    failures: Mapping[str, CouldNotLook]
    """The first failure of each source that had one, by its name; also where another source stood in."""

    @property
    def retry_after_seconds(self) -> int | None:
        """The longest time that a source asked to be left alone; None when none did, or all was found."""
        waits = [error.retry_after_seconds or 0 for error in self.failures.values()]
        return (max(waits, default=0) or None) if self.unreached else None


@dataclass(frozen=True, slots=True)
class _Step(Generic[Key]):
    """One source, as it is asked for one kind of price."""

    name: str
    plan: Callable[[Collection[Key]], Sequence[tuple[Key, ...]]]
    ask: Callable[[Collection[Key]], Coroutine[Any, Any, Mapping[Key, Quote]]]


async def fetch_current(
    sources: Sequence[PriceSource], token_ids: Collection[str], *, now: datetime
) -> Fetched[str]:
    """Return the current prices of tokens; never raises for a source that fails."""
    steps = (_Step(source.name, source.plan_current, partial(source.current, now=now)) for source in sources)
    return await _fetch(steps, token_ids)


async def fetch_historical(
    sources: Sequence[PriceSource], points: Collection[PricePoint], *, now: datetime
) -> Fetched[PricePoint]:
    """Return the prices of tokens at instants; never raises for a source that fails."""
    steps = (
        _Step(source.name, source.plan_historical, partial(source.historical, now=now)) for source in sources
    )
    return await _fetch(steps, points)


async def _fetch(steps: Iterable[_Step[Key]], wanted: Collection[Key]) -> Fetched[Key]:
    missing = set(wanted)
    quotes: dict[Key, Quote] = {}
    unreached: set[Key] = set()
    failures: dict[str, CouldNotLook] = {}
    for step in steps:
        for part in step.plan(missing) if missing else ():
            try:
                found = await step.ask(part)
            except CouldNotLook as error:
                failures.setdefault(step.name, error)
                unreached.update(part)
            else:
                quotes.update({key: found[key] for key in part if key in found})
        missing -= quotes.keys()
    unreached &= missing
    return Fetched(quotes, frozenset(missing - unreached), frozenset(unreached), failures)
