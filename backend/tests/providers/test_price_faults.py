"""Price sources whose servers do not answer as they should: each fault has its error, and half an answer is none.

Contract only: every answer here is written from the public documentation of its server, none is recorded.
"""

from collections.abc import Callable

import httpx
import pytest

from kryptos.providers.contracts import CouldNotLook, ProviderRefused
from kryptos.providers.prices.contracts import PriceSource
from tests.providers.price_servers import (
    KEY,
    SOURCES,
    Fault,
    PriceServers,
    current,
    historical,
    reply,
)


def raising(error: Exception) -> Fault:
    def fault(request: httpx.Request) -> httpx.Response:
        raise error

    return fault


FAULTS: dict[str, tuple[Fault, type[CouldNotLook], str, int | None]] = {
    "refuses connections": (
        raising(httpx.ConnectError("refused")),
        CouldNotLook,
        "could not be reached",
        None,
    ),
    "times out": (raising(httpx.ReadTimeout("late")), CouldNotLook, "did not answer within 10 s", None),
    "dies in the middle": (
        raising(httpx.RemoteProtocolError("gone")),
        CouldNotLook,
        "could not be reached",
        None,
    ),
    "answers garbage": (lambda _: httpx.Response(200, content=b"<html>"), CouldNotLook, "not JSON", None),
    "answers something else": (lambda _: reply("hi"), CouldNotLook, "another form", None),
    "is asked too often": (
        lambda _: httpx.Response(429, headers={"retry-after": "77"}, json={}),
        CouldNotLook,
        "asked too often",
        77,
    ),
    "refuses the key": (lambda _: httpx.Response(401, json={}), ProviderRefused, "HTTP 401", None),
    "is broken": (lambda _: httpx.Response(502, content=b"bad gateway"), CouldNotLook, "HTTP 502", None),
}


@pytest.mark.parametrize("ask", [current, historical])
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", SOURCES)
async def test_each_fault_has_its_error(name: str, fault: str, ask: Callable[[PriceSource], object]) -> None:
    answer, kind, text, wait = FAULTS[fault]
    source = PriceServers(faults={name: answer}).sources()[name]
    with pytest.raises(CouldNotLook) as caught:
        await ask(source)  # type: ignore[misc]
    assert type(caught.value).code == kind.code
    assert text in caught.value.message
    assert f"{name}.test" in caught.value.message
    assert KEY not in caught.value.message
    assert caught.value.retry_after_seconds == wait


@pytest.mark.parametrize("ask", [current, historical])
@pytest.mark.parametrize("name", SOURCES)
async def test_half_an_answer_is_none(name: str, ask: Callable[[PriceSource], object]) -> None:
    servers = PriceServers()

    def cut(request: httpx.Request) -> httpx.Response:
        whole = servers.answer(request).content
        return httpx.Response(200, content=whole[: len(whole) // 2])

    servers.faults[name] = cut
    with pytest.raises(CouldNotLook, match="not JSON"):
        await ask(servers.sources()[name])  # type: ignore[misc]


WRONG_FORMS: dict[str, list[object]] = {
    "defillama": [
        {"coins": {"coingecko:bitcoin": {"price": "5", "timestamp": 1}}},
        {"coins": {"coingecko:bitcoin": {"price": True, "timestamp": 1}}},
        {"coins": {"coingecko:bitcoin": {"price": 5, "timestamp": -1}}},
        {"coins": {"coingecko:bitcoin": {"price": 5, "timestamp": 10**20}}},
        {"coins": []},
        {},
    ],
    "coingecko": [
        {"bitcoin": {"usd": "5", "last_updated_at": 1}},
        {"bitcoin": {"usd": 5, "last_updated_at": 10**20}},
        {"bitcoin": 5},
    ],
    "coinbase": [[[1, 2, 3]], [["1", 2, 3, 4, 5, 6]], [[1, 2, 3, "4", 5, 6]]],
    "kraken": [
        {"error": [], "result": {"X": [[1, "NaN", "1", "1", "1", "1", "1", 1]], "last": 1}},
        {"error": [], "result": {"X": [[1, "1", "1", "1", "-1", "1", "1", 1]], "last": 1}},
        {"error": [], "result": {"X": 5}},
        {"error": []},
        {},
    ],
    "binance": [
        [[1, "1", "1", "1", "Infinity", "1", 1, 0, 0, 0, 0, 0]],
        [[1, "1", "1", "1", "1", "1"]],
        {"code": -1121},
    ],
}


@pytest.mark.parametrize(
    ("name", "body"), [(name, body) for name in WRONG_FORMS for body in WRONG_FORMS[name]]
)
async def test_an_answer_of_another_form_is_refused(name: str, body: object) -> None:
    source = PriceServers(faults={name: lambda _: reply(body)}).sources()[name]
    with pytest.raises(CouldNotLook):
        await current(source)
