"""Labels: the 77 words for what a transaction was, each with its type (contract K-398 to K-402); the one source.

The union of the documented lists: those of the v0 page, ``Transfer``, ``Bridge Transfer`` and ``Unknown`` of the v1
page, ``Bridge Fee`` of the MCP page.
"""

from collections.abc import Mapping
from typing import Literal

TransactionType = Literal["trade", "deposit", "withdrawal", "payment", "transfer", "any"]

_WORDS: Mapping[TransactionType, tuple[str, ...]] = {
    "trade": (
        "Add Liquidity", "Buy", "DeFi Swap", "Mint NFT", "NFT Buy", "NFT Sell", "Sell", "Liquidity Withdrawal",
        "Security Token Offering(STO)", "Trade", "Swap", "Wrap", "Unwrap", "Buy (Fiat to Crypto)",
        "Sell (Crypto to Fiat)", "Cross Chain Swaps",
    ),
    "deposit": (
        "Airdrops", "Income", "Borrow", "Bridge Receive", "Cashback", "Collateral Withdrawal", "Farming Rewards",
        "Fiat Deposit", "Funding Fee Received", "Incoming Gift", "Lend Redeem", "Loan", "Loan Interest", "Mining",
        "Realized Profit", "Reward", "Royalties", "Spam", "Unstake", "Staking Rewards", "Deposit", "Fork",
        "Rex Withdrawal", "Interest", "Earn", "Vault Withdrawal",
    ),
    "withdrawal": (
        "Borrow Interest", "Bridge Send", "Burn", "Casualty Loss", "Collateral Deposit", "Donations", "Expense",
        "Fiat Withdrawal", "Funding Fee Paid", "ICO investment", "Lend", "Lost", "Outgoing Gift", "Realized Loss",
        "Resource Staking", "Stake", "Stolen", "Withdrawal", "Rex Deposit", "Centralized Stake",
        "Centralized Lending", "Vault Deposit",
    ),
    "payment": (
        "Approve", "Fee", "Futures Expense", "Liquidation", "Loan Payback", "Margin Fee", "Payment", "Bridge Fee",
    ),
    "transfer": ("Transfer", "Bridge Transfer"),
    "any": ("Failed", "Ignore", "Unknown"),
}  # fmt: skip

LABELS: Mapping[str, TransactionType] = {label: kind for kind, labels in _WORDS.items() for label in labels}
"""Label → type. Labels are case-sensitive."""

TYPE_ALIASES: Mapping[str, TransactionType] = {"swap": "trade", "withdraw": "withdrawal"}
"""Words of the documented queries for types (contract C-19): accepted, never emitted."""
