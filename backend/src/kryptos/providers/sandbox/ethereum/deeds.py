"""Deeds on Ethereum: what a persona can do or have done to it, in the words of its story.

A quantity is a text such as ``1.5 ETH``; what is got may be a bare symbol: then prices of that time say how much.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kryptos.providers.sandbox.ethereum.assets import (
    ASSETS,
    COLLECTIONS,
    ROCKET_DEPOSIT,
    SEAPORT,
    STETH,
    UNI_V2,
    UNISWAP_ROUTER,
    WETH,
    invented_address,
)
from kryptos.providers.sandbox.personas import find_persona
from kryptos.providers.sandbox.quantities import Quantity, bought, quantity
from kryptos.providers.sandbox.world_time import instant

ME = "me"
"""Stands in deeds for the address whose story it is."""
NOBODY = "0x" + 40 * "0"
EXCHANGE = invented_address("exchange")
"""Where ether and tokens come from and go to: the hot wallet of an exchange that does not exist."""

_PLAIN_GAS = 21_000


class Event(StrEnum):
    """What a contract writes down."""

    TRANSFER = "transfer"
    COLLECTIBLE = "collectible"
    APPROVAL = "approval"
    DEPOSIT = "deposit"
    WITHDRAWAL = "withdrawal"


@dataclass(frozen=True, slots=True)
class Move:
    """One event of a contract: ``units`` of a token, or the number of a collectible."""

    event: Event
    contract: str
    giver: str
    taker: str
    units: int


@dataclass(frozen=True, slots=True)
class Deed:
    """One transaction."""

    at: datetime
    sender: str
    receiver: str
    wei: int = 0
    moves: tuple[Move, ...] = ()
    gas: int = _PLAIN_GAS
    selector: str = ""
    """How its call data begins; empty for plain ether."""
    returned_wei: int = 0
    """What the called contract pays back to the sender."""
    has_failed: bool = False


@dataclass(frozen=True, slots=True)
class Payout:
    """Rewards of a validator, paid out by the beacon chain: no transaction, only a line in a block."""

    at: datetime
    gwei: int


def persona(persona_id: str) -> str:
    """Return the address of another persona."""
    found = find_persona(persona_id)
    if found is None:
        message = f"no persona is called {persona_id}"
        raise ValueError(message)
    return found.address


def receive(at: str, what: str, giver: str = EXCHANGE) -> Deed:
    """Somebody sends ether or a token."""
    return _sent(at, quantity(what, ASSETS), giver, ME)


def send(at: str, what: str, taker: str = EXCHANGE) -> Deed:
    """Send ether or a token."""
    return _sent(at, quantity(what, ASSETS), ME, taker)


def _sent(at: str, what: Quantity, giver: str, taker: str) -> Deed:
    contract = what.asset.contract
    if contract is None:
        return Deed(instant(at), giver, taker, wei=what.units)
    move = Move(Event.TRANSFER, contract, giver, taker, what.units)
    return Deed(instant(at), giver, contract, moves=(move,), gas=52_000, selector="a9059cbb")


def approve(at: str, symbol: str, spender: str = UNISWAP_ROUTER) -> Deed:
    """Allow a contract to take a token: nothing moves but the fee."""
    contract = _contract(symbol)
    move = Move(Event.APPROVAL, contract, ME, spender, 2**256 - 1)
    return Deed(instant(at), ME, contract, moves=(move,), gas=46_000, selector="095ea7b3")


def swap(at: str, give: str, get: str) -> Deed:
    """Give one thing for another at a pool. Whoever wants ether gets it wrapped, and unwraps it."""
    when = instant(at)
    given = quantity(give, ASSETS)
    got = bought(given, get, ASSETS, when)
    pool = invented_address("pool", *sorted((given.asset.symbol, got.asset.symbol)))
    income = Move(Event.TRANSFER, _contract(got.asset.symbol), pool, ME, got.units)
    if given.asset.contract is None:
        wrapping = (
            Move(Event.DEPOSIT, _contract("WETH"), UNISWAP_ROUTER, UNISWAP_ROUTER, given.units),
            Move(Event.TRANSFER, _contract("WETH"), UNISWAP_ROUTER, pool, given.units),
        )
        return Deed(
            when, ME, UNISWAP_ROUTER, given.units, (*wrapping, income), gas=128_000, selector="7ff36ab5"
        )
    spent = Move(Event.TRANSFER, given.asset.contract, ME, pool, given.units)
    return Deed(when, ME, UNISWAP_ROUTER, moves=(spent, income), gas=142_000, selector="38ed1739")


def swap_fails(at: str, give: str) -> Deed:
    """Try to swap ether when the price has moved on: the gas is paid, the ether stays."""
    given = quantity(give, ASSETS)
    return Deed(
        instant(at),
        ME,
        UNISWAP_ROUTER,
        given.units,
        gas=61_000,
        selector="7ff36ab5",
        has_failed=True,
    )


def wrap(at: str, what: str) -> Deed:
    """Turn ether into WETH."""
    units = quantity(what, ASSETS).units
    weth = _contract("WETH")
    move = Move(Event.DEPOSIT, weth, ME, ME, units)
    return Deed(instant(at), ME, weth, units, (move,), gas=28_000, selector="d0e30db0")


def unwrap(at: str, what: str) -> Deed:
    """Turn WETH into ether."""
    return unwrap_units(instant(at), quantity(what, ASSETS).units)


def unwrap_units(at: datetime, units: int) -> Deed:
    """Turn smallest units of WETH into ether."""
    weth = _contract("WETH")
    move = Move(Event.WITHDRAWAL, weth, ME, ME, units)
    return Deed(at, ME, weth, moves=(move,), gas=36_000, selector="2e1a7d4d", returned_wei=units)


def stake_with_lido(at: str, what: str) -> Deed:
    """Give ether, get as much stETH."""
    units = quantity(what, ASSETS).units
    steth = _contract(STETH.symbol)
    move = Move(Event.TRANSFER, steth, NOBODY, ME, units)
    return Deed(instant(at), ME, steth, units, (move,), gas=84_000, selector="a1903eab")


def stake_with_rocket_pool(at: str, what: str) -> Deed:
    """Give ether, get rETH at its price."""
    when = instant(at)
    given = quantity(what, ASSETS)
    got = bought(given, "RETH", ASSETS, when)
    move = Move(Event.TRANSFER, _contract("RETH"), NOBODY, ME, got.units)
    return Deed(when, ME, ROCKET_DEPOSIT, given.units, (move,), gas=196_000, selector="d0e30db0")


def add_liquidity(at: str, ether: str, token: str, shares: str) -> Deed:
    """Put ether and a token into Uniswap's pool and get shares in it."""
    when = instant(at)
    given, other, minted = (quantity(each, ASSETS) for each in (ether, token, shares))
    pool = _contract(UNI_V2.symbol)
    moves = (
        Move(Event.TRANSFER, _contract(other.asset.symbol), ME, pool, other.units),
        Move(Event.DEPOSIT, _contract(WETH.symbol), UNISWAP_ROUTER, UNISWAP_ROUTER, given.units),
        Move(Event.TRANSFER, _contract(WETH.symbol), UNISWAP_ROUTER, pool, given.units),
        Move(Event.TRANSFER, pool, NOBODY, ME, minted.units),
    )
    return Deed(when, ME, UNISWAP_ROUTER, given.units, moves, gas=172_000, selector="f305d719")


def remove_liquidity(at: str, shares: str, wrapped: str, token: str) -> Deed:
    """Give shares back and get what they stand for, the ether wrapped."""
    burnt, ether, other = (quantity(each, ASSETS) for each in (shares, wrapped, token))
    pool = _contract(UNI_V2.symbol)
    moves = (
        Move(Event.TRANSFER, pool, ME, pool, burnt.units),
        Move(Event.TRANSFER, pool, pool, NOBODY, burnt.units),
        Move(Event.TRANSFER, _contract(other.asset.symbol), pool, ME, other.units),
        Move(Event.TRANSFER, _contract(ether.asset.symbol), pool, ME, ether.units),
    )
    return Deed(instant(at), ME, UNISWAP_ROUTER, moves=moves, gas=158_000, selector="baa2abde")


def mint_collectible(at: str, symbol: str, token: int, price: str) -> Deed:
    """Be the first to own a collectible."""
    contract = COLLECTIONS[symbol].contract
    move = Move(Event.COLLECTIBLE, contract, NOBODY, ME, token)
    return Deed(
        instant(at), ME, contract, quantity(price, ASSETS).units, (move,), gas=118_000, selector="a0712d68"
    )


def buy_collectible(at: str, symbol: str, token: int, price: str) -> Deed:
    """Buy a collectible for ether."""
    seller = invented_address("collector", symbol, str(token))
    move = Move(Event.COLLECTIBLE, COLLECTIONS[symbol].contract, seller, ME, token)
    return Deed(
        instant(at), ME, SEAPORT, quantity(price, ASSETS).units, (move,), gas=164_000, selector="fb0f3ee1"
    )


def sell_collectible(at: str, symbol: str, token: int, price: str) -> Deed:
    """Take somebody's offer for a collectible: offers are made in WETH."""
    buyer = invented_address("collector", symbol, str(token), "buyer")
    offered = quantity(price, ASSETS)
    moves = (
        Move(Event.COLLECTIBLE, COLLECTIONS[symbol].contract, ME, buyer, token),
        Move(Event.TRANSFER, _contract(offered.asset.symbol), buyer, ME, offered.units),
    )
    return Deed(instant(at), ME, SEAPORT, moves=moves, gas=182_000, selector="f2d12b12")


def give_collectible(at: str, symbol: str, token: int, taker: str) -> Deed:
    """Give a collectible away."""
    contract = COLLECTIONS[symbol].contract
    move = Move(Event.COLLECTIBLE, contract, ME, taker, token)
    return Deed(instant(at), ME, contract, moves=(move,), gas=68_000, selector="42842e0e")


def payout(at: str, what: str) -> Payout:
    """Get a validator's rewards."""
    return Payout(instant(at), quantity(what, ASSETS).units // 10**9)


def _contract(symbol: str) -> str:
    contract = ASSETS[symbol].contract
    if contract is None:
        message = f"{symbol} has no contract"
        raise ValueError(message)
    return contract
