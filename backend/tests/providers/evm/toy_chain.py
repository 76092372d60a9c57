"""A toy chain in memory that speaks a node's JSON-RPC, and fails where a test wants it to; needs nothing installed."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

from kryptos.providers.chains.evm.abi import TRANSFER, topic_of

PERSON = "0x" + "aa" * 20
FRIEND = "0x" + "bb" * 20
TOKEN = "0x" + "cc" * 20
VAULT = "0x" + "dd" * 20
GAS_PRICE = 10
GAS = 21_000
DECIMALS = 6

Fault = Callable[[httpx.Request], httpx.Response | None]
"""Gives the answer that stands in for the node's, raises what a broken connection raises, or lets the request pass."""


@dataclass(frozen=True)
class Deed:
    """One transaction: the person or the friend sends coins or tokens to the other; a failed one moves nothing."""

    is_by_person: bool
    is_token: bool
    units: int
    fails: bool = False
    inner: tuple[int, ...] = ()
    """What a contract pays to the person in the course of it, transfer by transfer: no log tells of that."""


@dataclass
class ToyChain:
    """Blocks of deeds; the person must be given coins before spending them."""

    number: int = 1
    blocks: list[list[Deed]] = field(default_factory=lambda: [[]])
    salts: list[int] = field(default_factory=lambda: [0])
    fault: Fault = lambda _: None
    requests: int = 0
    payouts: dict[int, int] = field(default_factory=dict)
    """Gwei that the beacon chain pays to the person, by block."""
    is_collectible: bool = False
    """The token is an ERC-721: the fourth topic of its Transfer is the id."""
    _hashes: list[str] = field(default_factory=list)
    _places: dict[str, tuple[int, int]] = field(default_factory=dict)

    def mine(self, *deeds: Deed, salt: int = 0) -> None:
        """Add a block."""
        self.blocks.append(list(deeds))
        self.salts.append(salt)

    def drop(self, depth: int) -> None:
        """Take the newest blocks away."""
        del self.blocks[len(self.blocks) - depth :]
        del self.salts[len(self.salts) - depth :]
        del self._hashes[len(self.blocks) :]

    def fail_after(self, requests: int, fault: Fault) -> None:
        """Answer some more requests as it should be, and then no longer."""
        last = self.requests + requests
        self.fault = lambda request: fault(request) if self.requests > last else None

    def transport(self) -> httpx.MockTransport:
        """Return the way to this node."""
        return httpx.MockTransport(self.handle)

    def handle(self, request: httpx.Request) -> httpx.Response:
        """Answer a request, or fail."""
        self.requests += 1
        if (instead := self.fault(request)) is not None:
            return instead
        return self.answer(request)

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer a request as it should be."""
        sent = json.loads(request.content)
        if isinstance(sent, list):
            return httpx.Response(200, json=[self.reply(call) for call in sent])
        return httpx.Response(200, json=self.reply(sent))

    def reply(self, call: dict[str, object]) -> dict[str, object]:
        """Answer one call."""
        params = call["params"]
        assert isinstance(params, list)
        method = getattr(self, str(call["method"]))
        return {"jsonrpc": "2.0", "id": call["id"], "result": method(*params)}

    # ------------------------------------------------------------ methods, named as they are on the wire

    def eth_chainId(self) -> str:  # noqa: N802
        return hex(self.number)

    def eth_blockNumber(self) -> str:  # noqa: N802
        return hex(len(self.blocks) - 1)

    def eth_getBalance(self, address: str, at: str) -> str:  # noqa: N802
        return hex(self.native_of(address, self._height(at)))

    def eth_getTransactionCount(self, address: str, at: str) -> str:  # noqa: N802
        return hex(
            sum(
                self._sender(deed) == address.lower()
                for block in self.blocks[: self._height(at) + 1]
                for deed in block
            )
        )

    def eth_getCode(self, address: str, at: str) -> str:  # noqa: N802
        return "0x"

    def eth_call(self, fields: dict[str, str], at: str) -> str:
        """Answer the reads of a deployless program: metadata of the one token."""
        answer = (2 * 32 + 1).to_bytes(32, "big") + DECIMALS.to_bytes(32, "big") + bytes(128)
        return "0x" + (answer * 3).hex()  # decimals, symbol, name

    def eth_getBlockByNumber(self, at: str, is_full: bool) -> dict[str, object] | None:  # noqa: N802
        height = int(at, 16)
        if height >= len(self.blocks):
            return None
        transactions = [self.transaction(height, index) for index in range(len(self.blocks[height]))]
        return {
            "number": at,
            "hash": self.hash_of(height),
            "timestamp": hex(1_700_000_000 + 12 * height),
            "transactions": transactions if is_full else [each["hash"] for each in transactions],
            "withdrawals": [
                {"index": hex(each), "validatorIndex": "0x1", "address": PERSON, "amount": hex(gwei)}
                for each, gwei in self.payouts.items()
                if each == height
            ],
        }

    def eth_getTransactionByHash(self, name: str) -> dict[str, object] | None:  # noqa: N802
        found = self._place(name)
        return None if found is None else self.transaction(*found)

    def eth_getTransactionReceipt(self, name: str) -> dict[str, object] | None:  # noqa: N802
        found = self._place(name)
        if found is None:
            return None
        return {
            "transactionHash": name,
            "blockHash": self.hash_of(found[0]),
            "gasUsed": hex(GAS),
            "effectiveGasPrice": hex(GAS_PRICE),
            "status": "0x0" if self.blocks[found[0]][found[1]].fails else "0x1",
            "logs": [self._log(*found)] if self.has_log(*found) else [],
        }

    def eth_getLogs(self, query: dict[str, object]) -> list[dict[str, object]]:  # noqa: N802
        topics = query["topics"]
        assert isinstance(topics, list)
        first, last = int(str(query["fromBlock"]), 16), int(str(query["toBlock"]), 16)
        return [
            log
            for height in range(first, min(last, len(self.blocks) - 1) + 1)
            for index in range(len(self.blocks[height]))
            if self.has_log(height, index)
            for log in [self._log(height, index)]
            if all(
                wanted is None or topic in wanted
                for topic, wanted in zip(log["topics"], topics, strict=False)  # type: ignore[call-overload]
            )
        ]

    # ------------------------------------------------------------ what there is

    def native_of(self, address: str, height: int) -> int:
        """Return an account's coins at the end of a block."""
        units = sum(gwei * 10**9 for each, gwei in self.payouts.items() if each <= height)
        for block in self.blocks[: height + 1]:
            for deed in block:
                value = 0 if deed.fails or deed.is_token else deed.units
                if address.lower() == PERSON and not deed.fails:
                    units += sum(deed.inner)
                if self._sender(deed) == address.lower():
                    units -= value + GAS * GAS_PRICE
                elif not deed.is_token:
                    units += value
        return max(units, 0)

    def has_log(self, height: int, index: int) -> bool:
        """Say whether a transaction moved the token."""
        deed = self.blocks[height][index]
        return deed.is_token and not deed.fails

    @staticmethod
    def _sender(deed: Deed) -> str:
        return PERSON if deed.is_by_person else FRIEND

    def _height(self, at: str) -> int:
        return len(self.blocks) - 1 if at == "latest" else int(at, 16)

    def hash_of(self, height: int) -> str:
        """Return the hash of a block: it depends on all that was before."""
        del self._hashes[len(self.blocks) :]
        while len(self._hashes) <= height:
            at = len(self._hashes)
            story = repr((self._hashes[-1:], self.salts[at], self.blocks[at])).encode()
            self._hashes.append("0x" + hashlib.sha256(story).hexdigest())
            self._places |= {self._name(at, index): (at, index) for index in range(len(self.blocks[at]))}
        return self._hashes[height]

    def _name(self, height: int, index: int) -> str:
        return "0x" + hashlib.sha256(f"{self.hash_of(height)}{index}".encode()).hexdigest()

    def _place(self, name: str) -> tuple[int, int] | None:
        self.hash_of(len(self.blocks) - 1)
        place = self._places.get(name)
        is_there = place is not None and place[0] < len(self.blocks) and self._name(*place) == name
        return place if is_there else None

    def transaction(self, height: int, index: int) -> dict[str, object]:
        """Return a transaction as nodes give it."""
        deed = self.blocks[height][index]
        other = FRIEND if deed.is_by_person else PERSON
        return {
            "hash": self._name(height, index),
            "blockNumber": hex(height),
            "blockHash": self.hash_of(height),
            "transactionIndex": hex(index),
            "from": self._sender(deed),
            "to": TOKEN if deed.is_token else VAULT if deed.inner and not deed.units else other,
            "value": hex(0 if deed.is_token else deed.units),
        }

    def _log(self, height: int, index: int) -> dict[str, object]:
        deed = self.blocks[height][index]
        other = FRIEND if deed.is_by_person else PERSON
        units = deed.units.to_bytes(32, "big").hex()
        topics = [TRANSFER, topic_of(self._sender(deed)), topic_of(other)]
        return {
            "address": TOKEN,
            "topics": [*topics, "0x" + units] if self.is_collectible else topics,
            "data": "0x" if self.is_collectible else "0x" + units,
            "blockNumber": hex(height),
            "blockHash": self.hash_of(height),
            "transactionHash": self._name(height, index),
            "logIndex": hex(index),
        }
