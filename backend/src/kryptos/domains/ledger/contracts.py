"""Values of the ledger that cross its border.

Quantities and prices are exact decimals as they were stored: they pass through to the wire and are computed with
nowhere on the way (``Amount`` computes).
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal

import msgspec

from kryptos.catalog.labels import TransactionType

LegDirection = Literal["incoming", "outgoing", "fee"]


class Asset(msgspec.Struct, frozen=True, omit_defaults=True):
    """An asset on one chain. ``token_id`` is CoinGecko's id; symbol and name are None where nobody told them."""

    id: str
    chain_id: str
    standard: str
    contract: str | None = None
    symbol: str | None = None
    name: str | None = None
    decimals: int | None = None
    token_id: str | None = None
    is_spam: bool = False


class Leg(msgspec.Struct, frozen=True, omit_defaults=True):
    """One movement of value: ``quantity`` in whole units, positive; ``price`` of one unit then, None when unknown."""

    key: str
    direction: LegDirection
    asset: Asset
    quantity: Decimal
    price: Decimal | None = None
    counterparty: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """What happened in one transaction to one connected account. ``platform_id`` is its hash or signature."""

    id: str
    integration_id: str
    chain_id: str
    platform_id: str
    at: datetime
    label: str
    type: TransactionType
    has_failed: bool
    is_manual: bool
    is_edited: bool
    is_nft: bool
    is_missing_price: bool
    legs: tuple[Leg, ...]


class Order(StrEnum):
    """By time."""

    ASCENDING = "asc"
    DESCENDING = "desc"


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionFilter:
    """Which transactions are wanted; None and empty mean all. ``time_end`` is inclusive."""

    integration_ids: tuple[str, ...] = ()
    currencies: tuple[str, ...] = ()
    """Token ids, or ids of assets."""
    transaction_id: str | None = None
    """Our id, or the platform's."""
    labels: tuple[str, ...] = ()
    types: tuple[TransactionType, ...] = ()
    is_nft: bool | None = None
    is_missing_price: bool | None = None
    is_edited: bool | None = None
    is_manual: bool | None = None
    includes_spam: bool = False
    time_start: datetime | None = None
    time_end: datetime | None = None


@dataclass(frozen=True, slots=True)
class TransactionsPage:
    """A page and how many there are in all."""

    items: tuple[Transaction, ...]
    total_count: int
