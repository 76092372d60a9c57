"""The example backends, run by ``kryptos demo --app`` as a reader runs them: connect, read, return, disconnect."""

import json
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.demo import running
from tests.support.ports import free_port
from tests.support.processes import wait_until

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
BACKENDS: dict[str, list[str]] = {
    "express": ["node", str(EXAMPLES / "express" / "server.mjs")],
    "flask": [sys.executable, str(EXAMPLES / "flask" / "app.py")],
}
# `make test` installs it where it can; told of in docs/sdk/backends.md.
if shutil.which("php"):
    BACKENDS["php"] = ["sh", "-c", f'exec php -S "$HOST:$PORT" {EXAMPLES / "php" / "index.php"}']


@contextmanager
def example(name: str) -> Iterator[tuple[httpx.Client, dict[str, str]]]:
    """Run a demo with the example beside it; give a browser's view of the example, and the demo's facts."""
    directory = Path(tempfile.mkdtemp(prefix="kryptos-test-"))
    port = free_port()
    try:
        options = ("--app", shlex.join(BACKENDS[name]), "--app-port", str(port))
        with (
            running(directory / "var", free_port(), *options),
            httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as browser,
        ):
            yield browser, json.loads((directory / "var" / "demo.json").read_text())
    finally:
        shutil.rmtree(directory)


def post(browser: httpx.Client, action: str, body: Any = None) -> Any:
    reply = browser.post(f"/api/kryptos/{action}", json=body or {})
    assert reply.status_code == 200, reply.text
    return reply.json()


def held(browser: httpx.Client) -> Any:
    return browser.get("/api/kryptos/holdings").json()


def in_the_widget(facts: dict[str, str], link_token: str, step: str, body: Any) -> Any:
    """Do what the person does in the widget; return the answer's data."""
    headers = {"X-LINK-TOKEN": link_token}
    reply = httpx.post(f"{facts['base_url']}/link-token/{step}", json=body, headers=headers, timeout=30)
    assert reply.status_code == 200, reply.text
    return reply.json()["data"]


def connect(browser: httpx.Client, facts: dict[str, str]) -> None:
    """Connect the sandbox's trader for a user that the example does not know yet."""
    created = post(browser, "create-link-token")
    assert created["isAuthorized"] is False
    token = created["link_token"]
    in_the_widget(facts, token, "auth/anonymous", {})
    in_the_widget(facts, token, "consent", {"approved": True})
    in_the_widget(facts, token, "integrations", {"provider": "ethereum", "persona": "trader"})
    public_token = in_the_widget(facts, token, "complete", {})["public_token"]
    assert post(browser, "exchange-token", {"public_token": public_token}) == {"success": True}


@pytest.mark.parametrize("name", BACKENDS)
def test_a_backend_connects_reads_returns_and_disconnects(name: str) -> None:
    with example(name) as (browser, facts):
        config = browser.get("/api/config").json()
        assert config == {"baseUrl": facts["base_url"], "clientId": facts["client_id"]}
        assert held(browser) == {"isConnected": False}

        connect(browser, facts)
        wait_until(lambda: held(browser)["isReading"] is False, what="the account is read")
        shown = held(browser)
        assert [account["status"] for account in shown["accounts"]] == ["COMPLETED"]
        assert "ETH" in {holding["asset"]["symbol"] for holding in shown["holdings"]}
        assert shown["shortfalls"] == []

        returning = post(browser, "create-link-token")
        assert returning["isAuthorized"] is True
        assert in_the_widget(facts, returning["link_token"], "complete", {}) == {"public_token": None}

        with httpx.Client(base_url=browser.base_url) as stranger:
            assert held(stranger) == {"isConnected": False}

        assert post(browser, "disconnect") == {"success": True}
        assert held(browser) == {"isConnected": False}
        assert post(browser, "create-link-token")["isAuthorized"] is False


@pytest.mark.parametrize("name", BACKENDS)
def test_a_backend_notices_that_access_was_taken_back(name: str) -> None:
    with example(name) as (browser, facts):
        connect(browser, facts)
        credentials = {"X-Client-Id": facts["client_id"], "X-Client-Secret": facts["client_secret"]}
        with httpx.Client(base_url=facts["base_url"], headers=credentials, timeout=30) as app:
            for grant in app.get("/token/grants").json()["data"]["grants"]:
                app.post("/token/revoke", json={"grant_id": grant["grant_id"]})
        assert held(browser) == {"isConnected": False, "isRevoked": True}
        assert post(browser, "create-link-token")["isAuthorized"] is False

        refused = browser.post("/api/kryptos/exchange-token", json={"public_token": "public_unknown"})
        assert refused.status_code == 502
        assert refused.json()["code"] == "INVALID_TOKEN"
        assert refused.json()["error"]
