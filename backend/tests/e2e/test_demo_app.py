"""``kryptos demo --app``: a host app beside the demo, told what it needs in its environment and ended with the rest."""

import json
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.demo import KRYPTOS, running
from tests.support.ports import free_port
from tests.support.processes import descendants_of, is_running, processes_mentioning, python

APP = """
import http.server, json, os

class Tell(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        told = {name: os.environ[name] for name in os.environ if name.startswith("KRYPTOS_")}
        self.wfile.write(json.dumps(told).encode())

print("the app speaks", flush=True)
http.server.HTTPServer((os.environ["HOST"], int(os.environ["PORT"])), Tell).serve_forever()
"""


@pytest.fixture(scope="module")
def directory() -> Iterator[Path]:
    """A demo's data directory and, beside it, an app; the tests follow each other on it."""
    path = Path(tempfile.mkdtemp(prefix="kryptos-test-"))
    (path / "tiny_app.py").write_text(APP)
    yield path
    shutil.rmtree(path)


def command_of(directory: Path) -> str:
    return shlex.join([sys.executable, str(directory / "tiny_app.py")])


def registered(directory: Path) -> tuple[list[str], list[str]]:
    """Return the demo client's origins and redirect URIs, as the command line tells them."""
    listed = subprocess.run(
        [sys.executable, "-m", KRYPTOS, "client", "list", "--json"],
        env={**os.environ, "KRYPTOS_DATA_DIR": str(directory / "var")},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    (client,) = json.loads(listed.stdout)
    return client["allowed_origins"], client["redirect_uris"]


def test_the_app_is_told_what_it_needs_and_nothing_else(directory: Path) -> None:
    port = free_port()
    options = ("--app", command_of(directory), "--app-port", str(port))
    with running(directory / "var", free_port(), *options) as demo:
        assert f"  Demo app       http://localhost:{port}\n" in demo.printed
        facts = json.loads((directory / "var" / "demo.json").read_text())
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
            told = json.loads(answer.read())
        assert told == {
            "KRYPTOS_BASE_URL": facts["base_url"],
            "KRYPTOS_CLIENT_ID": facts["client_id"],
            "KRYPTOS_CLIENT_SECRET": facts["client_secret"],
        }
        assert not processes_mentioning(facts["client_secret"])
        assert "the app speaks" in (directory / "var" / "logs" / "app.log").read_text()
        family = descendants_of(demo.process.pid)
        (app,) = processes_mentioning(str(directory / "tiny_app.py")).keys() & family
        demo.process.send_signal(signal.SIGINT)
        assert demo.process.wait(30) == 0
        assert not is_running(app)


def test_another_port_is_added_to_a_client_that_is_there(directory: Path) -> None:
    before = json.loads((directory / "var" / "demo.json").read_text())["client_id"]
    port = free_port()
    with running(directory / "var", free_port(), "--app-port", str(port)) as demo:
        assert "Demo app" not in "".join(demo.printed)
        origins, redirect_uris = registered(directory)
        assert {f"http://localhost:{port}", f"http://127.0.0.1:{port}"} < set(origins)
        assert len(origins) == 4
        assert f"http://localhost:{port}/callback" in redirect_uris
        assert json.loads((directory / "var" / "demo.json").read_text())["client_id"] == before


def test_an_app_that_dies_is_named_and_stops_everything(directory: Path) -> None:
    options = ("--app", command_of(directory), "--app-port", str(free_port()))
    with running(directory / "var", free_port(), *options) as demo:
        family = descendants_of(demo.process.pid)
        (app,) = processes_mentioning(str(directory / "tiny_app.py")).keys() & family
        os.kill(app, signal.SIGKILL)
        _, errors = demo.process.communicate(timeout=60)
        assert demo.process.returncode == 1
        assert "The app process ended by SIGKILL" in errors
        assert "the app speaks" in errors
        assert "Traceback" not in errors


def refusal(directory: Path, *options: str, port: int) -> str:
    """Return what the demo says when it refuses to start, which it does before it has made anything."""
    unmade = directory / "unmade"
    with python(KRYPTOS, "demo", *options, data_dir=str(unmade), port=str(port)) as process:
        _, errors = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "Traceback" not in errors
    assert not unmade.exists()
    return errors


def test_a_taken_port_names_the_option(directory: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = str(other.getsockname()[1])
        errors = refusal(directory, "--app", command_of(directory), "--app-port", taken, port=free_port())
    assert f"Port {taken}" in errors
    assert "--app-port" in errors


def test_the_servers_own_port_is_refused(directory: Path) -> None:
    port = free_port()
    errors = refusal(directory, "--app", command_of(directory), "--app-port", str(port), port=port)
    assert "--app-port" in errors


@pytest.mark.parametrize(
    ("command", "says"), [("no-such-program --flag", "no-such-program"), ("'open", "command")]
)
def test_what_cannot_be_run_is_refused(directory: Path, command: str, says: str) -> None:
    errors = refusal(directory, "--app", command, "--app-port", str(free_port()), port=free_port())
    assert "--app" in errors
    assert says in errors
