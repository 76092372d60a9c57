"""Whose call it is: the network address, believed from X-Forwarded-For only behind a trusted proxy."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from kryptos.infra.settings import SettingsWrong

Network = IPv4Network | IPv6Network


def parse_networks(text: str) -> tuple[Network, ...]:
    """Return the networks of ``KRYPTOS_TRUSTED_PROXIES``; raise ``SettingsWrong``."""
    try:
        return tuple(ip_network(each.strip(), strict=False) for each in text.split(",") if each.strip())
    except ValueError as error:
        message = f"KRYPTOS_TRUSTED_PROXIES takes comma-separated addresses or networks: {error}"
        raise SettingsWrong(message) from error


def caller_address(peer: str, forwarded_for: str | None, trusted: Sequence[Network]) -> str:
    """Return the nearest address that is not a trusted proxy's.

    ``forwarded_for`` is read from its right end, where our own proxies wrote; what a caller claims stands further left.
    """
    address = peer
    hops = [hop.strip() for hop in (forwarded_for or "").split(",") if hop.strip()]
    while hops and _is_trusted(address, trusted):
        candidate = hops.pop()
        try:
            ip_address(candidate)
        except ValueError:
            break
        address = candidate
    return address


def _is_trusted(address: str, trusted: Sequence[Network]) -> bool:
    if not trusted:
        return False
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in trusted)
