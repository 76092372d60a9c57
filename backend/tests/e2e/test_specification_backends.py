"""The specification's own backends run against the demo, from the first connection to the revoked grant."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from kryptos.providers.sandbox import TYPED_ADDRESSES
from tests.support.demo import running
from tests.support.ports import free_port
from tests.support.processes import wait_until

SAMPLES = Path(__file__).parent / "specification"
PRINTED = {
    "express_sample.js": "446912f16cb158b6764c9bf17acd4bad873f8c65af8d29c9aab9bdaf627bc14b",
    "flask_sample.py": "e9f238358f26cc45092f073e32c3ebab45ccd03e605020a56a571045ceff5c7e",
}
USER = "user-of-the-app"
COMMANDS: dict[str, list[str]] = {
    "express": ["node", str(SAMPLES / "run_express.mjs")],
    "flask": [sys.executable, str(SAMPLES / "run_flask.py")],
}


@pytest.fixture(scope="module")
def demo() -> Iterator[dict[str, str]]:
    """What ``kryptos demo`` writes down for developers, while it runs."""
    directory = Path(tempfile.mkdtemp(prefix="kryptos-test-"))
    try:
        with running(directory / "var", free_port()):
            yield json.loads((directory / "var" / "demo.json").read_text())
    finally:
        shutil.rmtree(directory)


@dataclass
class Backend:
    """A sample, running, with a browser's view of it."""

    http: httpx.Client

    def post(self, path: str, body: Any = None) -> dict[str, Any]:
        """Call the backend as its own web page would."""
        reply = self.http.post(path, json={} if body is None else body)
        assert reply.status_code == 200, reply.text
        return dict(reply.json())

    def call(self, function: str, *arguments: Any) -> dict[str, Any]:
        """Call one of the sample's functions."""
        return self.post(f"/call/{function}", list(arguments))

    @property
    def stored(self) -> dict[str, str]:
        """What the sample saved for the user."""
        return dict(self.http.get("/stored").json())


@contextmanager
def backend(name: str, demo: dict[str, str]) -> Iterator[Backend]:
    """Run a sample against the demo; only base URL and credentials are given to it."""
    environment = {
        **os.environ,
        "TARGET_BASE_URL": demo["base_url"],
        "KRYPTOS_CLIENT_ID": demo["client_id"],
        "KRYPTOS_CLIENT_SECRET": demo["client_secret"],
    }
    with subprocess.Popen(
        COMMANDS[name], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        port = process.stdout.readline().strip()
        assert port.isdigit(), f"{name} did not start"
        with httpx.Client(
            base_url=f"http://127.0.0.1:{port}", headers={"X-Test-User": USER}, timeout=30
        ) as http:
            yield Backend(http)
        process.communicate()  # its standard input ends, and so does it


def walk_through(demo: dict[str, str], link_token: str, *steps: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    """Do what the person does in the widget; return the last answer's data."""
    data: dict[str, Any] = {}
    for step, body in steps:
        reply = httpx.post(
            f"{demo['base_url']}/link-token/{step}",
            json=body,
            headers={"X-LINK-TOKEN": link_token},
            timeout=30,
        )
        assert reply.status_code == 200, reply.text
        data = reply.json()["data"]
    return data


def userinfo(demo: dict[str, str], access_token: str) -> httpx.Response:
    """Call the Data API as the specification's third step does."""
    headers = {
        "Authorization": f"Bearer {access_token}",
        "X-Client-Id": demo["client_id"],
        "X-Client-Secret": demo["client_secret"],
    }
    return httpx.get(f"{demo['base_url']}/api/v1/userinfo", headers=headers, timeout=30)


def holdings_when_read(backend: Backend, demo: dict[str, str], access_token: str) -> dict[str, Any]:
    """Wait until the accounts are read, then call the sample's own ``getUserHoldings``."""

    def is_read() -> bool:
        headers = {"Authorization": f"Bearer {access_token}"}
        reply = httpx.get(f"{demo['base_url']}/api/v1/integrations", headers=headers, timeout=30)
        return [each["status"] for each in reply.json()["data"]] == ["COMPLETED"] * len(TYPED_ADDRESSES)

    wait_until(is_read, what="both test addresses are read")
    return dict(backend.call("getUserHoldings", access_token)["returned"])


CONNECT: tuple[tuple[str, dict[str, Any]], ...] = (
    ("auth/anonymous", {}),
    ("consent", {"approved": True}),
    *(("integrations", {"provider": each, "address": address}) for each, address in TYPED_ADDRESSES.items()),
    ("complete", {}),
)


def connect(running_backend: Backend, demo: dict[str, str]) -> None:
    """Steps 1 to 6 of the specification: link token, widget, public token, exchange."""
    created = running_backend.post("/api/kryptos/create-link-token")
    assert created["isAuthorized"] is False
    assert created["link_token"].startswith("link_")
    public_token = walk_through(demo, created["link_token"], *CONNECT)["public_token"]
    assert running_backend.post("/api/kryptos/exchange-token", {"public_token": public_token}) == {
        "success": True
    }


@pytest.mark.parametrize("name", COMMANDS)
def test_a_new_user_connects_returns_and_is_revoked(name: str, demo: dict[str, str]) -> None:
    """Both backends: new user, data call, returning user (no new token), revocation seen by the next call."""
    with backend(name, demo) as running_backend:
        connect(running_backend, demo)
        stored = running_backend.stored
        assert stored["access_token"].startswith("cat_")
        assert stored["grant_id"].startswith("cgrant_")
        assert userinfo(demo, stored["access_token"]).status_code == 200

        returning = running_backend.post("/api/kryptos/create-link-token")
        assert returning["isAuthorized"] is True
        assert walk_through(demo, returning["link_token"], ("complete", {})) == {"public_token": None}

        revoked = httpx.post(
            f"{demo['base_url']}/token/revoke",
            json={"grant_id": stored["grant_id"]},
            headers={"X-Client-Id": demo["client_id"], "X-Client-Secret": demo["client_secret"]},
            timeout=30,
        )
        assert revoked.json() == {"success": True, "message": "Grant revoked successfully"}
        assert userinfo(demo, stored["access_token"]).status_code == 401


def test_the_functions_of_the_specification_work_as_printed(demo: dict[str, str]) -> None:
    """Session management, list of grants, revocation and its handling, as the Express samples write them."""
    with backend("express", demo) as running_backend:
        connect(running_backend, demo)
        stored = running_backend.stored

        checked = running_backend.call("checkSession", stored["access_token"])["returned"]
        assert checked["has_valid_session"] is True
        assert checked["grant_id"] == stored["grant_id"]
        assert checked["workspace_id"] == stored["workspace_id"]

        resumed = running_backend.call("createLinkTokenWithSession", USER, stored["access_token"])["returned"]
        assert resumed["has_existing_grant"] is True
        assert resumed["workspace_id"] == stored["workspace_id"]

        listed = running_backend.call("listGrants")["returned"]
        assert stored["grant_id"] in [grant["grant_id"] for grant in listed["grants"]]
        assert listed["count"] == len(listed["grants"])

        holdings = holdings_when_read(running_backend, demo, stored["access_token"])
        held = {holding["asset"]["symbol"] for holding in holdings["holdings"]}
        assert {"ETH", "USDC", "SOL"} <= held
        assert holdings["summary"]["totalValue"] > 0
        assert holdings["user_id"] == checked["user_id"]

        arguments = ("/v1/userinfo", stored["access_token"], stored["grant_id"])
        assert running_backend.call("makeApiCallWithCheck", *arguments)["returned"]["userInfo"]["sub"]
        revoked = running_backend.call("revokeGrant", stored["grant_id"])["returned"]
        assert revoked == {"success": True, "message": "Grant revoked successfully"}
        assert running_backend.call("makeApiCallWithCheck", *arguments) == {
            "thrown": "Access revoked. Please reconnect your account.",
            "status": None,
        }
        gone = running_backend.call("checkSession", stored["access_token"])["returned"]
        assert gone == {"has_valid_session": False, "reason": "grant_revoked"}


def test_the_samples_are_the_specification_word_for_word() -> None:
    """Nobody may repair a sample; white space aside, it is what was printed."""
    assert {path.name: digest(path) for path in SAMPLES.glob("*_sample.*")} == PRINTED


def digest(path: Path) -> str:
    """Return the SHA-256 of a text without its white space."""
    return hashlib.sha256("".join(path.read_text().split()).encode()).hexdigest()
