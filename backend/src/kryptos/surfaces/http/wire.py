"""Wire shapes of the Connect envelope that several surfaces use; names are the contract's, exact."""

from datetime import datetime
from typing import Generic, TypeVar

import msgspec

Data = TypeVar("Data")


class Success(msgspec.Struct, Generic[Data], kw_only=True):
    """Success envelope of the Connect API (contract K-007)."""

    success: bool = True
    data: Data


class Message(msgspec.Struct, kw_only=True):
    """Success envelope of a call that has nothing to return but that it was done."""

    success: bool = True
    message: str


class Nothing(msgspec.Struct, kw_only=True):
    """A body without fields; unknown ones are ignored."""


def instant(at: datetime) -> datetime:
    """Return the instant as the contract writes it: to the second."""
    return at.replace(microsecond=0)


def scope_text(scopes: tuple[str, ...]) -> str:
    """Return scopes as one space-separated string."""
    return " ".join(scopes)
