"""A reply that is sent piece by piece over a real server: whole, or visibly broken off, never a part for a whole."""

import http.client
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.ports import free_port
from tests.support.processes import python, wait_until
from tests.support.streaming_app import PIECE, PIECES

SERVE = """
from kryptos.entrypoints import server
from kryptos.infra.settings import load_settings
server.APPLICATION = "tests.support.streaming_app:create_app"
server.serve_web(load_settings())
"""
BACKEND = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    number = free_port()
    with python(SERVE, cwd=BACKEND, port=str(number)):
        wait_until(lambda: answers(number), what="the server answers")
        yield number


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("HEAD", "/whole")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def test_a_whole_reply_arrives_piece_by_piece(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/whole")
    reply = connection.getresponse()
    assert (reply.status, reply.headers["Transfer-Encoding"]) == (200, "chunked")
    assert reply.read() == PIECE * PIECES
    connection.close()


def test_a_reply_that_breaks_off_is_seen_to_break_off(port: int) -> None:
    """Its last chunk never comes (RFC 9112, section 8), so no client takes it for complete."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/broken")
    reply = connection.getresponse()
    assert reply.status == 200
    with pytest.raises(http.client.IncompleteRead) as broken:
        reply.read()
    assert len(broken.value.partial) <= len(PIECE) * PIECES // 2
    connection.close()


def test_head_sends_no_piece(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("HEAD", "/whole")
    reply = connection.getresponse()
    assert (reply.status, reply.read()) == (200, b"")
    connection.close()
