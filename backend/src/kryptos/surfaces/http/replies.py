"""Replies: what a handler's result becomes on the wire, whole or as it comes."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from http import HTTPStatus

import structlog
from litestar.types import Receive, Scope, Send

from kryptos.infra.idempotency import Answer
from kryptos.surfaces.http.codings import accepts, gzipped
from kryptos.surfaces.http.endpoint import Endpoint
from kryptos.surfaces.http.exchange import PUBLIC_ORIGIN, Exchange, Rendered

log = structlog.get_logger(__name__)

JSON = "application/json"
_EXPOSED = "ETag, X-Request-Id, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Idempotent-Replayed"


@dataclass(slots=True)
class Reply:
    """What is sent back."""

    status: int
    body: bytes
    rest: AsyncGenerator[bytes, None] | None = None
    """What follows the body, in pieces that are sent as they are made."""


@dataclass(frozen=True, slots=True)
class FinishedReply:
    """A reply with its headers, sent as it is: the framework's own response builds every header anew."""

    reply: Reply
    headers: dict[str, str]
    is_head: bool

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Send the reply; to HEAD, the headers of a GET without its content (RFC 9110, section 9.3.2)."""
        body, rest = self.reply.body, self.reply.rest
        headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in self.headers.items()]
        if self.reply.status != HTTPStatus.NOT_MODIFIED:
            headers.append((b"content-type", JSON.encode()))
            if rest is None:
                headers.append((b"content-length", str(len(body)).encode()))
        await send({"type": "http.response.start", "status": self.reply.status, "headers": headers})
        if rest is not None:
            async with aclosing(rest):
                if not self.is_head:
                    await send({"type": "http.response.body", "body": body, "more_body": True})
                    async for piece in rest:
                        await send({"type": "http.response.body", "body": piece, "more_body": True})
            body = b""
        await send({"type": "http.response.body", "body": b"" if self.is_head else body, "more_body": False})


def rendered_reply(endpoint: Endpoint, exchange: Exchange, rendered: Rendered) -> Reply:
    """Return the body, or that it has not changed since the caller got it (RFC 9110, section 13.1.2)."""
    tag = f'"{rendered.tag}"'
    exchange.headers["ETag"] = tag
    known = [
        each.strip().removeprefix("W/") for each in exchange.received.get("if-none-match", "").split(",")
    ]
    if tag in known or "*" in known:
        return Reply(HTTPStatus.NOT_MODIFIED, b"")
    return Reply(endpoint.status, rendered.body)


def replayed_reply(exchange: Exchange, answer: Answer) -> Reply:
    """Return the answer that the same call was given before."""
    exchange.headers["Idempotent-Replayed"] = "true"
    return Reply(answer.status, answer.body)


def compress(exchange: Exchange, reply: Reply) -> None:
    """Compress a reply for a caller who takes it so."""
    exchange.headers["Vary"] = "Accept-Encoding"
    if accepts(exchange.received.get("accept-encoding", ""), "gzip"):
        exchange.headers["Content-Encoding"] = "gzip"
        reply.body = gzipped(reply.body)


def cache_control(endpoint: Endpoint) -> str:
    """Return who may keep the reply, and for how long."""
    if endpoint.is_cacheable:
        return "public, max-age=300"
    # A tagged reply may be kept by its caller, who asks each time whether it still holds.
    return "private, no-cache" if endpoint.is_tagged else "no-store"


def allow_origin(headers: dict[str, str], origin: str | None, allowed: tuple[str, ...]) -> None:
    """Say who may read the reply; always, for a cache may hand to a browser what it got from a server."""
    if PUBLIC_ORIGIN in allowed:
        headers["Access-Control-Allow-Origin"] = PUBLIC_ORIGIN
        headers["Access-Control-Expose-Headers"] = _EXPOSED
        return
    headers["Vary"] = f"{headers['Vary']}, Origin" if "Vary" in headers else "Origin"
    if origin is not None and origin in allowed:
        headers["Access-Control-Allow-Origin"] = origin
        headers["Access-Control-Expose-Headers"] = _EXPOSED
