"""Endpoint: one HTTP operation as data; routes, authentication, OpenAPI, reference page and tests follow from it."""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Literal

import msgspec

from kryptos.domains.grants import Rider
from kryptos.kernel.errors import KryptosError

Method = Literal["GET", "POST", "PATCH", "PUT", "DELETE"]


class Auth(StrEnum):
    """The ways a call can be authenticated; every endpoint declares one (contract, "Authentication Methods")."""

    NONE = "none"
    CLIENT = "client"
    LINK_TOKEN = "link_token"  # noqa: S105  # a name, not a secret
    OPENER = "opener"
    ACCESS_TOKEN = "access_token"  # noqa: S105
    ACCOUNT = "account"


class Family(StrEnum):
    """Whose error envelope and reference chapter an endpoint belongs to."""

    CONNECT = "connect"
    DATA = "data"
    ACCOUNT = "account"
    OPERATIONS = "operations"


@dataclass(frozen=True, slots=True)
class Riding:
    """A rider, and its parameters by the query (any, for it is not checked yet) and this server's address."""

    rider: Rider
    parameters: Callable[[Mapping[str, str], str], tuple[object, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One operation: how it is called, who may call it, what it takes and gives, how it can fail."""

    method: Method
    path: str
    summary: str
    auth: Auth
    handler: Callable[..., Awaitable[Any]]
    reply: type
    family: Family
    scope: str | None = None
    body: type[msgspec.Struct] | None = None
    query: type[msgspec.Struct] | None = None
    status: int = HTTPStatus.OK
    errors: tuple[type[KryptosError], ...] = ()
    """How it can fail beyond wrong credentials and a body or query of the wrong form."""
    aliases: tuple[str, ...] = ()
    takes_body_credentials: bool = False
    """Whether client credentials may come in the JSON body as well (K-024)."""
    is_cacheable: bool = False
    is_tagged: bool = False
    """Whether the reply carries an ETag, and 304 answers a caller who has it already."""
    is_compressible: bool = False
    """Whether the reply is long and holds no secret: a compressed one tells by its length what is in it (BREACH)."""
    count_rows: Callable[[Any], int] | None = None
    """How many things a reply lists, for the person to whom the access is told; left out for what is no list."""
    rides: Riding | None = None
    """What is read along when the call is authenticated."""
    is_networked: bool = False
    """Whether the handler asks other people's systems: it then runs when the transaction has ended (a NetworkCall)."""
    is_streamed: bool = False
    """Whether the handler makes a file piece by piece (an AccountStream): it returns ``Streamed``."""

    @property
    def is_mutating(self) -> bool:
        """Whether the call changes something, and so honours Idempotency-Key."""
        return self.method != "GET" and self.auth is not Auth.NONE and not self.is_networked

    @property
    def needs_csrf_token(self) -> bool:
        """Whether the call must prove that our own page makes it."""
        return self.method != "GET" and self.auth is Auth.ACCOUNT

    @property
    def description(self) -> str:
        """The handler's docstring."""
        return inspect.cleandoc(self.handler.__doc__ or "")
