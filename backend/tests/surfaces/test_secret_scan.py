"""After whole journeys no token, secret or code that was issued stands anywhere in the database."""

import re
from typing import Any

import httpx
import sqlalchemy as sa

from kryptos.infra.database import Uow
from kryptos.infra.mail.mailbox import MailboxMailer
from kryptos.surfaces.worker.jobs import SendSignInCode, send_sign_in_code
from tests.support.account import VERIFY, Browser, guest_with_link
from tests.support.app import App
from tests.support.journey import data_of, issued_code, rows, start_code, try_code
from tests.support.workshop import workshop_of

EXCLUDED = {"mailbox_mails"}
"""The demo's mailbox: it is the mail itself, codes and all, kept instead of sent; production has no such thing."""

ADA = "ada@example.com"


async def dump(app: App) -> dict[str, bytes]:
    """Return everything that stands in each table, both as text and as the bytes of binary columns."""

    async def work(uow: Uow) -> dict[str, bytes]:
        columns = await uow.all(
            sa.text(
                "SELECT table_name, column_name, data_type FROM information_schema.columns"
                " WHERE table_schema = 'public'"
            )
        )
        content: dict[str, bytes] = {}
        for table, column, kind in [(each.table_name, each.column_name, each.data_type) for each in columns]:
            found = await uow.all(sa.text(f'SELECT "{column}" AS value FROM "{table}"'))
            for row in found:
                raw = row.value if kind == "bytea" and row.value is not None else str(row.value).encode()
                content[table] = content.get(table, b"") + raw + b"\n"
        return content

    return await app.services.database.execute(work)


async def mailed_code(app: App) -> str:
    """Do the worker's job, mail included, and read the code where a person would."""
    (challenge,) = await rows(app, "SELECT id FROM sign_in_challenges WHERE code_hash IS NULL")
    database = app.services.database
    workshop = workshop_of(database, mailer=MailboxMailer(database), settings=app.services.settings)
    await send_sign_in_code(workshop, SendSignInCode(challenge_id=challenge["id"]))
    (mail,) = await rows(app, "SELECT subject FROM mailbox_mails ORDER BY sent_at DESC, id DESC LIMIT 1")
    return str(mail["subject"])[:6]


async def visit_the_consent_centre(app: App) -> list[str]:
    """Sign in by mail and by link, ask for everything that needs a code, erase a guest; return what was told."""
    app.clock.advance(minutes=16)
    person, guest = Browser(app), Browser(app)
    challenge, _ = await person.started(ADA)
    body = {"challenge": challenge, "email": ADA, "code": await issued_code(app, ADA)}
    person.signed_in(await person.call("POST", VERIFY, body, **{"Idempotency-Key": "k4"}))
    erasing = data_of(await person.post("erasure/start"))["challenge"]
    _, user, url = await guest_with_link(app)
    await guest.open_link(url)
    link = data_of(await guest.post("management-link", **{"Idempotency-Key": "k5"}))["url"]
    adding = data_of(await guest.post("email/start", {"email": "new@example.com"}))["challenge"]
    cookie = guest.cookie
    erased = data_of(await guest.post("erasure", {"confirmation": "erase"}, **{"Idempotency-Key": "k6"}))
    keys = [each.partition("=")[2] for each in (url, link)]
    tokens = [person.cookie, cookie, person.csrf, guest.csrf]
    told = [challenge, erasing, adding, erased["key"], user["widget_key"], *keys, *tokens]
    return [str(each) for each in told]


async def test_no_secret_that_was_issued_stands_in_any_table(secure_app: App) -> None:
    app = secure_app
    issued: list[str] = [app.client_secret]

    async def keep(reply: httpx.Response) -> dict[str, Any]:
        data = data_of(reply)
        issued.extend(
            value
            for name, value in data.items()
            if name.endswith(("_token", "_key")) and isinstance(value, str)
        )
        return data

    headers = {**app.client_headers, "Idempotency-Key": "k1"}
    body = {"redirect_uri": "https://app.example.com/callback"}
    created = await keep(await app.post("/link-token", body, headers))
    hosted_key = created["hosted_url"].split("#")[1]
    issued.append(hosted_key)
    page = {"session_id": created["session_id"], "key": hosted_key}
    token = (await keep(await app.post("/link-token/hosted", page)))["link_token"]
    await start_code(app, token, ADA)
    code = await mailed_code(app)
    await keep(await try_code(app, token, ADA, code))
    await app.widget(token, "events", {"name": "seen", "details": {"screen": "consent"}})
    data_of(await app.widget(token, "consent", {"approved": True}))
    keyed = {**app.person(token), "Idempotency-Key": "k2"}
    completed = await keep(await app.http.post("/link-token/complete", json={}, headers=keyed))
    await keep(await app.http.get(f"/link-token/{created['session_id']}/session", headers=app.client_headers))
    exchange = {"public_token": completed["public_token"]}
    access = await keep(
        await app.post("/token/exchange", exchange, {**app.client_headers, "Idempotency-Key": "k3"})
    )
    rotated = await keep(await app.post("/token/rotate", {"access_token": access["access_token"]}))
    resumed = await keep(await app.post("/link-token", {"access_token": rotated["access_token"]}))
    renewed = await keep(await app.post("/link-token", {"access_token": rotated["access_token"]}))
    reply = await app.widget(renewed["link_token"], "session/adopt", {"previous": resumed["link_token"]})
    assert reply.status_code == 200
    await app.userinfo(rotated["access_token"])
    await app.post("/token/revoke", {"grant_id": rotated["grant_id"]})
    issued += await visit_the_consent_centre(app)

    assert len(issued) >= 21
    content = await dump(app)
    assert content["outbox"]
    assert set(content) >= EXCLUDED
    assert code.encode() in content["mailbox_mails"], "the scan finds what it looks for"
    for table, everything in content.items():
        if table in EXCLUDED:
            continue
        for secret in issued:
            assert secret.encode() not in everything, f"{secret[:8]}… stands in {table}"
            assert secret.split("_", 1)[1].encode() not in everything, f"{secret[:8]}… stands in {table}"
        # Six digits can stand in an id by chance; a code that was written down stands alone.
        assert not re.search(rb"(?<![0-9a-f])" + code.encode() + rb"(?![0-9a-f])", everything), (
            f"code in {table}"
        )
