"""Where the ends of the sandbox are: names that no network knows (RFC 2606), so nothing else can answer there."""

from collections.abc import Mapping
from types import MappingProxyType

SANDBOX_NODES: Mapping[str, str] = MappingProxyType(
    {
        "ethereum": "http://ethereum.sandbox.invalid",
        "solana": "http://solana.sandbox.invalid",
    }
)
"""Chain id of the catalogue -> base URL of its one node."""
