"""Fixed replies: what is measured beside the product's own endpoints, run exactly as its own web server is.

``python -m benchmarks.floor check|statement|litestar|asgi``: the port comes from ``KRYPTOS_PORT``, the reply from the
file that ``BENCHMARK_REPLY`` names.
"""

import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec
from litestar import Litestar, get
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from kryptos.domains.grants import InvalidToken
from kryptos.domains.grants._queries import authenticate_statement
from kryptos.entrypoints import server, web
from kryptos.infra.database.reader import Reader
from kryptos.infra.processes import die_with_server
from kryptos.infra.secrets import load_token_hasher
from kryptos.infra.settings import load_settings
from kryptos.surfaces.data_api.userinfo import UserInfoOut
from kryptos.surfaces.http.calls import DataCall
from kryptos.surfaces.http.endpoint import Auth, Endpoint, Family

PATH = "/api/v1/benchmark"
REPLY_VARIABLE = "BENCHMARK_REPLY"


def create_check() -> ASGIApp:
    """Return the product's web application with one endpoint more: it authenticates, and replies with a constant."""
    constant = msgspec.json.decode(_reply(), type=UserInfoOut)

    async def reply(_call: DataCall) -> UserInfoOut:
        return constant

    web.ENDPOINTS += (
        Endpoint(
            method="GET",
            path=PATH,
            summary="A constant",
            auth=Auth.ACCESS_TOKEN,
            scope="users:read",
            handler=reply,
            reply=UserInfoOut,
            family=Family.DATA,
        ),
    )
    return web.create_app()


def create_litestar() -> ASGIApp:
    """Return a bare Litestar application whose one GET returns a dict."""
    die_with_server()
    document = _as_long_as(_reply())

    @get(PATH)
    async def read() -> dict[str, object]:
        return document

    return Litestar(route_handlers=[read], openapi_config=None, logging_config=None)


def create_asgi() -> ASGIApp:
    """Return an application without a framework: what remains is the server's own share."""
    die_with_server()

    async def nothing(_scope: HTTPScope) -> None:
        pass

    return _plain(nothing)


def create_statement() -> ASGIApp:
    """Return the same with the check's one statement, over the product's own held connections, and nothing else."""
    die_with_server()
    settings = load_settings()
    hasher, reader = (
        load_token_hasher(settings),
        Reader(settings.database_url or "", size=settings.database_readers),
    )

    async def look(scope: HTTPScope) -> None:
        token = dict(scope["headers"])[b"authorization"].removeprefix(b"Bearer ").decode()
        if await reader.fetchrow(authenticate_statement(None), hasher.candidates(token), []) is None:
            raise InvalidToken

    return _plain(look)


def _plain(before: Callable[[HTTPScope], Awaitable[None]]) -> ASGIApp:
    body = _reply()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]

    async def answer(scope: Scope, _receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP:
            await before(scope)
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": body, "more_body": False})

    return answer


def _as_long_as(reply: bytes) -> dict[str, object]:
    """Return a reply as a dict that is as many bytes of JSON: a float may have fewer digits than it was read of."""
    document: dict[str, object] = msgspec.json.decode(reply)
    missing = len(reply) - len(msgspec.json.encode(document))
    if missing:
        document["user_id"] = f"{document['user_id']}{'0' * missing}"
    return document


def _reply() -> bytes:
    return Path(os.environ[REPLY_VARIABLE]).read_bytes()


def main(name: str) -> None:
    """Serve the named application with the product's own server settings."""
    server.APPLICATION = f"benchmarks.floor:create_{name}"
    server.serve_web(load_settings())


if __name__ == "__main__":
    main(sys.argv[1])
