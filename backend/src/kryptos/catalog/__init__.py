"""Facts as data: what can be connected. Loaded once from JSON beside this file."""

from kryptos.catalog.providers import PROVIDERS, Function, Provider

__all__ = ["PROVIDERS", "Function", "Provider"]
