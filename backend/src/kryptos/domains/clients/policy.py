"""What a client may register: names, redirect URIs, origins."""

import re
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import SplitResult, urlsplit

from kryptos.kernel.errors import InvalidInput

CUT_MARGIN = timedelta(seconds=5)
"""How much further than now a cut of tokens reaches: what a server is making at this moment, or one whose clock is
ahead (``kryptos doctor`` warns beyond these seconds), is not to survive it."""
_NAME_CHARACTERS = 100
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_FOREIGN_SCHEME = re.compile(
    "about|android-app|app-prefs|app-settings|blob|chrome|cid|content|data|facetime|file|filesystem|ftps?|geo|googlechrome|intent|jar|"
    "javascript|livescript|mailto|market|mhtml|mid|mocha|news|prefs|res|resource|shortcuts|sms|smsto|tel|telnet|urn|"
    "vbscript|view-source|wc|webcal|wss?|[a-z-]+-extension|(apple|itms|ms|safari|search|x-apple|x-safari|x-web)-.*"
)
"""Schemes that run something, or open the browser, the system or anything but the client's own app."""
_DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"([a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])(:[0-9]+)?")
"""Host and port as browsers write them: names in punycode, no user, no wildcard."""


def checked_name(name: str) -> str:
    """Return the trimmed name; raise ``InvalidInput`` if it is empty, too long or holds control characters."""
    trimmed = name.strip()
    if not trimmed or len(trimmed) > _NAME_CHARACTERS or not trimmed.isprintable():
        raise _invalid("name", f"A name has 1 to {_NAME_CHARACTERS} printable characters.")
    return trimmed


def checked_redirect_uris(uris: Sequence[str]) -> tuple[str, ...]:
    """Return the URIs; each is absolute, without fragment, and https unless it leads to this machine or an app."""
    for uri in uris:
        parts = _split(uri, "redirect_uris")
        if _FOREIGN_SCHEME.fullmatch(parts.scheme):
            raise _invalid(
                "redirect_uris",
                f"{uri!r} leads to no app: {parts.scheme}: belongs to browsers or systems. Use a scheme of your app's "
                "own, best its reversed domain (com.example.app:/callback, RFC 8252), or an https:// address.",
            )
        is_own_scheme = parts.scheme not in {"", "http", "https"}
        is_web = bool(parts.hostname) and (
            parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
        )
        if "#" in uri or not uri.isprintable() or " " in uri or not (is_web or is_own_scheme):
            raise _invalid(
                "redirect_uris",
                f"{uri!r} is not an https:// address, a loopback address or an address of an app's own scheme, such as "
                "com.example.app:/callback, without fragment and spaces.",
            )
    return tuple(dict.fromkeys(uris))


def checked_origins(origins: Sequence[str]) -> tuple[str, ...]:
    """Return the origins in the form in which browsers send them: scheme, host and port, nothing more."""
    checked = []
    for origin in origins:
        parts = _split(origin, "allowed_origins")
        is_allowed = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
        is_bare = origin.lower().removesuffix("/") == f"{parts.scheme}://{parts.netloc}".lower()
        if not is_allowed or not is_bare or not _HOST.fullmatch(parts.netloc.lower()):
            raise _invalid("allowed_origins", f"{origin!r} is not an origin such as https://app.example.com.")
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
        port = "" if parts.port in {None, _DEFAULT_PORTS[parts.scheme]} else f":{parts.port}"
        checked.append(f"{parts.scheme}://{host}{port}")
    return tuple(dict.fromkeys(checked))


def _split(text: str, field: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018  # reading it validates the port
    except ValueError as error:
        raise _invalid(field, f"{text!r} is not a valid address.") from error
    return parts


def _invalid(field: str, message: str) -> InvalidInput:
    return InvalidInput(message, details=[{"code": "invalid_value", "path": [field], "message": message}])
