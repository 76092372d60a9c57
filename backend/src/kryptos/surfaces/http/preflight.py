"""Preflight: answers a browser's question before a cross-origin call (the ruling on CORS).

Any registered origin is told yes, for it is not known yet whose call will follow; the call itself then checks
the origins of its own client. Credentials in the browser's sense (cookies) are never allowed, and the consent centre,
which has them, is for its own page alone.
"""

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from kryptos.domains import clients
from kryptos.infra.database import Database, Uow
from kryptos.kernel.errors import Unavailable
from kryptos.surfaces.http.consent_centre import is_account_path

ALLOWED_HEADERS = (
    "Authorization, X-Client-Id, X-Client-Secret, X-LINK-TOKEN, X-Widget-Key, X-API-Key, Content-Type, "
    "Idempotency-Key"
)
ALLOWED_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE"
_KEPT_SECONDS = "600"


class Preflight:
    """Wraps the application; everything that is no preflight passes through."""

    def __init__(self, app: ASGIApp, database: Database) -> None:
        self._app = app
        self._database = database

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a preflight, pass on everything else."""
        if scope["type"] != ScopeType.HTTP or scope["method"] != "OPTIONS":
            await self._app(scope, receive, send)
            return
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        origin = headers.get(b"origin")
        if origin is None or b"access-control-request-method" not in headers:
            await self._app(scope, receive, send)
            return
        answer = [("vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers")]
        if not is_account_path(scope["path"]) and await self._is_registered(origin):
            answer += [
                ("access-control-allow-origin", origin),
                ("access-control-allow-methods", ALLOWED_METHODS),
                ("access-control-allow-headers", ALLOWED_HEADERS),
                ("access-control-max-age", _KEPT_SECONDS),
            ]
        encoded = [(name.encode(), value.encode("latin-1")) for name, value in answer]
        await send({"type": "http.response.start", "status": 204, "headers": encoded})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _is_registered(self, origin: str) -> bool:
        async def work(uow: Uow) -> bool:
            return await clients.is_registered_origin(uow, origin=origin)

        try:
            return await self._database.execute(work)
        except Unavailable:
            return False
