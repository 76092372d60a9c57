"""Kryptos Connect: share wallets, exchanges and files with an app, with explicit, scoped, revocable consent."""

__version__ = "0.1.0"
