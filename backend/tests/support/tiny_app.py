"""The smallest web application that can be served, for tests of the server around it."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import Any

from kryptos.infra.processes import die_with_server

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

BEGUN = b"begun "


def create_app() -> Callable[[dict[str, Any], Receive, Send], Awaitable[None]]:
    """Return an application that answers with its process id; ``/slow`` begins, then takes a moment."""
    die_with_server()

    async def app(scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            while True:
                message = await receive()
                await send({"type": f"{message['type']}.complete"})
                if message["type"] == "lifespan.shutdown":
                    return
        await send({"type": "http.response.start", "status": 200, "headers": []})
        if scope["path"] == "/slow":
            await send({"type": "http.response.body", "body": BEGUN, "more_body": True})
            await asyncio.sleep(1)
        await send({"type": "http.response.body", "body": str(os.getpid()).encode()})

    return app
