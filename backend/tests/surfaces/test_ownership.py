"""Proving that an account is one's own: the text, the signature, once, for this session and this account alone."""

import asyncio
from dataclasses import replace
from typing import Any

import httpx
import pytest

from kryptos.domains import connect
from kryptos.domains.clients import Mode
from kryptos.domains.connect.engine.sign_in_message import SignInMessage, build, parse
from tests.support.app import BASE_URL, App
from tests.support.connecting import ADDRESS, TYPED, Person, arrive, settle_in
from tests.support.journey import data_of, link_header, refusal, rows, snapshot
from tests.support.wallets import ORIGIN, EvmWallet, SolanaWallet

WALLET = EvmWallet()
OTHER_WALLET = EvmWallet(8)
SOLANA = SolanaWallet()


async def make_owner_client(app: App, name: str = "Purse", mode: Mode = Mode.PRODUCTION) -> dict[str, str]:
    created = await app.create_client(name, mode=mode, allowed_origins=[ORIGIN])
    return {"X-Client-Id": created.client.id, "X-Client-Secret": created.client_secret}


async def arrive_in_production(app: App, name: str = "Purse") -> Person:
    return await arrive(app, await make_owner_client(app, name))


async def ask(person: Person, **changes: Any) -> httpx.Response:
    body = {"family": "evm", "address": WALLET.address, "origin": ORIGIN, **changes}
    return await person.app.widget(
        person.token, "ownership/challenge", {key: value for key, value in body.items() if value is not None}
    )


async def asked(person: Person, **changes: Any) -> str:
    return str(data_of(await ask(person, **changes))["message"])


async def prove(person: Person, message: str, signature: str, **account: Any) -> httpx.Response:
    body = {"provider": "ethereum", "address": WALLET.address, **account}
    return await person.connect(**body, proof={"message": message, "signature": signature})


async def events_of(app: App, person: Person) -> list[dict[str, Any]]:
    session = data_of(await person.widget_get("session"))
    record = await app.http.get(f"/link-token/{session['session_id']}/session", headers=person.client)
    return list(data_of(record)["events"])


# ---------------------------------------------------------------- the text


async def test_the_text_says_who_asks_for_which_account_and_until_when(app: App) -> None:
    person = await arrive_in_production(app, "Café „Purse“ 100%")
    app.clock.advance(seconds=5, milliseconds=678)
    given = data_of(await ask(person, address=WALLET.address.lower(), chain_id=137))
    assert given["expires_at"] == "2020-01-01T12:10:05Z"
    message = parse(given["message"])
    assert len(message.nonce or "") == 32
    assert replace(message, nonce="") == SignInMessage(
        family="evm",
        domain="app.example.com",
        address=WALLET.address,
        statement="Prove to Cafe Purse 100 that this account is yours. This costs nothing and moves nothing.",
        uri=ORIGIN,
        version="1",
        chain_id="137",
        nonce="",
        issued_at="2020-01-01T12:00:05Z",
        expiration_time="2020-01-01T12:10:05Z",
    )
    session = data_of(await person.widget_get("session"))
    assert session["session_id"] not in given["message"], "a wallet is told nothing of the session"


async def test_the_text_of_solana_and_the_first_chain(app: App) -> None:
    person = await arrive_in_production(app)
    given = parse(await asked(person, family="solana", address=SOLANA.address, chain_id=5))
    assert (given.family, given.address, given.chain_id) == ("solana", SOLANA.address, "mainnet")
    assert parse(await asked(person)).chain_id == "1"


@pytest.mark.parametrize("name", ["口座", "„“", "."])
async def test_an_app_whose_name_cannot_be_written_is_this_app(app: App, name: str) -> None:
    person = await arrive_in_production(app, name)
    assert "Prove to this app that" in await asked(person)


async def test_the_origin_is_the_apps_or_this_servers(app: App) -> None:
    person = await arrive_in_production(app)
    own = parse(await asked(person, origin=BASE_URL))
    assert (own.domain, own.uri) == ("kryptos.test", BASE_URL)
    for origin in (
        "https://evil.example",
        f"{ORIGIN}/",
        "http://app.example.com",
        "",
        f"{ORIGIN}.evil.example",
    ):
        reply = await ask(person, origin=origin)
        assert refusal(reply) == (400, "ORIGIN_NOT_ALLOWED"), origin
        assert reply.json()["details"][0]["path"] == ["origin"]
        assert "--allowed-origin" in reply.json()["error"]
    assert len(await rows(app, "SELECT * FROM ownership_challenges")) == 1


async def test_what_cannot_be_asked(app: App) -> None:
    person = await arrive_in_production(app)
    before = await snapshot(app)
    wrong: dict[str, dict[str, Any]] = {
        "ADDRESS_INVALID": {"address": "0x12"},
        "VALIDATION_ERROR": {"family": "utxo"},
    }
    for code, changes in wrong.items():
        assert refusal(await ask(person, **changes)) == (400, code)
    assert refusal(await ask(person, family="solana")) == (400, "ADDRESS_INVALID")
    assert refusal(await ask(person, chain_id=0)) == (400, "VALIDATION_ERROR")
    assert await snapshot(app) == before


async def test_nothing_is_asked_before_consent(app: App) -> None:
    client = await make_owner_client(app)
    token = await app.link_token(client)
    person = Person(app, client, token)
    assert refusal(await ask(person)) == (409, "SIGN_IN_REQUIRED")
    data_of(await app.widget(token, "auth/anonymous"))
    assert refusal(await ask(person)) == (409, "CONSENT_REQUIRED")


# ---------------------------------------------------------------- the proof


async def test_an_account_is_connected_as_proven(app: App) -> None:
    person = await arrive_in_production(app)
    message = await asked(person)
    found = data_of(await prove(person, message, WALLET.sign(message), address=WALLET.address.lower()))
    assert (found["address"], found["is_ownership_proven"]) == (WALLET.address, True)
    assert (await person.status(found["wallet_id"]))["is_ownership_proven"] is True
    events = [(each["name"], each["details"]) for each in await events_of(app, person)]
    assert ("ownership_proven", {"wallet_id": found["wallet_id"]}) in events
    unproven = data_of(await person.connect(provider="ethereum", address=ADDRESS))
    assert unproven["is_ownership_proven"] is False


async def test_an_account_of_solana_is_proven_by_its_key(app: App) -> None:
    person = await arrive_in_production(app)
    message = await asked(person, family="solana", address=SOLANA.address)
    account = {"provider": "solana", "address": SOLANA.address}
    other = SolanaWallet(8).sign(message)
    assert refusal(await prove(person, message, other, **account)) == (400, "PROOF_INVALID")
    assert data_of(await prove(person, message, SOLANA.sign(message), **account))["is_ownership_proven"]


async def test_a_wallet_of_solana_may_write_times_in_its_own_way(app: App) -> None:
    """EVM's wallets sign the text as it is: there another spelling is another text."""
    for wallet, expected in ((SOLANA, True), (WALLET, False)):
        person = await arrive_in_production(app)
        provider = "solana" if expected else "ethereum"
        family = "solana" if expected else "evm"
        message = (await asked(person, family=family, address=wallet.address)).replace("0Z", "0.000Z")
        assert message.count(".000Z") == 2
        reply = await prove(person, message, wallet.sign(message), provider=provider, address=wallet.address)
        assert reply.is_success == expected


async def test_a_wallets_own_account_is_proven_too(app: App) -> None:
    """A wallet is a provider as well as a chain is: the proof is about the address."""
    person = await arrive_in_production(app)
    message = await asked(person)
    account = {"provider": "metamask", "chains": ["ethereum", "base"]}
    assert data_of(await prove(person, message, WALLET.sign(message), **account))["is_ownership_proven"]


async def test_what_proves_nothing_connects_nothing(app: App) -> None:
    person = await arrive_in_production(app)
    message = await asked(person)
    changed = build(replace(parse(message), statement="Pay 1,000 to the bearer."))
    before = await snapshot(app)
    wrong = {
        "another key": (message, OTHER_WALLET.sign(message)),
        "another text": (changed, WALLET.sign(changed)),
        "a text with a line more": (message + "\n", WALLET.sign(message + "\n")),
        "no sign-in message": ("Hello", WALLET.sign("Hello")),
        "the signature of another text": (message, WALLET.sign("Hello")),
        "no signature": (message, ""),
        "a signature of Solana": (message, SOLANA.sign(message)),
    }
    for name, (text, signature) in wrong.items():
        assert refusal(await prove(person, text, signature)) == (400, "PROOF_INVALID"), name
    assert await snapshot(app) == before
    data_of(await prove(person, message, WALLET.sign(message)))


FIELDS = {
    "domain": "evil.example",
    "uri": "https://evil.example",
    "nonce": "0" * 32,
    "chain_id": "2",
    "issued_at": "2030-01-01T00:00:00Z",
    "expiration_time": "2030-01-01T00:00:00Z",
    "request_id": "x",
    "statement": "Something else.",
    "not_before": "2020-01-01T00:00:00Z",
    "resources": ("https://evil.example",),
}


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("family", ["evm", "solana"])
async def test_every_field_must_be_as_it_was_given(app: App, family: str, field: str) -> None:
    person = await arrive_in_production(app)
    wallet: EvmWallet | SolanaWallet = WALLET if family == "evm" else SOLANA
    message = parse(await asked(person, family=family, address=wallet.address))
    changed = build(replace(message, **{field: FIELDS[field]}))  # type: ignore[arg-type]  # each has its own type
    account = {"provider": "ethereum" if family == "evm" else "solana", "address": wallet.address}
    assert refusal(await prove(person, changed, wallet.sign(changed), **account)) == (400, "PROOF_INVALID")


async def test_a_proof_is_about_its_own_account_and_session(app: App) -> None:
    person = await arrive_in_production(app)
    message = await asked(person)
    signature = WALLET.sign(message)
    elsewhere = await prove(person, message, signature, address=OTHER_WALLET.address)
    assert refusal(elsewhere) == (409, "PROOF_EXPIRED"), "no text was given out for that account"
    other = await asked(person, address=OTHER_WALLET.address)
    assert refusal(await prove(person, other, OTHER_WALLET.sign(other))) == (400, "PROOF_INVALID")
    stranger = await arrive(app, person.client)
    assert refusal(await prove(stranger, message, signature)) == (409, "PROOF_EXPIRED")
    await asked(stranger)
    assert refusal(await prove(stranger, message, signature)) == (400, "PROOF_INVALID")
    data_of(await prove(person, message, signature))


async def test_a_proof_counts_once_and_for_ten_minutes(app: App) -> None:
    person = await arrive_in_production(app)
    message = await asked(person)
    wallet_id = data_of(await prove(person, message, WALLET.sign(message)))["wallet_id"]
    await person.remove(wallet_id)
    assert refusal(await prove(person, message, WALLET.sign(message))) == (409, "PROOF_EXPIRED")
    late = await asked(person)
    app.clock.advance(minutes=10)
    assert refusal(await prove(person, late, WALLET.sign(late))) == (409, "PROOF_EXPIRED")
    old, new = await asked(person), await asked(person)
    assert refusal(await prove(person, old, WALLET.sign(old))) == (400, "PROOF_INVALID"), "it was replaced"
    data_of(await prove(person, new, WALLET.sign(new)))


async def test_of_many_uses_at_once_one_counts(app: App) -> None:
    """Each for another chain, so that nothing but the proof can be what refuses them."""
    person = await arrive_in_production(app)
    message = await asked(person)
    signature = WALLET.sign(message)
    chains = ("ethereum", "base", "polygon", "optimism", "arbitrum", "bsc", "gnosis", "celo")
    replies = await asyncio.gather(*(prove(person, message, signature, provider=chain) for chain in chains))
    told = sorted(refusal(reply) if reply.is_error else (200, "") for reply in replies)
    assert told == [(200, ""), *[(409, "PROOF_EXPIRED")] * (len(chains) - 1)]


async def test_a_refused_connection_leaves_the_text_to_be_signed(app: App) -> None:
    person = await arrive_in_production(app)
    wallet_id = await person.connected(provider="ethereum", address=WALLET.address)
    message = await asked(person)
    duplicate = await prove(person, message, WALLET.sign(message))
    assert refusal(duplicate) == (409, "DUPLICATE_CONNECTION")
    await person.remove(wallet_id)
    data_of(await prove(person, message, WALLET.sign(message)))


async def test_an_account_connected_before_is_proven_by_repair(app: App) -> None:
    person = await settle_in(app, await make_owner_client(app))
    wallet_id = await person.connected(provider="ethereum", address=WALLET.address)
    repair = await person.resume(integration_id=wallet_id, mode="repair")
    message = await asked(repair)
    assert refusal(await prove(repair, message, OTHER_WALLET.sign(message))) == (400, "PROOF_INVALID")
    assert (await person.status(wallet_id))["is_ownership_proven"] is False
    found = data_of(await prove(repair, message, WALLET.sign(message)))
    assert (found["wallet_id"], found["is_ownership_proven"]) == (wallet_id, True)
    again = data_of(await repair.connect(provider="ethereum", address=WALLET.address, alias="Mine"))
    assert again["is_ownership_proven"] is True, "a repair without proof takes none back"
    names = [each["name"] for each in await events_of(app, repair)]
    assert names.count("ownership_proven") == 1


async def test_the_sandbox_asks_but_nobody_has_the_test_addresses_keys(app: App) -> None:
    person = await arrive(app, await make_owner_client(app, mode=Mode.SANDBOX))
    message = await asked(person, address=TYPED)
    refused = await prove(person, message, WALLET.sign(message), address=TYPED)
    assert refusal(refused) == (400, "PROOF_INVALID")
    own = await asked(person)
    assert refusal(await prove(person, own, WALLET.sign(own))) == (400, "SANDBOX_ADDRESS_NOT_ALLOWED")


async def test_a_signature_is_in_no_record(app: App) -> None:
    person = await arrive_in_production(app)
    message = await asked(person)
    signature = WALLET.sign(message)
    data_of(await prove(person, message, signature))
    everything = str(await snapshot(app))
    assert signature not in everything
    assert signature[2:] not in everything


async def test_texts_that_can_no_longer_be_signed_are_forgotten(app: App) -> None:
    person = await arrive_in_production(app)
    await asked(person)
    await asked(person, address=OTHER_WALLET.address)
    app.clock.advance(minutes=9)
    assert await app.services.database.execute(connect.prune_challenges) == 0
    app.clock.advance(minutes=1)
    assert await app.services.database.execute(connect.prune_challenges) == 2


async def test_an_idempotency_key_gives_the_same_text(app: App) -> None:
    person = await arrive_in_production(app)
    headers = {**link_header(person.token), "Idempotency-Key": "once"}
    body = {"family": "evm", "address": WALLET.address, "origin": ORIGIN}
    texts = {
        data_of(await app.http.post("/link-token/ownership/challenge", json=body, headers=headers))["message"]
        for _ in range(2)
    }
    assert len(texts) == 1
