"""Nodes that fail, stage by stage: what is told of it, that nothing is lost or doubled, that the next sync heals it."""

import json
from collections.abc import Callable

import httpx
import pytest

from kryptos.providers.chains.evm import EvmLimits
from tests.providers.evm.test_faults import half_a_page, raising, rpc_error
from tests.providers.evm.toy_chain import PERSON, Deed, Fault
from tests.support.app import App
from tests.support.ports import free_port
from tests.sync.ends import TokenChain, lived, local_end
from tests.sync.situation import Situation, kept_of, node_alone, over_node, read_afresh, situation

SMALL = EvmLimits(page_transactions=4, batch_calls=8)
UNREACHABLE, REFUSED = "PROVIDER_UNREACHABLE", "PROVIDER_REFUSED"


def said(status: int, **headers: str) -> Fault:
    return lambda _: httpx.Response(status, headers=headers, json={})


FAULTS: dict[str, tuple[Fault, str, int]] = {
    "times out": (raising(httpx.ReadTimeout("late")), UNREACHABLE, 0),
    "refuses connections": (raising(httpx.ConnectError("refused")), UNREACHABLE, 0),
    "breaks off": (raising(httpx.RemoteProtocolError("gone")), UNREACHABLE, 0),
    "answers garbage": (lambda _: httpx.Response(200, content=b"\x16\x03\x01<html>"), UNREACHABLE, 0),
    "answers half": (half_a_page, UNREACHABLE, 0),
    "answers nothing": (lambda _: httpx.Response(200, json=[]), UNREACHABLE, 0),
    "answers with an error": (rpc_error(-32603, "internal"), UNREACHABLE, 0),
    "answers with HTTP 500": (said(500), UNREACHABLE, 0),
    "is asked too often": (said(429, **{"retry-after": "4000"}), UNREACHABLE, 4000),
    "is busy for a day": (said(503, **{"retry-after": "86400"}), UNREACHABLE, 86_400),
    "refuses the key": (said(401), REFUSED, 0),
}
STAGES: dict[str, Callable[[httpx.Request], bool]] = {
    "both": lambda _: True,
    "Balances": lambda request: b"70a08231" in request.content,  # balanceOf
    "Transactions": lambda request: b"eth_getBlockByNumber" in request.content,
}
EXPECTED = {
    "both": ("FAILED", {"Balances": "FAILED", "Transactions": "FAILED"}),
    "Balances": ("PARTIALLY SYNCED", {"Balances": "FAILED", "Transactions": "COMPLETED"}),
    "Transactions": ("PARTIALLY SYNCED", {"Balances": "COMPLETED", "Transactions": "FAILED"}),
}


@pytest.fixture
def chain(monkeypatch: pytest.MonkeyPatch) -> TokenChain:
    """A chain with some history, handed over in small pages."""
    monkeypatch.setattr("kryptos.providers.chains.evm.adapter.EvmLimits", lambda: SMALL)
    chain = TokenChain()
    lived(chain)
    return chain


def fail_at(chain: TokenChain, stage: str, fault: Fault) -> None:
    is_meant = STAGES[stage]
    chain.fault = lambda request: fault(request) if is_meant(request) else None


def live_on(chain: TokenChain) -> None:
    """Let more happen, so that what was read before differs from what is there."""
    chain.mine(Deed(is_by_person=True, is_token=True, units=77))
    chain.mine(Deed(is_by_person=False, is_token=False, units=78))


def heal(chain: TokenChain) -> None:
    chain.fault = lambda _: None


async def assert_exact(its: Situation, chain: TokenChain, wallet_id: str) -> None:
    """Assert that an account stands as if it had been read without any fault."""
    found = await its.status(wallet_id)
    assert (found["status"], found["code"], found["message"]) == ("COMPLETED", None, None)
    assert await kept_of(its.app, wallet_id) == await read_afresh(its.app, chain.transport(), PERSON)


async def shortfalls(its: Situation) -> list[dict[str, object]]:
    found: list[dict[str, object]] = (await its.person.read("holdings"))["shortfalls"]
    return found


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("name", FAULTS)
async def test_a_fault_of_the_first_sync_is_told_and_healed(
    app: App, chain: TokenChain, name: str, stage: str
) -> None:
    fault, code, wait_seconds = FAULTS[name]
    its = await over_node(app, chain.transport())
    fail_at(chain, stage, fault)
    wallet_id = await its.connect(PERSON)
    # A node that asked to be left alone is not asked for the next stage either.
    status, stages = EXPECTED["both" if wait_seconds and stage == "Balances" else stage]
    found = await its.status(wallet_id)
    assert (found["status"], found["code"], await its.stages(wallet_id)) == (status, code, stages)
    assert found["message"].endswith("Nothing has been read yet.")
    assert "secret-key" not in json.dumps(found)
    assert (found["last_synced_at"] is None) is (status == "FAILED")
    assert (await its.next_sync_at(wallet_id) - app.clock.now()).total_seconds() >= max(54, wait_seconds)
    (shortfall,) = await shortfalls(its)
    assert (shortfall["walletId"], shortfall["status"], shortfall["code"]) == (wallet_id, status, code)
    heal(chain)
    await its.sync_when_due(wallet_id)
    await assert_exact(its, chain, wallet_id)
    assert await shortfalls(its) == []


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("name", FAULTS)
async def test_a_fault_of_a_later_sync_keeps_what_was_read_and_tells_its_age(
    app: App, chain: TokenChain, name: str, stage: str
) -> None:
    fault, code, wait_seconds = FAULTS[name]
    its = await over_node(app, chain.transport())
    wallet_id = await its.connect(PERSON)
    before = await kept_of(app, wallet_id)
    read_at = app.clock.now()
    live_on(chain)
    fail_at(chain, stage, fault)
    await its.sync_when_due(wallet_id)
    # A node that asked to be left alone is not asked for the next stage either.
    status, stages = EXPECTED["both" if wait_seconds and stage == "Balances" else stage]
    found = await its.status(wallet_id)
    assert (found["status"], found["code"], await its.stages(wallet_id)) == (status, code, stages)
    assert f"What is shown was read on {read_at:%Y-%m-%d at %H:%M} UTC." in found["message"]
    after = await kept_of(app, wallet_id)
    if stages["Transactions"] == "FAILED":
        assert after["entries"] == before["entries"]
    if stages["Balances"] == "FAILED":
        assert after["balances"] == before["balances"]
    assert (await its.next_sync_at(wallet_id) - app.clock.now()).total_seconds() >= max(54, wait_seconds)
    (shortfall,) = await shortfalls(its)
    assert shortfall["code"] == code
    heal(chain)
    await its.sync_when_due(wallet_id)
    await assert_exact(its, chain, wallet_id)


@pytest.mark.parametrize("requests", range(0, 40, 2))
async def test_a_node_that_dies_after_some_requests_loses_nothing(
    app: App, chain: TokenChain, requests: int
) -> None:
    """It dies in the middle of a page, between two and between two stages; what was kept until then is true."""
    whole = await read_afresh(app, chain.transport(), PERSON)
    its = await over_node(app, chain.transport())
    chain.fail_after(requests, raising(httpx.RemoteProtocolError("gone")))
    wallet_id = await its.connect(PERSON)
    part = await kept_of(app, wallet_id)
    assert set(part["entries"]) <= set(whole["entries"])
    assert part["counted"] == len(part["transactions"])
    heal(chain)
    await its.sync_when_due(wallet_id)
    await assert_exact(its, chain, wallet_id)


async def test_a_node_of_another_chain_is_not_believed(app: App, chain: TokenChain) -> None:
    chain.number = 5
    its = await over_node(app, chain.transport())
    wallet_id = await its.connect(PERSON)
    found = await its.status(wallet_id)
    assert (found["status"], found["code"]) == ("FAILED", REFUSED)
    assert "serves chain 5, not" in found["message"]
    assert await kept_of(app, wallet_id) == {"transactions": [], "entries": [], "balances": [], "counted": 0}
    chain.number = 1
    await its.sync_when_due(wallet_id)
    await assert_exact(its, chain, wallet_id)


async def test_a_retry_comes_later_each_time_and_never_later_than_a_regular_sync(
    app: App, chain: TokenChain
) -> None:
    its = await over_node(app, chain.transport())
    fail_at(chain, "both", raising(httpx.ConnectError("refused")))
    wallet_id = await its.connect(PERSON)
    waits = []
    for _ in range(11):
        waits.append(round((await its.next_sync_at(wallet_id) - app.clock.now()).total_seconds()))
        await its.sync_when_due(wallet_id)
    most = its.workshop.settings.sync_every_minutes * 60
    for number, wait in enumerate(waits):
        planned = min(60 << number, most)
        assert planned * 9 // 10 <= wait <= planned * 11 // 10 + 1
    heal(chain)
    await its.sync_when_due(wallet_id)
    await assert_exact(its, chain, wallet_id)


async def test_one_dead_chain_of_two_is_partial_and_the_other_is_read(app: App, chain: TokenChain) -> None:
    dead = httpx.MockTransport(raising(httpx.ConnectError("refused")))  # type: ignore[arg-type]  # it never answers
    its = await situation(
        app,
        node_alone("ethereum") | node_alone("polygon", "http://dead.test"),
        {"http://node.test": chain.transport(), "http://dead.test": dead},
    )
    wallet_id = await its.connect(PERSON, "metamask", chains=["ethereum", "polygon"])
    found = await its.status(wallet_id)
    assert (found["status"], found["code"]) == ("PARTIALLY SYNCED", UNREACHABLE)
    assert await its.stages(wallet_id) == {"Balances": "PARTIALLY SYNCED", "Transactions": "PARTIALLY SYNCED"}
    mine = await kept_of(app, wallet_id)
    assert mine == await read_afresh(app, chain.transport(), PERSON)


HALF = b"HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n" + b'[{"jsonrpc":"2.0","id":1,"result":'
ON_THE_WIRE: dict[str, bytes | None] = {
    "hangs up": None,
    "dies in half an answer": HALF,
    "speaks another protocol": b"SSH-2.0-OpenSSH_9.6\r\n",
    "answers TLS with an alert": b"\x15\x03\x01\x00\x02\x02\x46",
}


@pytest.mark.parametrize("name", ON_THE_WIRE)
async def test_a_fault_on_the_wire_itself_is_told_and_healed(app: App, chain: TokenChain, name: str) -> None:
    """The same over real connections: some requests are answered, and then none any more."""
    raw = ON_THE_WIRE[name]
    async with local_end(chain.handle) as end, httpx.AsyncHTTPTransport() as wire:
        good = await situation(app, node_alone("ethereum", end.url), {end.url: wire})
        wallet_id = await good.connect(PERSON)
        before = await kept_of(app, wallet_id)
        live_on(chain)
        served = end.requests
        end.answer = lambda request: chain.handle(request) if end.requests < served + 4 and raw else raw
        await good.sync_when_due(wallet_id)
        found = await good.status(wallet_id)
        assert (found["code"], found["message"].count("What is shown was read on")) == (UNREACHABLE, 1)
        assert found["status"] in {"FAILED", "PARTIALLY SYNCED"}
        assert (await kept_of(app, wallet_id))["entries"] == before["entries"]
        end.answer = chain.handle
        await good.sync_when_due(wallet_id)
        await assert_exact(good, chain, wallet_id)


async def test_a_port_where_nobody_listens_is_told_and_healed(app: App, chain: TokenChain) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    async with httpx.AsyncHTTPTransport() as wire:
        its = await situation(app, node_alone("ethereum", url), {url: wire})
        wallet_id = await its.connect(PERSON)
        found = await its.status(wallet_id)
        assert (found["status"], found["code"]) == ("FAILED", UNREACHABLE)
        async with local_end(chain.handle, port=port):
            await its.sync_when_due(wallet_id)
            await assert_exact(its, chain, wallet_id)
