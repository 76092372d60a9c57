"""The consent centre shows every connected account that is the person's to see, and removes it with its history."""

from typing import Any

import pytest

from kryptos.domains.clients import Mode
from kryptos.domains.workspaces import Role
from tests.support.account import Browser
from tests.support.app import App
from tests.support.journey import add_workspace, connect_by_mail, data_of, refusal, rows, set_role, sign_in
from tests.support.workshop import settle

ADA, EVE = "ada@example.com", "eve@example.com"


async def connect(app: App, access: dict[str, Any], persona: str = "holder") -> str:
    token = await app.link_token(access_token=access["access_token"])
    reply = await app.widget(
        token, "integrations", {"provider": "ethereum", "persona": persona, "alias": "Mine"}
    )
    return str(data_of(reply)["wallet_id"])


async def shown(browser: Browser) -> list[dict[str, Any]]:
    return list(data_of(await browser.get("connections"))["connections"])


async def test_a_person_sees_an_account_with_the_apps_that_read_it(secure_app: App) -> None:
    app = secure_app
    access = await connect_by_mail(app, ADA)
    wallet_id = await connect(app, access)
    await settle(app)
    created = await app.create_client("Real", mode=Mode.PRODUCTION)
    real = {"X-Client-Id": created.client.id, "X-Client-Secret": created.client_secret}
    await connect_by_mail(app, ADA, real)
    browser = Browser(app)
    await browser.sign_in(ADA)
    (connection,) = await shown(browser)
    assert connection["wallet_id"] == wallet_id
    assert connection["provider"] == {
        "id": "ethereum",
        "name": "Ethereum",
        "logo": "/connect/logos/" + connection["provider"]["logo"].rpartition("/")[2],
    }
    assert (await app.http.get(connection["provider"]["logo"])).status_code == 200
    assert connection["chains"] == [{"id": "ethereum", "name": "Ethereum"}]
    assert (connection["alias"], connection["status"], connection["mode"]) == ("Mine", "COMPLETED", "sandbox")
    assert connection["address"].startswith("0x")
    assert connection["transactions"] > 0
    assert connection["apps"] == [{"client_id": app.client_id, "name": "Test app"}], (
        "of the account's own mode"
    )
    assert (connection["is_paused"], connection["can_remove"]) == (False, True)


async def test_an_account_that_no_app_reads_is_paused(secure_app: App) -> None:
    app = secure_app
    access = await connect_by_mail(app, ADA)
    await connect(app, access)
    await settle(app)
    browser = Browser(app)
    await browser.sign_in(ADA)
    await browser.post(f"grants/{access['grant_id']}/revoke")
    (connection,) = await shown(browser)
    assert (connection["is_paused"], connection["apps"]) == (True, [])
    assert connection["status_text"]


async def test_removing_an_account_removes_what_was_read(secure_app: App) -> None:
    app = secure_app
    access = await connect_by_mail(app, ADA)
    wallet_id = await connect(app, access)
    await settle(app)
    browser = Browser(app)
    await browser.sign_in(ADA)
    assert (await browser.delete(f"connections/{wallet_id}")).status_code == 200
    assert await shown(browser) == []
    for table in ("integrations", "integration_chains", "ledger_entries", "balances"):
        assert await rows(app, f"SELECT 1 FROM {table}") == [], table
    assert refusal(await browser.delete(f"connections/{wallet_id}")) == (404, "INTEGRATION_NOT_FOUND")


@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER])
async def test_members_look_at_what_they_connected_and_remove_nothing(secure_app: App, role: Role) -> None:
    app = secure_app
    first = await sign_in(app, await app.link_token(), ADA)
    team = await add_workspace(app, first["user_id"], Role.ADMIN)
    mine = await connect(app, await connect_by_mail(app, ADA, workspace_id=team.id))
    eve = await sign_in(app, await app.link_token(), EVE)
    await set_role(app, eve["user_id"], team.id, Role.OWNER)
    app.clock.advance(minutes=16)
    theirs = await connect(app, await connect_by_mail(app, EVE, workspace_id=team.id), "nft")
    await set_role(app, first["user_id"], team.id, role)
    browser = Browser(app)
    await browser.sign_in(ADA)
    (connection,) = await shown(browser)
    assert (connection["wallet_id"], connection["can_remove"]) == (mine, False)
    assert refusal(await browser.delete(f"connections/{mine}")) == (403, "INSUFFICIENT_PERMISSIONS")
    assert refusal(await browser.delete(f"connections/{theirs}")) == (404, "INTEGRATION_NOT_FOUND")
    owner = Browser(app)
    await owner.sign_in(EVE)
    assert {each["wallet_id"] for each in await shown(owner)} == {mine, theirs}
    assert (await owner.delete(f"connections/{mine}")).status_code == 200


async def test_somebody_elses_account_does_not_exist(secure_app: App) -> None:
    app = secure_app
    theirs = await connect(app, await connect_by_mail(app, EVE))
    await connect_by_mail(app, ADA)
    browser = Browser(app)
    await browser.sign_in(ADA)
    assert await shown(browser) == []
    for wallet_id in (theirs, "wallet_" + "0" * 32):
        assert refusal(await browser.delete(f"connections/{wallet_id}")) == (404, "INTEGRATION_NOT_FOUND")
    assert await rows(app, "SELECT id FROM integrations") == [{"id": theirs}]
