"""Every id of every endpoint swapped for another world's: answered as if it did not exist, and nothing changes.

The places where an id can stand are read from the OpenAPI document; a new one without a row here fails the first test.
"""

import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from kryptos.domains.clients.scopes import DEFAULT_SCOPES
from kryptos.entrypoints.web import ENDPOINTS
from kryptos.surfaces.http.openapi import build_document
from tests.support.account import COOKIE, Browser, guest_with_link
from tests.support.app import App
from tests.support.journey import add_workspace, connect_by_mail, data_of, issued_code, sign_in, snapshot
from tests.support.workshop import settle

Place = tuple[str, str]
DOCUMENT = build_document(ENDPOINTS)

FREE_TEXT = {
    "scopes", "email", "code", "language", "approved", "name", "at", "details", "redirect_uri", "mode",
    "provider", "address", "persona", "chains", "alias", "family", "origin", "chain_id", "proof", "url",
    "isSpam", "calculatedBalances", "isNft", "isMissingPrice", "isMissingPurchase", "isEdited", "isManual",
    "currencyId", "transactionType", "label", "order", "timeStart", "timeEnd", "limit", "offset", "page", "pageSize",
    "confirmation",
    "before",  # a place in the order of one's own list
}  # fmt: skip
"""Fields that name nothing of anybody: every other field of a body is an id or a token until a row says what it is."""
CALLBACK = "https://app.example.com/callback"
CREDENTIALS = {"client_id", "client_secret"}
BEARER = {("POST /account/api/sign-in/link", "key")}
"""What is itself all that whoever has it needs; it belongs to no call of anybody else's."""


@dataclass
class World:
    """Everything of one client, one person and one workspace."""

    email: str
    client: dict[str, str]
    session_id: str
    link_token: str
    previous: str
    adopter: str
    public_token: str
    access_token: str
    grant_id: str
    workspace_id: str
    user_id: str
    hosted_id: str
    hosted_key: str
    connector: str
    """A link token that resumes the access: what follows was made with it."""
    wallet_id: str
    removable: str
    test_id: str
    transaction_id: str
    sharing_user_id: str
    browser: Browser
    """Of the person who shares, in the consent centre."""
    erasure_id: str
    erasure_key: str
    guest: Browser
    challenge: str = ""
    code: str = ""
    erasure_challenge: str = ""
    erasure_code: str = ""
    address_challenge: str = ""
    address_code: str = ""

    async def ask_for_codes(self, app: App) -> None:
        """Have every kind of code mailed; they live ten minutes, so both worlds come first."""
        self.challenge, self.code = await Browser(app).started(f"sharing-{self.email}")
        app.clock.advance(milliseconds=1)  # the newest code is the one that is mailed
        self.erasure_challenge = data_of(await self.browser.post("erasure/start"))["challenge"]
        self.erasure_code = str(await issued_code(app, f"sharing-{self.email}"))
        asked = await self.guest.post("email/start", {"email": f"new-{self.email}"})
        self.address_challenge = data_of(asked)["challenge"]
        self.address_code = str(await issued_code(app, f"new-{self.email}"))


async def make_world(app: App, name: str, email: str) -> World:
    scopes = " ".join((*DEFAULT_SCOPES, "integrations:write"))
    created = await app.create_client(name, scopes=scopes, redirect_uris=[CALLBACK])
    client = {"X-Client-Id": created.client.id, "X-Client-Secret": created.client_secret}
    access = await connect_by_mail(app, f"sharing-{email}", client)
    started = data_of(await app.post("/link-token", {}, client))
    signed_in = await sign_in(app, started["link_token"], email)
    await add_workspace(app, signed_in["user_id"])
    hosted = data_of(await app.post("/link-token", {"redirect_uri": CALLBACK}, client))
    resumed = data_of(await app.post("/link-token", {"access_token": access["access_token"]}, client))
    connector = resumed["link_token"]
    wallets = [
        data_of(await app.widget(connector, "integrations", {"provider": "ethereum", "persona": persona}))
        for persona in ("defi", "nft")
    ]
    test = await app.widget(connector, "integrations/test", {"provider": "ethereum", "persona": "empty"})
    await settle(app)
    listed = await app.http.get(
        "/api/v1/transactions", headers={"Authorization": f"Bearer {access['access_token']}"}
    )
    browser, leaving, guest = Browser(app), Browser(app), Browser(app)
    await browser.sign_in(f"sharing-{email}")
    await leaving.open_link((await guest_with_link(app))[2])
    erasure = data_of(await leaving.post("erasure", {"confirmation": "erase"}))
    await guest.open_link((await guest_with_link(app))[2])
    return World(
        email=email,
        browser=browser,
        erasure_id=erasure["erasure_id"],
        erasure_key=erasure["key"],
        guest=guest,
        client=client,
        session_id=started["session_id"],
        link_token=started["link_token"],
        previous=await app.link_token(client),
        adopter=await app.link_token(client),
        public_token=await app.public_token(client),
        access_token=access["access_token"],
        grant_id=access["grant_id"],
        workspace_id=signed_in["workspaces"][0]["workspace_id"],
        user_id=signed_in["user_id"],
        hosted_id=hosted["session_id"],
        hosted_key=hosted["hosted_url"].split("#")[1],
        connector=connector,
        wallet_id=wallets[0]["wallet_id"],
        removable=wallets[1]["wallet_id"],
        test_id=test.json()["data"]["test_id"],
        transaction_id=listed.json()["data"][0]["id"],
        sharing_user_id=resumed["user_id"],
    )


def well_formed(value: str) -> str:
    """An id or token of the same form that was never made."""
    prefix, _, rest = value.partition("_")
    return f"{prefix}_{'0' * len(rest)}"


Call = Callable[[App, World, str], Awaitable[httpx.Response]]


def backend(path: str, field: str, **rest: Any) -> Call:
    async def make(app: App, mine: World, value: str) -> httpx.Response:
        return await app.post(path, {field: value, **rest}, mine.client)

    return make


async def choose(app: App, mine: World, value: str) -> httpx.Response:
    return await app.widget(mine.link_token, "workspace", {"workspace_id": value})


async def adopt(app: App, mine: World, value: str) -> httpx.Response:
    return await app.widget(mine.adopter, "session/adopt", {"previous": value})


async def open_page(app: App, mine: World, value: str) -> httpx.Response:
    return await app.post("/link-token/hosted", {"session_id": value, "key": mine.hosted_key})


async def open_with_key(app: App, mine: World, value: str) -> httpx.Response:
    return await app.post("/link-token/hosted", {"session_id": mine.hosted_id, "key": value})


async def read_record(app: App, mine: World, value: str) -> httpx.Response:
    return await app.http.get(f"/link-token/{value}/session", headers=mine.client)


async def read_receipts(app: App, mine: World, value: str) -> httpx.Response:
    return await app.http.get(f"/token/grants/{value}/receipts", headers=mine.client)


def connecting(method: str, path: str) -> Call:
    async def make(app: App, mine: World, value: str) -> httpx.Response:
        return await app.http.request(method, path.format(value), headers={"X-LINK-TOKEN": mine.connector})

    return make


def reading(path: str, field: str) -> Call:
    async def make(app: App, mine: World, value: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {mine.access_token}"}
        return await app.http.get(path, params={field: value}, headers=headers)

    return make


async def repair(app: App, mine: World, value: str) -> httpx.Response:
    body = {"integration_id": value, "mode": "repair", "access_token": mine.access_token}
    return await app.post("/link-token", body, mine.client)


async def resync(app: App, mine: World, value: str) -> httpx.Response:
    body = {"user_id": mine.sharing_user_id}
    return await app.post(f"/developer/integrations/{value}/resync", body, mine.client)


async def reread(app: App, mine: World, value: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {mine.access_token}"}
    return await app.http.post(f"/api/v1/integrations/{value}/resync", json={}, headers=headers)


async def resync_of(app: App, mine: World, value: str) -> httpx.Response:
    return await app.post(f"/developer/integrations/{mine.wallet_id}/resync", {"user_id": value}, mine.client)


def of_person(method: str, path: str) -> Call:
    async def make(app: App, mine: World, value: str) -> httpx.Response:
        return await mine.browser.call(method, f"/account/api/{path}".format(value))

    return make


async def sign_in_here(app: App, mine: World, value: str) -> httpx.Response:
    address = f"sharing-{mine.email}"
    body = {"challenge": value, "email": address, "code": mine.code}
    return await Browser(app).call("POST", "/account/api/sign-in/verify", body)


async def add_address(app: App, mine: World, value: str) -> httpx.Response:
    address = f"new-{mine.email}"
    body = {"challenge": value, "email": address, "code": mine.address_code}
    return await mine.guest.post("email/verify", body)


async def erase(app: App, mine: World, value: str) -> httpx.Response:
    body = {"confirmation": "erase", "challenge": value, "code": mine.erasure_code}
    return await mine.browser.post("erasure", body)


async def see_erasure(app: App, mine: World, value: str) -> httpx.Response:
    return await Browser(app).call("POST", f"/account/api/erasure/{value}/status", {"key": mine.erasure_key})


async def see_erasure_with(app: App, mine: World, value: str) -> httpx.Response:
    return await Browser(app).call("POST", f"/account/api/erasure/{mine.erasure_id}/status", {"key": value})


ROWS: dict[Place, tuple[str, Call]] = {
    ("POST /link-token", "access_token"): ("access_token", backend("/link-token", "access_token")),
    ("POST /link-token/check-session", "access_token"): (
        "access_token",
        backend("/link-token/check-session", "access_token"),
    ),
    ("GET /link-token/{session_id}/session", "session_id"): ("session_id", read_record),
    ("POST /link-token/hosted", "session_id"): ("hosted_id", open_page),
    ("POST /link-token/hosted", "key"): ("hosted_key", open_with_key),
    ("POST /token/exchange", "public_token"): ("public_token", backend("/token/exchange", "public_token")),
    ("POST /token/rotate", "access_token"): ("access_token", backend("/token/rotate", "access_token")),
    ("POST /token/revoke", "grant_id"): ("grant_id", backend("/token/revoke", "grant_id")),
    ("GET /token/grants/{grant_id}/receipts", "grant_id"): ("grant_id", read_receipts),
    ("POST /link-token/session/adopt", "previous"): ("previous", adopt),
    ("POST /link-token/workspace", "workspace_id"): ("workspace_id", choose),
    ("POST /link-token", "integration_id"): ("wallet_id", repair),
    ("GET /link-token/integrations/{wallet_id}/status", "wallet_id"): (
        "wallet_id",
        connecting("GET", "/link-token/integrations/{}/status"),
    ),
    ("GET /link-token/integrations/test/{test_id}", "test_id"): (
        "test_id",
        connecting("GET", "/link-token/integrations/test/{}"),
    ),
    ("DELETE /link-token/integrations/{wallet_id}", "wallet_id"): (
        "removable",
        connecting("DELETE", "/link-token/integrations/{}"),
    ),
    ("POST /developer/integrations/{wallet_id}/resync", "wallet_id"): ("wallet_id", resync),
    ("POST /developer/integrations/{wallet_id}/resync", "user_id"): ("sharing_user_id", resync_of),
    ("POST /api/v1/integrations/{wallet_id}/resync", "wallet_id"): ("wallet_id", reread),
    ("GET /api/v1/transactions", "walletId"): ("wallet_id", reading("/api/v1/transactions", "walletId")),
    ("GET /api/v1/transactions", "trxId"): ("transaction_id", reading("/api/v1/transactions", "trxId")),
    ("GET /api/v1/integrations", "searchedKey"): (
        "wallet_id",
        reading("/api/v1/integrations", "searchedKey"),
    ),
    ("POST /account/api/sign-in/verify", "challenge"): ("challenge", sign_in_here),
    ("POST /account/api/email/verify", "challenge"): ("address_challenge", add_address),
    ("GET /account/api/grants/{grant_id}/accesses", "grant_id"): (
        "grant_id",
        of_person("GET", "grants/{}/accesses"),
    ),
    ("GET /account/api/grants/{grant_id}/receipts", "grant_id"): (
        "grant_id",
        of_person("GET", "grants/{}/receipts"),
    ),
    ("POST /account/api/grants/{grant_id}/revoke", "grant_id"): (
        "grant_id",
        of_person("POST", "grants/{}/revoke"),
    ),
    ("DELETE /account/api/connections/{wallet_id}", "wallet_id"): (
        "wallet_id",
        of_person("DELETE", "connections/{}"),
    ),
    ("POST /account/api/erasure", "challenge"): ("erasure_challenge", erase),
    ("POST /account/api/erasure/{erasure_id}/status", "erasure_id"): ("erasure_id", see_erasure),
    ("POST /account/api/erasure/{erasure_id}/status", "key"): ("erasure_key", see_erasure_with),
}
"""Where an id or token can stand: which of the other world's it is swapped for, and how the call is made."""


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, by_method in DOCUMENT["paths"].items():
        for method, operation in by_method.items():
            yield f"{method.upper()} {path}", operation


def body_fields(operation: dict[str, Any]) -> list[str]:
    if "requestBody" not in operation:
        return []
    reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    return list(DOCUMENT["components"]["schemas"][reference.rsplit("/", 1)[-1]].get("properties", {}))


def places() -> set[Place]:
    found = set()
    for name, operation in operations():
        parameters = [each for each in operation.get("parameters", []) if each["in"] in {"path", "query"}]
        fields = [each["name"] for each in parameters] + body_fields(operation)
        found |= {(name, field) for field in fields if field not in FREE_TEXT | CREDENTIALS}
    return found


def test_every_place_where_an_id_can_stand_has_a_row() -> None:
    assert places() - BEARER == set(ROWS)


def test_credentials_in_a_body_are_taken_by_the_exchange_alone() -> None:
    """K-024; swapped credentials are the subject of ``test_client_credentials``."""
    assert {name for name, operation in operations() if CREDENTIALS & set(body_fields(operation))} == {
        "POST /token/exchange"
    }


def told(reply: httpx.Response) -> tuple[int, dict[str, Any], dict[str, str]]:
    """What a caller can see of a reply, without what differs from call to call."""
    body = {key: value for key, value in reply.json().items() if key != "request_id"}
    varying = {"x-request-id", "ratelimit-remaining", "ratelimit-reset", "content-length"}
    return reply.status_code, body, {key: value for key, value in reply.headers.items() if key not in varying}


@pytest.mark.parametrize(("place", "row"), list(ROWS.items()), ids=[" ".join(place) for place in ROWS])
async def test_another_worlds_id_is_as_good_as_absent(
    secure_app: App, place: Place, row: tuple[str, Call]
) -> None:
    app = secure_app
    mine = await make_world(app, "Mine", "ada@example.com")
    theirs = await make_world(app, "Theirs", "eve@example.org")
    attribute, call = row
    for each in (mine, theirs):
        await each.ask_for_codes(app)
    foreign = getattr(theirs, attribute)
    before = await snapshot(app)
    absent = await call(app, mine, well_formed(foreign))
    swapped = await call(app, mine, foreign)
    assert told(swapped) == told(absent), place
    assert await snapshot(app) == before
    assert foreign not in json.dumps(told(swapped))
    own = await call(app, mine, getattr(mine, attribute))
    assert told(own) != told(absent), "the call must mean something with one's own id, or it proves nothing"


@pytest.mark.parametrize("name", [name for name, operation in operations() if operation["security"]])
async def test_credentials_of_two_worlds_never_mix(secure_app: App, name: str) -> None:
    """A link or access token with the other client's headers opens no more than it does alone, and often less."""
    app = secure_app
    mine = await make_world(app, "Mine", "ada@example.com")
    theirs = await make_world(app, "Theirs", "eve@example.org")
    operation = dict(operations())[name]
    method, path = name.split(" ")
    scheme = next(iter(operation["security"][0]))
    if scheme == "ClientId":
        headers = {**mine.client, "X-Client-Secret": theirs.client["X-Client-Secret"]}
    elif scheme == "AccessToken":
        headers = {"Authorization": f"Bearer {mine.access_token}", **theirs.client}
    elif scheme == "AccountSession":
        headers = {"Cookie": f"{COOKIE}={mine.access_token}", "X-CSRF-Token": str(theirs.browser.csrf)}
    else:
        headers = {"X-LINK-TOKEN": theirs.access_token, **theirs.client}
    before = await snapshot(app)
    ids = {"{session_id}": theirs.session_id, "{wallet_id}": theirs.wallet_id, "{test_id}": theirs.test_id}
    ids["{grant_id}"] = theirs.grant_id
    for field, value in ids.items():
        path = path.replace(field, value)
    reply = await app.http.request(method, path, headers=headers)
    assert reply.status_code == 401
    assert await snapshot(app) == before


async def test_two_apps_of_one_person_see_nothing_of_each_other(app: App) -> None:
    """The same user and workspace under two clients: two grants, each known to its own app alone."""
    one, two = await app.create_client("One"), await app.create_client("Two")
    found = []
    for created in (one, two):
        headers = {"X-Client-Id": created.client.id, "X-Client-Secret": created.client_secret}
        token = await app.link_token(headers)
        await sign_in(app, token, "ada@example.com")
        await app.widget(token, "consent", {"approved": True})
        public_token = data_of(await app.widget(token, "complete"))["public_token"]
        access = data_of(await app.post("/token/exchange", {"public_token": public_token}, headers))
        found.append((headers, access))
    (ours, our_access), (theirs, their_access) = found
    assert our_access["workspace_id"] == their_access["workspace_id"]
    assert our_access["grant_id"] != their_access["grant_id"]
    listed = (await app.http.get("/token/grants", headers=ours)).json()["data"]
    assert [each["grant_id"] for each in listed["grants"]] == [our_access["grant_id"]]
    assert (await app.post("/token/revoke", {"grant_id": our_access["grant_id"]}, theirs)).status_code == 404
    assert (await app.post("/token/revoke", {"grant_id": our_access["grant_id"]}, ours)).status_code == 200
    assert (await app.userinfo(their_access["access_token"])).status_code == 200
