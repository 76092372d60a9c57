"""PublicWeb: fetches a file from an address that a stranger named, and never from inside our own network.

The host's name is resolved once, every address behind it must be public, and the connection goes to that very address:
a name that changes its mind in between (DNS rebinding) changes nothing. Proxies of the machine are not used, for they
would resolve the name again.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Collection
from http import HTTPStatus
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import ClassVar

import httpx

from kryptos.infra.http_client.errors import AnswerTooLarge, AnswerTooLate, CouldNotLook

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Awaitable[list[str]]]

_LONGEST_URL = 2048
_REDIRECTS = 2
_PORTS = {"https": 443, "http": 80}
_UNICAST = IPv6Network("2000::/3")
"""All of IPv6 that is given out (IANA, IPv6 Global Unicast Address Space); what leads into IPv4 is outside or below."""
_ASSIGNED = (IPv4Network("192.0.0.0/24"), IPv6Network("2001::/23"))
"""For protocols, not for servers (RFC 6890, tables 7 and 17); which of these count as global differs over Pythons."""


class AddressRefused(CouldNotLook):
    """The address is not one that may be asked."""

    code: ClassVar[str] = "ADDRESS_REFUSED"


async def resolve(host: str, port: int) -> list[str]:
    """Return every address of a name, as the machine resolves it; raise ``OSError``."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def is_public(address: Address) -> bool:
    """Say whether an address is of the public internet: not private, local, shared (CGNAT), multicast or reserved."""
    if any(address in network for network in _ASSIGNED) or not address.is_global:
        return False
    if isinstance(address, IPv6Address):
        return address in _UNICAST and address.sixtofour is None
    return not address.is_multicast and not address.is_reserved


class PublicWeb:
    """Fetches files. ``resolve`` and ``transport`` are the machine's, or a test's."""

    def __init__(
        self, *, resolve: Resolve = resolve, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._resolve = resolve
        self._transport = transport

    async def fetch(
        self,
        url: str,
        *,
        limit_bytes: int,
        timeout_seconds: float,
        loopback_origins: Collection[str] = (),
    ) -> bytes:
        """Return a file by its ``https://`` address, following at most two redirects, each checked anew.

        ``loopback_origins`` may be asked besides, over ``http://`` and on any port, if they are on this very machine:
        for developing. Raise ``AddressRefused``, ``AnswerTooLate``, ``AnswerTooLarge`` or ``CouldNotLook``; no message
        has more of the address than its host.
        """
        try:
            async with asyncio.timeout(timeout_seconds):
                return await self._follow(url, limit_bytes, timeout_seconds, frozenset(loopback_origins))
        except (TimeoutError, httpx.TimeoutException) as error:
            raise AnswerTooLate(f"No answer came within {timeout_seconds:g} seconds.") from error
        except (httpx.HTTPError, OSError) as error:
            raise CouldNotLook(f"The server could not be reached ({type(error).__name__}).") from error

    async def _follow(
        self, url: str, limit_bytes: int, timeout_seconds: float, loopback_origins: frozenset[str]
    ) -> bytes:
        at = _parsed(url)
        async with httpx.AsyncClient(
            transport=self._transport, trust_env=False, follow_redirects=False, timeout=timeout_seconds
        ) as connections:
            for _ in range(1 + _REDIRECTS):
                request = await self._request(connections, at, loopback_origins)
                response = await connections.send(request, stream=True)
                try:
                    if not response.has_redirect_location:
                        return await _content(response, limit_bytes)
                    at = _parsed(response.headers["location"], base=at)
                finally:
                    await response.aclose()
        raise AddressRefused(f"The address leads on more than {_REDIRECTS} times.")

    async def _request(
        self, connections: httpx.AsyncClient, at: httpx.URL, loopback_origins: frozenset[str]
    ) -> httpx.Request:
        """Return the request to the checked address, with the name in ``Host`` and in the certificate's check."""
        may_be_local = _origin(at) in loopback_origins
        is_usual = at.scheme == "https" and at.port in {None, _PORTS["https"]}
        if not is_usual and not may_be_local:
            raise AddressRefused("Only https:// addresses on port 443 are asked.")
        host = at.raw_host.decode("ascii")  # one spelling for resolving, for ``Host`` and for the certificate
        try:
            found = [ip_address(each) for each in await self._resolve(host, at.port or _PORTS[at.scheme])]
        except OSError as error:
            raise CouldNotLook(f"{host} could not be found.") from error
        is_local = may_be_local and bool(found) and all(each.is_loopback for each in found)
        if not is_local and not (is_usual and found and all(map(is_public, found))):
            raise AddressRefused(f"{host} is not on the public internet.")
        return connections.build_request(
            "GET",
            at.copy_with(host=str(found[0])),
            headers={
                "host": at.netloc.decode("ascii"),
                "accept": "image/*",
                "accept-encoding": "identity",
                "user-agent": "kryptos-connect",
            },
            extensions={"sni_hostname": host},
        )


def _parsed(url: str, *, base: httpx.URL | None = None) -> httpx.URL:
    if len(url) > _LONGEST_URL:
        raise AddressRefused("The address is too long.")
    try:
        at = base.join(url) if base else httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        raise AddressRefused("The address is no URL.") from None
    if at.scheme not in _PORTS or not at.host or at.userinfo:
        raise AddressRefused("The address is no https:// URL without a user name.")
    return at


def _origin(at: httpx.URL) -> str:
    return f"{at.scheme}://{at.netloc.decode('ascii')}"


async def _content(response: httpx.Response, limit_bytes: int) -> bytes:
    """Return the body as it was sent: nothing packed is taken, for what is small packed may be large."""
    if response.status_code != HTTPStatus.OK:
        raise CouldNotLook(f"The server answered with HTTP {response.status_code}.")
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise CouldNotLook("The server sent the file packed, which was not asked for.")
    parts: list[bytes] = []
    size = 0
    async for part in response.aiter_bytes():
        size += len(part)
        if size > limit_bytes:
            raise AnswerTooLarge(f"The file has more than {limit_bytes // 1024} KiB.")
        parts.append(part)
    return b"".join(parts)
