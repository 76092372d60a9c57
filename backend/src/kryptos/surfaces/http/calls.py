"""Calls: what a handler is given, one kind per way of authenticating."""

from dataclasses import dataclass, field

from kryptos.domains.clients import Client
from kryptos.domains.connect import HostedOutcome, LinkSession
from kryptos.domains.grants import Access
from kryptos.domains.identity import AccountSession, OpenedAccountSession
from kryptos.infra.database import Origin, Uow
from kryptos.surfaces.http.consent_centre import HomeSite, HttpsNeeded
from kryptos.surfaces.http.exchange import Exchange
from kryptos.surfaces.http.services import Services


@dataclass(frozen=True, slots=True)
class PublicCall:
    """A call without credentials; one that changes something opens its own transaction, for ``origin``."""

    services: Services
    origin: Origin


@dataclass(frozen=True, slots=True)
class ClientCall:
    """A call by an app's backend, in its own transaction."""

    services: Services
    uow: Uow
    client: Client
    path: dict[str, str]


@dataclass(frozen=True, slots=True)
class LinkCall:
    """A call by the widget, in its own transaction; the session's row is locked."""

    services: Services
    uow: Uow
    session: LinkSession
    link_token: str = field(repr=False)
    widget_key: str | None = field(repr=False)
    path: dict[str, str]
    address: str


@dataclass(frozen=True, slots=True)
class OpenerCall:
    """A call by the app that opened a hosted page, and all that it may know."""

    outcome: HostedOutcome


@dataclass(frozen=True, slots=True)
class NetworkCall:
    """A call by the widget that asks other people's systems: authenticated, but in no transaction."""

    services: Services
    session: LinkSession


@dataclass(frozen=True, slots=True)
class DataCall:
    """A call for a user's data; it reads on held connections and opens a transaction only if it must."""

    services: Services
    access: Access
    path: dict[str, str]


@dataclass(frozen=True, slots=True)
class DataChange:
    """A call that changes something of a user's, with an access token, in its own transaction."""

    services: Services
    uow: Uow
    access: Access
    path: dict[str, str]


@dataclass(frozen=True, slots=True)
class AccountVisit:
    """A call to the consent centre by whoever is not signed in yet; it opens its own transaction."""

    services: Services
    exchange: Exchange
    home: HomeSite

    @property
    def former_token(self) -> str | None:
        """The session that this browser had, to be ended when another begins."""
        return self.home.session_token(self.exchange.received)

    def keep(self, opened: OpenedAccountSession) -> None:
        """Give the browser its new session."""
        self.exchange.headers["Set-Cookie"] = self.home.keep(opened.token)

    def require_https(self) -> None:
        """Raise ``HttpsNeeded`` where a session would travel in the open."""
        if not self.home.can_sign_in:
            raise HttpsNeeded


@dataclass(frozen=True, slots=True)
class AccountCall:
    """A call by whoever is signed in to the consent centre, in its own transaction."""

    services: Services
    uow: Uow
    session: AccountSession
    token: str = field(repr=False)
    exchange: Exchange
    home: HomeSite

    @property
    def path(self) -> dict[str, str]:
        """Path parameters."""
        return self.exchange.path

    def keep(self, opened: OpenedAccountSession) -> None:
        """Give the browser another session in place of this one."""
        self.exchange.headers["Set-Cookie"] = self.home.keep(opened.token)

    def forget(self) -> None:
        """Take the browser's session away."""
        self.exchange.headers["Set-Cookie"] = self.home.forget()


@dataclass(frozen=True, slots=True)
class AccountStream:
    """A call from the consent centre for a file that is made piece by piece, in no transaction."""

    services: Services
    session: AccountSession
    origin: Origin
