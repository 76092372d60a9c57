"""An application whose replies are sent piece by piece, as exports are, for tests of how a real server ends them."""

from collections.abc import AsyncGenerator

from litestar import Litestar, Request, Response
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp

from kryptos.infra.processes import die_with_server
from kryptos.surfaces.http.replies import FinishedReply, Reply

PIECE = b"x" * 65_536
PIECES = 20
AnyRequest = Request[None, None, State]


async def _pieces(*, is_broken: bool) -> AsyncGenerator[bytes, None]:
    for number in range(PIECES):
        if is_broken and number == PIECES // 2:
            message = "the database went away"
            raise RuntimeError(message)
        yield PIECE


def create_app() -> ASGIApp:
    """Return an application with ``/whole`` and ``/broken``."""
    die_with_server()

    async def reply(request: AnyRequest) -> ASGIApp:
        pieces = _pieces(is_broken=request.url.path == "/broken")
        first = await anext(pieces)
        return FinishedReply(Reply(200, first, pieces), {}, is_head=request.method == "HEAD")

    def refuse(_request: AnyRequest, _error: Exception) -> Response[bytes]:
        return Response(b'{"refused": true}', status_code=500)

    handler = HTTPRouteHandler(["/whole", "/broken"], http_method=["GET", "HEAD"], status_code=200)(reply)
    return Litestar(route_handlers=[handler], exception_handlers={Exception: refuse}, openapi_config=None)
