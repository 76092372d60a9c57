"""The widget key: whoever holds a link token alone knows nothing of who signed in by mail, and decides nothing."""

from typing import Any

import pytest

from tests.support.app import App
from tests.support.journey import (
    add_workspace,
    connect_by_mail,
    data_of,
    link_header,
    refusal,
    rows,
    sign_in,
)

ADA, EVE = "ada@example.com", "eve@example.com"
WRONG_KEYS = {
    "none": None,
    "empty": "",
    "never made": "wkey_" + "x" * 43,
    "a link token": "link_" + "x" * 43,
    "half a key": "wkey_",
}


async def signed_in(app: App, email: str = ADA) -> tuple[str, dict[str, Any]]:
    token = await app.link_token()
    return token, await sign_in(app, token, email)


async def session_of(app: App, headers: dict[str, str]) -> dict[str, Any]:
    return data_of(await app.http.get("/link-token/session", headers=headers))


def with_key(token: str, key: str | None) -> dict[str, str]:
    return {**link_header(token), **({} if key is None else {"X-Widget-Key": key})}


async def test_signing_in_gives_a_key_that_opens_the_session(app: App) -> None:
    token, person = await signed_in(app)
    assert person["widget_key"].startswith("wkey_")
    session = await session_of(app, with_key(token, person["widget_key"]))
    assert (session["user"]["email"], session["stage"]) == (ADA, "CONNECT")
    assert session["workspace"] == person["workspace"]


@pytest.mark.parametrize("name", WRONG_KEYS)
async def test_without_the_key_it_is_as_if_nobody_had_signed_in(app: App, name: str) -> None:
    """Before and after the person consented and connected an account, to every call there is."""
    fresh = await session_of(app, link_header(await app.link_token()))
    token, person = await signed_in(app)
    await add_workspace(app, person["user_id"])
    thief = with_key(token, WRONG_KEYS[name])

    async def look() -> None:
        session = await session_of(app, thief)
        assert {**session, "session_id": fresh["session_id"]} == fresh
        consent = data_of(await app.http.get("/link-token/consent", headers=thief))
        assert (consent["workspace"], consent["consent"]) == (None, None)
        for path in ("workspaces", "integrations", f"integrations/{wallet_id}/status"):
            reply = await app.http.get(f"/link-token/{path}", headers=thief)
            assert refusal(reply) == (409, "SIGN_IN_REQUIRED"), path
            assert ADA not in reply.text
        for path, body, code in (
            ("workspace", {"workspace_id": person["workspace"]["workspace_id"]}, "SIGN_IN_REQUIRED"),
            ("consent", {"approved": True}, "SIGN_IN_REQUIRED"),
            ("consent", {"approved": False}, "SIGN_IN_REQUIRED"),
            ("integrations", {"provider": "ethereum", "persona": "nft"}, "SIGN_IN_REQUIRED"),
            ("integrations/test", {"provider": "ethereum", "persona": "nft"}, "SIGN_IN_REQUIRED"),
            ("detect-chains", {"address": "0x47c2e31e9ce22437bcf6313d2b9e98245a7bfcfa"}, "SIGN_IN_REQUIRED"),
            ("complete", {}, "CONSENT_REQUIRED"),
        ):
            reply = await app.http.post(f"/link-token/{path}", json=body, headers=thief)
            assert refusal(reply) == (409, code), path
        reply = await app.http.delete(f"/link-token/integrations/{wallet_id}", headers=thief)
        assert refusal(reply) == (409, "SIGN_IN_REQUIRED")

    wallet_id = "wallet_x"
    await look()
    data_of(await app.widget(token, "consent", {"approved": True}))
    connected = await app.widget(token, "integrations", {"provider": "ethereum", "persona": "empty"})
    wallet_id = data_of(connected)["wallet_id"]
    await look()
    assert (await session_of(app, app.person(token)))["consent"] is not None, "nothing was changed meanwhile"
    assert data_of(await app.widget(token, "complete"))["public_token"]


async def test_one_sessions_key_opens_no_other(app: App) -> None:
    token, _ = await signed_in(app)
    _, other = await signed_in(app)
    assert (await session_of(app, with_key(token, other["widget_key"])))["user"] is None


async def test_a_header_that_no_key_looks_like_is_refused(app: App) -> None:
    headers = [(b"X-LINK-TOKEN", (await app.link_token()).encode()), (b"X-Widget-Key", "wkey_é".encode())]
    reply = await app.http.get("/link-token/session", headers=headers)
    assert refusal(reply) == (400, "VALIDATION_ERROR")


async def test_signing_in_again_replaces_person_and_key(app: App) -> None:
    token, ada = await signed_in(app)
    data_of(await app.widget(token, "consent", {"approved": True}))
    eve = await sign_in(app, token, EVE)
    assert (await session_of(app, with_key(token, ada["widget_key"])))["user"] is None
    session = await session_of(app, with_key(token, eve["widget_key"]))
    assert (session["user"]["email"], session["consent"]) == (EVE, None)
    again = await sign_in(app, token, EVE)
    assert again["user_id"] == eve["user_id"]
    assert (await session_of(app, with_key(token, eve["widget_key"])))["user"] is None


async def test_whoever_holds_the_link_token_alone_can_only_begin_anew(app: App) -> None:
    """Going on as a guest replaces the person instead of taking over what is theirs."""
    token, ada = await signed_in(app)
    data_of(await app.widget(token, "consent", {"approved": True}))
    guest = data_of(await app.http.post("/link-token/auth/anonymous", json={}, headers=link_header(token)))
    assert guest["user_id"] != ada["user_id"]
    session = await session_of(app, with_key(token, ada["widget_key"]))
    assert (session["user"]["user_id"], session["consent"]) == (guest["user_id"], None)


async def test_a_guests_calls_need_no_key(app: App) -> None:
    token = await app.link_token()
    guest = data_of(await app.widget(token, "auth/anonymous"))
    again = data_of(await app.widget(token, "auth/anonymous"))
    assert again["user_id"] == guest["user_id"]
    for key in (None, guest["widget_key"], again["widget_key"], "wkey_x"):
        assert (await session_of(app, with_key(token, key)))["user"]["user_id"] == guest["user_id"]
    for step in ("consent", "complete"):
        reply = await app.http.post(
            f"/link-token/{step}", json={"approved": True}, headers=link_header(token)
        )
        assert reply.status_code == 200


async def test_a_resumed_session_needs_no_key(app: App) -> None:
    """Whoever holds the access token has the person's consent already."""
    access = await connect_by_mail(app, ADA)
    token = await app.link_token(access_token=access["access_token"])
    session = await session_of(app, link_header(token))
    assert (session["user"]["email"], session["stage"]) == (ADA, "INTEGRATION")
    reply = await app.http.post("/link-token/complete", json={}, headers=link_header(token))
    assert data_of(reply) == {"public_token": None}


async def adopt(app: App, new: str, old: str, key: str | None) -> dict[str, Any]:
    return data_of(
        await app.http.post("/link-token/session/adopt", json={"previous": old}, headers=with_key(new, key))
    )


async def test_the_key_goes_on_under_the_token_that_adopts(app: App) -> None:
    old, person = await signed_in(app)
    data_of(await app.widget(old, "consent", {"approved": True}))
    app.clock.advance(minutes=31)
    new = await app.link_token()
    adopted = await adopt(app, new, old, person["widget_key"])
    assert (adopted["user"]["email"], adopted["stage"]) == (ADA, "INTEGRATION")
    assert (await session_of(app, with_key(new, person["widget_key"])))["consent"] == adopted["consent"]
    assert (await session_of(app, link_header(new)))["user"] is None
    reply = await app.http.post("/link-token/complete", json={}, headers=with_key(new, person["widget_key"]))
    assert data_of(reply)["public_token"]


@pytest.mark.parametrize("key", [None, "wkey_" + "x" * 43])
async def test_without_the_key_the_person_does_not_move(app: App, key: str | None) -> None:
    old, person = await signed_in(app)
    data_of(await app.widget(old, "consent", {"approved": True}))
    await app.widget(old, "events", {"name": "opened"})
    new = await app.link_token()
    adopted = await adopt(app, new, old, key)
    assert (adopted["user"], adopted["workspace"], adopted["consent"]) == (None, None, None)
    for wrong in (key, person["widget_key"]):
        assert (await session_of(app, with_key(new, wrong)))["user"] is None
    stored = await rows(
        app, "SELECT user_id, widget_key_hash FROM link_sessions WHERE id = $1", adopted["session_id"]
    )
    assert stored == [{"user_id": None, "widget_key_hash": None}]
    moved = await rows(app, "SELECT name FROM session_events WHERE session_id = $1", adopted["session_id"])
    assert {"widget.opened", "consent.given", "adopted"} <= {each["name"] for each in moved}


async def test_a_guest_moves_without_a_key(app: App) -> None:
    old = await app.link_token()
    guest = data_of(await app.widget(old, "auth/anonymous"))
    adopted = await adopt(app, await app.link_token(), old, None)
    assert adopted["user"]["user_id"] == guest["user_id"]


async def test_who_signed_in_under_both_tokens_keeps_the_newer_key(app: App) -> None:
    """The adopting session's key proves the same person, so what they chose under the old token moves."""
    old, first = await signed_in(app)
    data_of(await app.widget(old, "consent", {"approved": True}))
    new, second = await signed_in(app)
    adopted = await adopt(app, new, old, second["widget_key"])
    assert adopted["consent"] is not None
    assert (await session_of(app, with_key(new, second["widget_key"])))["consent"] is not None
    assert (await session_of(app, with_key(new, first["widget_key"])))["user"] is None


async def test_a_kept_answer_is_told_again_to_the_same_key_alone(app: App) -> None:
    """An Idempotency-Key may be guessed: without the widget's key it opens no answer that names the person."""
    token, person = await signed_in(app)
    body = {"approved": True}
    mine = {**with_key(token, person["widget_key"]), "Idempotency-Key": "consent"}
    first = await app.http.post("/link-token/consent", json=body, headers=mine)
    assert ADA in first.text
    for key in (None, "wkey_x"):
        stolen = {**with_key(token, key), "Idempotency-Key": "consent"}
        reply = await app.http.post("/link-token/consent", json=body, headers=stolen)
        assert refusal(reply) == (409, "IDEMPOTENCY_MISMATCH")
        assert ADA not in reply.text
    again = await app.http.post("/link-token/consent", json=body, headers=mine)
    assert (again.content, again.headers["Idempotent-Replayed"]) == (first.content, "true")


async def test_only_a_hash_of_the_key_is_stored(app: App) -> None:
    await signed_in(app)
    found = await rows(app, "SELECT octet_length(widget_key_hash) AS octets FROM link_sessions")
    assert found == [{"octets": 32}]
