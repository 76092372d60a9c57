"""Ledger: every movement of value that was read, once and in one shape, grouped by transaction under one label."""

from kryptos.domains.ledger.contracts import (
    Asset,
    Leg,
    LegDirection,
    Order,
    Transaction,
    TransactionFilter,
    TransactionsPage,
)
from kryptos.domains.ledger.policy import asset_id, asset_id_of
from kryptos.domains.ledger.service.assets import find_assets, keep_assets
from kryptos.domains.ledger.service.keep import Kept, keep_transactions
from kryptos.domains.ledger.service.pages import list_transactions
from kryptos.domains.ledger.service.personal import (
    KEY_BYTES,
    erase_transactions,
    erase_unmoved,
    export_transactions,
    hold_obscure_assets,
    list_moved,
    list_transaction_keys,
)
from kryptos.domains.ledger.service.prices import list_unpriced, price_transactions
from kryptos.domains.ledger.service.removal import forget_chains, forget_generation, remove_entries
from kryptos.domains.ledger.service.sums import calculated_balances, known_contracts

__all__ = [
    "KEY_BYTES",
    "Asset",
    "Kept",
    "Leg",
    "LegDirection",
    "Order",
    "Transaction",
    "TransactionFilter",
    "TransactionsPage",
    "asset_id",
    "asset_id_of",
    "calculated_balances",
    "erase_transactions",
    "erase_unmoved",
    "export_transactions",
    "find_assets",
    "forget_chains",
    "forget_generation",
    "hold_obscure_assets",
    "keep_assets",
    "keep_transactions",
    "known_contracts",
    "list_moved",
    "list_transaction_keys",
    "list_transactions",
    "list_unpriced",
    "price_transactions",
    "remove_entries",
]
