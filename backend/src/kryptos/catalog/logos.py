"""Logos: the pictures in the package, by exact name. What is not in the index does not exist."""

from collections.abc import Mapping
from functools import cache

import msgspec

from kryptos.catalog.reading import DATA, read_rows


class Logo(msgspec.Struct, frozen=True):
    """A picture's name, and the hash of its bytes."""

    name: str
    sha256: str


@cache
def _logos() -> Mapping[str, Logo]:
    return {logo.name: logo for logo in read_rows("logos.json", Logo)}


def list_logos() -> tuple[Logo, ...]:
    """Return every picture, by name."""
    return tuple(_logos().values())


def find_logo(name: str) -> Logo | None:
    """Return the picture of this name."""
    return _logos().get(name)


def find_asset_logo(token_id: str | None) -> Logo | None:
    """Return the picture of an asset by its CoinGecko id."""
    return _logos().get(f"asset-{token_id}.svg")


def read_logo(logo: Logo) -> bytes:
    """Return a picture: an SVG of shapes alone."""
    return DATA.joinpath("logos", logo.name).read_bytes()
