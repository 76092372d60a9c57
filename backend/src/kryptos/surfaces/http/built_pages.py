"""Pages as they were built: one for each language and theme, and their files, all read once into memory."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from litestar import Response
from litestar.handlers import HTTPRouteHandler

from kryptos.surfaces.http.codings import accepts
from kryptos.surfaces.http.page_builds import find_template

_TYPES = {
    ".css": "text/css",
    ".ico": "image/x-icon",
    ".js": "text/javascript",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
"""What a build may hold; anything else in its folder is not served."""
_ENCODINGS = {"br": ".br", "gzip": ".gz"}
"""Content codings and what the build calls files in them, the smaller first."""
_FOR_EVER = "public, max-age=31536000, immutable"
BRIEFLY = "public, max-age=300"
_HASHED = re.compile(r".*[-.][A-Za-z0-9_-]{8}\.[a-z0-9]+")
"""A name that changes with the content, so that it may be kept for ever."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of the build, and its compressed forms by content coding."""

    media_type: str
    content: bytes
    encoded: Mapping[str, bytes]
    is_hashed: bool


@dataclass(slots=True)
class BuiltPages:
    """What a build wrote into ``folder``; looked for again as long as it is not there."""

    folder: Path
    _template: str | None = None
    _assets: dict[str, Asset] = field(default_factory=dict)
    _pages: dict[tuple[str, str], bytes] = field(default_factory=dict)

    def page(self, language: str, theme: str) -> bytes | None:
        """Return the page in a language and a theme; both must be values of ours. None while nothing is built."""
        if not self._load() or self._template is None:
            return None
        key = (language, theme)
        if key not in self._pages:
            html = self._template.replace("__KC_LANG__", language).replace("__KC_THEME__", theme)
            self._pages[key] = html.encode()
        return self._pages[key]

    def asset(self, name: str) -> Asset | None:
        """Return a file by its path within the folder: only names that were found there exist at all."""
        return self._assets.get(name) if self._load() else None

    def _load(self) -> bool:
        if self._template is not None:
            return True
        template = find_template(self.folder)
        if template is None:
            return False
        self._assets = {
            path.relative_to(self.folder).as_posix(): _asset(path)
            for path in self.folder.rglob("*")
            if path.is_file() and path.suffix in _TYPES
        }
        self._template = template.read_text(encoding="utf-8")
        return True


def _asset(path: Path) -> Asset:
    variants = {coding: path.with_name(path.name + suffix) for coding, suffix in _ENCODINGS.items()}
    return Asset(
        media_type=_TYPES[path.suffix],
        content=path.read_bytes(),
        encoded={coding: each.read_bytes() for coding, each in variants.items() if each.is_file()},
        is_hashed=_HASHED.fullmatch(path.name) is not None,
    )


def reading(path: str) -> HTTPRouteHandler:
    """Return a route of a page or a file: GET and HEAD."""
    return HTTPRouteHandler(path, http_method=["GET", "HEAD"], status_code=200, include_in_schema=False)


def file_reply(asset: Asset, accepted: str, headers: Mapping[str, str]) -> Response[bytes]:
    """Return a file, compressed as the caller accepts it; one whose name changes with it may be kept for ever."""
    headers = {
        **headers,
        "Cache-Control": _FOR_EVER if asset.is_hashed else BRIEFLY,
        "Vary": "Accept-Encoding",
    }
    coding = next((each for each in asset.encoded if accepts(accepted, each)), None)
    if coding is None:
        return Response(asset.content, headers=headers, media_type=asset.media_type)
    headers["Content-Encoding"] = coding
    return Response(asset.encoded[coding], headers=headers, media_type=asset.media_type)
