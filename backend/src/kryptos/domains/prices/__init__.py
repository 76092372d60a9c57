"""Prices: what tokens cost, now and at instants in the past, as sources told it; which tokens are to be kept priced."""

from kryptos.domains.prices.contracts import LatestPrice, PriceAt
from kryptos.domains.prices.service import (
    find_at,
    find_latest,
    get_epoch,
    keep_historical,
    keep_latest,
    list_wanted,
    list_wanted_day_before,
    prune,
    watch,
)
from kryptos.providers.prices.contracts import PricePoint, Quote

__all__ = [
    "LatestPrice",
    "PriceAt",
    "PricePoint",
    "Quote",
    "find_at",
    "find_latest",
    "get_epoch",
    "keep_historical",
    "keep_latest",
    "list_wanted",
    "list_wanted_day_before",
    "prune",
    "watch",
]
