"""Values of grants that cross its border."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from kryptos.domains.clients import Mode


@dataclass(frozen=True, slots=True)
class Grant:
    """What one person lets one client do in one workspace."""

    id: str
    client_id: str
    user_id: str
    workspace_id: str
    scopes: tuple[str, ...]
    created_at: datetime
    consented_at: datetime
    expires_at: datetime


class GrantStatus(StrEnum):
    """Whether a grant still opens anything, and why not."""

    ACTIVE = "active"
    REVOKED = "revoked"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class GrantOverview:
    """A grant as the person who gave it sees it."""

    grant: Grant
    status: GrantStatus
    renewed_at: datetime | None
    ended_at: datetime | None
    ended_by: str | None
    """What kind of party ended it: ``user``, ``client``, ``operator`` or ``system``."""
    last_access_at: datetime | None
    accesses_last_30_days: int
    """As many as are counted at most (``ACCESSES_COUNTED``) means: that many or more."""


@dataclass(frozen=True, slots=True)
class AccessRecord:
    """One successful data call. ``rows`` is how many the reply listed; None where it is no list or had not changed."""

    grant_id: str
    id: str
    at: datetime
    endpoint: str
    rows: int | None
    request_id: str | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """The signed statement of one change of a grant; ``file`` is what people keep and check offline."""

    id: str
    grant_id: str
    event: Literal["given", "renewed", "revoked"]
    issued_at: datetime
    file: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class IssuedAccess:
    """A grant with a new access token, which is shown this once and stored only as a hash."""

    grant: Grant
    access_token: str = field(repr=False)


class AccessStatus(StrEnum):
    """Whether a presented access token opens anything, and why not."""

    VALID = "valid"
    EXPIRED = "token_expired"
    INVALID = "token_invalid"
    REVOKED = "grant_revoked"


@dataclass(frozen=True, slots=True)
class FoundAccess:
    """What a presented access token is to one client; ``grant`` is set only when the token is valid."""

    status: AccessStatus
    grant: Grant | None = None


@dataclass(frozen=True, slots=True)
class Rider:
    """What a domain above wants to read in the round trip that authenticates a call.

    ``joins`` are left joins to ``g`` (the grant) and ``c`` (the client), with parameters from ``$3`` on; ``columns``
    are selected beside. They must never turn one row into none or several.
    """

    columns: str
    joins: str


@dataclass(frozen=True, slots=True)
class Access:
    """What an authenticated data call may do, and for whom."""

    access_token_id: str
    grant_id: str
    client_id: str
    user_id: str
    workspace_id: str
    mode: Mode
    scopes: tuple[str, ...]
    allowed_origins: tuple[str, ...]
    ridden: Mapping[str, object] = field(default_factory=dict, repr=False)
    """The row that authenticated the call, with the columns of its rider."""
