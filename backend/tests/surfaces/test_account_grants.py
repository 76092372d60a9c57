"""The consent centre shows every app's access, each call that was made with it, the receipts, and ends it."""

import json

from kryptos.domains.workspaces import Role
from tests.support.account import Browser, guest_with_link
from tests.support.app import App
from tests.support.journey import (
    add_workspace,
    connect_by_mail,
    data_of,
    issued_code,
    refusal,
    rows,
    sign_in,
)

ADA, EVE = "ada@example.com", "eve@example.com"


async def another_app(app: App, name: str) -> dict[str, str]:
    created = await app.create_client(name)
    return {"X-Client-Id": created.client.id, "X-Client-Secret": created.client_secret}


async def test_a_person_sees_what_each_app_may_read(secure_app: App) -> None:
    app = secure_app
    access = await connect_by_mail(app, ADA)
    await connect_by_mail(app, EVE)
    browser = Browser(app)
    await browser.sign_in(ADA)
    data = data_of(await browser.get("grants"))
    (grant,) = data["grants"]
    assert data["next"] is None
    assert grant["grant_id"] == access["grant_id"]
    assert grant["client"] == {"id": app.client_id, "name": "Test app", "mode": "sandbox", "logo": None}
    assert grant["workspace"] == {"id": access["workspace_id"], "name": "My Workspace"}
    assert " ".join(grant["scopes"]) == access["scope"]
    assert (grant["status"], grant["renewed_at"], grant["ended_at"]) == ("active", None, None)
    assert (grant["last_access_at"], grant["accesses_last_30_days"]) == (None, 0)


async def test_the_logo_of_an_app_is_the_one_that_was_seen_last(secure_app: App) -> None:
    app = secure_app
    await connect_by_mail(app, ADA)
    for day, digest in enumerate(("a" * 64, "b" * 64, None)):
        await rows(
            app,
            "INSERT INTO app_logos (client_id, url_digest, sha256, fetched_at) "
            "VALUES ($1, $2, $3, now() + make_interval(days => $4))",
            app.client_id,
            bytes([day]),
            digest,
            day,
        )
    browser = Browser(app)
    await browser.sign_in(ADA)
    (grant,) = data_of(await browser.get("grants"))["grants"]
    assert grant["client"]["logo"] == f"/connect/logo/{'b' * 64}"


async def test_ended_access_fails_with_the_next_call_and_stays_in_the_list(secure_app: App) -> None:
    app = secure_app
    access = await connect_by_mail(app, ADA)
    browser = Browser(app)
    await browser.sign_in(ADA)
    assert (await app.userinfo(access["access_token"])).status_code == 200
    assert (await browser.post(f"grants/{access['grant_id']}/revoke")).status_code == 200
    assert refusal(await app.userinfo(access["access_token"])) == (401, "INVALID_GRANT")
    assert (await browser.post(f"grants/{access['grant_id']}/revoke")).status_code == 200, "twice is no error"
    (grant,) = data_of(await browser.get("grants"))["grants"]
    assert (grant["status"], grant["ended_by"]) == ("revoked", "user")
    assert grant["ended_at"] is not None


async def test_everything_ends_in_one_call(secure_app: App) -> None:
    app = secure_app
    tokens = [(await connect_by_mail(app, ADA))["access_token"]]
    for name in ("Two", "Three"):
        access = await connect_by_mail(app, ADA, await another_app(app, name))
        tokens.append(access["access_token"])
    others = (await connect_by_mail(app, EVE))["access_token"]
    browser = Browser(app)
    await browser.sign_in(ADA)
    assert data_of(await browser.post("grants/revoke-all")) == {"revoked": 3}
    for token in tokens:
        assert refusal(await app.userinfo(token)) == (401, "INVALID_GRANT")
    assert (await app.userinfo(others)).status_code == 200
    assert data_of(await browser.post("grants/revoke-all")) == {"revoked": 0}


async def test_ending_access_honours_the_idempotency_key(secure_app: App) -> None:
    app = secure_app
    await connect_by_mail(app, ADA)
    browser = Browser(app)
    await browser.sign_in(ADA)
    first = await browser.post("grants/revoke-all", **{"Idempotency-Key": "k"})
    again = await browser.post("grants/revoke-all", **{"Idempotency-Key": "k"})
    assert (again.content, again.headers["Idempotent-Replayed"]) == (first.content, "true")
    assert data_of(first) == {"revoked": 1}
    other = Browser(app)
    await other.sign_in(ADA)
    assert data_of(await other.post("grants/revoke-all", **{"Idempotency-Key": "k"})) == {"revoked": 0}


async def test_receipts_are_files_that_can_be_kept(secure_app: App) -> None:
    app = secure_app
    access = await connect_by_mail(app, ADA)
    browser = Browser(app)
    await browser.sign_in(ADA)
    await browser.post(f"grants/{access['grant_id']}/revoke")
    data = data_of(await browser.get(f"grants/{access['grant_id']}/receipts"))
    assert [each["event"] for each in data["receipts"]] == ["revoked", "given"]
    assert data["next"] is None
    for each in data["receipts"]:
        assert set(each["file"]) == {"receipt", "keys", "content"}
        assert each["file"]["receipt"].count(".") == 2
        assert ADA not in json.dumps(each)


async def test_each_access_is_told_page_by_page(secure_app: App) -> None:
    app = secure_app
    access = await connect_by_mail(app, ADA)
    for number in range(7):
        await rows(
            app,
            "INSERT INTO access_records (grant_id, id, at, endpoint, rows) VALUES ($1, $2, now(), $3, $4)",
            access["grant_id"],
            f"acc_{number:032x}",
            "GET /api/v1/holdings",
            number,
        )
    browser = Browser(app)
    await browser.sign_in(ADA)
    path = f"grants/{access['grant_id']}/accesses"
    first = data_of(await browser.get(f"{path}?limit=3"))
    second = data_of(await browser.get(f"{path}?limit=3&before={first['next']}"))
    third = data_of(await browser.get(f"{path}?limit=3&before={second['next']}"))
    told = [each["rows"] for page in (first, second, third) for each in page["accesses"]]
    assert told == [6, 5, 4, 3, 2, 1, 0]
    assert third["next"] is None
    assert {each["endpoint"] for each in first["accesses"]} == {"GET /api/v1/holdings"}
    for wrong in ("limit=0", "limit=201", "limit=x"):
        assert refusal(await browser.get(f"{path}?{wrong}")) == (400, "VALIDATION_ERROR")


async def test_somebody_elses_grant_does_not_exist(secure_app: App) -> None:
    app = secure_app
    theirs = (await connect_by_mail(app, EVE))["grant_id"]
    await connect_by_mail(app, ADA)
    browser = Browser(app)
    await browser.sign_in(ADA)
    for grant_id in (theirs, "cgrant_" + "0" * 32, "x"):
        for method, path in (("GET", "accesses"), ("GET", "receipts"), ("POST", "revoke")):
            reply = await browser.call(method, f"/account/api/grants/{grant_id}/{path}")
            assert refusal(reply) == (404, "INVALID_GRANT"), path
    assert (await rows(app, "SELECT revoked_at FROM grants WHERE id = $1", theirs))[0]["revoked_at"] is None


async def test_a_guest_adds_an_address_and_stays_the_same_to_every_app(secure_app: App) -> None:
    app = secure_app
    token, guest, url = await guest_with_link(app)
    data_of(await app.widget(token, "consent", {"approved": True}))
    public_token = data_of(await app.widget(token, "complete"))["public_token"]
    access = data_of(await app.post("/token/exchange", {"public_token": public_token}))
    browser = Browser(app)
    await browser.open_link(url)
    elsewhere = Browser(app)
    await elsewhere.open_link(data_of(await browser.post("management-link"))["url"])
    spare = data_of(await browser.post("management-link"))["url"]
    challenge = data_of(await browser.post("email/start", {"email": ADA}))["challenge"]
    body = {"challenge": challenge, "email": ADA, "code": await issued_code(app, ADA)}
    before = browser.cookie
    added = data_of(await browser.post("email/verify", body))
    assert added["has_claimed"] is False
    assert (added["session"]["person"]["id"], added["session"]["person"]["email"]) == (guest["user_id"], ADA)
    assert browser.cookie != before, "a new session for what the person has become"
    browser.csrf = added["session"]["csrf_token"]
    assert [each["grant_id"] for each in data_of(await browser.get("grants"))["grants"]] == [
        access["grant_id"]
    ]
    assert refusal(await elsewhere.get("session")) == (401, "NOT_SIGNED_IN")
    reply = await Browser(app).call("POST", "/account/api/sign-in/link", {"key": spare.partition("=")[2]})
    assert refusal(reply) == (401, "MANAGEMENT_LINK_INVALID")
    again = Browser(app)
    assert (await again.sign_in(ADA))["person"]["id"] == guest["user_id"]
    assert (await app.userinfo(access["access_token"])).status_code == 200


async def test_a_person_claims_the_guest_to_whom_they_add_their_address(secure_app: App) -> None:
    """Both grants and both workspaces are theirs now; the ids that the app knows are what they were."""
    app = secure_app
    own = await connect_by_mail(app, ADA)
    token, guest, url = await guest_with_link(app)
    data_of(await app.widget(token, "consent", {"approved": True}))
    public_token = data_of(await app.widget(token, "complete"))["public_token"]
    access = data_of(await app.post("/token/exchange", {"public_token": public_token}))
    browser = Browser(app)
    await browser.open_link(url)
    challenge = data_of(await browser.post("email/start", {"email": ADA}))["challenge"]
    body = {"challenge": challenge, "email": ADA, "code": await issued_code(app, ADA)}
    added = data_of(await browser.post("email/verify", body))
    assert added["has_claimed"] is True
    assert added["session"]["person"]["id"] == own["user_id"]
    browser.csrf = added["session"]["csrf_token"]
    workspaces = added["session"]["workspaces"]
    assert {each["name"] for each in workspaces} == {"My Workspace", "My Workspace 2"}
    assert {each["role"] for each in workspaces} == {"owner"}
    listed = {each["grant_id"] for each in data_of(await browser.get("grants"))["grants"]}
    assert listed == {own["grant_id"], access["grant_id"]}
    (grant,) = await rows(app, "SELECT user_id FROM grants WHERE id = $1", access["grant_id"])
    assert grant["user_id"] == guest["user_id"]
    assert data_of(await browser.post("grants/revoke-all")) == {"revoked": 2}
    assert refusal(await app.userinfo(access["access_token"])) == (401, "INVALID_GRANT")
    assert refusal(await app.userinfo(own["access_token"])) == (401, "INVALID_GRANT")


async def test_an_address_is_added_in_the_widget_and_the_session_goes_on(secure_app: App) -> None:
    app = secure_app
    token = await app.link_token()
    guest = data_of(await app.widget(token, "auth/anonymous"))
    data_of(await app.widget(token, "consent", {"approved": True}))
    assert (await app.widget(token, "email/start", {"email": ADA, "language": "de"})).status_code == 200
    code = await issued_code(app, ADA)
    wrong = await app.widget(token, "auth/email/verify", {"email": ADA, "code": str(code)})
    assert refusal(wrong) == (400, "CODE_INVALID"), "a code for adding signs nobody in"
    added = await app.widget(token, "email/verify", {"email": ADA, "code": str(code)})
    assert data_of(added) == {"email": ADA, "has_claimed": False}
    session = data_of(await app.http.get("/link-token/session", headers=app.person(token)))
    assert (session["user"]["user_id"], session["user"]["email"]) == (guest["user_id"], ADA)
    assert session["consent"] is not None
    hidden = data_of(await app.http.get("/link-token/session", headers={"X-LINK-TOKEN": token}))
    assert hidden["user"] is None, "from now on the app is told nothing of the person in the session"
    assert refusal(await app.widget(token, "management-link")) == (409, "NOT_A_GUEST")
    assert data_of(await app.widget(token, "complete"))["public_token"]


async def test_a_claim_in_the_widget_keeps_session_and_ids_and_hides_the_person_from_the_app(
    secure_app: App,
) -> None:
    app = secure_app
    ada = await sign_in(app, await app.link_token(), ADA)
    token = await app.link_token()
    guest = data_of(await app.widget(token, "auth/anonymous"))
    data_of(await app.widget(token, "consent", {"approved": True}))
    app.clock.advance(milliseconds=1)
    await app.widget(token, "email/start", {"email": ADA})
    body = {"email": ADA, "code": str(await issued_code(app, ADA))}
    assert data_of(await app.widget(token, "email/verify", body)) == {"email": ADA, "has_claimed": True}
    session = data_of(await app.http.get("/link-token/session", headers=app.person(token)))
    assert session["user"] == {
        "user_id": guest["user_id"],
        "is_anonymous": True,
        "email": None,
        "is_claimed": True,
    }
    hidden = data_of(await app.http.get("/link-token/session", headers={"X-LINK-TOKEN": token}))
    assert hidden["user"] is None
    public_token = data_of(await app.widget(token, "complete"))["public_token"]
    access = data_of(await app.post("/token/exchange", {"public_token": public_token}))
    reply = await app.userinfo(access["access_token"])
    assert ADA not in reply.text
    assert reply.json()["userInfo"]["sub"] == guest["user_id"] != ada["user_id"]


async def test_codes_of_a_session_move_with_it(secure_app: App) -> None:
    app = secure_app
    old = await app.link_token()
    data_of(await app.widget(old, "auth/anonymous"))
    await app.widget(old, "email/start", {"email": ADA})
    code = await issued_code(app, ADA)
    new = await app.link_token()
    assert (await app.widget(new, "session/adopt", {"previous": old})).status_code == 200
    assert (await app.widget(new, "email/verify", {"email": ADA, "code": str(code)})).status_code == 200


async def test_access_to_a_team_that_the_person_left_is_still_theirs_to_see_and_end(secure_app: App) -> None:
    app = secure_app
    first = await sign_in(app, await app.link_token(), ADA)
    team = await add_workspace(app, first["user_id"], Role.ADMIN)
    access = await connect_by_mail(app, ADA, workspace_id=team.id)
    await rows(app, "DELETE FROM memberships WHERE workspace_id = $1", team.id)
    browser = Browser(app)
    await browser.sign_in(ADA)
    (grant,) = data_of(await browser.get("grants"))["grants"]
    assert grant["workspace"]["name"] == "Team"
    assert (await browser.post(f"grants/{access['grant_id']}/revoke")).status_code == 200
