"""Tests of the Solana family against real programs in a real virtual machine, and against a node that misbehaves."""
