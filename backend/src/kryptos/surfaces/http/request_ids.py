"""Request ids: every reply carries one, whatever answered it (the ruling on replies)."""

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from kryptos.kernel.clock import Clock
from kryptos.kernel.ids import RandomBytes, new_id

HEADER = b"x-request-id"
_KEY = "kryptos.request_id"


def request_id_of(scope: Scope) -> str:
    """Return the id that the request was given."""
    return str(scope[_KEY])  # type: ignore[literal-required]  # ASGI lets servers and middleware add keys


class RequestIds:
    """Wraps the application: gives each request its id and writes it on each reply that does not bear it yet."""

    def __init__(self, app: ASGIApp, *, clock: Clock, random_bytes: RandomBytes) -> None:
        self._app = app
        self._clock = clock
        self._random_bytes = random_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request through the application."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        request_id = new_id("req", self._clock.now(), self._random_bytes)
        scope[_KEY] = request_id  # type: ignore[literal-required]

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (HEADER, request_id.encode())]
            await send(message)

        await self._app(scope, receive, send_with_id)
