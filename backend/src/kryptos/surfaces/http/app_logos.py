"""The logos of apps, from the database: pictures that strangers made, so each is shown and can do nothing."""

import re

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from kryptos.domains import connect
from kryptos.domains.connect import Picture
from kryptos.infra.database import Uow
from kryptos.surfaces.http.services import Services

APP_LOGO_PATH = "/connect/logo"

_SHA256 = re.compile(r"[0-9a-f]{64}")
_HEADERS = {
    "Cache-Control": "public, max-age=604800, immutable",  # the name is the hash of the bytes
    "Cross-Origin-Resource-Policy": "cross-origin",
    # An SVG may be drawn with styles of its own; opened by itself it runs nothing and asks nobody.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "X-Content-Type-Options": "nosniff",
}


def app_logo_routes(services: Services) -> list[HTTPRouteHandler]:
    """Return ``/connect/logo/<sha256>``: the pictures that were fetched for apps, and no others."""

    @get(f"{APP_LOGO_PATH}/{{sha256:str}}", include_in_schema=False)
    async def app_logo(sha256: FromPath[str]) -> Response[bytes]:
        async def find(uow: Uow) -> Picture | None:
            return await connect.find_app_logo(uow, sha256=sha256)

        found = await services.database.execute(find) if _SHA256.fullmatch(sha256) else None
        if found is None:
            raise NotFoundException
        return Response(found.content, headers=_HEADERS, media_type=found.media_type)

    return [app_logo]
