"""The examination of made-up calls can fail: servers with a fault of each kind are found out."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from schemathesis.core.failures import FailureGroup

from tests.fuzzing.cast import Caller
from tests.fuzzing.examining import examine
from tests.fuzzing.test_documented_replies import DOCUMENT, SCHEMA
from tests.support.openapi import ReplyValidator

HEALTHY = {"status": "OK", "environment": "development", "timestamp": "2026-01-01T00:00:00.000Z"}
HEADERS = {"Content-Type": "application/json", "X-Request-Id": "req_1"}
ERROR = {
    "success": False,
    "error": "It broke.",
    "code": "INTERNAL_ERROR",
    "request_id": "req_1",
    "doc_url": "https://x",
}
TRACEBACK = 'Traceback (most recent call last):\n  File "/src/kryptos/x.py", line 1'


class Anybody:
    """Stands for the cast where nobody needs credentials."""

    def choose(self, _schemes: list[str], _chance: int, **_how: bool) -> Caller:
        return Caller({})


@contextmanager
def answering(status: int, headers: dict[str, str], body: bytes) -> Iterator[str]:
    """Answer every call in this way while the block runs; give the base URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def look(status: int, headers: dict[str, str], body: object) -> None:
    """Examine one call of the health endpoint of a server that answers like this."""
    case = SCHEMA["/api/health"]["GET"].Case()
    with answering(status, headers, json.dumps(body).encode()) as base_url:
        examine(case, Anybody(), base_url, ReplyValidator(DOCUMENT))  # type: ignore[arg-type]  # it chooses too


def test_a_reply_as_documented_passes() -> None:
    look(200, HEADERS, HEALTHY)


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        pytest.param(500, HEADERS, ERROR, id="a fault of the server"),
        pytest.param(418, HEADERS, {**ERROR, "code": "TEAPOT"}, id="a status that is not documented"),
        pytest.param(200, HEADERS, {**HEALTHY, "status": 1}, id="another type"),
        pytest.param(200, HEADERS, {"status": "OK"}, id="a field is missing"),
        pytest.param(200, {**HEADERS, "Content-Type": "text/html"}, HEALTHY, id="another content type"),
        pytest.param(200, {**HEADERS, "X-Request-Id": "1"}, HEALTHY, id="no request id"),
        pytest.param(200, HEADERS, {**HEALTHY, "environment": TRACEBACK}, id="a stack trace"),
        pytest.param(200, {**HEADERS, "X-Debug": "/src/kryptos/x"}, HEALTHY, id="a path in a header"),
    ],
)
def test_a_fault_is_seen(status: int, headers: dict[str, str], body: object) -> None:
    with pytest.raises((AssertionError, FailureGroup)):
        look(status, headers, body)
