"""The EVM family against a real anvil with real contracts, and against a toy chain that fails on demand."""
