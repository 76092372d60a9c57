"""What servers send, checked field by field: the pieces that every kind of server has in common."""

from typing import Annotated, TypeVar

import msgspec

from kryptos.providers.contracts import CouldNotLook

Hash = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
Count = Annotated[int, msgspec.Meta(ge=0)]
Seconds = Annotated[int, msgspec.Meta(ge=0, lt=2**32)]

T = TypeVar("T")


def read(value: object, kind: type[T], *, server: str) -> T:
    """Return the value as ``kind``; raise ``CouldNotLook`` naming the field that has another form."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise CouldNotLook(f"{server} gave an answer of another form than it should: {error}.") from error
