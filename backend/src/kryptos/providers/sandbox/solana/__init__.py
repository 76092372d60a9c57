"""The Solana end: a cluster that exists as a table of deeds, and a node that answers from it."""
