"""The families of chains: one adapter reads all chains of a family. Which families work is told here alone."""

from typing import Literal

Family = Literal["evm", "solana", "utxo"]

FAMILIES: tuple[Family, ...] = ("evm", "solana", "utxo")

WORKING_FAMILIES: frozenset[Family] = frozenset({"evm", "solana", "utxo"})
"""The families whose adapter a test suite covers: only their providers are listed as working."""
