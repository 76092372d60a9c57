"""A node that answers for a cluster in JSON-RPC, as solana.com/docs/rpc says; it can be told to misbehave."""

import json
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
from solders.pubkey import Pubkey

from tests.providers.solana.cluster import Cluster, Entry, State, TokenState, token_state
from tests.providers.solana.programs import STAKE

GENESIS = "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d"
Fault = Callable[[httpx.Request], httpx.Response | None]
"""Gives the answer that stands in, raises what a broken connection raises, or lets the request pass."""
Interference = Callable[[Mapping[str, Any]], dict[str, object] | None]
"""Takes one call, gives the error object (or another result) that stands in for its answer, or None."""


class _Refused(Exception):
    """An answer that is an error."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.error = {"code": code, "message": message}


@dataclass
class Node:
    """Knows what happened up to ``top`` and nothing from before ``keeps_from``. The cluster may be shared."""

    cluster: Cluster
    top: int | None = None
    keeps_from: int = 0
    genesis: str = GENESIS
    most_rows: int = 1_000
    searches_stakes: bool = True
    is_twisted: bool = False
    """Lists what happened within a slot in the wrong order."""
    fault: Fault = lambda _: None
    interfere: Interference = lambda _: None
    calls: Counter[str] = field(default_factory=Counter)
    requests: int = 0

    @property
    def slot(self) -> int:
        """The newest slot it knows."""
        return self.cluster.slot if self.top is None else self.top

    def transport(self) -> httpx.MockTransport:
        """Return the way to it."""
        return httpx.MockTransport(self.handle)

    def fail_after(self, requests: int, fault: Fault) -> None:
        """Answer some more requests as it should be, and then no longer."""
        last = self.requests + requests
        self.fault = lambda request: fault(request) if self.requests > last else None

    def handle(self, request: httpx.Request) -> httpx.Response:
        """Answer a request, or fail as the test wants."""
        self.requests += 1
        if (instead := self.fault(request)) is not None:
            return instead
        return self.answer(request)

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer a request as it should be, but for single calls."""
        sent = json.loads(request.content)
        calls = sent if isinstance(sent, list) else [sent]
        replies = [{"jsonrpc": "2.0", "id": call["id"], **self._reply(call)} for call in calls]
        return httpx.Response(200, json=replies if isinstance(sent, list) else replies[0])

    def _reply(self, call: Mapping[str, Any]) -> dict[str, object]:
        self.calls[call["method"]] += 1
        if (instead := self.interfere(call)) is not None:
            return instead
        answer = getattr(self, f"_{call['method']}", None)
        if answer is None:
            return {"error": {"code": -32601, "message": "Method not found"}}
        try:
            return {"result": answer(*call["params"])}
        except _Refused as refused:
            return {"error": refused.error}

    # ------------------------------------------------------------ methods, by their names on the wire

    def _getGenesisHash(self) -> str:  # noqa: N802
        return self.genesis

    def _getSlot(self, config: Mapping[str, Any]) -> int:  # noqa: N802
        assert config["commitment"] == "finalized"
        return self.slot

    def _getFirstAvailableBlock(self) -> int:  # noqa: N802
        return self.keeps_from

    def _getBalance(self, key: str, config: Mapping[str, Any]) -> object:  # noqa: N802
        assert config["commitment"] == "finalized"
        state = self.cluster.state(key, self.slot)
        return self._at(state.lamports if state else 0)

    def _getTokenAccountsByOwner(  # noqa: N802
        self, owner: str, which: Mapping[str, str], config: Mapping[str, Any]
    ) -> object:
        assert config == {"encoding": "jsonParsed", "commitment": "finalized"}
        found = []
        for key, state in self.cluster.states(which["programId"], self.slot):
            token = token_state(state)
            if token is not None and token.owner == owner:
                found.append({"pubkey": key, "account": self._token_account(state, token)})
        return self._at(found)

    def _getMultipleAccounts(self, keys: list[str], config: Mapping[str, Any]) -> object:  # noqa: N802
        assert len(keys) <= 100
        states = (self.cluster.state(key, self.slot) for key in keys)
        return self._at([_sliced(state, config) if state else None for state in states])

    def _getProgramAccounts(self, program: str, config: Mapping[str, Any]) -> object:  # noqa: N802
        if not self.searches_stakes:
            raise _Refused(-32010, f"{program} excluded from account secondary indexes")
        assert program == str(STAKE)
        (wanted,) = (each["memcmp"] for each in config["filters"])
        raw = bytes(Pubkey.from_string(wanted["bytes"]))
        start = wanted["offset"]
        return [
            {"pubkey": key, "account": _sliced(state, config)}
            for key, state in self.cluster.states(program, self.slot)
            if state.data[start : start + len(raw)] == raw
        ]

    def _getSignaturesForAddress(self, key: str, config: Mapping[str, Any]) -> object:  # noqa: N802
        assert config["commitment"] == "finalized"
        assert 1 <= config["limit"] <= 1_000
        if config.get("minContextSlot", 0) > self.slot:
            raise _Refused(-32016, "Minimum context slot has not been reached")
        rows = []
        known = list(self._known())
        start = 0
        if (before := config.get("before")) is not None:
            places = [at for at, entry in enumerate(known) if entry.signature == before]
            start = places[0] + 1 if places else len(known)
        for entry in known[start:]:
            if entry.signature == config.get("until"):
                break
            if key in entry.keys:
                rows.append(
                    {
                        "signature": entry.signature,
                        "slot": entry.slot,
                        "err": entry.error,
                        "memo": None,
                        "blockTime": entry.time,
                        "confirmationStatus": "finalized",
                    }
                )
        return rows[: min(config["limit"], self.most_rows)]

    def _getTransaction(self, signature: str, config: Mapping[str, Any]) -> object:  # noqa: N802
        assert config == {
            "encoding": "jsonParsed",
            "maxSupportedTransactionVersion": 0,
            "commitment": "finalized",
        }
        for entry in self._known():
            if entry.signature == signature:
                return self._transaction(entry)
        return None

    # ------------------------------------------------------------ forms

    def _known(self) -> Iterator[Entry]:
        """Give what the node keeps, newest first."""
        newest_first = self.cluster.entries[::-1]
        if self.is_twisted:
            newest_first = sorted(self.cluster.entries, key=lambda entry: -entry.slot)
        for entry in newest_first:
            if self.keeps_from <= entry.slot <= self.slot:
                yield entry

    def _at(self, value: object) -> object:
        return {"context": {"apiVersion": "2.2.0", "slot": self.slot}, "value": value}

    def _amount(self, token: TokenState) -> object:
        return {
            "amount": str(token.units),
            "decimals": self.cluster.decimals(token.mint),
            "uiAmount": 0.1,
            "uiAmountString": "0.1",
        }

    def _token_account(self, state: State, token: TokenState) -> object:
        info = {
            "isNative": False,
            "mint": token.mint,
            "owner": token.owner,
            "state": "initialized",
            "tokenAmount": self._amount(token),
        }
        data = {
            "parsed": {"info": info, "type": "account"},
            "program": "spl-token",
            "space": len(state.data),
        }
        return {"data": data, "executable": False, "lamports": state.lamports, "owner": state.program}

    def _transaction(self, entry: Entry) -> object:
        keys = [
            {"pubkey": key, "signer": at < entry.signers, "source": "transaction", "writable": True}
            for at, key in enumerate(entry.keys)
        ]
        return {
            "slot": entry.slot,
            "blockTime": entry.time,
            "version": 0,
            "transaction": {
                "signatures": [entry.signature],
                "message": {"accountKeys": keys, "instructions": [], "recentBlockhash": GENESIS},
            },
            "meta": {
                "err": entry.error,
                "fee": entry.fee,
                "preBalances": [state.lamports if state else 0 for state in entry.before],
                "postBalances": [state.lamports if state else 0 for state in entry.after],
                "preTokenBalances": self._token_balances(entry.before),
                "postTokenBalances": self._token_balances(entry.after),
                "innerInstructions": [],
                "logMessages": [],
                "rewards": [],
            },
        }

    def _token_balances(self, states: tuple[State | None, ...]) -> list[object]:
        return [
            {
                "accountIndex": at,
                "mint": token.mint,
                "owner": token.owner,
                "programId": token.program,
                "uiTokenAmount": self._amount(token),
            }
            for at, state in enumerate(states)
            if (token := token_state(state)) is not None
        ]


def _sliced(state: State, config: Mapping[str, Any]) -> object:
    part = config["dataSlice"]
    raw = state.data[part["offset"] : part["offset"] + part["length"]]
    return {
        "data": [b64encode(raw).decode(), "base64"],
        "executable": False,
        "lamports": state.lamports,
        "owner": state.program,
    }
