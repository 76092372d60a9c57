"""The list of connected accounts: what it tells, how it is searched and paged (K-257 to K-260)."""

from typing import Any

from kryptos.domains.clients import Mode
from kryptos.providers.contracts import CouldNotLook, Direction
from tests.support.app import App
from tests.support.connecting import (
    ADDRESS,
    BITCOIN_ADDRESS,
    ETHER,
    OTHER_ADDRESS,
    TYPED,
    Person,
    ToyChain,
    happened,
    make_client,
    moved,
    settle_in,
    use_chains,
)
from tests.support.journey import refusal
from tests.support.workshop import settle


async def listed(person: Person, **query: Any) -> list[str]:
    return [each["walletId"] for each in (await person.read("integrations", **query))["data"]]


async def later(person: Person, **account: Any) -> str:
    """Connect an account a moment after the one before: the order is that of time."""
    person.app.clock.advance(milliseconds=1)
    return await person.connected(**account)


async def test_a_read_account_is_told_in_the_documented_words(app: App) -> None:
    person = await settle_in(app)
    use_chains(app, ethereum=ToyChain(history=(happened(1, moved(Direction.INCOMING, ETHER, "1")),)))
    wallet_id = await person.connected(provider="ethereum", address=TYPED, alias="Main")
    added_at = int(app.clock.now().timestamp() * 1000)
    app.clock.advance(minutes=1)
    await settle(app)
    body = await person.read("integrations")
    assert body["pagination"] == {
        "page": 1, "pageSize": 25, "totalCount": 1, "hasNextPage": False, "hasPreviousPage": False,
    }  # fmt: skip
    assert (body["user_id"], body["timestamp"]) == (person.user_id, added_at + 60_000)
    (found,) = body["data"]
    assert found["publicAddress"].lower() == TYPED
    assert found["logoUrl"].startswith("http://kryptos.test/connect/logos/")
    details = found.pop("lastSyncLogDetails")
    assert {stage: each["status"] for stage, each in details.items()} == found.pop("lastSyncLog")
    del found["publicAddress"], found["logoUrl"]
    assert found == {
        "provider": "ethereum",
        "providerPublicName": "Ethereum",
        "walletId": wallet_id,
        "isContract": False,
        "alias": "Main",
        "chains": ["ethereum"],
        "isSandbox": True,
        "status": "COMPLETED",
        "addedOn": added_at,
        "lastSyncedAt": added_at + 60_000,
        "category": "blockchain",
        "type": "api",
        "totalTransactions": 1,
    }


async def test_the_log_of_the_last_sync_says_each_stage(app: App) -> None:
    """K-259; a stage that is read for nobody yet says so, and is never called completed."""
    person = await settle_in(app)
    use_chains(app, ethereum=(chain := ToyChain(error=CouldNotLook("The node is away."))))
    wallet_id = await person.connected(provider="ethereum", address=TYPED)
    (found,) = (await person.read("integrations"))["data"]
    assert found["status"] == "ONGOING"
    assert not {"lastSyncLog", "lastSyncLogDetails", "message"} & found.keys(), "nothing was tried yet"
    await settle(app)
    (found,) = (await person.read("integrations"))["data"]
    assert (found["status"], found["lastSyncedAt"]) == ("FAILED", None)
    assert found["lastSyncLog"] == {
        "Balances": "FAILED",
        "Defi Balances": "NOT SUPPORTED",
        "NFT Holdings": "NOT SUPPORTED",
        "Transactions": "FAILED",
    }
    sentence = "The node is away. Nothing has been read yet."
    assert found["message"] == sentence
    assert found["lastSyncLogDetails"]["Balances"] == {
        "status": "FAILED", "message": sentence, "code": "PROVIDER_UNREACHABLE",
    }  # fmt: skip
    chain.error = None
    await person.resync(wallet_id)
    await settle(app)
    (found,) = (await person.read("integrations"))["data"]
    assert (found["status"], found.get("message")) == ("COMPLETED", None)
    assert found["lastSyncLogDetails"]["Balances"] == {"status": "COMPLETED"}


async def test_accounts_are_found_by_name_address_id_and_provider(app: App) -> None:
    person = await settle_in(app, await make_client(app, mode=Mode.PRODUCTION))
    savings = await later(person, provider="ethereum", address=ADDRESS, alias="Savings 100%")
    trading = await later(
        person, provider="metamask", address=OTHER_ADDRESS, chains=["polygon"], alias="Trading_1"
    )
    bitcoin = await later(person, provider="bitcoin", address=BITCOIN_ADDRESS)
    everything = [bitcoin, trading, savings]
    assert await listed(person) == everything, "the newest first"
    found = {
        "savings": [savings], "RADING": [trading], "100%": [savings], "%": [savings], "_1": [trading],
        ADDRESS: [savings], ADDRESS[5:20].upper(): [savings], BITCOIN_ADDRESS[-6:]: [bitcoin],
        trading: [trading], trading[-8:]: [trading], "MetaMask": [trading], "meta mask": [trading],
        "Bitcoin": [bitcoin], "bitcoi": [bitcoin], "": everything, "  ": everything, "nothing such": [],
        "\\": [], "'": [],
    }  # fmt: skip
    for text, expected in found.items():
        assert await listed(person, searchedKey=text) == expected, text
    for text in ("a" * 101, "a\x00"):
        reply = await person.get("integrations", searchedKey=text)
        assert (reply.status_code, reply.json()["error"]) == (400, "invalid_parameters")


async def test_pages_have_neither_gap_nor_repeat(app: App) -> None:
    person = await settle_in(app, await make_client(app, mode=Mode.PRODUCTION))
    ids = [
        await later(person, provider="metamask", address=ADDRESS, chains=[each])
        for each in ("ethereum", "polygon", "base", "bsc", "optimism")
    ]
    seen: list[str] = []
    for page in (1, 2, 3):
        body = await person.read("integrations", page=page, pageSize=2)
        seen += [each["walletId"] for each in body["data"]]
        assert body["pagination"] == {
            "page": page,
            "pageSize": 2,
            "totalCount": 5,
            "hasNextPage": page < 3,
            "hasPreviousPage": page > 1,
        }
    assert seen == ids[::-1]
    beyond = await person.read("integrations", page=4, pageSize=2)
    assert (beyond["data"], beyond["pagination"]["hasNextPage"]) == ([], False)
    assert (await person.read("integrations", pageSize=200))["pagination"]["pageSize"] == 200
    searched = await person.read("integrations", searchedKey="metamask", pageSize=2)
    assert searched["pagination"]["totalCount"] == 5


async def test_a_parameter_is_refused_by_name(app: App) -> None:
    person = await settle_in(app)
    for field, values in {"page": ("0", "-1", "x"), "pageSize": ("0", "201", "1.5", "")}.items():
        for value in values:
            reply = await person.get("integrations", **{field: value})
            body = reply.json()
            assert (reply.status_code, body["error"]) == (400, "invalid_parameters")
            assert [each["path"] for each in body["details"]] == [[field]]


async def test_the_short_path_and_the_scope(app: App) -> None:
    person = await settle_in(app)
    await person.connected(provider="ethereum", address=TYPED)
    assert (await person.get("/v1/integrations")).content == (await person.get("integrations")).content
    narrow = await app.access(scopes="openid portfolios:read transactions:read")
    headers = {"Authorization": f"Bearer {narrow['access_token']}"}
    for path in ("/api/v1/integrations", "/v1/integrations"):
        reply = await app.http.get(path, headers=headers)
        assert refusal(reply) == (403, "INSUFFICIENT_SCOPE")
    assert (await app.http.get("/api/v1/integrations")).status_code == 401
