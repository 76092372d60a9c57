"""A database of an earlier version, migrated: everything in it is there, and works for whoever held a part of it."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from kryptos.domains import audit
from kryptos.infra.migrations import current_revision, head_revision
from kryptos.infra.migrations.run import migrate
from kryptos.infra.postgres import Cluster
from tests.support.app import App, running_app
from tests.support.clock import ManualClock
from tests.support.connecting import TYPED
from tests.support.database import cloned_database
from tests.support.journey import refusal, rows
from tests.support.postgres import administer
from tests.support.schema import schema_differences
from tests.support.workshop import settle
from tests.upgrades import story
from tests.upgrades.fixture import Fixture, all_fixtures, count_rows, lost
from tests.upgrades.story import data_of

MADE_ANEW = {"holdings_renderings"}
"""Tables that keep what is made anew when it is next asked for."""


@pytest_asyncio.fixture(
    scope="module", loop_scope="session", params=all_fixtures(), ids=lambda each: each.revision
)
async def upgraded(request: pytest.FixtureRequest, cluster: Cluster) -> AsyncIterator[tuple[Fixture, str]]:
    """A fixture and the name of a migrated database with its data, to be cloned; nobody connects to it."""
    fixture: Fixture = request.param
    name = f"upgraded_{fixture.revision}"
    await administer(cluster, f'CREATE DATABASE "{name}"')
    await fixture.load_into(cluster.url(name))
    await migrate(cluster.url(name))
    yield fixture, name
    await administer(cluster, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest_asyncio.fixture(loop_scope="session")
async def old(upgraded: tuple[Fixture, str]) -> Fixture:
    """What was held before."""
    return upgraded[0]


@pytest_asyncio.fixture(loop_scope="session")
async def app(upgraded: tuple[Fixture, str], cluster: Cluster) -> AsyncIterator[App]:
    """This version's application over the upgraded data, a second after the last that happened in it."""
    fixture, name = upgraded
    clock = ManualClock(fixture.at)
    async with (
        cloned_database(cluster, name) as url,
        running_app(url, clock=clock, pepper=fixture.facts["pepper"]) as running,
    ):
        yield running


@pytest.mark.parametrize("fixture", all_fixtures(), ids=lambda each: each.revision)
async def test_schema_is_this_version_s_and_no_row_is_lost(empty_database_url: str, fixture: Fixture) -> None:
    await fixture.load_into(empty_database_url)
    assert await current_revision(empty_database_url) == fixture.revision
    before = await count_rows(empty_database_url)
    assert all(before.values()), "every table of that version has rows"
    assert await migrate(empty_database_url) == fixture.revision
    assert await current_revision(empty_database_url) == head_revision()
    assert not await schema_differences(empty_database_url)
    after = await count_rows(empty_database_url)
    kept = before.keys() - MADE_ANEW
    assert {name: after.get(name) for name in kept} == {name: before[name] for name in kept}


async def test_apps_read_what_they_read_before(app: App, old: Fixture) -> None:
    for who, path, body in old.replies():
        assert not lost(body, await story.read(app, old.facts["people"][who], path)), (who, path)


async def test_every_secret_of_a_client_is_its_secret_still(app: App, old: Fixture) -> None:
    clients, people = old.facts["clients"], old.facts["people"]
    for name in ("ledger", "ledger_rotated"):
        reply = await app.http.get("/token/grants", headers=clients[name])
        listed = {each["grant_id"] for each in data_of(reply)["grants"]}
        assert {people["guest"]["grant_id"], people["ada"]["grant_id"]} <= listed
    reply = await app.http.get("/token/grants", headers=old.facts["suspended_client"])
    assert refusal(reply) == (401, "INVALID_CLIENT")


async def test_what_was_ended_stays_ended(app: App, old: Fixture) -> None:
    people = old.facts["people"]
    ended = {
        people["guest"]["rotated_away"]: "INVALID_TOKEN",
        people["revoked"]["access_token"]: "INVALID_GRANT",
    }
    for access_token, code in ended.items():
        assert refusal(await app.userinfo(access_token)) == (401, code)
    assert (await app.userinfo(people["suspended"]["access_token"])).status_code == 401
    checked = await check(app, people["revoked"], old.facts["clients"]["second"])
    assert (checked["has_valid_session"], checked["reason"]) == (False, "grant_revoked")


async def check(app: App, access: dict[str, str], client: dict[str, str]) -> dict[str, Any]:
    """Check a session as an app does before it resumes one."""
    body = {"access_token": access["access_token"]}
    return data_of(await app.post("/link-token/check-session", body, client))


async def test_a_grant_goes_on_and_can_be_ended(app: App, old: Fixture) -> None:
    client, ada = old.facts["clients"]["ledger_rotated"], old.facts["people"]["ada"]
    assert (await check(app, ada, client))["has_valid_session"]
    resumed = await app.link_token(client, access_token=ada["access_token"])
    session = data_of(await app.http.get("/link-token/session", headers={"X-LINK-TOKEN": resumed}))
    assert session["workspace"]["workspace_id"] == ada["workspace_id"]
    rotated = data_of(await app.post("/token/rotate", {"access_token": ada["access_token"]}, client))
    assert (await app.userinfo(rotated["access_token"])).status_code == 200
    assert refusal(await app.userinfo(ada["access_token"])) == (401, "INVALID_TOKEN")
    data_of(await app.post("/token/revoke", {"grant_id": ada["grant_id"]}, client))
    assert refusal(await app.userinfo(rotated["access_token"])) == (401, "INVALID_GRANT")
    assert (await app.userinfo(ada["other_app"]["access_token"])).status_code == 200


async def test_a_repeated_call_gets_the_answer_of_before(app: App, old: Fixture) -> None:
    exchanged = old.facts["people"]["guest"]["exchanged"]
    keyed = {**old.facts["clients"]["ledger"], "Idempotency-Key": story.IDEMPOTENCY_KEY}
    reply = await app.post("/token/exchange", exchanged["body"], keyed)
    assert reply.headers["Idempotent-Replayed"] == "true"
    assert data_of(reply) == exchanged["given"]


async def test_sessions_under_way_go_on(app: App, old: Fixture) -> None:
    pending, client = old.facts["pending"], old.facts["clients"]["ledger"]
    asked, unsent = pending["asked_for_code"], pending["unsent"]
    body = {"email": asked["email"], "code": asked["code"]}
    data_of(await app.widget(asked["link_token"], "auth/email/verify", body))
    given = await story.access_of(app, pending["consented"]["link_token"], client)
    assert (await app.userinfo(given["access_token"])).status_code == 200
    body = {"public_token": pending["completed"]["public_token"]}
    given = data_of(await app.post("/token/exchange", body, client))
    assert (await app.userinfo(given["access_token"])).status_code == 200
    app.clock.advance(seconds=1)
    assert "send_sign_in_code" in await settle(app)
    assert await rows(
        app, "SELECT 1 FROM sign_in_challenges WHERE email = $1 AND code_hash IS NOT NULL", unsent["email"]
    )


async def test_accounts_are_read_again_to_the_same_history(app: App, old: Fixture) -> None:
    guest, client = old.facts["people"]["guest"], old.facts["clients"]["ledger"]
    user_id = (await story.read(app, guest, "/api/v1/userinfo"))["userInfo"]["sub"]
    before = await history(app, guest)
    for mode in ("latest", "from_start"):
        for wallet_id in guest["wallets"]:
            path = f"/developer/integrations/{wallet_id}/resync"
            reply = await app.post(path, {"user_id": user_id, "mode": mode}, client)
            assert reply.status_code == 202, reply.text
        app.clock.advance(seconds=1)
        assert "sync_integration" in await settle(app)
        assert await history(app, guest) == before


async def history(app: App, access: dict[str, str]) -> Any:
    """Return every transaction of a person."""
    return (await story.read(app, access, "/api/v1/transactions?limit=1000&order=asc"))["data"]


async def test_the_audit_log_goes_on_unbroken(app: App, old: Fixture) -> None:
    await app.access(old.facts["clients"]["ledger"])
    while await app.services.database.execute(audit.seal):
        pass
    reports = await app.services.database.execute(audit.verify)
    assert len(reports) > 5
    assert not [report for report in reports if report.broken_at]
    sealed = sum(report.sealed for report in reports)
    assert sealed == (await rows(app, "SELECT count(*) AS n FROM audit_records"))[0]["n"]


async def test_a_new_person_connects(app: App, old: Fixture) -> None:
    client = old.facts["clients"]["ledger"]
    token = await story.arrived_as_guest(app, client)
    data_of(await app.widget(token, "integrations", {"provider": "ethereum", "address": TYPED}))
    app.clock.advance(seconds=1)
    await settle(app)
    access = await story.access_of(app, token, client)
    assert (await story.read(app, access, "/api/v1/holdings"))["holdings"]
    assert await history(app, access)


# ---------------------------------------------------------------- these checks can fail


def test_a_loss_is_seen() -> None:
    before = {"a": [1, {"b": None}], "c": "1"}
    assert not lost(before, {**before, "new": 1})
    assert lost(before, {"a": [1, {"b": None}]}) == ["$.c is missing"]
    assert lost(before, {**before, "a": [1]})
    assert lost(before, {**before, "a": [1, {"b": 0}]}) == ["$.a[1].b was None and is 0"]
    assert lost(1, 1.0)


@pytest.mark.parametrize("fixture", all_fixtures()[:1], ids=lambda each: each.revision)
async def test_a_migration_that_loses_rows_is_seen(empty_database_url: str, fixture: Fixture) -> None:
    await fixture.load_into(empty_database_url)
    before = await count_rows(empty_database_url)
    connection = await asyncpg.connect(empty_database_url)
    await connection.execute(
        "ALTER TABLE public.grants ADD COLUMN more text; DELETE FROM public.access_tokens"
    )
    await connection.close()
    assert await count_rows(empty_database_url) != before
    assert await schema_differences(empty_database_url)
