"""Log lines are JSON and hold no secret, whatever is logged and by whom; metrics count under route templates."""

import base64
import json
import logging
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kryptos.infra.telemetry import Measure, observe_request, redact_text, redacted, render_metrics
from kryptos.infra.telemetry.logs import JsonLines

PREFIXES = ("link", "public", "cat", "secret", "host", "wkey", "kryptos_live", "kryptos_test")

secrets = st.binary(min_size=32, max_size=48).map(
    lambda raw: base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
)
tokens = st.builds("{}_{}".format, st.sampled_from(PREFIXES), secrets)
truncated = st.builds(
    lambda token, rest: token[: token.rindex("_") + 1] + token[token.rindex("_") + 1 :][:rest],
    st.builds("{}_{}".format, st.sampled_from(PREFIXES), st.text("ABCDEFGHabcdefgh0123456789", min_size=43)),
    st.integers(16, 42),
)
surroundings = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
keys = st.sampled_from(["event", "url", "path", "reason", "detail", "body"])


def say(event: object) -> str:
    return JsonLines().format(logging.LogRecord("a.library", logging.INFO, "file.py", 1, event, (), None))


def secret_of(token: str) -> str:
    prefix = next(each for each in PREFIXES if token.startswith(f"{each}_"))
    return token.removeprefix(f"{prefix}_")


@given(token=tokens, before=surroundings, after=surroundings)
def test_no_token_survives_in_a_text(token: str, before: str, after: str) -> None:
    text = redact_text(f"{before}{token}{after}")
    assert secret_of(token) not in text


@given(token=truncated)
def test_no_truncated_token_survives_either(token: str) -> None:
    if any(letter.isdigit() or letter.isupper() for letter in secret_of(token)):
        assert secret_of(token) not in redact_text(f"GET /x?token={token} 404")


@given(token=tokens, key=keys)
def test_no_token_survives_anywhere_in_an_event(token: str, key: str) -> None:
    class Odd:
        def __repr__(self) -> str:
            return f"<Odd {token}>"

    event = {
        key: token,
        "deep": [{"deeper": ({token: f"a {token} b"},)}],
        "raw": token.encode(),
        "odd": Odd(),
        "error": ValueError(token),
    }
    assert secret_of(token) not in json.dumps(redacted(event))


@given(token=tokens)
def test_no_token_survives_in_a_line_of_a_library_or_in_a_traceback(token: str) -> None:
    with pytest.raises(ValueError, match="invalid literal") as caught:
        int(token)
    exc_info = (caught.type, caught.value, caught.tb)
    record = logging.LogRecord("lib", logging.ERROR, "f", 1, "GET %s", (token,), exc_info)
    line = JsonLines().format(record)
    assert secret_of(token) not in line
    shown = json.loads(line)
    assert "Traceback" in shown["exception"]
    assert shown["level"] == "error"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Authorization: Bearer abcdef.ghijkl", "Authorization: Bearer [redacted]"),
        ("postgresql://kryptos:hunter2@db:5432/x", "postgresql://kryptos:[redacted]@db:5432/x"),
        ("smtps://:p%40ss@mail.example.com", "smtps://:[redacted]@mail.example.com"),
        ("client_secret=abc&x=1", "client_secret=[redacted]&x=1"),
        ('{"code": "123456", "n": 123456}', '{"code": "[redacted]", "n": 123456}'),
        ("password: 'swordfish'", "password: '[redacted]'"),
        ("public_token_exchanged link_session_completed", "public_token_exchanged link_session_completed"),
        ("user_0192f3a4b5c67d8e9fa0b1c2d3e4f506 did it", "user_0192f3a4b5c67d8e9fa0b1c2d3e4f506 did it"),
        ("http://127.0.0.1:4400/health", "http://127.0.0.1:4400/health"),
    ],
)
def test_what_is_secret_in_a_text_goes_and_the_rest_stays(text: str, shown: str) -> None:
    assert redact_text(text) == shown


def test_values_of_telling_keys_go() -> None:
    event = {
        "code": 123456,
        "codes": ["654321"],
        "status_code": 404,
        "error_code": "CODE_INVALID",
        "X-Client-Secret": "short",
        "cookie": "a=b",
        "access_token": "short",
        "has_token": True,
        "password": None,
        "count": 123456,
    }
    assert redacted(event) == {
        "code": "[redacted]",
        "codes": ["[redacted]"],
        "status_code": 404,
        "error_code": "CODE_INVALID",
        "X-Client-Secret": "[redacted]",
        "cookie": "[redacted]",
        "access_token": "[redacted]",
        "has_token": True,
        "password": None,
        "count": 123456,
    }


def test_anything_can_be_logged() -> None:
    endless: list[object] = []
    endless.append(endless)
    at = datetime(2026, 1, 2, tzinfo=UTC)
    odd = {"endless": endless, "big": 2**80, "nan": float("nan"), "half": "\ud800", "at": at, 1: {2}}
    assert json.loads(say(odd))["event"]
    assert redacted({"at": at}) == {"at": "2026-01-02T00:00:00+00:00"}
    json.dumps(redacted(odd))


PROGRAM = """
import logging, structlog
from kryptos.infra.settings import Settings
from kryptos.infra.telemetry import configure_logging
configure_logging(Settings(log_level="info"))
log = structlog.get_logger("kryptos.somewhere")
with structlog.contextvars.bound_contextvars(request_id="req_1"):
    log.info("greeted", whom="everyone")
    logging.getLogger("alembic.runtime").info("Running %s", "upgrade")
log.debug("too quiet")
logging.getLogger("sqlalchemy.engine").info("SELECT 1")
try:
    1 / 0
except ZeroDivisionError:
    log.exception("failed")
"""


def test_a_process_writes_one_json_line_per_event() -> None:
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, timeout=60
    )
    assert run.stdout == ""
    greeted, upgrade, failed = (json.loads(line) for line in run.stderr.splitlines())
    assert list(greeted)[:3] == ["timestamp", "level", "event"]
    assert datetime.fromisoformat(greeted.pop("timestamp")).tzinfo is not None
    assert greeted == {
        "level": "info",
        "event": "greeted",
        "whom": "everyone",
        "request_id": "req_1",
        "logger": "kryptos.somewhere",
    }
    assert (upgrade["event"], upgrade["request_id"]) == ("Running upgrade", "req_1")
    assert "ZeroDivisionError" in failed["exception"]


def test_metrics_are_counted_by_template() -> None:
    observe_request(method="GET", path_template="/api/v1/telemetry/{id}", status=200, seconds=0.003)
    text = render_metrics([Measure("queue_jobs", "Jobs by state", {"dead": 2}, "state")]).decode()
    labels = 'method="GET",path_template="/api/v1/telemetry/{id}"'
    assert f'kryptos_http_requests_total{{{labels},status="200"}} 1.0' in text
    assert f'kryptos_http_request_seconds_bucket{{le="0.005",{labels}}} 1.0' in text
    assert 'kryptos_queue_jobs{state="dead"} 2.0' in text
