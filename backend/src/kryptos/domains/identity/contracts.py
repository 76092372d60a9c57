"""Values of identity that cross its border."""

from dataclasses import dataclass
from datetime import datetime


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


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A fresh sign-in code, to be mailed at once and kept nowhere."""

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
