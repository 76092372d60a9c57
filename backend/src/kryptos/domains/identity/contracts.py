"""Values of identity that cross its border."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class User:
    """A person: a guest has no e-mail address."""

    id: str
    is_guest: bool
    email: str | None
    name: str | None
    language: str
    created_at: datetime
    is_suspended: bool
    """Refused everywhere: by the operator, or because everything about them is being erased."""
    claimed_by: str | None = None
    """The person with an address who has taken over what this guest left behind."""


class CodeKind(StrEnum):
    """What a mailed code does. Whoever is talked out of one loses no more than its mail says."""

    CONNECT = "connect"
    """Signs in to one session of the widget."""
    ACCOUNT = "account"
    """Signs in to the consent centre."""
    ADDRESS = "address"
    """Makes the address a guest's, or a guest the address's."""
    ERASURE = "erasure"
    """Erases everything."""


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A fresh code, to be mailed at once and kept nowhere."""

    kind: CodeKind
    email: str
    code: str
    language: str
    app_name: str


@dataclass(frozen=True, slots=True)
class Self:
    """One of the users that a person is: their own, or a guest that they have claimed."""

    id: str
    email: str | None
    created_at: datetime
    is_erasing: bool


@dataclass(frozen=True, slots=True)
class AccountSession:
    """A browser in which somebody is signed in to the consent centre."""

    id: str
    user: User
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class OpenedAccountSession:
    """A new account session; its token is shown to that browser alone and stored only as a hash."""

    session: AccountSession
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AddedAddress:
    """What became of a guest: ``person`` is the same with an address, or whoever had that address and claims them."""

    person: User
    has_claimed: bool
