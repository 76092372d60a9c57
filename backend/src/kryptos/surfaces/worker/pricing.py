"""Pricing: asks the sources of prices for what is held and for what once moved; the network between the steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import structlog

from kryptos.domains import ledger, prices
from kryptos.infra.database import Database, Uow
from kryptos.infra.queue import SoleJob, enqueue
from kryptos.kernel.clock import Clock
from kryptos.providers.prices.contracts import PricePoint, PriceSource, Quote
from kryptos.providers.prices.fetching import Fetched, fetch_current, fetch_historical

log = structlog.get_logger(__name__)

_TOKENS_AT_ONCE = 1000
_TRANSACTIONS_AT_ONCE = 200


class RefreshPrices(SoleJob, frozen=True):
    """Fetch the current price of every token that is held, and of a day before where that is not known."""

    name: ClassVar[str] = "refresh_prices"
    max_starts: ClassVar[int] = 2

    @property
    def lane(self) -> str:
        """One at a time: two would ask for the same."""
        return self.name


class PriceTransactions(SoleJob, frozen=True):
    """Find the prices of what moved, at the time it moved."""

    name: ClassVar[str] = "price_transactions"
    max_starts: ClassVar[int] = 2

    @property
    def lane(self) -> str:
        """One at a time: two would ask for the same."""
        return self.name


@dataclass(frozen=True, slots=True)
class Pricing:
    """What pricing works with."""

    database: Database
    sources: Sequence[PriceSource]
    clock: Clock


async def refresh_prices(pricing: Pricing, _job: RefreshPrices) -> None:
    """Refresh a batch of tokens after the other; a source that fails is told in the log, what it knew stays known."""
    after = ""
    while wanted := await pricing.database.execute(
        partial(prices.list_wanted, after=after, limit=_TOKENS_AT_ONCE)
    ):
        after = wanted[-1]
        now = pricing.clock.now()
        current = await fetch_current(pricing.sources, wanted, now=now)
        quotes = tuple(current.quotes.values())
        points = await pricing.database.execute(partial(prices.list_wanted_day_before, quotes=quotes))
        before = await fetch_historical(pricing.sources, points, now=now)
        _tell(current, before)
        changed = await pricing.database.execute(
            partial(prices.keep_latest, quotes=quotes, day_before=tuple(before.quotes.values()))
        )
        log.info("prices_refreshed", wanted=len(wanted), found=len(quotes), changed=changed)


async def price_transactions(pricing: Pricing, job: PriceTransactions) -> None:
    """Price a batch of transactions; what no source could be asked about is sought again later."""
    wanted = await pricing.database.execute(partial(ledger.list_unpriced, limit=_TRANSACTIONS_AT_ONCE))
    if not wanted:
        return
    points: set[PricePoint] = set().union(*wanted.values())
    found = await fetch_historical(pricing.sources, points, now=pricing.clock.now())
    _tell(found)
    sought = [each for each, needed in wanted.items() if not needed & found.unreached]

    async def keep(uow: Uow) -> int:
        quotes: tuple[Quote, ...] = tuple(found.quotes.values())
        await prices.keep_historical(uow, quotes)
        priced = await ledger.price_transactions(uow, ids=sought)
        if sought and len(wanted) == _TRANSACTIONS_AT_ONCE:
            await enqueue(uow, job)  # there are more
        return priced

    priced = await pricing.database.execute(keep)
    log.info("transactions_priced", wanted=len(wanted), priced=priced)


def _tell(*fetched: Fetched[str] | Fetched[PricePoint]) -> None:
    for each in fetched:
        for name, error in each.failures.items():
            log.warning("price_source_failed", source=name, code=error.code, reason=error.message)
