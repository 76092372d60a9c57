"""Calls that insist: each is made on either server until it is answered, and everything that was answered is noted."""

import threading
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any, Self

import httpx

from tests.support.load import Abandoned, is_documented_refusal

_TIMEOUT_SECONDS = 30  # beyond it a call hangs
_INSISTS_SECONDS = 90
_REST_SECONDS = 0.05
_REPEATED_EVERY = 7
_IDS = {"wallet": "wallet_id", "cgrant": "grant_id", "erasure": "erasure_id"}
"""Name of a path's parameter by the prefix of its ids."""

Headers = dict[str, str]


@dataclass
class Notes:
    """What was answered, whoever called."""

    answers: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """By call: how often each status came, or no answer."""
    milliseconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """By call: how long each that was answered as expected took."""
    replayed: int = 0
    """Answers that were those of an earlier call with the same key."""
    undocumented: list[str] = field(default_factory=list)
    """Everything that nobody may ever be told."""
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def note(self, call: str, outcome: str, milliseconds: float | None = None) -> None:
        """Note one call, and how long it took if it was answered as expected."""
        with self.lock:
            self.answers[call][outcome] += 1
            if milliseconds is not None:
                self.milliseconds[call].append(milliseconds)


@dataclass(frozen=True)
class _Call:
    """A call, and which answers end it: success, or a refusal with this code."""

    method: str
    path: str
    headers: Headers
    query: dict[str, Any] | None = None
    body: dict[str, Any] | None = None
    refusal: str | None = None

    @property
    def name(self) -> str:
        """The call with names for ids: ``wallet_01…`` becomes ``{wallet_id}``."""
        parts = self.path.split("/")
        plain = "/".join(f"{{{_IDS[part.split('_')[0]]}}}" if "_0" in part else part for part in parts)
        return f"{self.method} {plain}"

    def is_ended_by(self, reply: httpx.Response) -> bool:
        """Whether this is the expected answer."""
        return reply.is_success or (self.refusal is not None and reply.json().get("code") == self.refusal)


class Caller:
    """One thread's connections to all servers, taken in turn."""

    def __init__(self, base_urls: Sequence[str], notes: Notes) -> None:
        self._clients = [httpx.Client(base_url=url, timeout=_TIMEOUT_SECONDS) for url in base_urls]
        self._turns = cycle(self._clients)
        self._notes = notes
        self._number = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        for each in self._clients:
            each.close()

    def get(self, path: str, headers: Headers, **query: Any) -> dict[str, Any]:
        """Read, which must succeed."""
        return dict(self._insist(_Call("GET", path, headers, query=query)).json())

    def post(self, path: str, headers: Headers, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Change something once, which must succeed, and return its data.

        Every so often the call is made again with the same key, as if its answer had been lost: it must be the same.
        """
        return data_of(self._change(_Call("POST", path, headers, body=body or {})))

    def try_to_post(
        self, path: str, headers: Headers, body: dict[str, Any], *, refusal: str
    ) -> dict[str, Any] | None:
        """Do the same where one refusal is to be expected, and is None."""
        reply = self._change(_Call("POST", path, headers, body=body, refusal=refusal))
        return data_of(reply) if reply.is_success else None

    def delete(self, path: str, headers: Headers) -> None:
        """Delete something, which must succeed."""
        self._change(_Call("DELETE", path, headers))

    def post_once(
        self, path: str, headers: Headers, body: dict[str, Any], *, refusal: str
    ) -> tuple[dict[str, Any], str] | None:
        """Make a call that no key makes repeatable; return its data and cookie.

        None when it is refused in the way in which a second call is, after the answer of the first was lost.
        """
        reply = self._insist(_Call("POST", path, headers, body=body, refusal=refusal))
        return (
            (data_of(reply), reply.headers.get("Set-Cookie", "").partition(";")[0])
            if reply.is_success
            else None
        )

    def require_refused(self, path: str, headers: Headers, *, code: str) -> None:
        """Have every server refuse a read."""
        for client in self._clients:
            reply = self._insist(_Call("GET", path, headers, refusal=code), client)
            if reply.is_success:
                self._notes.undocumented.append(f"GET {path}: answered, though it is {code}")

    def _change(self, call: _Call) -> httpx.Response:
        call = _Call(
            call.method,
            call.path,
            {**call.headers, "Idempotency-Key": str(uuid.uuid4())},
            body=call.body,
            refusal=call.refusal,
        )
        reply = self._insist(call)
        self._number += 1
        if self._number % _REPEATED_EVERY == 0:
            again = self._insist(call)
            if reply.is_success and again.json() != reply.json():
                self._notes.undocumented.append(f"{call.name}: repeated, it answers something else")
        return reply

    def _insist(self, call: _Call, client: httpx.Client | None = None) -> httpx.Response:
        end = time.monotonic() + _INSISTS_SECONDS
        while time.monotonic() < end:
            reply = self._make(call, client or next(self._turns))
            if reply is not None:
                return reply
            time.sleep(_REST_SECONDS)
        self._notes.undocumented.append(f"{call.name}: not answered as expected within {_INSISTS_SECONDS} s")
        raise Abandoned

    def _make(self, call: _Call, http: httpx.Client) -> httpx.Response | None:
        """Make the call once; None when it is to be made again."""
        began = time.monotonic()
        http.cookies.clear()  # each call says itself who makes it
        try:
            reply = http.request(
                call.method, call.path, params=call.query, headers=call.headers, json=call.body
            )
        except httpx.TimeoutException:
            self._notes.undocumented.append(f"{call.name}: no answer within {_TIMEOUT_SECONDS} s")
            raise Abandoned from None
        except httpx.TransportError:
            self._notes.note(call.name, "no answer")
            return None
        if call.is_ended_by(reply):
            self._notes.note(call.name, str(reply.status_code), (time.monotonic() - began) * 1000)
            self._notes.replayed += reply.headers.get("Idempotent-Replayed") == "true"
            return reply
        self._notes.note(call.name, str(reply.status_code))
        if not is_documented_refusal(reply):
            self._notes.undocumented.append(f"{call.name}: {reply.status_code} {reply.text}")
            raise Abandoned
        return None


def data_of(reply: httpx.Response) -> dict[str, Any]:
    """Return what a call gave, nothing for one that gives nothing."""
    return dict(reply.json().get("data") or {})
