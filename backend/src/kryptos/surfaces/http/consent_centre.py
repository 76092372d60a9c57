"""The consent centre as browsers meet it: where it is, the cookie of its sessions, and whose pages may call it."""

import base64
import hashlib
import hmac
from ipaddress import ip_address
from urllib.parse import urlsplit

from litestar.datastructures import Headers

from kryptos.kernel.errors import Kind, KryptosError

ACCOUNT_PATH = "/account"
CSRF_HEADER = "X-CSRF-Token"

_COOKIE_CHARACTERS = 256
_NAME = "kryptos_account"


class CrossSiteRefused(KryptosError):
    """A browser says that another site's page, or link, made this call."""

    code = "CROSS_SITE_REFUSED"
    kind = Kind.FORBIDDEN
    default_message = (
        "The consent centre takes calls of its own page alone, and this one comes from another site. Open it at this "
        "server's public address (KRYPTOS_PUBLIC_URL)."
    )


class CsrfTokenWrong(KryptosError):
    """A call that changes something, without the token that proves its page could read a reply of ours."""

    code = "CSRF_TOKEN_WRONG"
    kind = Kind.FORBIDDEN
    default_message = f"Send the `csrf_token` of GET /account/api/session as {CSRF_HEADER} with this call."


class HttpsNeeded(KryptosError):
    """Signing in over plain http from another machine would show the session to everybody on the way."""

    code = "HTTPS_NEEDED"
    kind = Kind.CONFLICT
    default_message = (
        "The consent centre signs nobody in over plain http, but on this machine itself. The operator of this server "
        "puts a TLS proxy in front and sets KRYPTOS_PUBLIC_URL to its https:// address."
    )


def is_account_path(path: str) -> bool:
    """Say whether a path belongs to the consent centre."""
    return path == ACCOUNT_PATH or path.startswith(f"{ACCOUNT_PATH}/")


def management_url(key: str, *, base_url: str) -> str:
    """Return the address that opens a guest's consent centre once; browsers send no server what follows the ``#``."""
    return f"{base_url}{ACCOUNT_PATH}#manage={key}"


def csrf_token(session_token: str) -> str:
    """Return what a session's calls that change something bear; it does not tell the session's token."""
    digest = hmac.digest(session_token.encode("utf-8", "surrogatepass"), b"kryptos csrf", hashlib.sha256)
    return f"csrf_{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def require_csrf_token(session_token: str, presented: str | None) -> None:
    """Raise ``CsrfTokenWrong`` unless a page of this session presents its token."""
    expected = csrf_token(session_token).encode()
    if not hmac.compare_digest(expected, (presented or "").encode("utf-8", "surrogatepass")):
        raise CsrfTokenWrong


class HomeSite:
    """This server as one site among others in a browser: its own origins, and its cookie."""

    def __init__(self, base_url: str) -> None:
        address = urlsplit(base_url)
        host = (address.hostname or "").lower()
        self.is_https = address.scheme == "https"
        self.can_sign_in = self.is_https or _is_loopback(host)
        self.origins = {f"{address.scheme}://{address.netloc.lower()}"}
        if not self.is_https and _is_loopback(host):
            port = f":{address.port}" if address.port else ""
            self.origins |= {f"http://{name}{port}" for name in ("localhost", "127.0.0.1", "[::1]")}
        # __Host-: browsers take it over https only, for this very host, so no sibling host can plant one (RFC 6265bis).
        self.cookie = f"__Host-{_NAME}" if self.is_https else _NAME
        self._attributes = "; HttpOnly; SameSite=Lax; Path=/" + ("; Secure" if self.is_https else "")

    def require_own_page(self, received: Headers, *, is_reading: bool) -> None:
        """Raise ``CrossSiteRefused`` for what a browser says another site's page caused.

        Browsers tell it in two headers that pages cannot set; programs that are no browsers send neither.
        """
        site = received.get("sec-fetch-site")
        allowed = {"same-origin", "none"} if is_reading else {"same-origin"}  # none: typed by the person
        if site is not None and site.lower() not in allowed:
            raise CrossSiteRefused
        origin = received.get("origin")
        if origin is not None and origin.lower() not in self.origins:
            raise CrossSiteRefused

    def session_token(self, received: Headers) -> str | None:
        """Return the presented session's token; None for none, and for two that differ: one of them was planted."""
        found = {
            value
            for line in received.getall("cookie", [])
            for name, _, value in (part.strip().partition("=") for part in line.split(";"))
            if name == self.cookie
        }
        token = found.pop() if len(found) == 1 else None
        return token if token and len(token) <= _COOKIE_CHARACTERS else None

    def keep(self, token: str) -> str:
        """Return the Set-Cookie header of a session that begins; it ends with the browser, at the latest."""
        return f"{self.cookie}={token}{self._attributes}"

    def forget(self) -> str:
        """Return the Set-Cookie header of a session that ends."""
        return f"{self.cookie}={self._attributes}; Max-Age=0"


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
