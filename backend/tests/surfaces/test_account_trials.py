"""Looking at an account before it is saved: trying it, finding its chains; no transaction waits for the network."""

import asyncio
from typing import Any

import httpx
import pytest

from kryptos.catalog import list_chains
from kryptos.domains.clients import Mode
from kryptos.providers.contracts import CouldNotLook
from kryptos.providers.sandbox import PERSONAS, TYPED_ADDRESSES
from tests.support.app import App
from tests.support.connecting import (
    ADDRESS,
    TYPED,
    TYPED_SPELLINGS,
    Person,
    ToyChain,
    arrive,
    happened,
    make_client,
    use_chains,
)
from tests.support.journey import data_of, refusal, rows
from tests.support.workshop import settle

HOLDER = next(each for each in PERSONAS if each.id == "holder").address


# ---------------------------------------------------------------- trying before saving


async def started_test(person: Person, **account: Any) -> str:
    reply = await person.app.widget(person.token, "integrations/test", account)
    assert reply.status_code == 202, reply.text
    assert reply.json()["data"]["status"] == "pending"
    return str(reply.json()["data"]["test_id"])


async def test_an_account_is_tried_before_it_is_saved(app: App) -> None:
    person = await arrive(app)
    use_chains(app, ethereum=(chain := ToyChain()))
    test_id = await started_test(person, provider="ethereum", persona="holder")
    assert data_of(await person.widget_get(f"integrations/test/{test_id}"))["status"] == "pending"
    assert await settle(app) == ["try_connection"]
    found = data_of(await person.widget_get(f"integrations/test/{test_id}"))
    assert found == {
        "test_id": test_id, "status": "passed", "active_chains": ["ethereum"], "code": None, "message": None,
    }  # fmt: skip
    assert len(chain.asked) == 1
    assert await person.listed() == [], "a try saves nothing"


async def test_an_account_that_nobody_can_read_fails_its_test(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hurry(_seconds: float) -> None:
        return None

    monkeypatch.setattr(app.services.registry._http, "_sleep", hurry)
    person = await arrive(app)
    test_id = await started_test(person, provider="ethereum", persona="broken")
    await settle(app)
    found = data_of(await person.widget_get(f"integrations/test/{test_id}"))
    assert (found["status"], found["code"], found["active_chains"]) == ("failed", "PROVIDER_UNREACHABLE", [])
    assert found["message"]


async def test_an_account_never_used_passes_and_one_chain_that_answers_is_enough(app: App) -> None:
    person = await arrive(app, await make_client(app, mode=Mode.PRODUCTION))
    use_chains(app, ethereum=ToyChain(error=CouldNotLook("Nobody answers.")), polygon=ToyChain(is_used=False))
    test_id = await started_test(person, provider="metamask", address=ADDRESS, chains=["ethereum", "polygon"])
    await settle(app)
    found = data_of(await person.widget_get(f"integrations/test/{test_id}"))
    assert (found["status"], found["active_chains"]) == ("passed", [])


async def test_another_sessions_test_does_not_exist(app: App) -> None:
    mine, theirs = await arrive(app), await arrive(app)
    test_id = await started_test(theirs, provider="ethereum", persona="holder")
    for each in (test_id, "test_" + "0" * 32):
        assert refusal(await mine.widget_get(f"integrations/test/{each}")) == (404, "TEST_NOT_FOUND")


# ---------------------------------------------------------------- finding an address's chains


async def detected(person: Person, address: str) -> httpx.Response:
    return await person.app.widget(person.token, "detect-chains", {"address": address})


async def test_the_sandbox_finds_the_chain_of_its_addresses(app: App) -> None:
    person = await arrive(app)
    for chain_id, spellings in {"ethereum": TYPED_SPELLINGS, "solana": (TYPED_ADDRESSES["solana"],)}.items():
        for spelling in spellings:
            found = data_of(await detected(person, spelling))
            assert [each["id"] for each in found["chains"]] == [chain_id]
            assert (found["unreachable"], found["looked"]) == ([], 1)
    for address in (ADDRESS, HOLDER, "", "0x" + "ab" * 32):
        assert refusal(await detected(person, address)) == (400, "SANDBOX_ADDRESS_NOT_ALLOWED")


async def test_what_is_no_address_is_told_as_such(app: App) -> None:
    person = await arrive(app, await make_client(app, mode=Mode.PRODUCTION))
    for text in ("", "Ada", ADDRESS[:-1] + "b", "0x" + "ab" * 32):
        reply = await detected(person, text)
        assert refusal(reply) == (400, "ADDRESS_INVALID")
        assert not text or text not in reply.text


async def test_silent_chains_are_told_apart_from_unused_ones(app: App) -> None:
    person = await arrive(app, await make_client(app, mode=Mode.PRODUCTION))
    silent = ToyChain(error=CouldNotLook("Nobody answers."))
    everywhere = {each.id: ToyChain(is_used=False) for each in list_chains() if each.family == "evm"}
    use_chains(app, **{**everywhere, "ethereum": ToyChain(), "polygon": silent})
    found = data_of(await detected(person, ADDRESS))
    assert [each["id"] for each in found["chains"]] == ["ethereum"]
    assert [each["id"] for each in found["unreachable"]] == ["polygon"]
    assert found["looked"] == len(everywhere) - 1


OPEN_TRANSACTIONS = """
SELECT state, query FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
  AND backend_type = 'client backend'
"""


@pytest.mark.parametrize("question", ["activity", "balances", "transactions"])
async def test_no_transaction_is_open_while_the_network_is_asked(app: App, question: str) -> None:
    person = await arrive(app)
    use_chains(app, ethereum=(chain := ToyChain(waits_at=question, history=(happened(1),))))
    if question == "activity":
        work: asyncio.Task[Any] = asyncio.create_task(detected(person, TYPED))
    else:
        await person.connected(provider="ethereum", address=TYPED)
        work = asyncio.create_task(settle(app))
    await chain.reached.wait()
    assert await rows(app, OPEN_TRANSACTIONS) == []
    chain.gate.set()
    await work
    assert chain.asked
