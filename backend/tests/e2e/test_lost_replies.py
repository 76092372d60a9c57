"""An exchange whose reply got lost is repeated with its key and answered as before; without a key it is used up."""

import socket
import threading
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from kryptos.infra.postgres import Cluster
from tests.support.installation import Installation, Web, durable_cluster, installed, kill
from tests.support.load import check_nothing_is_half_done, is_documented_refusal
from tests.support.processes import wait_until

pytestmark = pytest.mark.slow

SLOW_COMMIT = """
CREATE FUNCTION commit_slowly() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(2); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER slow_commit AFTER INSERT ON access_tokens
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION commit_slowly();
"""
"""From here on the commit of an exchange takes two seconds, all of them after everything else is done."""
COMMITTING = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"


@pytest.fixture(scope="module")
def own_cluster() -> Iterator[Cluster]:
    """A server whose commits reach the disk."""
    with durable_cluster() as cluster:
        yield cluster


@pytest.fixture
def installation(own_cluster: Cluster) -> Iterator[Installation]:
    """An installation with one client, on a fresh database."""
    with installed(own_cluster) as fresh:
        fresh.create_client()
        yield fresh


class App:
    """An app's backend and its user, on a server that comes and goes."""

    def __init__(self, installation: Installation, web: Web) -> None:
        self._headers = installation.client_headers
        self._web = web

    def public_token(self) -> str:
        """Let the user connect as a guest."""
        with httpx.Client(base_url=self._web.base_url, timeout=30) as http:
            created = http.post("/link-token", json={}, headers=self._headers).json()
            person = {"X-LINK-TOKEN": created["data"]["link_token"]}
            steps: list[tuple[str, dict[str, object]]] = [
                ("auth/anonymous", {}),
                ("consent", {"approved": True}),
                ("complete", {}),
            ]
            data: dict[str, Any] = {}
            for step, body in steps:
                reply = http.post(f"/link-token/{step}", json=body, headers=person)
                assert reply.status_code == 200, reply.text
                data = reply.json()["data"]
        return str(data["public_token"])

    def exchange(self, public_token: str, key: str | None) -> httpx.Response:
        """Exchange, with an idempotency key or without."""
        return httpx.post(
            f"{self._web.base_url}/token/exchange",
            json={"public_token": public_token},
            headers={**self._headers, **({"Idempotency-Key": key} if key else {})},
            timeout=60,
        )

    def send_exchange(self, public_token: str, key: str | None) -> socket.socket:
        """Send the same call and return the connection, from which nothing has been read."""
        request = httpx.Request(
            "POST",
            f"{self._web.base_url}/token/exchange",
            json={"public_token": public_token},
            headers={**self._headers, **({"Idempotency-Key": key} if key else {})},
        )
        head = [f"POST {request.url.path} HTTP/1.1", *(f"{n}: {v}" for n, v in request.headers.items())]
        connection = socket.create_connection(("127.0.0.1", self._web.port), timeout=60)
        connection.sendall("\r\n".join([*head, "", ""]).encode() + request.content)
        return connection


def used(installation: Installation) -> int:
    return len(installation.rows("SELECT session_id FROM public_tokens WHERE used_at IS NOT NULL"))


def check_repeats(app: App, public_token: str, key: str, lost: dict[str, Any] | None = None) -> None:
    """The repeated call succeeds, says what it said before, and a call without the key finds the token used up."""
    first, second = app.exchange(public_token, key), app.exchange(public_token, key)
    assert first.status_code == second.status_code == 200, first.text
    assert first.json() == second.json()
    assert second.headers["Idempotent-Replayed"] == "true"
    if lost is not None:
        assert first.json() == lost
    without = app.exchange(public_token, None)
    assert (without.status_code, without.json()["code"]) == (400, "TOKEN_ALREADY_USED")


def test_client_that_hangs_up_after_sending(installation: Installation) -> None:
    """Nobody can tell from outside whether the call was still read: repeating it is right either way."""
    app = App(installation, installation.serve())
    sent = [(app.public_token(), str(uuid.uuid4())) for _ in range(10)]
    keyless = app.public_token()
    for public_token, key in sent:
        app.send_exchange(public_token, key).close()
    app.send_exchange(keyless, None).close()
    wait_until(lambda: used(installation) > 0, what="the first exchange was made")
    for public_token, key in sent:
        check_repeats(app, public_token, key)
    codes = [app.exchange(keyless, None).json().get("code") for _ in range(2)]
    assert codes in ([None, "TOKEN_ALREADY_USED"], ["TOKEN_ALREADY_USED"] * 2)
    assert used(installation) == len(sent) + 1
    check_nothing_is_half_done(installation)


def test_web_server_killed_when_the_reply_begins(installation: Installation) -> None:
    web = installation.serve()
    app = App(installation, web)
    public_token, key = app.public_token(), str(uuid.uuid4())
    with app.send_exchange(public_token, key) as connection:
        begun = connection.recv(65536)  # what the app never sees; the whole of so short a reply
        web.kill()
    lost = httpx.Response(200, content=begun.partition(b"\r\n\r\n")[2]).json()
    app = App(installation, installation.serve(web.port))
    check_repeats(app, public_token, key, lost)
    check_nothing_is_half_done(installation)


def test_web_server_killed_while_it_waits_for_the_commit(installation: Installation) -> None:
    """The commit outlives the server that asked for it: nobody was told, and yet it is done."""
    web = installation.serve()
    app = App(installation, web)
    # The very first exchange writes the key that signs receipts; others that come at that moment wait for it.
    assert app.exchange(app.public_token(), None).status_code == 200
    public_token, key, keyless = app.public_token(), str(uuid.uuid4()), app.public_token()
    installation.run_script(SLOW_COMMIT)
    with app.send_exchange(public_token, key) as one, app.send_exchange(keyless, None) as other:
        wait_until(lambda: len(installation.rows(COMMITTING)) == 2, what="both exchanges are being committed")
        web.kill()
        assert one.recv(1) == other.recv(1) == b""
    wait_until(lambda: used(installation) == 3, what="both exchanges are done")
    app = App(installation, installation.serve(web.port))
    check_repeats(app, public_token, key)
    refused = app.exchange(keyless, None)
    assert (refused.status_code, refused.json()["code"]) == (400, "TOKEN_ALREADY_USED")
    check_nothing_is_half_done(installation)


def test_connection_to_postgres_lost_while_committing(installation: Installation) -> None:
    """Whether it was done cannot be known, so it is not tried again: the app is told, and repeats the call."""
    app = App(installation, installation.serve())
    public_token, key = app.public_token(), str(uuid.uuid4())
    installation.run_script(SLOW_COMMIT)
    replies: list[httpx.Response] = []
    call = threading.Thread(target=lambda: replies.append(app.exchange(public_token, key)))
    call.start()
    wait_until(lambda: installation.rows(COMMITTING), what="the exchange is being committed")
    installation.rows(f"SELECT pg_terminate_backend(pid) FROM ({COMMITTING}) AS committing")
    call.join()
    assert is_documented_refusal(replies[0]), replies[0].text
    assert used(installation) == 0
    check_repeats(app, public_token, key)
    check_nothing_is_half_done(installation)


@pytest.mark.parametrize("milliseconds", [0, 8, 25])
def test_process_killed_at_some_moment_of_an_exchange(installation: Installation, milliseconds: int) -> None:
    """Whichever moment it is, before or after the commit: the repeated call gives one grant and one token."""
    web = installation.serve()
    app = App(installation, web)
    public_token, key = app.public_token(), str(uuid.uuid4())
    (process,) = web.family
    with app.send_exchange(public_token, key):
        threading.Event().wait(milliseconds / 1000)
        kill(process)
    web.wait_until_it_answers()
    check_repeats(app, public_token, key)
    assert len(installation.rows("SELECT id FROM grants")) == 1
    check_nothing_is_half_done(installation)
