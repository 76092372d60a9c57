"""The one door to the adapters: a chain's id goes in, something that reads that chain comes out."""

from kryptos.providers.registry.detection import Detection, detect_chains
from kryptos.providers.registry.names import (
    NameNotFound,
    NameNotSupported,
    NameUnreachable,
    ResolvedName,
    resolve_name,
)
from kryptos.providers.registry.registry import Registry
from kryptos.providers.registry.sources import find_wrong_sources

__all__ = [
    "Detection",
    "NameNotFound",
    "NameNotSupported",
    "NameUnreachable",
    "Registry",
    "ResolvedName",
    "detect_chains",
    "find_wrong_sources",
    "resolve_name",
]
