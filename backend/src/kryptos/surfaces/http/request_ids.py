"""Request ids: every reply carries one, whatever answered it (the ruling on replies)."""

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from kryptos.kernel.ids import RandomBytes

HEADER = b"x-request-id"
_KEY = "kryptos.request_id"
_RANDOM_BYTES = 16


def request_id_of(scope: Scope) -> str:
    """Return the id that the request was given."""
    return str(scope[_KEY])  # type: ignore[literal-required]  # ASGI lets servers and middleware add keys


class RequestIds:
    """Wraps the application: gives each request its id and writes it on each reply that does not bear it yet."""

    def __init__(self, app: ASGIApp, *, random_bytes: RandomBytes) -> None:
        self._app = app
        self._random_bytes = random_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request through the application."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        request_id = f"req_{self._random_bytes(_RANDOM_BYTES).hex()}"
        scope[_KEY] = request_id  # type: ignore[literal-required]

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (HEADER, request_id.encode())]
            await send(message)

        await self._app(scope, receive, send_with_id)
