"""Reads the catalogue's own files, which tools/catalog builds."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TypeVar

import msgspec

T = TypeVar("T")

DATA: Traversable = files("kryptos.catalog").joinpath("data")


def read_rows(name: str, row: type[T]) -> tuple[T, ...]:
    """Return the rows of a file; () where there is none, as for a chain without known tokens."""
    path = DATA.joinpath(name)
    if not path.is_file():
        return ()
    return msgspec.json.decode(path.read_bytes(), type=tuple[row, ...])  # type: ignore[valid-type]  # a type made at run time
