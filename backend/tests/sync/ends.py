"""Local ends that stand for other people's servers: chains that tell their token's balances, a server on loopback."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from kryptos.providers.chains.evm.abi import AGGREGATE3, BALANCE_OF, TRANSFER, topic_of, word, word_at
from kryptos.providers.chains.evm.abi import DECIMALS as DECIMALS_OF
from tests.providers.evm.toy_chain import DECIMALS, FRIEND, PERSON, TOKEN, Deed, ToyChain

Answer = Callable[[httpx.Request], httpx.Response | bytes | None]
"""Gives a reply, or raw bytes after which the connection breaks, or nothing at all before it does."""


@dataclass
class TokenChain(ToyChain):
    """A toy chain whose one token can be asked, through Multicall3, for what it says of itself and of holders."""

    def units_of(self, holder: str, height: int) -> int:
        """Return an account's units of the token at the end of a block."""
        if holder not in {PERSON, FRIEND}:
            return 0
        total = 0
        for block in self.blocks[: height + 1]:
            for deed in block:
                if deed.is_token and not deed.fails:
                    total += deed.units if (holder == PERSON) is not deed.is_by_person else -deed.units
        return total

    def eth_call(self, fields: dict[str, str], at: str) -> str:
        """Answer Multicall3's ``aggregate3``."""
        data = bytes.fromhex(fields["data"][2:])
        assert data[:4] == AGGREGATE3, "everything is asked through Multicall3"
        body = data[4:]
        count = word_at(body, 32) or 0
        answers = []
        for index in range(count):
            start = 64 + (word_at(body, 64 + 32 * index) or 0)
            size = word_at(body, start + 96) or 0
            target = "0x" + body[start + 12 : start + 32].hex()
            answers.append(self._asked(target, body[start + 128 : start + 128 + size], self._height(at)))
        return "0x" + _results(answers).hex()

    def _asked(self, target: str, data: bytes, height: int) -> bytes | None:
        if target != TOKEN:
            return None
        if data[:4] == BALANCE_OF:
            holder = "0x" + data[16:36].hex()
            return word(max(0, self.units_of(holder, height)))
        return word(DECIMALS) if data[:4] == DECIMALS_OF else None


def _results(answers: list[bytes | None]) -> bytes:
    tuples = [
        word(answer is not None) + word(64) + word(len(answer or b"")) + (answer or b"") for answer in answers
    ]
    offsets, at = [], 32 * len(answers)
    for each in tuples:
        offsets.append(word(at))
        at += len(each)
    return word(32) + word(len(answers)) + b"".join(offsets) + b"".join(tuples)


def lived(chain: ToyChain, *, blocks: int = 10, each: int = 1) -> ToyChain:
    """Let a person receive coins and tokens, and then spend and receive of both, block by block; return the chain."""
    chain.mine(Deed(is_by_person=False, is_token=False, units=10**18))
    chain.mine(Deed(is_by_person=False, is_token=True, units=10**9))
    for number in range(blocks):
        chain.mine(
            *(
                deed
                for _ in range(each)
                for deed in (
                    Deed(
                        is_by_person=True, is_token=number % 2 == 0, units=number + 1, fails=number % 5 == 4
                    ),
                    Deed(is_by_person=False, is_token=number % 3 == 0, units=1000 + number),
                )
            )
        )
    return chain


@dataclass(frozen=True)
class Gift(Deed):
    """Coins or tokens that the friend gives to one of many."""

    to: str = ""


@dataclass
class CrowdChain(TokenChain):
    """A chain on which many wallets are given coins in one block, and tokens in another."""

    def give(self, wallets: Iterable[str]) -> None:
        """Give to each; addresses in small letters."""
        for is_token in (False, True):
            gifts = [
                Gift(is_by_person=False, is_token=is_token, units=1000 + at, to=wallet)
                for at, wallet in enumerate(wallets)
            ]
            self.mine(*gifts)

    def native_of(self, address: str, height: int) -> int:
        """Return an account's coins at the end of a block."""
        return self._given(address.lower(), height, is_token=False)

    def units_of(self, holder: str, height: int) -> int:
        """Return an account's units of the token at the end of a block."""
        return self._given(holder, height, is_token=True)

    def transaction(self, height: int, index: int) -> dict[str, object]:
        """Return a transaction as nodes give it."""
        deed = self.blocks[height][index]
        to = {"to": deed.to} if isinstance(deed, Gift) and not deed.is_token else {}
        return super().transaction(height, index) | to

    def _log(self, height: int, index: int) -> dict[str, object]:
        deed = self.blocks[height][index]
        assert isinstance(deed, Gift)
        topics = [TRANSFER, topic_of(FRIEND), topic_of(deed.to)]
        return super()._log(height, index) | {"topics": topics}

    def _given(self, wallet: str, height: int, *, is_token: bool) -> int:
        return sum(
            deed.units
            for block in self.blocks[: height + 1]
            for deed in block
            if isinstance(deed, Gift) and deed.to == wallet and deed.is_token is is_token
        )


@dataclass
class LocalEnd:
    """A server on loopback. ``before`` is awaited with each request, before it is answered."""

    answer: Answer
    before: Callable[[httpx.Request], Awaitable[None]] | None = None
    url: str = ""
    requests: int = 0
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection, one after the other."""
        self._writers.add(writer)
        try:
            while await self._serve_one(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _serve_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        method, path, _ = head.split(" ", 2)
        size = re.search(r"content-length: *(\d+)", head, re.IGNORECASE)
        body = await reader.readexactly(int(size[1])) if size else b""
        request = httpx.Request(method, f"http://127.0.0.1{path}", content=body)
        self.requests += 1
        if self.before is not None:
            await self.before(request)
        given = self.answer(request)
        if isinstance(given, httpx.Response):
            lines = [f"HTTP/1.1 {given.status_code} Said", f"content-length: {len(given.content)}"]
            lines += [f"{name}: {value}" for name, value in given.headers.items() if name == "retry-after"]
            writer.write("\r\n".join([*lines, "", ""]).encode() + given.content)
        else:
            writer.write(given or b"")
        await writer.drain()
        return isinstance(given, httpx.Response)

    def drop(self) -> None:
        """Cut every connection."""
        for writer in self._writers:
            writer.transport.abort()


@asynccontextmanager
async def local_end(
    answer: Answer, *, before: Callable[[httpx.Request], Awaitable[None]] | None = None, port: int = 0
) -> AsyncIterator[LocalEnd]:
    """Serve while the block runs."""
    end = LocalEnd(answer, before)
    server = await asyncio.start_server(end.serve, "127.0.0.1", port)
    end.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield end
    finally:
        server.close()
        end.drop()
        await server.wait_closed()


class Gate:
    """Holds the first request that ``is_meant``, until it is opened."""

    def __init__(self, is_meant: Callable[[httpx.Request], bool]) -> None:
        self._is_meant = is_meant
        self.reached = asyncio.Event()
        self.opened = asyncio.Event()

    async def __call__(self, request: httpx.Request) -> None:
        """Let a request through, or wait."""
        if not self.opened.is_set() and self._is_meant(request):
            self.reached.set()
            await self.opened.wait()


def asks_for(method: str) -> Callable[[httpx.Request], bool]:
    """Return what recognises requests in which a JSON-RPC method is called."""
    return lambda request: f'"{method}"'.encode() in request.content


def rpc_calls(request: httpx.Request) -> list[dict[str, Any]]:
    """Return the JSON-RPC calls of a request."""
    sent = httpx.Response(200, content=request.content).json()
    return list(sent) if isinstance(sent, list) else [sent]
