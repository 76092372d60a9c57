"""Adapters of blockchains: a folder per family, a chain per row of the catalogue."""
