"""Calls: what a handler is given, one kind per way of authenticating."""

from dataclasses import dataclass, field

from kryptos.domains.clients import Client
from kryptos.domains.connect import LinkSession
from kryptos.domains.grants import Access
from kryptos.infra.database import Origin, Uow
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
