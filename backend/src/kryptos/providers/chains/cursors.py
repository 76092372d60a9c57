"""Cursors as text: what an adapter wrote it can read; anything else is said to be unreadable, never guessed at."""

from collections.abc import Callable
from typing import Protocol, TypeVar

import msgspec

from kryptos.providers.contracts import CouldNotLook

VERSION = 1


class _Versioned(Protocol):
    @property
    def version(self) -> int: ...


C = TypeVar("C", bound=_Versioned)


def write_cursor(cursor: _Versioned) -> str:
    """Return a cursor as JSON text."""
    return msgspec.json.encode(cursor).decode()


def decode_cursor(text: str, kind: type[C], *, check: Callable[[C], object]) -> C:
    """Return the cursor of a text; raise ``CouldNotLook`` for one that this version did not write.

    ``check`` raises ``ValueError`` for a cursor whose numbers are none.
    """
    try:
        cursor = msgspec.json.decode(text, type=kind)
        check(cursor)
    except (msgspec.DecodeError, ValueError) as error:
        raise CouldNotLook(
            "The place up to which history was read cannot be understood: sync from the beginning."
        ) from error
    if cursor.version != VERSION:
        raise CouldNotLook(
            "Another version wrote the place up to which history was read: sync from the beginning."
        )
    return cursor
