"""Erasing somebody while everything else happens to them: a clean refusal or a success, and no row left behind."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest

from tests.support.app import App
from tests.support.erasing import erase
from tests.support.journey import Rows, data_of, issued_code, snapshot, start_code
from tests.support.life import Life, live
from tests.support.workshop import settle, workshop_of

ROUNDS = 6
KNOWN_TO_NOBODY = {"audit_records", "outbox"}


def traces(found: Rows, life: Life, *, more: tuple[str, ...]) -> dict[str, set[str]]:
    """Return which marks and ids of somebody stand in which table, outside of the audit log."""
    marks = {*life.marks, *life.ids, *more}
    return {
        table: seen
        for table, lines in found.items()
        if table not in KNOWN_TO_NOBODY
        and (seen := {mark for mark in marks for line in lines if mark in line})
    }


async def sessions_to_come(app: App, life: Life, number: int) -> list[str]:
    """Return public tokens that this person has consented to, not exchanged yet."""
    tokens = []
    for _ in range(number):
        opened = await app.post("/link-token", {}, life.person.client)
        token = data_of(opened)["link_token"]
        app.clock.advance(minutes=16)
        opened = await app.post("/link-token", {}, life.person.client)
        token = data_of(opened)["link_token"]
        await start_code(app, token, life.email)
        code = await issued_code(app, life.email)
        data_of(await app.widget(token, "auth/email/verify", {"email": life.email, "code": code}))
        data_of(await app.widget(token, "consent", {"approved": True}))
        tokens.append(data_of(await app.widget(token, "complete"))["public_token"])
    return tokens


@pytest.mark.parametrize("number", range(ROUNDS))
async def test_whatever_happens_at_the_same_time(app: App, number: int) -> None:
    ada = await live(app, "ada", number=80 + number)
    public_tokens = await sessions_to_come(app, ada, 2)
    person = await ada.person.resume()
    signing_in = await app.link_token(ada.person.client)
    await start_code(app, signing_in, ada.email)
    code = await issued_code(app, ada.email)
    database = app.services.database

    async def erase_in_a_moment() -> None:
        await asyncio.sleep(number / 500)
        await erase(app, person.user_id)

    calls: list[Callable[[], Awaitable[httpx.Response]]] = [
        *(
            lambda token=token: app.post("/token/exchange", {"public_token": token}, ada.person.client)
            for token in public_tokens
        ),
        lambda: app.widget(signing_in, "auth/email/verify", {"email": ada.email, "code": code}),
        lambda: app.post("/token/revoke", {"grant_id": ada.person.grant_id}, ada.person.client),
        lambda: app.post("/token/rotate", {"access_token": ada.person.access_token}, ada.person.client),
        lambda: app.post("/link-token", {"access_token": ada.person.access_token}, ada.person.client),
        lambda: ada.person.get("holdings"),
        lambda: ada.person.get("transactions"),
        lambda: ada.person.resync(ada.wallet_id, "from_start"),
        lambda: person.connect(provider="ethereum", address="0x00000000219ab540356cBB839Cbe05303d7705Fa"),
        lambda: person.remove(ada.wallet_id),
        lambda: app.widget(person.token, "events", {"name": "seen"}),
        lambda: app.widget(person.token, "management-link"),
    ]
    replies, *_ = await asyncio.gather(
        asyncio.gather(*(call() for call in calls)),
        erase_in_a_moment(),
        settle(app, workshop_of(database, registry=app.services.registry)),
    )
    assert [reply.status_code for reply in replies if reply.status_code >= 500] == []
    await settle(app, workshop_of(database, registry=app.services.registry))
    newcomer = [row for row in (await snapshot(app))["users"] if ada.email in row]
    # Whoever signs in after the end is somebody new, who begins with nothing.
    left = traces(await snapshot(app), ada, more=(person.user_id,))
    allowed = {"users": {ada.email}, "sign_in_challenges": {ada.email}, "sign_in_addresses": {ada.email}}
    assert left == ({} if not newcomer else {table: allowed[table] for table in left if table in allowed})
