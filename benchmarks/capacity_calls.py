"""Callers that keep their connections open, and what they measured: how many a second, and how long each took."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Self
from urllib.parse import urlsplit

import msgspec

_OK = range(200, 300)
_PARTS = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "max": 1.0}
_ANSWERED_WITHIN_SECONDS = 60


class AnsweredOtherwise(Exception):
    """A server answered something else than success."""


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """How one kind of load was answered."""

    calls: int
    per_second: float
    milliseconds: dict[str, float]


class Line:
    """One connection to a server; HTTP/1.1, one call after the other."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str) -> None:
        self._reader = reader
        self._writer = writer
        self._host = host

    @classmethod
    async def open(cls, base_url: str) -> Self:
        """Connect."""
        parts = urlsplit(base_url)
        is_secure = parts.scheme == "https"
        port = parts.port or (443 if is_secure else 80)
        reader, writer = await asyncio.open_connection(parts.hostname, port, ssl=is_secure or None)
        return cls(reader, writer, parts.netloc)

    def close(self) -> None:
        """Disconnect."""
        self._writer.close()

    async def call(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> bytes:
        """Make a call, which must succeed, and return the body."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self._host}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if body is not None:
            lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        self._writer.write("\r\n".join([*lines, "", ""]).encode() + (body or b""))
        async with asyncio.timeout(_ANSWERED_WITHIN_SECONDS):
            head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            fields = {
                name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])
            }
            content = await self._reader.readexactly(int(fields["content-length"]))
        status = int(head[0].split()[1])
        if status not in _OK:
            message = f"{method} {path} answered {status}: {content[:500].decode('utf-8', 'replace')}"
            raise AnsweredOtherwise(message)
        return content

    async def post(self, path: str, headers: Mapping[str, str], body: object) -> dict[str, str]:
        """Make a call of the Connect API and return its data."""
        content = await self.call("POST", path, headers, msgspec.json.encode(body))
        data: dict[str, str] = msgspec.json.decode(content).get("data", {})
        return data


Task = Callable[[Line], Awaitable[object]]


async def drive(base_url: str, task: Task, *, connections: int, calls: int, seconds: float) -> Measured:
    """Do a task over and over on some connections, until it was done so often or the time is over."""
    end = time.perf_counter() + seconds
    milliseconds: list[float] = []
    left = iter(range(calls))

    async def work() -> None:
        line = await Line.open(base_url)
        try:
            while time.perf_counter() < end and next(left, None) is not None:
                began = time.perf_counter()
                await task(line)
                milliseconds.append((time.perf_counter() - began) * 1000)
        finally:
            line.close()

    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(connections):
            group.create_task(work())
    lasted = time.perf_counter() - began
    ordered = sorted(milliseconds)
    parts = {name: ordered[min(len(ordered) - 1, int(part * len(ordered)))] for name, part in _PARTS.items()}
    return Measured(
        calls=len(ordered),
        per_second=round(len(ordered) / lasted, 1),
        milliseconds={name: round(value, 2) for name, value in parts.items()},
    )
