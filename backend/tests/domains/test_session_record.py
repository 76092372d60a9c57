"""The record of a session, hosted completion, and going on under a new link token (X-14, the rulings on both)."""

from typing import Any

import pytest

from kryptos.domains import connect
from tests.support.app import BASE_URL, App
from tests.support.journey import (
    add_workspace,
    connect_by_mail,
    data_of,
    issued_code,
    link_header,
    refusal,
    rows,
    sign_in,
    start_code,
    try_code,
)

ADA = "ada@example.com"
CALLBACK = "https://app.example.com/callback"


async def start(app: App, **body: Any) -> tuple[str, str]:
    data = data_of(await app.post("/link-token", body))
    return data["link_token"], data["session_id"]


async def record(app: App, session_id: str) -> dict[str, Any]:
    return data_of(await app.http.get(f"/link-token/{session_id}/session", headers=app.client_headers))


async def step(app: App, token: str, name: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    app.clock.advance(milliseconds=1)  # events are told in the order of their instants
    reply = await app.widget(token, name, body)
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


async def to_completion(app: App, token: str) -> str | None:
    await step(app, token, "auth/anonymous")
    await step(app, token, "consent", {"approved": True})
    completed = (await step(app, token, "complete"))["data"]["public_token"]
    return None if completed is None else str(completed)


async def test_the_record_tells_each_stage_and_each_step_in_order(app: App) -> None:
    token, session_id = await start(app)
    assert (await record(app, session_id))["stage"] == "INIT"
    await step(app, token, "auth/anonymous")
    assert (await record(app, session_id))["stage"] == "CONNECT"
    await step(app, token, "events", {"name": "opened", "details": {"screen": "consent"}})
    await step(app, token, "consent", {"approved": False})
    await step(app, token, "consent", {"approved": True, "scopes": ["openid"]})
    assert (await record(app, session_id))["stage"] == "INTEGRATION"
    await step(app, token, "complete")
    told = await record(app, session_id)
    assert (told["stage"], told["outcome"], told["scopes"]) == ("STATUS", "success", "openid")
    assert told["ended_at"] == app.clock.now().isoformat(timespec="seconds").replace("+00:00", "Z")
    assert [event["name"] for event in told["events"]] == [
        "signed_in",
        "widget.opened",
        "consent.refused",
        "consent.given",
        "completed",
    ]
    assert "public_token" not in told


async def test_leaving_and_running_out_are_outcomes_of_their_own(app: App) -> None:
    left, left_id = await start(app)
    _, late_id = await start(app)
    await step(app, left, "exit")
    assert (await record(app, left_id))["outcome"] == "exit"
    assert (await record(app, late_id))["outcome"] is None
    app.clock.advance(minutes=30)
    assert (await record(app, late_id))["outcome"] == "expired"
    assert (await record(app, left_id))["outcome"] == "exit"


async def test_a_redirect_uri_gives_a_hosted_address_that_holds_no_token(app: App) -> None:
    data = data_of(await app.post("/link-token", {"redirect_uri": CALLBACK}))
    address, _, key = data["hosted_url"].partition("#")
    assert address == f"{BASE_URL}/connect/l/{data['session_id']}"
    assert key.startswith("host_")
    assert data["link_token"] not in data["hosted_url"]
    assert "hosted_url" not in data_of(await app.post("/link-token"))


async def test_a_record_names_nobody_who_has_not_consented(app: App) -> None:
    token, session_id = await start(app)
    user = await sign_in(app, token, ADA)
    told = await record(app, session_id)
    assert (told["stage"], told["user_id"], told["workspace_id"]) == ("CONNECT", None, None)
    await step(app, token, "consent", {"approved": True})
    assert (await record(app, session_id))["user_id"] == user["user_id"]


async def test_a_hosted_completion_yields_its_public_token_until_one_is_exchanged(app: App) -> None:
    token, session_id = await start(app, redirect_uri=CALLBACK)
    assert "public_token" not in await record(app, session_id)
    mine = await to_completion(app, token)
    first, second = (
        (await record(app, session_id))["public_token"],
        (await record(app, session_id))["public_token"],
    )
    assert len({mine, first, second}) == 3
    app.clock.advance(milliseconds=1)
    assert (await app.post("/token/exchange", {"public_token": second})).status_code == 200
    for used in (mine, first, second):
        reply = await app.post("/token/exchange", {"public_token": used})
        assert refusal(reply) == (400, "TOKEN_ALREADY_USED")
    told = await record(app, session_id)
    assert "public_token" not in told
    assert told["events"][-1]["name"] == "exchanged"


async def test_a_hosted_completion_yields_no_public_token_after_half_an_hour(app: App) -> None:
    token, session_id = await start(app, redirect_uri=CALLBACK)
    await to_completion(app, token)
    app.clock.advance(minutes=30, microseconds=-1)
    assert "public_token" in await record(app, session_id)
    app.clock.advance(microseconds=1)
    assert "public_token" not in await record(app, session_id)


async def test_a_resumed_hosted_session_yields_none(app: App) -> None:
    access = await app.access()
    token, session_id = await start(app, redirect_uri=CALLBACK, access_token=access["access_token"])
    assert (await step(app, token, "complete"))["data"] == {"public_token": None}
    told = await record(app, session_id)
    assert (told["is_resumed"], told["outcome"], "public_token" in told) == (True, "success", False)


@pytest.mark.parametrize(
    "body",
    [
        {"name": ""},
        {"name": "1st"},
        {"name": "a b"},
        {"name": "a" * 65},
        {"name": "a\n"},
        {"name": "ok", "details": {"x": "y" * 2048}},
        {"name": "ok", "details": []},
        {"name": "ok", "at": "yesterday"},
        {"name": "ok", "at": 5},
    ],
)
async def test_an_event_of_the_wrong_form_is_refused_and_not_kept(app: App, body: dict[str, Any]) -> None:
    token, session_id = await start(app)
    assert refusal(await app.widget(token, "events", body)) == (400, "VALIDATION_ERROR")
    assert (await record(app, session_id))["events"] == []


async def test_a_session_keeps_five_hundred_events_and_no_more(app: App) -> None:
    token, session_id = await start(app)
    await rows(
        app,
        "INSERT INTO session_events SELECT $1, 'se_' || n, 'widget.x', now(), '{}' FROM generate_series(1, 499) n",
        session_id,
    )
    await step(app, token, "events", {"name": "last"})
    assert refusal(await app.widget(token, "events", {"name": "more"})) == (400, "VALIDATION_ERROR")
    assert len((await record(app, session_id))["events"]) == 500
    assert await to_completion(app, token)


# ---------------------------------------------------------------- renewal


async def test_a_new_link_token_takes_over_person_consent_and_events(app: App) -> None:
    old, old_id = await start(app)
    await step(app, old, "auth/anonymous")
    await step(app, old, "consent", {"approved": True})
    app.clock.advance(minutes=31)
    new, new_id = await start(app)
    adopted = (await step(app, new, "session/adopt", {"previous": old}))["data"]
    assert (adopted["session_id"], adopted["stage"]) == (new_id, "INTEGRATION")
    assert (
        refusal(await app.http.get("/link-token/session", headers=link_header(old)))[1]
        == "TOKEN_ALREADY_USED"
    )
    told = await record(app, old_id)
    assert (told["outcome"], told["events"]) == ("replaced", [])
    names = [event["name"] for event in (await record(app, new_id))["events"]]
    assert names == ["signed_in", "consent.given", "adopted"]
    public_token = (await step(app, new, "complete"))["data"]["public_token"]
    assert (await app.post("/token/exchange", {"public_token": public_token})).status_code == 200


async def test_a_session_is_adopted_once_and_within_a_day_of_its_end(app: App) -> None:
    old, _ = await start(app)
    late, _ = await start(app)
    app.clock.advance(hours=24, minutes=30, microseconds=-1)
    new, _ = await start(app)
    assert (await app.widget(new, "session/adopt", {"previous": old})).status_code == 200
    app.clock.advance(microseconds=1)
    other, _ = await start(app)
    assert refusal(await app.widget(other, "session/adopt", {"previous": old})) == (400, "TOKEN_ALREADY_USED")
    assert refusal(await app.widget(other, "session/adopt", {"previous": late})) == (400, "TOKEN_EXPIRED")


async def test_an_ended_session_oneself_and_garbage_cannot_be_adopted(app: App) -> None:
    ended, _ = await start(app)
    await step(app, ended, "exit")
    new, _ = await start(app)
    assert refusal(await app.widget(new, "session/adopt", {"previous": ended})) == (400, "TOKEN_ALREADY_USED")
    for previous in (new, "", "link_x", ended[:-1]):
        assert refusal(await app.widget(new, "session/adopt", {"previous": previous})) == (
            401,
            "INVALID_TOKEN",
        )


async def test_another_clients_or_persons_session_cannot_be_adopted(app: App) -> None:
    created = await app.create_client("Other")
    theirs = {"X-Client-Id": created.client.id, "X-Client-Secret": created.client_secret}
    old, _ = await start(app)
    await sign_in(app, old, ADA)
    foreign = await app.link_token(theirs)
    assert refusal(await app.widget(foreign, "session/adopt", {"previous": old})) == (401, "INVALID_TOKEN")
    mine, _ = await start(app)
    await sign_in(app, mine, "eve@example.com")
    assert refusal(await app.widget(mine, "session/adopt", {"previous": old})) == (401, "INVALID_TOKEN")


@pytest.mark.parametrize(("wanted", "is_kept"), [("openid profile", True), ("openid", False), (None, True)])
async def test_a_consent_moves_only_where_no_less_is_asked_for(
    app: App, wanted: str | None, is_kept: bool
) -> None:
    old, _ = await start(app, scopes="openid profile")
    await step(app, old, "auth/anonymous")
    await step(app, old, "consent", {"approved": True})
    new, _ = await start(app, scopes=wanted)
    adopted = (await step(app, new, "session/adopt", {"previous": old}))["data"]
    assert (adopted["consent"] is not None) is is_kept


async def test_a_consent_for_one_workspace_never_becomes_one_for_another(app: App) -> None:
    """The adopting session has a consent of its own, for another workspace than the session that it adopts."""
    first = await sign_in(app, await app.link_token(), ADA)
    team = await add_workspace(app, first["user_id"])
    sessions = {}
    for workspace_id in (first["workspace"]["workspace_id"], team.id):
        token, _ = await start(app)
        await sign_in(app, token, ADA)
        await step(app, token, "workspace", {"workspace_id": workspace_id})
        sessions[workspace_id] = token
    new = sessions[first["workspace"]["workspace_id"]]
    await step(app, new, "consent", {"approved": True})
    adopted = (await step(app, new, "session/adopt", {"previous": sessions[team.id]}))["data"]
    assert (adopted["workspace"]["workspace_id"], adopted["consent"]) == (team.id, None)


async def test_a_code_on_its_way_is_good_in_the_session_that_goes_on(app: App) -> None:
    """Asked for in the last minute of a link token, typed in the first of the next."""
    old, _ = await start(app)
    await start_code(app, old, ADA)
    code = await issued_code(app, ADA)
    assert code is not None
    new, _ = await start(app)
    await step(app, new, "session/adopt", {"previous": old})
    assert (await try_code(app, new, ADA, code)).status_code == 200


async def test_a_resumed_session_has_no_steps_of_signing_in(app: App) -> None:
    access = await connect_by_mail(app, ADA)
    token, _ = await start(app, access_token=access["access_token"])
    for name, body in (
        ("auth/anonymous", {}),
        ("auth/email/start", {"email": ADA}),
        ("auth/email/verify", {"email": ADA, "code": "123456"}),
        ("workspace", {"workspace_id": access["workspace_id"]}),
        ("consent", {"approved": True}),
    ):
        assert refusal(await app.widget(token, name, body)) == (409, "STEP_NOT_ALLOWED"), name


async def test_old_records_are_pruned_after_ninety_days(app: App) -> None:
    await app.public_token()
    app.clock.advance(days=90, minutes=30)
    assert await app.services.database.execute(connect.prune) == 0
    app.clock.advance(microseconds=1)
    assert await app.services.database.execute(connect.prune) == 1
    for table in ("link_sessions", "public_tokens", "session_events"):
        assert not await rows(app, f"SELECT 1 FROM {table}")
