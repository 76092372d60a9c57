"""Reading what a price server sent: of the documented form, or ``CouldNotLook`` naming what is not."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TypeVar

import msgspec

from kryptos.providers.contracts import CouldNotLook

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LARGEST_SECONDS = 2**33  # the year 2242: whatever is later is no instant of a price

T = TypeVar("T")


def read(value: object, kind: type[T], *, server: str) -> T:
    """Return the value as ``kind``; fields that it does not name are left out, and no text passes for a number."""
    try:
        return msgspec.convert(value, kind, builtin_types=(Decimal,))
    except msgspec.ValidationError as error:
        raise CouldNotLook(f"{server} gave an answer of another form than it should: {error}.") from error


def instant(seconds: int | Decimal, *, server: str) -> datetime:
    """Return Unix seconds as an instant; a fraction of a second is cut off."""
    if not 0 <= seconds < _LARGEST_SECONDS:
        raise CouldNotLook(f"{server} gave an instant that cannot be.")
    return _EPOCH + timedelta(seconds=int(seconds))


def unix_seconds(at: datetime) -> int:
    """Return an instant as whole Unix seconds."""
    return (at - _EPOCH) // timedelta(seconds=1)


def cut(items: Sequence[T], size: int) -> list[tuple[T, ...]]:
    """Return the items in parts of at most ``size``."""
    return [tuple(items[start : start + size]) for start in range(0, len(items), size)]
