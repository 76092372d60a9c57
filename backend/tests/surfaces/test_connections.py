"""Connecting accounts: what may be connected and what not, by whom, and that one account is connected once."""

import asyncio
from typing import Any

import httpx

from kryptos.catalog import checksum_address
from kryptos.domains.clients import Mode
from kryptos.providers.sandbox import PERSONAS, TYPED_ADDRESSES
from tests.support.app import App
from tests.support.connecting import (
    ADDRESS,
    BITCOIN_ADDRESS,
    OTHER_ADDRESS,
    TYPED,
    TYPED_SPELLINGS,
    Person,
    arrive,
    make_client,
    settle_in,
)
from tests.support.journey import add_workspace, data_of, refusal, rows, sign_in, snapshot

HOLDER = next(each for each in PERSONAS if each.id == "holder").address


def path_of(reply: httpx.Response) -> list[str]:
    return list(reply.json()["details"][0]["path"])


# ---------------------------------------------------------------- what may be connected in the sandbox


async def test_the_typed_address_is_connected_with_any_capitals(app: App) -> None:
    """K-192; kept with those of EIP-55, as every address of its family."""
    for spelling in TYPED_SPELLINGS:
        person = await arrive(app)
        found = data_of(await person.connect(provider="ethereum", address=spelling, alias="  Savings "))
        assert found["address"] == checksum_address(TYPED)
        assert (found["alias"], found["persona"], found["chains"]) == ("Savings", None, ["ethereum"])
        assert (found["status"], found["stages"], found["last_synced_at"]) == ("ONGOING", [], None)


async def test_solanas_address_and_every_persona_can_be_connected(app: App) -> None:
    person = await arrive(app)
    await person.connected(provider="solana", address=TYPED_ADDRESSES["solana"])
    for each in PERSONAS:
        found = data_of(await person.connect(provider=each.provider_id, persona=each.id))
        assert found["persona"] == each.id
        assert found["address"].lower() == each.address.lower()
    assert len(await person.listed()) == 1 + len(PERSONAS)


Refusals = dict[str, tuple[dict[str, Any], int, str]]

SANDBOX_REFUSALS: Refusals = {
    "another chain": (
        {"provider": "bitcoin", "address": BITCOIN_ADDRESS}, 400, "SANDBOX_PROVIDER_NOT_ALLOWED"),
    "a wallet": ({"provider": "metamask", "address": TYPED}, 400, "SANDBOX_PROVIDER_NOT_ALLOWED"),
    "a persona at another chain": (
        {"provider": "polygon", "persona": "holder"}, 400, "SANDBOX_PROVIDER_NOT_ALLOWED"),
    "the typed address on another chain": (
        {"provider": "ethereum", "address": TYPED, "chains": ["polygon"]}, 400, "SANDBOX_PROVIDER_NOT_ALLOWED"),
    "a real address": ({"provider": "ethereum", "address": ADDRESS}, 400, "SANDBOX_ADDRESS_NOT_ALLOWED"),
    "a persona's address typed": (
        {"provider": "ethereum", "address": HOLDER}, 400, "SANDBOX_ADDRESS_NOT_ALLOWED"),
    "solana's address at ethereum": (
        {"provider": "ethereum", "address": TYPED_ADDRESSES["solana"]}, 400, "SANDBOX_ADDRESS_NOT_ALLOWED"),
    "solana's address in small letters": (
        {"provider": "solana", "address": TYPED_ADDRESSES["solana"].lower()}, 400, "SANDBOX_ADDRESS_NOT_ALLOWED"),
    "no address": ({"provider": "ethereum"}, 400, "VALIDATION_ERROR"),
    "a blank address": ({"provider": "ethereum", "address": "  "}, 400, "VALIDATION_ERROR"),
    "an unknown persona": ({"provider": "ethereum", "persona": "nobody"}, 400, "VALIDATION_ERROR"),
    "a persona of the other chain": ({"provider": "ethereum", "persona": "saver"}, 400, "VALIDATION_ERROR"),
    "a blank name": ({"provider": "ethereum", "address": TYPED, "alias": "  "}, 400, "VALIDATION_ERROR"),
    "a name too long": (
        {"provider": "ethereum", "address": TYPED, "alias": "a" * 101}, 400, "VALIDATION_ERROR"),
    "no chain": ({"provider": "ethereum", "address": TYPED, "chains": []}, 400, "VALIDATION_ERROR"),
    "an unknown provider": ({"provider": "nowhere", "address": TYPED}, 404, "PROVIDER_NOT_FOUND"),
}  # fmt: skip


async def test_the_sandbox_refuses(app: App) -> None:
    """K-191 to K-193; nothing is left of it, and what cannot be connected is not tried either."""
    await check_refusals(app, await arrive(app), SANDBOX_REFUSALS)


async def check_refusals(app: App, person: Person, table: Refusals) -> None:
    before = await snapshot(app)
    told = {name: await person.connect(**body) for name, (body, _, _) in table.items()}
    expected = {name: (status, code) for name, (_, status, code) in table.items()}
    assert {name: refusal(reply) for name, reply in told.items()} == expected
    tried = {
        name: refusal(await app.widget(person.token, "integrations/test", body))
        for name, (body, _, _) in table.items()
        if "alias" not in body
    }
    assert tried == {name: expected[name] for name in tried}
    assert await snapshot(app) == before
    for name, reply in told.items():
        address = str(table[name][0].get("address", "")).strip()
        assert not address or address not in reply.text, (
            "a secret may have been pasted: it is never said back"
        )


async def test_a_refusal_names_the_field(app: App) -> None:
    person = await arrive(app)
    bodies: tuple[tuple[dict[str, Any], list[str]], ...] = (
        ({"provider": "ethereum"}, ["address"]),
        ({"provider": "ethereum", "persona": "nobody"}, ["persona"]),
        ({"provider": "ethereum", "address": TYPED, "alias": ""}, ["alias"]),
        ({"provider": "ethereum", "address": TYPED, "chains": []}, ["chains"]),
        ({"provider": "ethereum", "address": 7}, ["address"]),
        ({"address": TYPED}, []),
    )
    for body, path in bodies:
        assert path_of(await person.connect(**body)) == path, body


async def test_a_name_of_a_hundred_letters_is_kept(app: App) -> None:
    person = await arrive(app)
    found = data_of(await person.connect(provider="ethereum", address=TYPED, alias="ä" * 100))
    assert found["alias"] == "ä" * 100


# ---------------------------------------------------------------- what may be connected in production

PRODUCTION_REFUSALS: Refusals = {
    "an unknown provider": ({"provider": "nowhere", "address": ADDRESS}, 404, "PROVIDER_NOT_FOUND"),
    "a test account": ({"provider": "ethereum", "persona": "holder"}, 400, "VALIDATION_ERROR"),
    "another family's address": ({"provider": "ethereum", "address": BITCOIN_ADDRESS}, 400, "ADDRESS_INVALID"),
    "a mistyped address": ({"provider": "ethereum", "address": ADDRESS[:-1] + "b"}, 400, "ADDRESS_INVALID"),
    "a private key": ({"provider": "ethereum", "address": "0x" + "ab" * 32}, 400, "ADDRESS_INVALID"),
    "another bitcoin-like chain's address": (
        {"provider": "litecoin", "address": BITCOIN_ADDRESS}, 400, "ADDRESS_INVALID"),
    "a chain of another family": (
        {"provider": "metamask", "address": ADDRESS, "chains": ["ethereum", "solana"]}, 400, "VALIDATION_ERROR"),
    "a chain that is none": (
        {"provider": "metamask", "address": ADDRESS, "chains": ["nowhere"]}, 400, "VALIDATION_ERROR"),
    "a wallet as a chain": (
        {"provider": "metamask", "address": ADDRESS, "chains": ["metamask"]}, 400, "VALIDATION_ERROR"),
    "no chain": ({"provider": "metamask", "address": ADDRESS, "chains": []}, 400, "VALIDATION_ERROR"),
}  # fmt: skip


async def test_production_refuses(app: App) -> None:
    person = await arrive(app, await make_client(app, mode=Mode.PRODUCTION))
    await check_refusals(app, person, PRODUCTION_REFUSALS)


async def test_a_provider_that_cannot_be_read_yet_is_refused(app: App) -> None:
    client = await make_client(app, mode=Mode.PRODUCTION)
    person = await arrive(app, client)
    listed = data_of(await person.widget_get("providers?limit=200"))["providers"]
    assert listed, "the widget is told of providers"
    catalogue = (await app.http.get("/integrations/public/list")).json()["data"]
    waiting = next(each["id"] for each in catalogue if not each["isWorking"])
    reply = await person.connect(provider=waiting, address=ADDRESS)
    assert refusal(reply) == (400, "PROVIDER_NOT_SUPPORTED")


async def test_a_wallet_is_connected_on_the_chains_asked_for_or_the_best_known(app: App) -> None:
    person = await arrive(app, await make_client(app, mode=Mode.PRODUCTION))
    one = data_of(await person.connect(provider="metamask", address=ADDRESS.lower()))
    assert (one["address"], one["chains"], one["provider"]) == (ADDRESS, ["ethereum"], "metamask")
    chains = ["polygon", "base", "polygon"]
    two = data_of(await person.connect(provider="metamask", address=ADDRESS, chains=chains))
    assert two["chains"] == ["polygon", "base"]
    three = data_of(await person.connect(provider="phantom", address=BITCOIN_ADDRESS.upper()))
    assert (three["address"], three["chains"]) == (BITCOIN_ADDRESS, ["bitcoin"])


# ---------------------------------------------------------------- who may connect

STEPS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("POST", "/link-token/integrations", {"provider": "ethereum", "address": TYPED}),
    ("POST", "/link-token/integrations/test", {"provider": "ethereum", "address": TYPED}),
    ("POST", "/link-token/detect-chains", {"address": TYPED}),
    ("GET", "/link-token/integrations/wallet_x/status", {}),
    ("DELETE", "/link-token/integrations/wallet_x", {}),
)


async def test_nothing_is_connected_before_consent(app: App) -> None:
    token = await app.link_token()

    async def attempts() -> set[tuple[int, str]]:
        return {
            refusal(
                await app.http.request(
                    method, path, json=body if method == "POST" else None, headers=app.person(token)
                )
            )
            for method, path, body in STEPS
        }

    assert await attempts() == {(409, "SIGN_IN_REQUIRED")}
    await app.widget(token, "auth/anonymous")
    assert await attempts() == {(409, "CONSENT_REQUIRED")}
    await app.widget(token, "consent", {"approved": False})
    assert await attempts() == {(409, "CONSENT_REQUIRED")}
    await app.widget(token, "consent", {"approved": True})
    assert await attempts() == {(200, ""), (202, ""), (404, "INTEGRATION_NOT_FOUND")}


async def test_somebody_of_several_workspaces_chooses_first(app: App) -> None:
    user = await sign_in(app, await app.link_token(), "ada@example.com")
    await add_workspace(app, user["user_id"])
    token = await app.link_token()
    await sign_in(app, token, "ada@example.com")
    body = {"provider": "ethereum", "address": TYPED}
    assert refusal(await app.widget(token, "integrations", body)) == (409, "WORKSPACE_REQUIRED")


async def test_a_resumed_session_connects_without_consent(app: App) -> None:
    person = await settle_in(app)
    wallet_id = await person.connected(provider="ethereum", address=TYPED)
    assert await person.listed() == [wallet_id]


# ---------------------------------------------------------------- an account is connected once


def duplicate_of(reply: httpx.Response) -> str:
    assert refusal(reply) == (409, "DUPLICATE_CONNECTION")
    return str(reply.json()["existing_wallet_id"])


async def test_an_account_is_connected_once_however_it_is_spelt(app: App) -> None:
    """X-13."""
    person = await arrive(app)
    wallet_id = await person.connected(provider="ethereum", address=TYPED)
    before = await snapshot(app)
    for spelling in TYPED_SPELLINGS:
        assert duplicate_of(await person.connect(provider="ethereum", address=spelling)) == wallet_id
    assert await snapshot(app) == before


async def test_one_chain_in_common_is_enough_whichever_the_wallet(app: App) -> None:
    person = await arrive(app, await make_client(app, mode=Mode.PRODUCTION))
    both = await person.connected(provider="metamask", address=ADDRESS, chains=["ethereum", "polygon"])
    for other in (
        {"provider": "ledger", "chains": ["base", "polygon"]},
        {"provider": "ethereum"},
        {"provider": "polygon", "chains": ["polygon"]},
    ):
        assert duplicate_of(await person.connect(address=ADDRESS, **other)) == both
    await person.connected(provider="ledger", address=ADDRESS, chains=["base"])
    await person.connected(provider="ethereum", address=OTHER_ADDRESS)
    assert len(await person.listed()) == 3


async def test_of_twenty_at_once_one_connects(app: App) -> None:
    """The index decides; the others are told which one it was."""
    person = await settle_in(app)
    people = [await person.resume() for _ in range(20)]
    replies = await asyncio.gather(*(each.connect(provider="ethereum", address=TYPED) for each in people))
    won = [data_of(each)["wallet_id"] for each in replies if each.status_code == 200]
    assert len(won) == 1
    assert {duplicate_of(each) for each in replies if each.status_code != 200} == set(won)
    assert await rows(app, "SELECT integration_id FROM integration_chains") == [{"integration_id": won[0]}]
    assert await rows(app, "SELECT id FROM integrations") == [{"id": won[0]}]


async def test_another_workspace_or_mode_is_another_world(app: App) -> None:
    ada = await arrive(app, email="ada@example.com")
    await ada.connected(provider="ethereum", address=TYPED)
    guest = await arrive(app)
    await guest.connected(provider="ethereum", address=TYPED)
    real = await make_client(app, mode=Mode.PRODUCTION)
    ada_in_production = await arrive(app, real, email="ada@example.com")
    assert await ada_in_production.listed() == []
    await ada_in_production.connected(provider="ethereum", address=TYPED)
    workspaces = await rows(app, "SELECT DISTINCT workspace_id, mode FROM integrations")
    assert len(workspaces) == 3


async def test_after_removal_it_is_connected_again(app: App) -> None:
    person = await arrive(app)
    first = await person.connected(provider="ethereum", address=TYPED)
    assert (await person.remove(first)).status_code == 200
    second = await person.connected(provider="ethereum", address=TYPED)
    assert second != first
    assert await person.listed() == [second]


async def test_before_consent_an_account_is_only_outlined(app: App) -> None:
    """The app holds the link token as well: it must not read more by it than its user has agreed to."""
    ada = await arrive(app, email="ada@example.com")
    wallet_id = await ada.connected(provider="ethereum", address=TYPED, alias="Savings")
    other_app = await make_client(app)
    token = await app.link_token(other_app)
    await sign_in(app, token, "ada@example.com")
    newcomer = Person(app, other_app, token)
    (outline,) = data_of(await newcomer.widget_get("integrations"))["integrations"]
    assert outline["wallet_id"] == wallet_id
    assert outline["address"] == "0x47c2…fcfa"
    assert (outline["alias"], outline["stages"], outline["total_transactions"]) == (None, [], 0)
    assert TYPED[6:-4].lower() not in str(outline).lower()
    data_of(await app.widget(token, "consent", {"approved": True}))
    (whole,) = data_of(await newcomer.widget_get("integrations"))["integrations"]
    assert (whole["address"].lower(), whole["alias"]) == (TYPED, "Savings")
