"""The web server finishes its calls when told to stop, and leaves no process however it ends."""

import os
import signal
import socket
import urllib.request
from pathlib import Path

import pytest

from kryptos.infra.ports import PortTaken, require_free_port
from kryptos.infra.settings import load_settings
from tests.support.ports import free_port
from tests.support.processes import descendants_of, is_running, python, wait_until
from tests.support.tiny_app import BEGUN

SERVE = """
from kryptos.entrypoints import server
from kryptos.infra.settings import load_settings
server.APPLICATION = "tests.support.tiny_app:create_app"
server.serve_web(load_settings())
"""
BACKEND = Path(__file__).parents[2]


def fetch(port: int, path: str = "/") -> str | None:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return str(answer.read().decode())
    except OSError:
        return None


def test_sigterm_finishes_calls_and_ends_every_process() -> None:
    port = free_port()
    with python(SERVE, cwd=BACKEND, port=str(port), web_processes="2") as server:
        wait_until(lambda: fetch(port), what="the server answers")
        family = descendants_of(server.pid)
        assert len(family) >= 2
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/slow", timeout=30) as answer:
            assert answer.read(len(BEGUN)) == BEGUN
            server.send_signal(signal.SIGTERM)
            assert answer.read().isdigit()
        assert server.wait(30) == 0
        assert not any(map(is_running, family))


def test_kill_of_the_main_process_leaves_none() -> None:
    port = free_port()
    with python(SERVE, cwd=BACKEND, port=str(port), web_processes="2") as server:
        wait_until(lambda: fetch(port), what="the server answers")
        family = descendants_of(server.pid)
        server.kill()
        server.wait()
        wait_until(lambda: not any(map(is_running, family)), what="the workers are gone")
    require_free_port(load_settings({"KRYPTOS_PORT": str(port)}))


def test_killed_worker_is_replaced() -> None:
    port = free_port()
    with python(SERVE, cwd=BACKEND, port=str(port)) as server:
        wait_until(lambda: fetch(port), what="the server answers")
        first = fetch(port)
        assert first is not None
        os.kill(int(first), signal.SIGKILL)
        wait_until(lambda: fetch(port) not in {None, first}, what="another worker answers")
        assert server.poll() is None


def test_taken_port_is_refused_with_the_setting_to_change() -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # as granian itself does
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortTaken, match=rf"Port {port} on 127.0.0.1 .*KRYPTOS_PORT={port + 1}"):
            require_free_port(load_settings({"KRYPTOS_PORT": str(port)}))
