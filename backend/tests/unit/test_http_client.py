"""The outgoing HTTP client: budgets, deadlines, back-off, circuit breaker, exact numbers, and no key in any text."""

import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kryptos.infra.http_client.client import HttpClient
from kryptos.infra.http_client.errors import AnswerTooLarge, AnswerTooLate, CouldNotLook, ProviderRefused
from kryptos.infra.http_client.retry_after import seconds_to_wait
from kryptos.infra.http_client.standing import Standing
from kryptos.infra.http_client.upstream import Upstream
from tests.support.clock import ManualClock

KEY = "k3y-that-nobody-may-see"
URL = f"https://node.example/v2/{KEY}"
NOW = datetime(2024, 5, 1, 12, 0, tzinfo=UTC)
Handler = Callable[[httpx.Request], httpx.Response]


class Bench:
    """A client over a handler, with time that passes only where the client sleeps."""

    def __init__(self, *answers: httpx.Response | Exception | Handler, **settings: int) -> None:
        self.clock = ManualClock(NOW)
        self.slept: list[float] = []
        self.requests: list[httpx.Request] = []
        self._answers = list(answers)
        self.upstream = Upstream(name="Somebody", base_url=URL, headers={"x-key": KEY}, **settings)
        self.client = HttpClient(
            clock=self.clock,
            sleep=self._sleep,
            chance=lambda size: b"\x80" + bytes(size - 1),
            transport=httpx.MockTransport(self._answer),
        )

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.clock.advance(seconds=seconds)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, httpx.Response) else answer(request)

    async def ask(self) -> object:
        return (await self.client.ask(self.upstream, "GET")).value

    async def failure(self) -> CouldNotLook:
        with pytest.raises(CouldNotLook) as caught:
            await self.ask()
        return caught.value


def status(code: int, **headers: str) -> httpx.Response:
    return httpx.Response(
        code, headers={name.replace("_", "-"): value for name, value in headers.items()}, json={}
    )


async def test_numbers_stay_exact() -> None:
    text = b'{"a": 0.1, "b": 1e-18, "c": %d}' % (2**256 - 1)
    bench = Bench(httpx.Response(200, content=text))
    assert await bench.ask() == {"a": Decimal("0.1"), "b": Decimal("1e-18"), "c": 2**256 - 1}


async def test_what_is_sent() -> None:
    bench = Bench(lambda _: httpx.Response(200, json={}))
    await bench.client.ask(bench.upstream, "POST", "/path", body={"n": 2**70}, params={"q": "1"})
    (request,) = bench.requests
    assert str(request.url) == f"{URL}/path?q=1"
    assert request.content == b'{"n":1180591620717411303424}'
    assert request.headers["x-key"] == KEY
    assert request.headers["content-type"] == "application/json"


async def test_fails_then_succeeds_after_pauses_that_grow() -> None:
    bench = Bench(status(503), httpx.ConnectError("no"), httpx.Response(200, json=1))
    assert await bench.ask() == 1
    assert bench.slept == [0.375, 0.75]


@pytest.mark.parametrize(
    "garbage",
    [b"", b"<html>busy</html>", b'{"half": ', b"NaN", b"\xff\xfe", b"[" * 100_000],
    ids=["empty", "html", "half", "nan", "not utf-8", "deep"],
)
async def test_garbage_is_a_failure(garbage: bytes) -> None:
    bench = Bench(httpx.Response(200, content=garbage))
    assert "not JSON" in (await bench.failure()).message
    assert len(bench.requests) == 3


async def test_short_retry_after_is_slept() -> None:
    bench = Bench(status(429, retry_after="3"), httpx.Response(200, json=1))
    assert await bench.ask() == 1
    assert bench.slept == [3]


async def test_long_retry_after_is_reported_and_kept_to() -> None:
    bench = Bench(status(429, retry_after="120"), httpx.Response(200, json=1))
    assert (await bench.failure()).retry_after_seconds == 120
    assert bench.slept == []
    bench.clock.advance(seconds=100)
    assert (await bench.failure()).retry_after_seconds == 20
    assert len(bench.requests) == 1
    bench.clock.advance(seconds=20)
    assert await bench.ask() == 1


async def test_retry_after_as_a_date() -> None:
    bench = Bench(status(503, retry_after=format_datetime(NOW + timedelta(seconds=61), usegmt=True)))
    assert (await bench.failure()).retry_after_seconds == 61


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0),
        ("17", 17),
        ("99999999999999", 86_400),
        ("Wed, 01 May 2024 11:00:00 GMT", 0),
        ("Wed, 01 May 2024 12:00:30 -0000", 30),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("", None),
        (None, None),
    ],
)
def test_reading_retry_after(header: str | None, seconds: int | None) -> None:
    assert seconds_to_wait(header, now=NOW) == seconds


@given(st.text(max_size=40))
def test_reading_retry_after_never_fails(header: str) -> None:
    wait = seconds_to_wait(header, now=NOW)
    assert wait is None or 0 <= wait <= 86_400


@pytest.mark.parametrize("code", [401, 402, 403])
async def test_refusals_are_not_repeated(code: int) -> None:
    bench = Bench(status(code))
    assert isinstance(await bench.failure(), ProviderRefused)
    assert len(bench.requests) == 1


@pytest.mark.parametrize("code", [301, 400, 404, 413])
async def test_other_answers_are_not_repeated_and_do_not_open_the_circuit(code: int) -> None:
    bench = Bench(status(code, location="https://elsewhere.example/"))
    for _ in range(10):
        assert str(code) in (await bench.failure()).message
    assert len(bench.requests) == 10


async def test_readable_status_is_given_back() -> None:
    bench = Bench(httpx.Response(400, json={"error": 1}), httpx.Response(400, content=b"<html>"))
    answer = await bench.client.ask(bench.upstream, "GET", readable_statuses=frozenset({400}))
    assert (answer.status, answer.value) == (400, {"error": 1})
    with pytest.raises(CouldNotLook, match="HTTP 400"):
        await bench.client.ask(bench.upstream, "GET", readable_statuses=frozenset({400}))


async def test_answer_is_bounded_after_decompression() -> None:
    bench = Bench(httpx.Response(200, content=b" " * 2_000 + b"1"), answer_limit_bytes=1_000)
    assert isinstance(await bench.failure(), AnswerTooLarge)
    assert len(bench.requests) == 1


async def test_late_answer() -> None:
    bench = Bench(httpx.ReadTimeout("late"))
    assert isinstance(await bench.failure(), AnswerTooLate)
    assert len(bench.requests) == 3


async def test_circuit_opens_probes_once_and_closes() -> None:
    bench = Bench(*[status(500)] * 5, httpx.Response(200, json=1), attempts=1, failures_until_open=3)
    for _ in range(3):
        await bench.failure()
    refused = await bench.failure()
    assert "3 times in a row" in refused.message
    assert refused.retry_after_seconds == 30
    assert len(bench.requests) == 3
    bench.clock.advance(seconds=31)
    await bench.failure()  # the probe fails: open again
    assert len(bench.requests) == 4
    await bench.failure()
    assert len(bench.requests) == 4
    for _ in range(2):
        bench.clock.advance(seconds=31)
        if len(bench.requests) == 4:
            await bench.failure()
    assert await bench.ask() == 1
    assert await bench.ask() == 1


def test_half_open_circuit_lets_one_through() -> None:
    standing = Standing(Upstream(name="Somebody", base_url=URL, failures_until_open=1))
    standing.admit(NOW)
    standing.failed(NOW)
    later = NOW + timedelta(seconds=30)
    standing.admit(later)
    with pytest.raises(CouldNotLook):
        standing.admit(later)
    standing.abandoned()
    standing.admit(later)
    standing.succeeded()
    standing.admit(later)


async def test_budget_spreads_requests() -> None:
    bench = Bench(httpx.Response(200, json=1), requests_per_window=2)
    for _ in range(6):
        await bench.ask()
    assert bench.clock.now() - NOW == timedelta(seconds=2)


@given(st.lists(st.integers(0, 3_000), max_size=60), st.integers(1, 5), st.integers(1, 3))
def test_no_window_ever_holds_more_than_the_budget(gaps: list[int], most: int, window: int) -> None:
    standing = Standing(
        Upstream(name="Somebody", base_url=URL, requests_per_window=most, window_seconds=window)
    )
    now, begun = NOW, []
    for gap in gaps:
        now += timedelta(milliseconds=gap)
        begun.append(now + standing.book(now))
    assert begun == sorted(begun)
    for first, beyond in zip(begun, begun[most:], strict=False):
        assert beyond - first >= timedelta(seconds=window)


@pytest.mark.parametrize(
    "answer",
    [
        status(500),
        status(401),
        status(404),
        httpx.ConnectError(f"cannot connect to {URL}"),
        httpx.ReadTimeout(f"no answer from {URL}"),
        httpx.Response(200, content=b"<"),
        httpx.Response(200, content=b"1" * 99),
    ],
)
async def test_no_error_shows_a_key(answer: httpx.Response | Exception) -> None:
    bench = Bench(answer, answer_limit_bytes=50)
    failure = await bench.failure()
    assert "Somebody (node.example)" in failure.message
    assert KEY not in failure.message
    assert KEY not in repr(bench.upstream)
    if not isinstance(answer, Exception):
        assert KEY not in "".join(traceback.format_exception(failure))


async def test_address_that_is_no_url() -> None:
    bench = Bench(status(200))
    wrong = Upstream(name="Somebody", base_url=f"https://node.example:{KEY}/")
    with pytest.raises(CouldNotLook, match="no URL") as caught:
        await bench.client.ask(wrong, "GET")
    assert KEY not in "".join(traceback.format_exception(caught.value))
