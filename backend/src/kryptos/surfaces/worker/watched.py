"""A worker's own ``/metrics``, and ``/livez``: a few lines of HTTP/1.1, since nothing else of a worker is reached."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus

import structlog

from kryptos.infra.ports import require_free
from kryptos.infra.settings import Settings, variable_of
from kryptos.surfaces.http.watching import MEDIA_TYPE, REFUSAL, Watch, may_watch

log = structlog.get_logger(__name__)

_HEAD_BYTES = 16_384
_PATIENCE_SECONDS = 10
_TEXT = "text/plain; charset=utf-8"


@asynccontextmanager
async def watched(settings: Settings, watch: Watch) -> AsyncIterator[None]:
    """Show metrics during the block, if the settings name a port."""
    port = settings.worker_metrics_port
    if port is None:
        yield
        return
    require_free(settings.worker_metrics_host, port, choose_by=f"{variable_of('worker_metrics_port')}=")

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await _answer(reader, writer, settings, watch)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            pass  # whoever does not speak HTTP gets no answer
        except Exception:
            log.exception("metrics_failed")
        finally:
            writer.close()

    server = await asyncio.start_server(answer, settings.worker_metrics_host, port, limit=_HEAD_BYTES)
    log.info("worker_metrics", host=settings.worker_metrics_host, port=port)
    try:
        yield
    finally:
        server.close()


async def _answer(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, settings: Settings, watch: Watch
) -> None:
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, target, _version = first.split(" ")
    headers = _headers(lines)
    path = target.partition("?")[0]
    if method not in {"GET", "HEAD"}:
        status, media_type, body = HTTPStatus.METHOD_NOT_ALLOWED, _TEXT, b"Only GET.\n"
    elif path == "/livez":
        status, media_type, body = HTTPStatus.OK, "application/json", b'{"status":"alive"}'
    elif path != "/metrics":
        status, media_type, body = HTTPStatus.NOT_FOUND, _TEXT, b"There are /metrics and /livez.\n"
    elif may_watch(
        peer=writer.get_extra_info("peername")[0],
        authorization=headers.get("authorization", ""),
        is_forwarded="x-forwarded-for" in headers or "forwarded" in headers,
        token=settings.metrics_token,
    ):
        status, media_type, body = HTTPStatus.OK, MEDIA_TYPE, await watch.render()
    else:
        status, media_type, body = HTTPStatus.FORBIDDEN, _TEXT, REFUSAL.encode()
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: {media_type}\r\nContent-Length: {len(body)}\r\n"
        "Cache-Control: no-store\r\nConnection: close\r\n\r\n"
    )
    writer.write(head.encode() + (b"" if method == "HEAD" else body))
    await writer.drain()


def _headers(lines: list[str]) -> Mapping[str, str]:
    pairs = (line.partition(":") for line in lines if line)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}
