"""The sandbox: a synthetic world of our own making, behind ends that the unchanged adapters reach by URL.

The ends themselves are in ``mounts``: whoever only names personas or prices does not load the HTTP library.
"""

from kryptos.providers.sandbox.nodes import SANDBOX_NODES
from kryptos.providers.sandbox.personas import (
    PERSONAS,
    TYPED_ADDRESSES,
    Persona,
    find_persona,
    is_typed_address,
)
from kryptos.providers.sandbox.prices import SANDBOX_PRICES, sandbox_price
from kryptos.providers.sandbox.world_time import WORLD_NOW

__all__ = [
    "PERSONAS",
    "SANDBOX_NODES",
    "SANDBOX_PRICES",
    "TYPED_ADDRESSES",
    "WORLD_NOW",
    "Persona",
    "find_persona",
    "is_typed_address",
    "sandbox_price",
]
