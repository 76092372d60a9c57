"""A bounded load of whole token journeys, and the ledger of what it was told: the measure of what may not be lost."""

import asyncio
import threading
import uuid
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import httpx

from kryptos.domains import audit
from tests.support.installation import Installation, Web
from tests.support.processes import wait_until
from tests.support.queue import open_database

_TIMEOUT_SECONDS = 60  # beyond it a call hangs
_TRIES = 600
_REST_SECONDS = 0.05


class Abandoned(Exception):
    """A journey that cannot go on: what became of its last call is unknown to the app."""


@dataclass
class Ledger:
    """What the apps saw; ``acknowledged`` is what the service has promised to keep."""

    acknowledged: dict[str, str] = field(default_factory=dict)
    """Access token by grant id."""
    read: set[str] = field(default_factory=set)
    """Grants whose access token also read data."""
    refused: int = 0
    """Calls answered with the documented 503."""
    unanswered: int = 0
    """Calls whose connection broke."""
    replayed: int = 0
    """Calls that were repeated with the same key and got the first one's answer."""
    undocumented: list[str] = field(default_factory=list)
    """Everything else that was answered."""


class Load:
    """Threads that walk from link token to data call again and again, while the block runs.

    Every other journey sends idempotency keys and repeats a call that was not answered with success; the others give
    up there, as an app without keys must. ``may_break`` says that connections may break: the web server is killed.
    """

    def __init__(self, installation: Installation, web: Web, *, may_break: bool, threads: int = 4) -> None:
        self.ledger = Ledger()
        self._client_headers = installation.client_headers
        self._base_url = web.base_url
        self._may_break = may_break
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(number,)) for number in range(threads)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def let_pass(self, journeys: int) -> None:
        """Return when so many more journeys have succeeded."""
        wanted = len(self.ledger.read) + journeys
        wait_until(
            lambda: len(self.ledger.read) >= wanted or self.ledger.undocumented,
            what=f"{journeys} more journeys have succeeded: {self.ledger}",
            timeout_seconds=60,
        )

    def _run(self, number: int) -> None:
        with httpx.Client(base_url=self._base_url, timeout=_TIMEOUT_SECONDS) as http:
            while not self._stop.is_set():
                number += 1
                try:
                    _Journey(self, http, has_keys=number % 2 == 0).walk(self._client_headers)
                except Abandoned:
                    pass
                except Exception as error:  # noqa: BLE001 - whatever a thread runs into belongs in the ledger
                    self.ledger.undocumented.append(repr(error))
                    return
                self._stop.wait(_REST_SECONDS)

    def judge(self, reply: httpx.Response) -> bool:
        """Say whether a call succeeded; note what is neither success nor the documented 503."""
        if reply.status_code == 200:
            self.ledger.replayed += reply.headers.get("Idempotent-Replayed") == "true"
            return True
        if is_documented_refusal(reply):
            self.ledger.refused += 1
            return False
        self.ledger.undocumented.append(
            f"{reply.request.method} {reply.request.url.path}: {reply.status_code} {reply.text}"
        )
        raise Abandoned

    def note_break(self, error: httpx.TransportError) -> None:
        """Note a connection that broke before a reply came."""
        if isinstance(error, httpx.TimeoutException) or not self._may_break:
            self.ledger.undocumented.append(f"{error.request.url.path}: {error!r}")
            raise Abandoned from error
        self.ledger.unanswered += 1


class _Journey:
    """One person's way through one app."""

    def __init__(self, load: Load, http: httpx.Client, *, has_keys: bool) -> None:
        self._load = load
        self._http = http
        self._has_keys = has_keys
        self._pause = threading.Event()

    def walk(self, app: dict[str, str]) -> None:
        link_token = self._post("/link-token", app)["link_token"]
        person = {"X-LINK-TOKEN": link_token}
        self._post("/link-token/auth/anonymous", person)
        self._post("/link-token/consent", person, {"approved": True})
        public_token = self._post("/link-token/complete", person)["public_token"]
        given = self._post("/token/exchange", app, {"public_token": public_token})
        self._load.ledger.acknowledged[given["grant_id"]] = given["access_token"]
        self._call("GET", "/api/v1/userinfo", {"Authorization": f"Bearer {given['access_token']}"}, None)
        self._load.ledger.read.add(given["grant_id"])

    def _post(
        self, path: str, headers: dict[str, str], body: dict[str, object] | None = None
    ) -> dict[str, Any]:
        key = {"Idempotency-Key": str(uuid.uuid4())} if self._has_keys else {}
        return dict(self._call("POST", path, {**headers, **key}, body or {})["data"])

    def _call(
        self, method: str, path: str, headers: dict[str, str], body: dict[str, object] | None
    ) -> dict[str, Any]:
        for _ in range(_TRIES):
            try:
                reply = self._http.request(method, path, headers=headers, json=body)
            except httpx.TransportError as error:
                self._load.note_break(error)
            else:
                if self._load.judge(reply):
                    return dict(reply.json())
            if method == "POST" and not self._has_keys:
                break
            self._pause.wait(_REST_SECONDS)
        raise Abandoned


def is_documented_refusal(reply: httpx.Response) -> bool:
    """Say whether a reply is the documented 503: its code, and after how long to call again."""
    is_refusal = reply.status_code == 503 and reply.json().get("code") == "SERVICE_UNAVAILABLE"
    return is_refusal and reply.headers.get("Retry-After", "").isdigit() and "X-Request-Id" in reply.headers


NEVER = {
    "a public token that was consumed without its grant and access token": """
        SELECT p.session_id FROM public_tokens p
        LEFT JOIN session_events e ON e.session_id = p.session_id AND e.name = 'exchanged'
        LEFT JOIN grants g ON g.id = e.details->>'grant_id'
        LEFT JOIN access_tokens t ON t.grant_id = g.id
        WHERE p.used_at IS NOT NULL AND t.id IS NULL""",
    "a grant without the public token that it came from": """
        SELECT g.id FROM grants g WHERE NOT EXISTS (
            SELECT FROM session_events e JOIN public_tokens p ON p.session_id = e.session_id
            JOIN link_sessions s ON s.id = e.session_id
            WHERE e.name = 'exchanged' AND e.details->>'grant_id' = g.id AND p.used_at IS NOT NULL
            AND s.user_id = g.user_id AND s.workspace_id = g.workspace_id)""",
    "two active grants of one client, user and workspace": """
        SELECT user_id FROM grants WHERE revoked_at IS NULL
        GROUP BY client_id, user_id, workspace_id HAVING count(*) > 1""",
    "a grant with other than one living access token": """
        SELECT g.id FROM grants g LEFT JOIN access_tokens t ON t.grant_id = g.id AND t.replaced_at IS NULL
        GROUP BY g.id HAVING count(t.id) <> 1""",
    "an access token without its grant": """
        SELECT t.id FROM access_tokens t LEFT JOIN grants g ON g.id = t.grant_id WHERE g.id IS NULL""",
    "a grant with other than one record of its activation in the audit log": """
        SELECT g.id FROM grants g LEFT JOIN audit_records a ON a.subject = g.id AND a.action = 'grant.activated'
        GROUP BY g.id HAVING count(a.id) <> 1""",
    "a session that succeeded without its one public token": """
        SELECT s.id FROM link_sessions s LEFT JOIN public_tokens p ON p.session_id = s.id
        WHERE s.outcome = 'success' AND NOT s.is_resumed GROUP BY s.id HAVING count(p.token_hash) <> 1""",
    "a public token of a session that did not succeed": """
        SELECT s.id FROM public_tokens p JOIN link_sessions s ON s.id = p.session_id
        WHERE s.outcome IS DISTINCT FROM 'success' OR s.ended_at IS NULL""",
    "a consent without its record in the audit log": """
        SELECT s.id FROM link_sessions s WHERE s.consented_at IS NOT NULL AND NOT EXISTS (
            SELECT FROM audit_records a WHERE a.subject = s.id AND a.action = 'consent.given')""",
    "a person without a session, or with other than one workspace": """
        SELECT u.id FROM users u LEFT JOIN memberships m ON m.user_id = u.id
        LEFT JOIN workspaces w ON w.id = m.workspace_id LEFT JOIN link_sessions s ON s.user_id = u.id
        GROUP BY u.id HAVING count(DISTINCT w.id) <> 1 OR count(DISTINCT s.id) = 0""",
    "a claimed idempotency key without an answer": """
        SELECT key FROM idempotency_records WHERE answer IS NULL""",
    "a grant with other than one receipt of each of its changes": """
        SELECT g.id FROM grants g LEFT JOIN consent_receipts r ON r.grant_id = g.id GROUP BY g.id
        HAVING count(r.id) FILTER (WHERE r.event = 'given') <> 1
            OR count(r.id) FILTER (WHERE r.event = 'revoked') <> count(DISTINCT g.revoked_at)""",
}
"""What no fault may leave behind, each with a statement that finds it, for guests who connect one app once."""


def left_half_done(installation: Installation) -> dict[str, list[dict[str, Any]]]:
    """Return what was left half done, by what it is."""
    found = {what: installation.rows(statement) for what, statement in NEVER.items()}
    return {what: rows for what, rows in found.items() if rows}


def check_nothing_is_half_done(installation: Installation) -> None:
    """Raise AssertionError naming what was left half done."""
    assert not (found := left_half_done(installation)), found


def audit_chains(installation: Installation) -> list[audit.ChainReport]:
    """Seal what the worker has not sealed yet, then recompute every chain."""

    async def verify() -> list[audit.ChainReport]:
        database = open_database(installation.url)
        try:
            while await database.execute(audit.seal):
                pass
            return await database.execute(audit.verify)
        finally:
            await database.close()

    with asyncio.Runner() as runner:
        return runner.run(verify())


def check_nothing_is_lost(installation: Installation, web: Web, ledger: Ledger) -> None:
    """Raise AssertionError unless every acknowledged grant is active and its token reads data."""
    assert not ledger.undocumented, (ledger.undocumented, installation.errors())
    active = installation.rows("SELECT id FROM grants WHERE revoked_at IS NULL")
    assert ledger.acknowledged.keys() <= {row["id"] for row in active}
    with httpx.Client(base_url=web.base_url, timeout=_TIMEOUT_SECONDS) as http:
        for grant_id, access_token in ledger.acknowledged.items():
            reply = http.get("/api/v1/userinfo", headers={"Authorization": f"Bearer {access_token}"})
            assert reply.status_code == 200, (grant_id, reply.text)
        listed = http.get("/token/grants", headers=installation.client_headers).json()["data"]
    assert listed["count"] == len(active) == len({grant["grant_id"] for grant in listed["grants"]})
    check_nothing_is_half_done(installation)
