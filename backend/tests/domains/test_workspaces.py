"""Which workspace is shared, by whom, and what ends with a membership (K-053, K-054)."""

import pytest

from kryptos.domains.workspaces import Role
from tests.support.app import App
from tests.support.journey import (
    add_workspace,
    connect_by_mail,
    data_of,
    refusal,
    remove_member,
    set_role,
    sign_in,
)

ADA = "ada@example.com"


async def session_of(app: App, token: str) -> dict[str, object]:
    return data_of(await app.http.get("/link-token/session", headers=app.person(token)))


async def test_a_person_with_several_workspaces_must_choose(app: App) -> None:
    """K-053."""
    first = await sign_in(app, await app.link_token(), ADA)
    team = await add_workspace(app, first["user_id"])
    token = await app.link_token()
    signed_in = await sign_in(app, token, ADA)
    assert signed_in["workspace"] is None
    assert len(signed_in["workspaces"]) == 2
    assert refusal(await app.widget(token, "consent", {"approved": True})) == (409, "WORKSPACE_REQUIRED")
    listed = data_of(await app.http.get("/link-token/workspaces", headers=app.person(token)))["workspaces"]
    assert listed == signed_in["workspaces"]
    chosen = data_of(await app.widget(token, "workspace", {"workspace_id": team.id}))
    assert chosen["workspace"]["workspace_id"] == team.id
    assert (await app.widget(token, "consent", {"approved": True})).status_code == 200


async def test_nobody_chooses_or_lists_before_signing_in(app: App) -> None:
    token = await app.link_token()
    reply = await app.http.get("/link-token/workspaces", headers=app.person(token))
    assert refusal(reply) == (409, "SIGN_IN_REQUIRED")
    assert refusal(await app.widget(token, "workspace", {"workspace_id": "ws_x"})) == (
        409,
        "SIGN_IN_REQUIRED",
    )
    assert refusal(await app.widget(token, "consent", {"approved": True})) == (409, "SIGN_IN_REQUIRED")


@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER])
async def test_members_and_viewers_cannot_share(app: App, role: Role) -> None:
    """The ruling "who may consent"."""
    first = await sign_in(app, await app.link_token(), ADA)
    team = await add_workspace(app, first["user_id"], role)
    token = await app.link_token()
    signed_in = await sign_in(app, token, ADA)
    shown = next(each for each in signed_in["workspaces"] if each["workspace_id"] == team.id)
    assert (shown["role"], shown["can_share"]) == (role.value, False)
    reply = await app.widget(token, "workspace", {"workspace_id": team.id})
    assert refusal(reply) == (403, "INSUFFICIENT_PERMISSIONS")
    assert (await session_of(app, token))["workspace"] is None


@pytest.mark.parametrize("role", [Role.OWNER, Role.ADMIN])
async def test_owners_and_admins_can_share(app: App, role: Role) -> None:
    first = await sign_in(app, await app.link_token(), ADA)
    team = await add_workspace(app, first["user_id"], role)
    token = await app.link_token()
    await sign_in(app, token, ADA)
    assert (await app.widget(token, "workspace", {"workspace_id": team.id})).status_code == 200


async def test_an_only_workspace_that_cannot_be_shared_is_not_chosen(app: App) -> None:
    first = await sign_in(app, await app.link_token(), ADA)
    await set_role(app, first["user_id"], first["workspace"]["workspace_id"], Role.VIEWER)
    token = await app.link_token()
    assert (await sign_in(app, token, ADA))["workspace"] is None
    assert refusal(await app.widget(token, "consent", {"approved": True})) == (409, "WORKSPACE_REQUIRED")


async def test_a_role_lost_between_choosing_and_consenting_is_noticed(app: App) -> None:
    """K-054."""
    token = await app.link_token()
    user = await sign_in(app, token, ADA)
    await set_role(app, user["user_id"], user["workspace"]["workspace_id"], Role.MEMBER)
    reply = await app.widget(token, "consent", {"approved": True})
    assert refusal(reply) == (403, "INSUFFICIENT_PERMISSIONS")


@pytest.mark.parametrize("is_removed", [False, True])
async def test_a_right_lost_between_consent_and_exchange_is_noticed(app: App, is_removed: bool) -> None:
    token = await app.link_token()
    user = await sign_in(app, token, ADA)
    await app.widget(token, "consent", {"approved": True})
    public_token = data_of(await app.widget(token, "complete"))["public_token"]
    workspace_id = user["workspace"]["workspace_id"]
    if is_removed:
        await remove_member(app, user["user_id"], workspace_id)
    else:
        await set_role(app, user["user_id"], workspace_id, Role.VIEWER)
    reply = await app.post("/token/exchange", {"public_token": public_token})
    assert refusal(reply) == (401, "INVALID_GRANT")
    await set_role(app, user["user_id"], workspace_id, Role.ADMIN)
    assert (await app.post("/token/exchange", {"public_token": public_token})).status_code == 200


async def test_somebody_elses_workspace_does_not_exist(app: App) -> None:
    eve = await sign_in(app, await app.link_token(), "eve@example.com")
    token = await app.link_token()
    await sign_in(app, token, ADA)
    foreign = await app.widget(token, "workspace", {"workspace_id": eve["workspace"]["workspace_id"]})
    unknown = await app.widget(token, "workspace", {"workspace_id": "ws_nothing"})
    assert refusal(foreign) == refusal(unknown) == (404, "WORKSPACE_NOT_FOUND")
    assert foreign.json()["error"] == unknown.json()["error"]


async def test_choosing_another_workspace_withdraws_the_consent_and_the_same_one_does_not(app: App) -> None:
    first = await sign_in(app, await app.link_token(), ADA)
    team = await add_workspace(app, first["user_id"])
    own = first["workspace"]["workspace_id"]
    token = await app.link_token()
    await sign_in(app, token, ADA)
    await app.widget(token, "workspace", {"workspace_id": own})
    await app.widget(token, "consent", {"approved": True})
    again = data_of(await app.widget(token, "workspace", {"workspace_id": own}))
    assert again["consent"] is not None
    changed = data_of(await app.widget(token, "workspace", {"workspace_id": team.id}))
    assert (changed["consent"], changed["stage"]) == (None, "CONNECT")
    assert refusal(await app.widget(token, "complete")) == (409, "CONSENT_REQUIRED")


@pytest.mark.parametrize("is_removed", [False, True])
async def test_what_a_member_shared_ends_with_the_right_to_share_it(app: App, is_removed: bool) -> None:
    access = await connect_by_mail(app, ADA)
    token, user_id, workspace_id = access["access_token"], access["user_id"], access["workspace_id"]
    assert (await app.userinfo(token)).status_code == 200
    if is_removed:
        await remove_member(app, user_id, workspace_id)
    else:
        await set_role(app, user_id, workspace_id, Role.MEMBER)
    assert refusal(await app.userinfo(token)) == (401, "INVALID_GRANT")
    checked = data_of(await app.post("/link-token/check-session", {"access_token": token}))
    assert checked == {"has_valid_session": False, "reason": "grant_revoked"}
    for path in ("/token/rotate", "/link-token"):
        assert refusal(await app.post(path, {"access_token": token})) == (401, "INVALID_GRANT")


async def test_two_workspaces_of_one_person_are_two_grants(app: App) -> None:
    """The ruling "one grant": per client, user and workspace."""
    first = await connect_by_mail(app, ADA)
    team = await add_workspace(app, first["user_id"])
    second = await connect_by_mail(app, ADA, workspace_id=team.id)
    assert first["grant_id"] != second["grant_id"]
    assert second["workspace_id"] == team.id
    await app.post("/token/revoke", {"grant_id": first["grant_id"]})
    assert (await app.userinfo(second["access_token"])).status_code == 200


async def test_a_renewed_consent_keeps_the_grant_and_replaces_its_scopes(app: App) -> None:
    first = await connect_by_mail(app, ADA)
    second = await connect_by_mail(app, ADA, scopes="openid users:read")
    assert second["grant_id"] == first["grant_id"]
    assert second["scope"] == "openid users:read"
    for token in (first["access_token"], second["access_token"]):
        assert (await app.userinfo(token)).json()["scopes"] == ["openid", "users:read"]
    listed = data_of(await app.http.get("/token/grants", headers=app.client_headers))
    assert [each["scopes"] for each in listed["grants"]] == ["openid users:read"]


async def test_the_newest_consent_counts_whichever_is_exchanged_last(app: App) -> None:
    """A person who narrowed what an app may read does not widen it again by an older token that lay about."""
    tokens = []
    for scopes in ("openid profile users:read", "openid users:read"):
        token = await app.link_token(scopes=scopes)
        await sign_in(app, token, ADA)
        await app.widget(token, "consent", {"approved": True})
        tokens.append(data_of(await app.widget(token, "complete"))["public_token"])
    older, newer = tokens
    assert data_of(await app.post("/token/exchange", {"public_token": newer}))["scope"] == "openid users:read"
    late = data_of(await app.post("/token/exchange", {"public_token": older}))
    assert late["scope"] == "openid users:read"
    assert (await app.userinfo(late["access_token"])).json()["scopes"] == ["openid", "users:read"]
