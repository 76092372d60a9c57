"""The token journey over HTTP, as the specification tells it."""

from datetime import datetime, timedelta

from tests.support.app import App

DEFAULT_SCOPES = (
    "openid profile offline_access email portfolios:read transactions:read integrations:read tax:read "
    "accounting:read reports:read workspace:read users:read"
)


async def test_a_guest_connects_and_the_app_reads_then_revokes(app: App) -> None:
    """K-020 … K-029: from the link token to the revoked grant."""
    created = await app.post("/link-token", {"scopes": DEFAULT_SCOPES})
    assert created.status_code == 200
    data = created.json()["data"]
    assert data["link_token"].startswith("link_")
    assert datetime.fromisoformat(data["expires_at"]) == app.clock.now() + timedelta(minutes=30)
    assert set(data) == {"link_token", "expires_at", "session_id"}

    token = data["link_token"]
    signed_in = await app.widget(token, "auth/anonymous")
    assert signed_in.json()["data"]["is_anonymous"] is True
    assert (await app.widget(token, "consent", {"approved": True})).json()["data"]["stage"] == "INTEGRATION"
    public_token = (await app.widget(token, "complete")).json()["data"]["public_token"]
    assert public_token.startswith("public_")

    exchanged = (await app.post("/token/exchange", {"public_token": public_token})).json()["data"]
    assert exchanged["access_token"].startswith("cat_")
    assert exchanged["grant_id"].startswith("cgrant_")
    assert exchanged["token_type"] == "Bearer"
    assert exchanged["expires_in"] == 473_040_000
    assert exchanged["scope"] == DEFAULT_SCOPES
    assert exchanged["workspace_id"].startswith("ws_")

    info = await app.userinfo(exchanged["access_token"])
    assert info.status_code == 200
    assert info.json()["scopes"] == DEFAULT_SCOPES.split()
    assert info.json()["userInfo"]["sub"] == signed_in.json()["data"]["user_id"]

    checked = (
        await app.post("/link-token/check-session", {"access_token": exchanged["access_token"]})
    ).json()["data"]
    assert checked == {
        "has_valid_session": True,
        "user_id": signed_in.json()["data"]["user_id"],
        "workspace_id": exchanged["workspace_id"],
        "workspace_name": "My Workspace",
        "granted_scopes": DEFAULT_SCOPES,
        "grant_id": exchanged["grant_id"],
    }

    listed = (await app.http.get("/token/grants", headers=app.client_headers)).json()["data"]
    assert listed["count"] == 1
    assert listed["grants"][0]["grant_id"] == exchanged["grant_id"]
    assert listed["grants"][0]["expires_at"] == "2035-01-01T12:00:00Z"

    revoked = await app.post("/token/revoke", {"grant_id": exchanged["grant_id"]})
    assert revoked.json() == {"success": True, "message": "Grant revoked successfully"}
    refused = await app.userinfo(exchanged["access_token"])
    assert refused.status_code == 401
    assert (refused.json()["error"], refused.json()["code"]) == ("unauthorized", "INVALID_GRANT")


async def test_a_returning_user_is_resumed_without_a_new_token(app: App) -> None:
    """K-022, K-023, K-110: the session on the server decides what is skipped."""
    access = await app.access()
    resumed = (await app.post("/link-token", {"access_token": access["access_token"]})).json()["data"]
    assert resumed["has_existing_grant"] is True
    assert resumed["workspace_id"] == access["workspace_id"]
    session = (
        await app.http.get("/link-token/session", headers={"X-LINK-TOKEN": resumed["link_token"]})
    ).json()["data"]
    assert (session["stage"], session["is_resumed"]) == ("INTEGRATION", True)
    assert (await app.widget(resumed["link_token"], "auth/anonymous")).json()["code"] == "STEP_NOT_ALLOWED"
    completed = await app.widget(resumed["link_token"], "complete")
    assert completed.json() == {"success": True, "data": {"public_token": None}}
    assert (await app.userinfo(access["access_token"])).status_code == 200
