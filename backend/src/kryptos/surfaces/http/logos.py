"""The logos of providers and assets, from the package: this server's pages ask nobody else for a picture."""

from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from kryptos.catalog import find_logo, read_logo

LOGO_PATH = "/connect/logos"

_HEADERS = {
    "Cache-Control": "public, max-age=604800",
    # Anybody's page may show a logo; opened by itself it is a picture that can do nothing.
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}


def logo_routes() -> list[HTTPRouteHandler]:
    """Return ``/connect/logos/<name>``: the names in the catalogue's index, and no others."""

    @get(f"{LOGO_PATH}/{{name:str}}", include_in_schema=False)
    async def logo(name: FromPath[str], request: Request[None, None, State]) -> Response[bytes]:
        found = find_logo(name)
        if found is None:
            raise NotFoundException
        headers = {**_HEADERS, "ETag": f'"{found.sha256[:32]}"'}
        if request.headers.get("If-None-Match") == headers["ETag"]:
            return Response(b"", status_code=304, headers=headers, media_type="image/svg+xml")
        return Response(read_logo(found), headers=headers, media_type="image/svg+xml")

    return [logo]


def logo_url(name: str, *, base_url: str) -> str:
    """Return where a picture is: a path of this server unless its address is given."""
    return f"{base_url}{LOGO_PATH}/{name}"
