"""What every adapter gives and how it can fail: the border between other people's systems and ours.

Each stage is asked for by itself and answers in one of three ways: a value (an empty one means *nothing there*),
``NotSupported`` (this provider cannot tell), or ``CouldNotLook`` (it could, but not now, and why).
"""

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Protocol, runtime_checkable

from kryptos.infra.http_client.errors import CouldNotLook, ProviderRefused
from kryptos.kernel.amount import Amount
from kryptos.kernel.errors import Kind, KryptosError

__all__ = [
    "AddressInvalid",
    "AssetRef",
    "Balance",
    "Balances",
    "ChainAdapter",
    "CouldNotLook",
    "Direction",
    "Movement",
    "NameReader",
    "NotSupported",
    "ProviderRefused",
    "ProviderTransaction",
    "Standard",
    "TransactionPage",
]


class Direction(StrEnum):
    """Which way value moved, seen from the account that is synced."""

    INCOMING = "incoming"
    OUTGOING = "outgoing"
    FEE = "fee"


class Standard(StrEnum):
    """What kind of thing an asset is on its chain."""

    NATIVE = "native"
    ERC20 = "erc20"
    SPL = "spl"
    TOKEN_2022 = "token_2022"  # noqa: S105  # Solana's name for it
    ERC721 = "erc721"
    ERC1155 = "erc1155"


@dataclass(frozen=True, slots=True)
class AssetRef:
    """An asset as its chain names it: the native one has no contract."""

    chain_id: str
    """Id of the chain in the catalogue: ``ethereum``."""
    standard: Standard
    contract: str | None
    """Address in the chain's canonical form (EIP-55 for EVM), or the mint."""
    symbol: str | None
    name: str | None
    decimals: int | None


@dataclass(frozen=True, slots=True)
class Balance:
    """What an address holds of one asset now, in whole units: never negative."""

    asset: AssetRef
    quantity: Amount


@dataclass(frozen=True, slots=True)
class Balances:
    """Everything that was found at an address at one height; empty means that nothing is there."""

    height: int | None
    """Block or slot at which all of it holds."""
    items: tuple[Balance, ...]
    gaps: tuple[str, ...] = ()
    """What could not be looked at, in plain words; empty when the answer is complete."""
    silent: tuple[str, ...] = ()
    """Contracts, in their canonical form, that were asked about by name and told nothing: not that nothing is held."""


@dataclass(frozen=True, slots=True)
class Movement:
    """One movement of value into or out of the address, or a fee that it paid; the quantity is positive."""

    key: str
    """Its place in the transaction, stable over re-syncs: ``native``, ``log:12``, ``fee``."""
    direction: Direction
    asset: AssetRef
    quantity: Amount
    counterparty: str | None


@dataclass(frozen=True, slots=True)
class ProviderTransaction:
    """A transaction that touched the address; movements are empty when only state changed (an approval)."""

    id: str
    """The provider's own id: a hash or signature."""
    height: int | None
    """Block or slot; None where the provider has no such thing."""
    at: datetime
    has_failed: bool
    """A failed transaction moves nothing but its fee."""
    movements: tuple[Movement, ...]


@dataclass(frozen=True, slots=True)
class TransactionPage:
    """A page of history, oldest first, and from where to go on.

    ``forget_above`` says that what was read above that height before is no longer true (a reorganisation): forget it
    before keeping this page. Committing page and cursor together makes the next read begin exactly behind it.
    """

    transactions: tuple[ProviderTransaction, ...]
    cursor: str
    is_last: bool
    forget_above: int | None = None
    gaps: tuple[str, ...] = ()
    """What this page could not cover, in plain words, naming range and setting; empty when it is complete."""


class NotSupported(KryptosError):
    """The provider cannot tell this at all; trying again is of no use."""

    code: ClassVar[str] = "NOT_SUPPORTED"
    kind: ClassVar[Kind] = Kind.INVALID


class AddressInvalid(KryptosError):
    """The text is no address of this chain."""

    code: ClassVar[str] = "ADDRESS_INVALID"
    kind: ClassVar[Kind] = Kind.INVALID


@runtime_checkable
class NameReader(Protocol):
    """What an adapter can besides, where its chain keeps names for addresses."""

    async def address_of_name(self, name: str) -> str | None:
        """Return the address that a name stands for, None for a name without one.

        Raise ``CouldNotLook``, or ``NotSupported`` for a name that is kept somewhere else.
        """


class ChainAdapter(Protocol):
    """Reads one chain. Made per chain row by the registry; holds no state but its connections."""

    def normalise_address(self, text: str) -> str:
        """Return the address in its canonical form; raise ``AddressInvalid``."""

    async def has_activity(self, address: str) -> bool:
        """Whether the address was ever used here, in one or two calls: for chain detection."""

    async def balances(self, address: str, *, known_contracts: Collection[str] = ()) -> Balances:
        """Return what the address holds now; raise ``CouldNotLook`` or ``NotSupported``.

        ``known_contracts`` are tokens that are looked at even where they could not be discovered: those that the
        history of the address has touched.
        """

    def transactions(self, address: str, *, cursor: str | None) -> AsyncIterator[TransactionPage]:
        """Give history behind ``cursor`` (None: from the beginning), page by page; raise as ``balances`` does."""
