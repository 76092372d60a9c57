"""Answers: what a server tells of a chain, in one form whatever its kind is; values are in smallest units."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Block:
    """A block's place on the chain."""

    height: int
    hash: str


@dataclass(frozen=True, slots=True)
class Coin:
    """Value that came from or went to an address; None where a script has none."""

    address: str | None
    units: int


@dataclass(frozen=True, slots=True)
class MinedTransaction:
    """A transaction in a block, with all that it spends."""

    id: str
    height: int
    block_hash: str
    seconds: int
    inputs: tuple[Coin, ...]
    """Empty where coins come from nobody who can be seen: mined, or out of a shielded pool."""
    outputs: tuple[Coin, ...]
    fee: int | None
    """What the inputs paid together; None where that cannot be known, or where unseen coins paid with them."""
    has_unseen: bool = False
    """Whether value went where no address can be seen, or came from there, or that cannot be ruled out."""


@dataclass(frozen=True, slots=True)
class Holding:
    """What one address holds in blocks, and what waits for one."""

    units: int
    is_used: bool
    """Whether the address was ever used in a block."""
    has_waiting: bool
    waiting: int | None
    """What waits, in less out; None where the server does not tell."""


@dataclass(frozen=True, slots=True)
class Span:
    """Blocks that are asked for: those above one and up to another."""

    above: int
    up_to: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where the next page of an address begins, in the words of the kind of server that gave the last one."""

    last_seen: tuple[str, ...] = ()
    height: int = 0
    page: int = 1
    size: int | None = None
    """How many transactions make a page; None leaves that to the one who asks."""


@dataclass(frozen=True, slots=True)
class AddressPage:
    """Some of an address's transactions, newest first; more than the span that was asked for may be among them."""

    transactions: tuple[MinedTransaction, ...]
    next_place: Place | None
    was_used: bool = False
    """Whether the server says that the address was used in blocks at all, be it outside of the span."""
