"""Portfolio: what a user holds now, from what was last seen, with its worth."""

from kryptos.domains.portfolio._queries import RENDERING
from kryptos.domains.portfolio.contracts import HeldBy, Holding, Holdings, Rendering, Shortfall, Variant
from kryptos.domains.portfolio.service.balances import keep_balances, remove_balances
from kryptos.domains.portfolio.service.holdings import get_holdings
from kryptos.domains.portfolio.service.personal import (
    erase_balances,
    erase_forsaken_assets,
    erase_renderings,
    export_balances,
    list_held,
)
from kryptos.domains.portfolio.service.renderings import render, ridden_rendering, touch

__all__ = [
    "RENDERING",
    "HeldBy",
    "Holding",
    "Holdings",
    "Rendering",
    "Shortfall",
    "Variant",
    "erase_balances",
    "erase_forsaken_assets",
    "erase_renderings",
    "export_balances",
    "get_holdings",
    "keep_balances",
    "list_held",
    "remove_balances",
    "render",
    "ridden_rendering",
    "touch",
]
