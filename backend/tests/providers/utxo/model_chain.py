"""A model of a chain in memory that speaks Esplora's HTTP API, and Blockbook's with ``blockbook_end``: not recorded.

Source of the form: Blockstream/esplora, ``API.md``. Coins are kept as a chain keeps them: as outputs not spent yet.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

import httpx

STRANGER = "bc1qstranger"
SHOP = "bc1qshop"
MINER = "bc1qminer"

Fault = Callable[[httpx.Request], httpx.Response | None]
"""Gives the answer that stands in, raises what a broken connection raises, or lets the request pass."""


@dataclass(frozen=True)
class Deed:
    """One transaction. ``kind``: the wallet is paid, pays, moves coins to itself, mines, or shares one with others."""

    kind: str
    to: str
    units: int


@dataclass(frozen=True)
class ModelTransaction:
    """Inputs as (address, value, outpoint), outputs as (address, value)."""

    id: str
    inputs: tuple[tuple[str, int, tuple[str, int]], ...]
    outputs: tuple[tuple[str | None, int], ...]
    is_coinbase: bool = False

    def touches(self, address: str) -> bool:
        """Say whether an address is on either side."""
        return address in {each[0] for each in (*self.inputs, *self.outputs)}


@dataclass
class ModelBlock:
    """A block; its hash changes with its salt and its parent."""

    hash: str
    transactions: list[ModelTransaction]


@dataclass
class ModelChain:
    """Blocks from the first one on. ``own`` are the wallet's addresses, which deeds may spend from."""

    own: frozenset[str]
    genesis: str = "00" * 32
    page_size: int = 25
    speaks: Literal["esplora", "blockbook"] = "esplora"
    blockbook: "Callable[[ModelChain, httpx.Request], httpx.Response] | None" = None
    coin: str = "Bitcoin"
    fixed_hashes: dict[int, str] = field(default_factory=dict)
    """Hashes told for heights, whatever is there: a chain that parted from another is named by a later block."""
    blocks: list[ModelBlock] = field(default_factory=list)
    waiting: list[ModelTransaction] = field(default_factory=list)
    fault: Fault = lambda _: None
    requests: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.blocks.append(ModelBlock(self.genesis, []))

    # ------------------------------------------------------------ what happens

    def mine(self, *deeds: Deed, salt: int = 0) -> None:
        """Add a block."""
        parent = self.blocks[-1].hash
        height = len(self.blocks)
        self.blocks.append(ModelBlock(_digest(f"{parent} {salt} {len(deeds)} {deeds}"), []))
        for deed in deeds:
            made = self._made(deed, f"{height} {salt} {len(self.blocks[-1].transactions)}")
            if made is not None:
                self.blocks[-1].transactions.append(made)

    def wait(self, deed: Deed) -> None:
        """Let a transaction wait for its block."""
        made = self._made(deed, f"waiting {len(self.waiting)}")
        assert made is not None
        self.waiting.append(made)

    def drop(self, depth: int) -> None:
        """Take the newest blocks away; the first one stays."""
        del self.blocks[max(1, len(self.blocks) - depth) :]

    def fail_after(self, requests: int, fault: Fault) -> None:
        """Answer some more requests as it should be, and then no longer."""
        last = len(self.requests) + requests
        self.fault = lambda request: fault(request) if len(self.requests) > last else None

    def unspent(self) -> dict[tuple[str, int], tuple[str, int]]:
        """Return what is not spent: (address, value) by outpoint, oldest first."""
        coins: dict[tuple[str, int], tuple[str, int]] = {}
        for transaction in self.transactions():
            for _, _, outpoint in transaction.inputs:
                coins.pop(outpoint, None)
            for index, (address, value) in enumerate(transaction.outputs):
                if address is not None:
                    coins[transaction.id, index] = (address, value)
        return coins

    def transactions(self) -> Iterator[ModelTransaction]:
        """Give all that is in blocks, oldest first."""
        for block in self.blocks:
            yield from block.transactions

    def held(self, addresses: set[str]) -> int:
        """Return what addresses hold in blocks."""
        return sum(value for address, value in self.unspent().values() if address in addresses)

    def _made(self, deed: Deed, seed: str) -> ModelTransaction | None:
        foreign = (STRANGER, deed.units + 7, (_digest(f"foreign {seed}"), 0))
        if deed.kind == "receive":
            return self._signed(seed, (foreign,), ((deed.to, deed.units), (STRANGER, 2)))
        if deed.kind == "mine":
            return self._signed(seed, (), ((deed.to, deed.units), (None, 0)), is_coinbase=True)
        coins = [
            (address, value, outpoint)
            for outpoint, (address, value) in self.unspent().items()
            if address in self.own
        ]
        spent = tuple(coins[: 1 + deed.units % 3])
        total = sum(value for _, value, _ in spent)
        fee = min(total, deed.units % 5)
        if not spent:
            return None
        if deed.kind == "move":
            return self._signed(seed, spent, ((deed.to, total - fee),))
        paid = min(total - fee, deed.units)
        if deed.kind == "share":
            outputs = ((deed.to, total - paid - fee), (SHOP, paid), (STRANGER, deed.units + 7))
            return self._signed(seed, (*spent, foreign), outputs)
        return self._signed(seed, spent, ((deed.to, total - paid - fee), (SHOP, paid)))

    @staticmethod
    def _signed(
        seed: str,
        inputs: tuple[tuple[str, int, tuple[str, int]], ...],
        outputs: tuple[tuple[str | None, int], ...],
        *,
        is_coinbase: bool = False,
    ) -> ModelTransaction:
        return ModelTransaction(_digest(f"{seed} {inputs} {outputs}"), inputs, outputs, is_coinbase)

    # ------------------------------------------------------------ what is asked

    def transport(self) -> httpx.MockTransport:
        """Return the way to this server."""
        return httpx.MockTransport(self.handle)

    def handle(self, request: httpx.Request) -> httpx.Response:
        """Answer a request, or fail as the test wants."""
        self.requests.append(request.url.path)
        if (instead := self.fault(request)) is not None:
            return instead
        return self.answer(request)

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer a request as it should be."""
        if self.blockbook is not None and request.url.path.startswith("/api/v2"):
            return self.blockbook(self, request)
        match request.url.path.strip("/").split("/"):
            case ["blocks", *start]:
                top = int(start[0]) if start else len(self.blocks) - 1
                if top >= len(self.blocks):
                    return httpx.Response(404, text="Block not found")
                heights = range(top, max(-1, top - 10), -1)
                return httpx.Response(
                    200, json=[{"id": self.blocks[height].hash, "height": height} for height in heights]
                )
            case ["address", address]:
                return httpx.Response(200, json=self._address(address))
            case ["address", address, "txs", "chain", *last_seen]:
                return httpx.Response(200, json=self._page(address, last_seen[0] if last_seen else None))
            case _:
                return httpx.Response(404, text="no such path")

    def _address(self, address: str) -> dict[str, object]:
        return {
            "address": address,
            "chain_stats": _stats(address, list(self.transactions())),
            "mempool_stats": _stats(address, self.waiting),
        }

    def _page(self, address: str, last_seen: str | None) -> list[dict[str, object]]:
        told = [
            self._told(transaction, height)
            for height in range(len(self.blocks) - 1, -1, -1)
            for transaction in reversed(self.blocks[height].transactions)
            if transaction.touches(address)
        ]
        ids = [each["txid"] for each in told]
        start = 0 if last_seen is None else ids.index(last_seen) + 1 if last_seen in ids else len(ids)
        return told[start : start + self.page_size]

    def _told(self, transaction: ModelTransaction, height: int) -> dict[str, object]:
        inputs: list[dict[str, object]] = [
            {"prevout": {"scriptpubkey_address": address, "value": value}, "is_coinbase": False}
            for address, value, _ in transaction.inputs
        ]
        if transaction.is_coinbase:
            inputs = [{"prevout": None, "is_coinbase": True}]
        outputs = [
            {"value": value} | ({} if address is None else {"scriptpubkey_address": address})
            for address, value in transaction.outputs
        ]
        return {
            "txid": transaction.id,
            "vin": inputs,
            "vout": outputs,
            "status": {
                "confirmed": True,
                "block_height": height,
                "block_hash": self.blocks[height].hash,
                "block_time": 1_231_006_505 + 600 * height,
            },
        }


def _stats(address: str, transactions: list[ModelTransaction]) -> dict[str, int]:
    came = [value for each in transactions for to, value in each.outputs if to == address]
    went = [value for each in transactions for of, value, _ in each.inputs if of == address]
    return {
        "tx_count": sum(each.touches(address) for each in transactions),
        "funded_txo_count": len(came),
        "funded_txo_sum": sum(came),
        "spent_txo_count": len(went),
        "spent_txo_sum": sum(went),
    }


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
