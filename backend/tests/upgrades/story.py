"""What happened in an installation before it was upgraded: lived through the API and the commands of that version."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx

from kryptos.domains import prices
from kryptos.infra.database import Uow
from kryptos.kernel.amount import Amount
from kryptos.providers.prices.contracts import Quote
from tests.support.app import App
from tests.support.connecting import TYPED
from tests.support.journey import link_header, rows
from tests.support.queue import eventually

CALLBACK = "https://app.example.com/callback"
SOLANA = "2r8Hm938GzCQ2gXTP2deDarkn52ezYf1UUaEzMpkwrk1"
IDEMPOTENCY_KEY = "upgrade-0001"
READ = (
    "/api/v1/userinfo",
    "/api/v1/integrations",
    "/api/v1/holdings?isSpam=true",
    "/api/v1/holdings?calculatedBalances=true",
    "/api/v1/transactions?limit=12&order=asc",
)
"""What an app reads with an access token."""
READERS = ("guest", "ada", "production")
"""Whose tokens read."""

Facts = dict[str, Any]


def data_of(reply: httpx.Response) -> Facts:
    """Return the data of a call that must have succeeded; nothing for one that gives none."""
    assert reply.is_success, reply.text
    return dict(reply.json().get("data") or {})


def credentials(created: dict[str, str]) -> dict[str, str]:
    """Return the headers of a client as the command line printed it."""
    return {"X-Client-Id": created["client_id"], "X-Client-Secret": created["client_secret"]}


async def arrived_by_mail(app: App, client: dict[str, str], email: str) -> str:
    """Return the link token of somebody who signed in by mailed code and consented."""
    token = await app.link_token(client)
    code = await mailed_code(app, token, email)
    data_of(await app.widget(token, "auth/email/verify", {"email": email, "code": code}))
    data_of(await app.widget(token, "consent", {"approved": True}))
    return token


async def mailed_code(app: App, token: str, email: str) -> str:
    """Ask for a code and read the mail that the worker sends."""
    data_of(await app.widget(token, "auth/email/start", {"email": email}))
    written = "SELECT text FROM mailbox_mails WHERE recipient = $1 ORDER BY id DESC"
    before = len(await rows(app, written, email))

    async def has_come() -> bool:
        return len(await rows(app, written, email)) > before

    await eventually(has_come, what=f"the mail to {email}")
    text: str = (await rows(app, written, email))[0]["text"]
    return next(word for word in text.split() if word.isdigit() and len(word) == 6)


async def arrived_as_guest(app: App, client: dict[str, str], **body: Any) -> str:
    """Return the link token of a guest who consented."""
    token = await app.link_token(client, **body)
    data_of(await app.widget(token, "auth/anonymous"))
    data_of(await app.widget(token, "consent", {"approved": True}))
    return token


async def connected(app: App, token: str, *accounts: dict[str, str]) -> list[str]:
    """Connect accounts and return their wallet ids once nothing of theirs is read any more."""
    found = [data_of(await app.widget(token, "integrations", account))["wallet_id"] for account in accounts]

    async def are_read() -> bool:
        busy = "SELECT 1 FROM integrations WHERE status IN ('connected', 'queued', 'ongoing')"
        return not await rows(app, busy)

    await eventually(are_read, what="the accounts are read")
    return found


async def public_token_of(app: App, token: str) -> str:
    """Complete a session."""
    return str(data_of(await app.widget(token, "complete"))["public_token"])


async def access_of(app: App, token: str, client: dict[str, str]) -> dict[str, Any]:
    """Complete a session and exchange what it gives."""
    body = {"public_token": await public_token_of(app, token)}
    return data_of(await app.post("/token/exchange", body, client))


async def read(app: App, access: Facts, path: str) -> Any:
    """Return what an app is told."""
    reply = await app.http.get(path, headers={"Authorization": f"Bearer {access['access_token']}"})
    assert reply.status_code == 200, reply.text
    return reply.json()


async def live(app: App, ledger: dict[str, str], second: dict[str, str], real: dict[str, str]) -> Facts:
    """Live it, with a worker at work: ``ledger`` and ``second`` are sandbox clients, ``real`` is in production mode."""
    await app.services.database.execute(keep_prices)
    await data_of_guest_who_left(app, ledger)
    return {
        "people": {
            "guest": await guest_with_rotated_token(app, ledger),
            "ada": await person_of_two_apps(app, ledger, second),
            "revoked": await guest_whose_grant_was_revoked(app, second),
            "suspended": await access_of(
                app, await arrived_by_mail(app, ledger, "mallory@example.com"), ledger
            ),
            "production": await access_of(app, await arrived_as_guest(app, real), real),
        },
        "pending": await what_is_under_way(app, ledger),
    }


async def keep_prices(uow: Uow) -> None:
    """Keep prices as the worker does that reaches sources of prices."""
    bitcoin = Quote("bitcoin", Amount("64000.5"), uow.now, "test")
    await prices.keep_latest(uow, [bitcoin], day_before=[replace(bitcoin, at=uow.now - timedelta(days=1))])
    await prices.keep_historical(uow, [replace(bitcoin, at=uow.now - timedelta(days=30))])
    await prices.watch(uow, ["bitcoin"])


async def guest_with_rotated_token(app: App, client: dict[str, str]) -> Facts:
    """A guest with both test addresses and the accounts that cannot be read or are empty; the token was rotated."""
    token = await arrived_as_guest(app, client)
    wallets = await connected(
        app,
        token,
        {"provider": "ethereum", "address": TYPED, "alias": "My wallet"},
        {"provider": "solana", "address": SOLANA},
        {"provider": "ethereum", "persona": "broken"},
        {"provider": "ethereum", "persona": "empty"},
    )
    exchange = {"public_token": await public_token_of(app, token)}
    keyed = {**client, "Idempotency-Key": IDEMPOTENCY_KEY}
    given = data_of(await app.post("/token/exchange", exchange, keyed))
    body = {"access_token": given["access_token"]}
    rotated = data_of(await app.post("/token/rotate", body, client))
    await read(app, rotated, "/api/v1/holdings")
    exchanged = {"body": exchange, "given": given}
    return {
        **given,
        **rotated,
        "rotated_away": given["access_token"],
        "exchanged": exchanged,
        "wallets": wallets,
    }


async def person_of_two_apps(app: App, client: dict[str, str], other: dict[str, str]) -> Facts:
    """Somebody with an address who uses two apps, renewed a session on the way, and disconnected an account again."""
    token = await arrived_by_mail(app, client, "ada@example.com")
    renewed = await app.link_token(client)
    data_of(await app.widget(renewed, "session/adopt", {"previous": token}))
    wallets = await connected(
        app,
        renewed,
        {"provider": "ethereum", "persona": "nft"},
        {"provider": "ethereum", "persona": "holder"},
    )
    headers = app.person(renewed)
    data_of(await app.http.delete(f"/link-token/integrations/{wallets[1]}", headers=headers))
    given = await access_of(app, renewed, client)
    elsewhere = await access_of(app, await arrived_by_mail(app, other, "ada@example.com"), other)
    return {**given, "other_app": elsewhere, "email": "ada@example.com", "wallets": wallets[:1]}


async def guest_whose_grant_was_revoked(app: App, client: dict[str, str]) -> Facts:
    """A guest whose access an app has ended."""
    token = await arrived_as_guest(app, client)
    await connected(app, token, {"provider": "solana", "persona": "saver"})
    given = await access_of(app, token, client)
    data_of(await app.post("/token/revoke", {"grant_id": given["grant_id"]}, client))
    return given


async def data_of_guest_who_left(app: App, client: dict[str, str]) -> None:
    """A guest who looked around, tried an account, was asked to prove one, and left."""
    token = await arrived_as_guest(app, client)
    wanted = {"provider": "ethereum", "persona": "empty"}
    tried = data_of(await app.widget(token, "integrations/test", wanted))

    async def has_ended() -> bool:
        path = f"/link-token/integrations/test/{tried['test_id']}"
        return bool(data_of(await app.http.get(path, headers=app.person(token)))["status"] != "pending")

    await eventually(has_ended, what="the trial has ended")
    wanted = {"family": "evm", "address": TYPED, "origin": "https://app.example.com"}
    data_of(await app.widget(token, "ownership/challenge", wanted))
    await app.widget(token, "app-logo", {"url": "https://logo.invalid/logo.png"})
    data_of(await app.widget(token, "events", {"name": "opened"}))
    data_of(await app.widget(token, "exit"))


async def what_is_under_way(app: App, client: dict[str, str]) -> Facts:
    """Sessions that nobody has finished: each is gone on with after the upgrade."""
    asked = await app.link_token(client)
    code = await mailed_code(app, asked, "grace@example.com")
    consented = await arrived_as_guest(app, client)
    wallets = await connected(app, consented, {"provider": "ethereum", "persona": "empty"})
    completed = await arrived_as_guest(app, client, redirect_uri=CALLBACK)
    public_token = await public_token_of(app, completed)
    return {
        "asked_for_code": {"link_token": asked, "email": "grace@example.com", "code": code},
        "consented": {"link_token": consented, "wallets": wallets},
        "completed": {"public_token": public_token},
    }


async def leave_work_behind(app: App, client: dict[str, str]) -> Facts:
    """Ask for what only a worker does while none runs."""
    token = await app.link_token(client)
    data_of(await app.widget(token, "auth/email/start", {"email": "waiting@example.com"}))
    reply = await app.http.get("/link-token/session", headers=link_header(token))
    return {"link_token": token, "email": "waiting@example.com", "session_id": data_of(reply)["session_id"]}
