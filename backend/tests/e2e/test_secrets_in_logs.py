"""No token, secret or code that was issued or sent is in a log or a metric, whatever is asked and however it fails."""

import json
import re
import secrets
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from kryptos.infra.postgres import database_url
from kryptos.infra.settings import load_settings
from tests.support.demo import running
from tests.support.installation import Installation
from tests.support.ports import free_port
from tests.support.processes import wait_until

pytestmark = pytest.mark.slow

ADDRESS = "ada.lovelace@example.com"
SECRET = re.compile(r"\b(?:link|public|cat|secret|host|wkey|acct|csrf|chal|manage|ekey)_[A-Za-z0-9_-]{20,}")
CODE = re.compile(r"(?<![0-9A-Za-z])\d{6}(?![0-9A-Za-z])")


class Wire:
    """Every call that was made, with what it revealed."""

    def __init__(self, facts: dict[str, str]) -> None:
        self.app = {"X-Client-Id": facts["client_id"], "X-Client-Secret": facts["client_secret"]}
        self.http = httpx.Client(
            base_url=facts["base_url"], timeout=60, event_hooks={"response": [self._note]}
        )
        self.secrets = {facts["client_secret"], facts["access_token"]}
        self.codes: set[str] = set()
        self.request_ids: dict[str, httpx.Response] = {}

    def _note(self, reply: httpx.Response) -> None:
        reply.read()
        if "X-Request-Id" in reply.headers:
            self.request_ids[reply.headers["X-Request-Id"]] = reply
        self.secrets.update(SECRET.findall(f"{reply.text} {reply.headers.get('Set-Cookie', '')}"))

    def secret(self, prefix: str) -> str:
        """Return a secret of the right form that was never issued: nobody's, but it might have been somebody's."""
        made = f"{prefix}_{secrets.token_urlsafe(32)}"
        self.secrets.add(made)
        return made

    def post(self, path: str, headers: dict[str, str], body: Any = None) -> httpx.Response:
        return self.http.post(path, headers=headers, json={} if body is None else body)

    def succeed(self, path: str, headers: dict[str, str], body: Any = None) -> dict[str, Any]:
        reply = self.post(path, headers, body)
        assert reply.status_code == 200, reply.text
        return dict(reply.json().get("data", {}))

    def mailed_code(self, count: int) -> str:
        """Wait for so many mails in the mailbox and return the code in the newest."""
        wait_until(lambda: self.http.get("/mailbox").text.count("<article>") == count, what="a mail arrives")
        newest = self.http.get("/mailbox").text.partition("<pre>")[2].partition("</pre>")[0]
        (code,) = CODE.findall(newest)
        self.codes.add(code)
        return str(code)


def person_of(wire: Wire) -> dict[str, str]:
    return {"X-LINK-TOKEN": wire.succeed("/link-token", wire.app)["link_token"]}


def connect_by_mail(wire: Wire) -> dict[str, str]:
    """Go the whole way with a mailed code, and return what the exchange gives."""
    callback = {"redirect_uri": "http://localhost:4500/callback"}
    started = wire.succeed("/link-token", wire.app, callback)
    page = {"session_id": started["session_id"], "key": started["hosted_url"].partition("#")[2]}
    assert wire.post("/link-token/hosted", {}, {**page, "key": wire.secret("host")}).is_error
    person = {"X-LINK-TOKEN": wire.succeed("/link-token/hosted", {}, page)["link_token"]}
    wire.succeed("/link-token/auth/email/start", person, {"email": ADDRESS})
    code = wire.mailed_code(1)
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    wire.codes.add(wrong)
    for tried in (wrong, f"{code} "[1:]):
        assert wire.post("/link-token/auth/email/verify", person, {"email": ADDRESS, "code": tried}).is_error
    verified = wire.succeed("/link-token/auth/email/verify", person, {"email": ADDRESS, "code": code})
    assert wire.post("/link-token/consent", {**person, "X-Widget-Key": wire.secret("wkey")}).is_error
    person["X-Widget-Key"] = verified["widget_key"]
    wire.succeed("/link-token/events", person, {"name": "opened", "details": {"step": "consent"}})
    wire.succeed("/link-token/consent", person, {"approved": True})
    public_token = wire.succeed("/link-token/complete", person)["public_token"]
    assert wire.post("/link-token/complete", person).is_error
    keyed = {**wire.app, "Idempotency-Key": str(uuid.uuid4())}
    given = wire.succeed("/token/exchange", keyed, {"public_token": public_token})
    assert wire.succeed("/token/exchange", keyed, {"public_token": public_token}) == given
    assert wire.post("/token/exchange", wire.app, {"public_token": public_token}).is_error
    given |= wire.succeed("/token/rotate", wire.app, {"access_token": given["access_token"]})
    assert wire.http.get("/api/v1/userinfo", headers=bearer(given["access_token"])).status_code == 200
    wire.succeed("/link-token", wire.app, {"access_token": given["access_token"]})
    return given


def visit_the_consent_centre(wire: Wire) -> None:
    """Sign in by mail and by link, rightly and wrongly, and put what opens a session where it does not belong."""
    started = wire.succeed("/account/api/sign-in/start", {}, {"email": ADDRESS})
    code = wire.mailed_code(3)
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    wire.codes.add(wrong)
    proof = {"challenge": started["challenge"], "email": ADDRESS}
    assert wire.post("/account/api/sign-in/verify", {}, {**proof, "code": wrong}).is_error
    guarded = {
        "X-CSRF-Token": wire.succeed("/account/api/sign-in/verify", {}, {**proof, "code": code})["csrf_token"]
    }
    token = wire.http.cookies["kryptos_account"]
    assert wire.http.get("/account/api/grants").status_code == 200
    assert wire.http.get("/account/api/export").status_code == 200
    assert wire.post("/account/api/grants/revoke-all", {"X-CSRF-Token": wire.secret("csrf")}).is_error
    for path in (f"/account/{token}", f"/account/api/grants/{token}/receipts", f"/account/api/{token}"):
        assert wire.http.get(path).is_error
    wire.succeed("/account/api/sign-out", guarded)
    person = person_of(wire)
    person["X-Widget-Key"] = wire.succeed("/link-token/auth/anonymous", person)["widget_key"]
    key = wire.succeed("/link-token/management-link", person)["url"].partition("#manage=")[2]
    for tried in (wire.secret("manage"), key[:-1]):
        assert wire.post("/account/api/sign-in/link", {}, {"key": tried}).status_code == 401
    session = wire.succeed("/account/api/sign-in/link", {}, {"key": key})
    guarded = {"X-CSRF-Token": session["csrf_token"]}
    erased = wire.succeed("/account/api/erasure", guarded, {"confirmation": "erase"})
    status = f"/account/api/erasure/{erased['erasure_id']}/status"
    assert wire.post(status, {}, {"key": wire.secret("ekey")}).is_error
    wire.succeed(status, {}, {"key": erased["key"]})
    wire.http.cookies.clear()


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def put_tokens_where_they_do_not_belong(wire: Wire, given: dict[str, str]) -> None:
    """Wrong tokens in their place, and right ones in every wrong place: path, query, body, another header."""
    token, secret = given["access_token"], wire.app["X-Client-Secret"]
    for made in (wire.secret("cat"), wire.secret("link"), token[:-1], f"{token}x", f"{token}é".encode()):
        presented = b"Bearer " + (made.encode() if isinstance(made, str) else made)
        reply = wire.http.get("/api/v1/userinfo", headers={b"Authorization": presented})
        assert reply.status_code == 401
    assert wire.post("/link-token/complete", {"X-LINK-TOKEN": token}).is_error
    assert wire.post("/link-token", {**wire.app, "X-Client-Secret": wire.secret("secret")}).is_error
    assert wire.post("/link-token", {"X-Client-Id": secret, "X-Client-Secret": token}).is_error
    assert wire.post("/token/exchange", wire.app, {"public_token": wire.secret("public")}).is_error
    assert wire.post("/token/revoke", wire.app, {"grant_id": token}).is_error
    for path in (f"/{token}", f"/link-token/{token}/session", f"/token/grants/{secret}", f"/api/{token}"):
        assert wire.http.get(path, headers=wire.app).is_error
    assert wire.http.get("/api/v1/userinfo", params={"access_token": token}).is_error
    assert wire.http.get("/token/grants", params={"client_secret": secret}).is_error
    for content in (f'{{"public_token": "{token}"', f'"{token}"', token, f'{{"public_token": ["{token}"]}}'):
        sent = {**wire.app, "Content-Type": "application/json"}
        assert wire.http.post("/token/exchange", headers=sent, content=content).is_error
    plain = {**wire.app, "Content-Type": "text/plain"}
    assert wire.http.post("/token/exchange", headers=plain, content=f"public_token={token}").is_error
    assert wire.http.put("/token/exchange", headers=wire.app, json={"public_token": token}).is_error
    assert wire.post("/link-token", {**wire.app, "Idempotency-Key": token * 20}).is_error
    assert wire.http.get("/api/v1/userinfo", headers={"Authorization": f"Basic {secret}"}).is_error
    assert wire.http.get("/token/grants", headers={"Cookie": f"session={token}"}).is_error


@contextmanager
def table_away(installation: Installation, table: str) -> Iterator[None]:
    """Break every statement over a table while the block runs: the unforeseen failure, with all its tracebacks."""
    installation.rows(f"ALTER TABLE {table} RENAME TO {table}_away")
    try:
        yield
    finally:
        installation.rows(f"ALTER TABLE {table}_away RENAME TO {table}")


def fail_inside(wire: Wire, installation: Installation, given: dict[str, str]) -> None:
    """Make calls and a job fail in the middle of their work."""
    person, other = person_of(wire), person_of(wire)
    wire.succeed("/link-token/auth/anonymous", other)
    wire.succeed("/link-token/consent", other, {"approved": True})
    public_token = wire.succeed("/link-token/complete", other)["public_token"]
    with table_away(installation, "access_tokens"):
        read = wire.http.get("/api/v1/userinfo", headers=bearer(given["access_token"]))
        exchanged = wire.post("/token/exchange", wire.app, {"public_token": public_token})
        resumed = wire.post("/link-token", wire.app, {"access_token": given["access_token"]})
    assert [reply.status_code for reply in (read, exchanged, resumed)] == [500] * 3
    with table_away(installation, "link_sessions"):
        assert wire.post("/link-token/complete", person).status_code == 500
    with table_away(installation, "mailbox_mails"):
        wire.succeed("/link-token/auth/email/start", person, {"email": ADDRESS})
        failed = "SELECT id FROM jobs WHERE name = 'send_sign_in_code' AND error IS NOT NULL"
        wait_until(lambda: installation.rows(failed), what="the mail's job has failed")
        (job,) = installation.rows("SELECT error FROM jobs WHERE name = 'send_sign_in_code'")
        assert not CODE.search(job["error"])
        assert ADDRESS not in job["error"]
    wire.mailed_code(2)


def without_time(log: str) -> str:
    """Return a log without its instants, whose microseconds may happen to be somebody's code."""
    return re.sub(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?", "", log)


def test_nothing_that_opens_an_account_is_logged_at_the_most_talkative_level() -> None:
    directory = Path(tempfile.mkdtemp(prefix="kryptos-test-"))
    try:
        with running(directory / "var", free_port(), log_level="debug"):
            settings = load_settings({"KRYPTOS_DATA_DIR": str(directory / "var")})
            web_log = directory / "var" / "logs" / "web.log"
            before = len(web_log.read_text().splitlines())
            wire = Wire(json.loads((directory / "var" / "demo.json").read_text()))
            with database_url(settings, purpose="a test") as url:
                given = connect_by_mail(wire)
                put_tokens_where_they_do_not_belong(wire, given)
                fail_inside(wire, Installation(directory, url), given)
                visit_the_consent_centre(wire)
            wire.succeed("/token/revoke", wire.app, {"grant_id": given["grant_id"]})
            metrics = wire.http.get("/metrics").text
            wire.http.close()
        texts = {path.name: path.read_text() for path in (directory / "var").rglob("*.log")}
        texts["metrics"] = metrics
    finally:
        shutil.rmtree(directory)
    assert texts.keys() >= {"web.log", "worker.log", "postgres.log", "metrics"}
    assert '"level":"debug"' in texts["web.log"] + texts["worker.log"]
    assert "http_requests_total" in metrics
    assert len(wire.codes) == 5
    check_no_secret(texts, wire)
    check_request_lines(texts["web.log"].splitlines()[before:], wire)


def check_no_secret(texts: dict[str, str], wire: Wire) -> None:
    """Not even the first dozen characters of a secret, which narrow it down."""
    found = []
    for name, text in texts.items():
        for each in wire.secrets:
            prefix, _, random_part = each.partition("_")
            if random_part[:12] in text:
                found.append(
                    (name, prefix, next(line for line in text.splitlines() if random_part[:12] in line))
                )
        codes = wire.codes & set(CODE.findall(without_time(text)))
        found.extend((name, "code", code) for code in codes)
        if ADDRESS in text:
            found.append((name, "address", next(line for line in text.splitlines() if ADDRESS in line)))
    assert not found


def check_request_lines(lines: list[str], wire: Wire) -> None:
    """Each line about a request names the reply that bore its id; each change and each refusal has one line."""
    told = [json.loads(line) for line in lines]
    requests = [line for line in told if line["event"] == "request"]
    ids = [line["request_id"] for line in requests]
    assert len(ids) == len(set(ids))
    assert set(ids) <= wire.request_ids.keys()
    for line in requests:
        reply = wire.request_ids[line["request_id"]]
        assert (line["method"], line["status"]) == (reply.request.method, reply.status_code)
    expected = {
        each
        for each, reply in wire.request_ids.items()
        if (reply.is_error or reply.request.method != "GET") and "html" not in reply.headers["Content-Type"]
    }
    assert expected == set(ids)
    failed = {line["request_id"] for line in told if line["event"] == "request_failed"}
    assert failed == {each for each, reply in wire.request_ids.items() if reply.status_code == 500}
