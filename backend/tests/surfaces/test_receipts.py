"""Consent receipts: each change of a grant yields one, which anybody checks without asking us (X-03)."""

import json
from itertools import pairwise
from typing import Any

import pytest

from kryptos.domains.grants import RECEIPTS_SHOWN
from kryptos.domains.workspaces import Role
from kryptos.infra.statements.form import payload_of
from kryptos.infra.statements.keys import PURPOSE, read_keys, signing_key
from kryptos.infra.statements.verifying import Trust, verify_file
from kryptos.surfaces.http.services import Services
from tests.support.app import App, running_app
from tests.support.connecting import TYPED, arrive, make_client, settle_in
from tests.support.journey import connect_by_mail, data_of, refusal, rows, set_role
from tests.support.workshop import settle

EMAIL = "ada@example.com"
KEYS = "/.well-known/consent-receipt-keys.json"


async def receipts_of(app: App, grant_id: str, **query: str) -> list[dict[str, Any]]:
    path = f"/token/grants/{grant_id}/receipts"
    found = data_of(await app.http.get(path, params=query, headers=app.client_headers))
    return list(found["receipts"])


def own_keys(services: Services) -> dict[str, dict[str, str]]:
    keys = [signing_key(each) for each in services.database.hasher.derive_each(PURPOSE)]
    return {each.id: each.public for each in keys}


async def test_given_renewed_and_revoked_each_yield_a_receipt_that_holds(app: App) -> None:
    given = await connect_by_mail(app, EMAIL, scopes="openid portfolios:read")
    renewed = await connect_by_mail(app, EMAIL, scopes="openid")
    assert renewed["grant_id"] == given["grant_id"]
    app.clock.advance(days=1)
    await app.post("/token/revoke", {"grant_id": given["grant_id"]})
    await app.post("/token/revoke", {"grant_id": given["grant_id"]})
    found = await receipts_of(app, given["grant_id"])
    assert [each["event"] for each in found] == ["revoked", "renewed", "given"]
    keys = read_keys((await app.http.get(KEYS)).json())
    for each in found:
        text = json.dumps(each["file"]).encode()
        assert verify_file(text, given=keys).trust is Trust.GIVEN
        assert verify_file(text, own=own_keys(app.services)).trust is Trust.INSTALLATION
    contents = [each["file"]["content"] for each in found]
    for newer, older in pairwise(contents):
        assert newer["previous_receipt_id"] == older["receipt_id"]
    assert contents[-1]["previous_receipt_id"] is None
    assert [[purpose["scope"] for purpose in each["purposes"]] for each in contents] == [
        ["openid"],
        ["openid"],
        ["openid", "portfolios:read"],
    ]


async def test_a_receipt_says_who_may_do_what_until_when(app: App) -> None:
    given = await connect_by_mail(app, EMAIL, scopes="openid portfolios:read")
    (receipt,) = await receipts_of(app, given["grant_id"])
    content = receipt["file"]["content"]
    assert content["receipt_id"] == receipt["id"]
    assert content["record_id"] == given["grant_id"]
    assert content["pii_principal_id"] == given["user_id"]
    assert content["workspace_id"] == given["workspace_id"]
    assert content["purposes"][1] == {
        "scope": "portfolios:read",
        "purpose": "Read your portfolio holdings",
        "lawful_basis": "consent",
    }
    (controller,) = content["pii_controllers"]
    assert (controller["party_id"], controller["party_name"]) == (app.client_id, "Test app")
    event = content["event"]
    assert (event["event_type"], event["event_state"], event["entity_type"]) == ("given", "active", "user")
    assert event["event_time"] == "2020-01-01T12:16:00.001000Z"
    assert event["valid_until"] == event["expires_at"] == "2035-01-01T12:16:00.001000Z"
    assert "jurisdictions" in content["declared_absent"]


async def test_a_revocation_says_who_ended_it_and_that_nothing_is_valid_any_more(app: App) -> None:
    given = await connect_by_mail(app, EMAIL)
    app.clock.advance(days=3)
    await app.post("/token/revoke", {"grant_id": given["grant_id"]})
    event = (await receipts_of(app, given["grant_id"]))[0]["file"]["content"]["event"]
    assert (event["event_type"], event["event_state"], event["entity_type"]) == (
        "revoked",
        "withdrawn",
        "client",
    )
    assert event["valid_until"] == event["event_time"]


async def test_nothing_personal_is_in_a_receipt(app: App) -> None:
    person = await settle_in(app, email="lovelace@example.com")  # "ada" may stand in an id
    await person.connected(provider="ethereum", address=TYPED, alias="My savings")
    await settle(app)
    await app.post("/token/revoke", {"grant_id": person.grant_id})
    kept = await rows(app, "SELECT document FROM consent_receipts")
    assert len(kept) == 2
    for each in kept:
        text = json.dumps(payload_of(each["document"]))
        for personal in ("lovelace", "example.com", TYPED, TYPED[2:10], "savings", "My Workspace"):
            assert personal.lower() not in text.lower()


async def test_a_grant_that_is_not_made_has_no_receipt(app: App) -> None:
    """Receipt and change are one transaction."""
    person = await arrive(app, email=EMAIL)
    public_token = data_of(await app.widget(person.token, "complete"))["public_token"]
    (member,) = await rows(app, "SELECT user_id, workspace_id FROM memberships")
    await set_role(app, member["user_id"], member["workspace_id"], Role.VIEWER)
    assert refusal(await app.post("/token/exchange", {"public_token": public_token}))[0] == 401
    assert await rows(app, "SELECT 1 FROM consent_receipts") == []
    assert await rows(app, "SELECT 1 FROM receipt_keys") == []
    assert (await app.http.get(KEYS)).json() == {"keys": []}


async def test_the_keys_may_be_read_by_any_page_and_kept(app: App) -> None:
    await connect_by_mail(app, EMAIL)
    reply = await app.http.get(KEYS, headers={"Origin": "https://anybody.example"})
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert reply.headers["Cache-Control"] == "public, max-age=300"
    (key,) = reply.json()["keys"]
    assert key["kid"] in own_keys(app.services)
    assert "d" not in key


async def test_an_app_reads_the_receipts_of_its_own_grants_alone(app: App) -> None:
    given = await connect_by_mail(app, EMAIL)
    path = f"/token/grants/{given['grant_id']}/receipts"
    stranger = await make_client(app)
    assert refusal(await app.http.get(path, headers=stranger)) == (404, "INVALID_GRANT")
    assert (await app.http.get(path)).status_code == 401


async def test_receipts_come_page_by_page(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    given = await connect_by_mail(app, EMAIL)
    for _ in range(4):
        await connect_by_mail(app, EMAIL)
    whole = [each["id"] for each in await receipts_of(app, given["grant_id"])]
    assert len(whole) == 5 < RECEIPTS_SHOWN
    assert [each["id"] for each in await receipts_of(app, given["grant_id"], before=whole[1])] == whole[2:]
    assert await receipts_of(app, given["grant_id"], before=whole[-1]) == []


async def test_receipts_of_an_old_pepper_hold_after_it_was_replaced(database_url: str) -> None:
    old, new = "1:" + "11" * 32, "2:" + "22" * 32
    async with running_app(database_url, pepper=old) as app:
        given = await connect_by_mail(app, EMAIL)
        client = app.client_headers
    async with running_app(database_url, pepper=f"{new},{old}") as app:
        await app.post("/token/revoke", {"grant_id": given["grant_id"]}, client)
        path = f"/token/grants/{given['grant_id']}/receipts"
        found = data_of(await app.http.get(path, headers=client))["receipts"]
        published = read_keys((await app.http.get(KEYS)).json())
        assert len(published) == 2
        ids = set()
        for each in found:
            text = json.dumps(each["file"]).encode()
            assert verify_file(text, given=published).trust is Trust.GIVEN
            ids.add(verify_file(text, own=own_keys(app.services)).key_id)
        assert ids == set(published)
