"""The load: a fixed number of HTTP/1.1 requests over a few connections that stay open, from a process of its own.

``python -m benchmarks.load <port> <connections> <count> <status>``: a JSON list of whole requests, taken round and
round, on standard input; one JSON object on standard output. Any answer of another status ends it.
"""

import asyncio
import re
import sys
import time
from collections.abc import Iterator
from itertools import cycle, islice

import msgspec
import uvloop

_HEAD_END = b"\r\n\r\n"
_NOT_MODIFIED = 304
_PATIENCE_SECONDS = 120
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
_NO_LENGTH = (b"", b"0")


class LoadDone(msgspec.Struct, frozen=True):
    """What was sent and how long it took by the wall clock."""

    requests: int
    seconds: float


class AnsweredOtherwise(Exception):
    """A server answered something else than was expected, or without a length, or closed its connection."""


class _Caller(asyncio.Protocol):
    """One connection: sends a request, reads the whole answer, sends the next."""

    def __init__(self, requests: Iterator[bytes], status: int) -> None:
        self._requests = requests
        self._status_line = b"HTTP/1.1 %d " % status
        self._has_body = status != _NOT_MODIFIED
        self._received = bytearray()
        self._transport: asyncio.WriteTransport | None = None
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def start(self, transport: asyncio.WriteTransport) -> None:
        """Send the first request."""
        self._transport = transport
        self._send_next()

    def data_received(self, data: bytes) -> None:
        """Collect an answer; when it is whole, go on."""
        self._received += data
        head_length = self._received.find(_HEAD_END)
        if head_length < 0:
            return
        head = bytes(self._received[: head_length + len(_HEAD_END)])
        length = _LENGTH.search(head) if self._has_body else _NO_LENGTH
        if length is None or not head.startswith(self._status_line):
            self._fail(bytes(self._received[:2000]))
        elif len(self._received) >= len(head) + int(length[1]):
            self._received.clear()
            self._send_next()

    def connection_lost(self, exc: Exception | None) -> None:
        """Fail unless everything had been answered."""
        self._fail(repr(exc).encode())

    def _send_next(self) -> None:
        request = next(self._requests, None)
        if self._transport is None:
            return
        if request is not None:
            self._transport.write(request)
        elif not self.done.done():
            self.done.set_result(None)
            self._transport.close()

    def _fail(self, answer: bytes) -> None:
        if not self.done.done():
            self.done.set_exception(AnsweredOtherwise(answer.decode("utf-8", "replace")))


async def call(port: int, connections: int, requests: list[bytes], count: int, status: int) -> LoadDone:
    """Send ``count`` requests and return when all are answered."""
    loop = asyncio.get_running_loop()
    remaining = islice(cycle(requests), count)
    began = time.perf_counter()
    callers: list[_Caller] = []
    for _ in range(connections):
        transport, caller = await loop.create_connection(
            lambda: _Caller(remaining, status), "127.0.0.1", port
        )
        caller.start(transport)
        callers.append(caller)
    await asyncio.wait_for(asyncio.gather(*(caller.done for caller in callers)), _PATIENCE_SECONDS)
    return LoadDone(requests=count, seconds=time.perf_counter() - began)


def main(port: int, connections: int, count: int, status: int) -> None:
    """Read the requests, send them, print how it went."""
    requests = [
        text.encode("latin-1") for text in msgspec.json.decode(sys.stdin.buffer.read(), type=list[str])
    ]
    print(msgspec.json.encode(uvloop.run(call(port, connections, requests, count, status))).decode())


if __name__ == "__main__":
    main(*map(int, sys.argv[1:5]))
