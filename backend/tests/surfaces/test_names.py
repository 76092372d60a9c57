"""The address of a name, for the widget: who may ask, how often, and in which words it cannot be told."""

import json

import httpx

from kryptos.domains.clients import Mode
from kryptos.infra.http_client.client import HttpClient
from kryptos.providers.registry import Registry
from tests.support.app import App, running_app
from tests.support.connecting import ADDRESS, Person, arrive, make_client
from tests.support.journey import data_of, refusal


def let_answer(app: App, word: str | None) -> None:
    """Let every contract of Ethereum answer with a word; None: nobody is there."""

    def answer(request: httpx.Request) -> httpx.Response:
        if word is None:
            raise httpx.ConnectError("away")
        calls = json.loads(request.content)
        items = [
            {"jsonrpc": "2.0", "id": each["id"], "result": "0x1" if each["method"] == "eth_chainId" else word}
            for each in (calls if isinstance(calls, list) else [calls])
        ]
        return httpx.Response(200, json=items if isinstance(calls, list) else items[0])

    services = app.services
    transport = httpx.MockTransport(answer)
    client = HttpClient(clock=app.clock, sleep=_no_sleep, chance=bytes, transport=transport)
    registry = Registry(client, {"KRYPTOS_RPC_ETHEREUM": "https://node.example"}, sandbox_nodes={})
    services.registry.probe = registry.probe  # type: ignore[method-assign]


async def _no_sleep(_: float) -> None:
    return


async def ask(person: Person, name: str = "alice.eth") -> httpx.Response:
    return await person.app.widget(person.token, "resolve-name", {"name": name})


async def arrive_in_production(app: App) -> Person:
    return await arrive(app, await make_client(app, mode=Mode.PRODUCTION))


async def test_a_name_and_its_address(app: App) -> None:
    person = await arrive_in_production(app)
    let_answer(app, "0x" + ADDRESS[2:].lower().rjust(64, "0"))
    assert data_of(await ask(person, " Alice.ETH ")) == {"name": "alice.eth", "address": ADDRESS}


async def test_nobodys_name_and_no_answer_differ(app: App) -> None:
    person = await arrive_in_production(app)
    let_answer(app, "0x" + "0" * 64)
    assert refusal(await ask(person)) == (404, "NAME_NOT_FOUND")
    let_answer(app, None)
    assert refusal(await ask(person)) == (503, "NAME_UNREACHABLE")


async def test_names_that_are_not_looked_up(app: App) -> None:
    person = await arrive_in_production(app)
    assert refusal(await ask(person, "älice.eth")) == (400, "NAME_NOT_SUPPORTED")
    in_sandbox = await ask(await arrive(app))
    assert refusal(in_sandbox) == (400, "NAME_NOT_SUPPORTED")
    assert "sandbox" in in_sandbox.json()["error"]


async def test_nothing_is_looked_up_before_consent(app: App) -> None:
    client = await make_client(app, mode=Mode.PRODUCTION)
    token = await app.link_token(client)
    person = Person(app, client, token)
    assert refusal(await ask(person)) == (409, "SIGN_IN_REQUIRED")
    data_of(await app.widget(token, "auth/anonymous"))
    assert refusal(await ask(person)) == (409, "CONSENT_REQUIRED")


async def test_looking_up_is_limited(database_url: str) -> None:
    async with running_app(database_url, rate_limit_factor=1) as app:
        person = await arrive_in_production(app)
        let_answer(app, "0x" + "0" * 64)
        told = [refusal(await ask(person)) for _ in range(31)]
        assert told[29] == (404, "NAME_NOT_FOUND")
        assert told[30] == (429, "RATE_LIMIT_EXCEEDED")
