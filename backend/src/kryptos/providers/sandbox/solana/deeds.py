"""Deeds on Solana: what a persona can do or have done to it, in the words of its story.

A quantity is a text such as ``1.5 SOL``; what is got may be a bare symbol: then prices of that time say how much.
"""

from dataclasses import dataclass
from datetime import datetime

from kryptos.providers.sandbox.personas import find_persona
from kryptos.providers.sandbox.quantities import Quantity, bought, quantity
from kryptos.providers.sandbox.solana.assets import ASSETS
from kryptos.providers.sandbox.solana.keys import (
    COMPUTE_BUDGET,
    JUPITER,
    STAKE_PROGRAM,
    SYSTEM_PROGRAM,
    invented_key,
)
from kryptos.providers.sandbox.world_time import instant

ME = "me"
"""Stands in deeds for the address whose story it is."""
EXCHANGE = invented_key("exchange")
"""Where coins and tokens come from and go to: the hot wallet of an exchange that does not exist."""
STAKE = "stake:"
"""Begins the name of a stake account of the story's: its address follows from the name."""


@dataclass(frozen=True, slots=True)
class Coins:
    """Lamports from one account to another."""

    giver: str
    taker: str
    lamports: int


@dataclass(frozen=True, slots=True)
class Tokens:
    """Smallest units of a token from one owner to another, by way of their token accounts."""

    mint: str
    giver: str
    taker: str
    units: int


@dataclass(frozen=True, slots=True)
class Deed:
    """One transaction."""

    at: datetime
    payer: str
    programs: tuple[str, ...]
    moves: tuple[Coins | Tokens, ...] = ()
    closes: str | None = None
    """A mint whose empty token account the payer closes, taking its rent back."""
    names: tuple[str, ...] = ()
    """Accounts that take part though nothing of theirs changes."""
    has_failed: bool = False


def persona(persona_id: str) -> str:
    """Return the address of another persona."""
    found = find_persona(persona_id)
    if found is None:
        message = f"no persona is called {persona_id}"
        raise ValueError(message)
    return found.address


def receive(at: str, what: str, giver: str = EXCHANGE) -> Deed:
    """Somebody sends coins or a token."""
    return _sent(at, quantity(what, ASSETS), giver, ME)


def send(at: str, what: str, taker: str = EXCHANGE) -> Deed:
    """Send coins or a token."""
    return _sent(at, quantity(what, ASSETS), ME, taker)


def _sent(at: str, what: Quantity, giver: str, taker: str) -> Deed:
    return Deed(instant(at), giver, (SYSTEM_PROGRAM,), (_move(what, giver, taker),))


def swap(at: str, give: str, get: str) -> Deed:
    """Give one thing for another at a pool."""
    when = instant(at)
    given = quantity(give, ASSETS)
    return swapped(when, given, bought(given, get, ASSETS, when))


def swapped(at: datetime, given: Quantity, got: Quantity) -> Deed:
    """Give smallest units of one thing for those of another."""
    pool = invented_key("pool", *sorted((given.asset.symbol, got.asset.symbol)))
    return Deed(at, ME, (COMPUTE_BUDGET, JUPITER), (_move(given, ME, pool), _move(got, pool, ME)))


def swap_fails(at: str, get: str) -> Deed:
    """Try to swap when the price has moved on: the fee is paid, and nothing else happens."""
    pool = invented_key("pool", *sorted(("SOL", get)))
    return Deed(instant(at), ME, (COMPUTE_BUDGET, JUPITER), names=(pool,), has_failed=True)


def stake(at: str, what: str, name: str) -> Deed:
    """Put coins into a stake account and delegate them."""
    account = STAKE + name
    return Deed(
        instant(at),
        ME,
        (SYSTEM_PROGRAM, STAKE_PROGRAM),
        (Coins(ME, account, quantity(what, ASSETS).units),),
        names=(invented_key("validator"),),
    )


def deactivate(at: str, name: str) -> Deed:
    """Tell the validator that the stake is wanted back: nothing moves but the fee."""
    return Deed(instant(at), ME, (STAKE_PROGRAM,), names=(STAKE + name,))


def unstake(at: str, what: str, name: str) -> Deed:
    """Take coins out of a stake account; an empty one is gone."""
    return Deed(instant(at), ME, (STAKE_PROGRAM,), (Coins(STAKE + name, ME, quantity(what, ASSETS).units),))


def close(at: str, symbol: str) -> Deed:
    """Close the account of a token of which nothing is left, and get its rent back."""
    return Deed(instant(at), ME, (SYSTEM_PROGRAM,), closes=ASSETS[symbol].contract)


def _move(what: Quantity, giver: str, taker: str) -> Coins | Tokens:
    mint = what.asset.contract
    return Coins(giver, taker, what.units) if mint is None else Tokens(mint, giver, taker, what.units)
