"""Holdings: exact, priced where a price is known, honest about the rest, and told once until something changes."""

from decimal import Decimal
from typing import Any

import httpx
import pytest

from kryptos.domains import prices
from kryptos.domains.clients import Mode
from kryptos.domains.workspaces import Role
from kryptos.infra.database import Uow
from kryptos.kernel.amount import Amount
from kryptos.providers.contracts import AssetRef, Balance, CouldNotLook, Direction, Standard
from kryptos.providers.prices.contracts import Quote
from tests.support.app import App
from tests.support.connecting import (
    ADDRESS,
    ETHER,
    LURE,
    OBSCURE,
    PICTURE,
    TYPED,
    USDC,
    Person,
    ToyChain,
    execute,
    happened,
    holds,
    make_client,
    moved,
    settle_in,
    use_chains,
)
from tests.support.journey import add_workspace, refusal, set_role, sign_in
from tests.support.workshop import settle

LARGEST = 2**256 - 1
QUANTITIES = (
    "1E-18",
    "0.000000000000000001",
    "1E30",
    str(LARGEST),
    f"{LARGEST}e-18",
    "123456789.123456789123456789",
)


async def holding(app: App, *items: Balance, mode: Mode = Mode.SANDBOX) -> Person:
    """Return somebody who holds this."""
    person = await settle_in(app, await make_client(app, mode=mode))
    use_chains(app, ethereum=ToyChain(items=items))
    await person.connected(provider="ethereum", address=TYPED if mode is Mode.SANDBOX else ADDRESS)
    await settle(app)
    return person


def token(number: int) -> AssetRef:
    return AssetRef("ethereum", Standard.ERC20, f"0x{number:040x}", f"T{number}", f"Token {number}", 18)


async def price(app: App, token_id: str, value: str) -> None:
    """Let the price of a token be known from now on."""

    async def work(uow: Uow) -> None:
        await prices.keep_latest(uow, [Quote(token_id, Amount(value), uow.now, "test")])

    await app.services.database.execute(work)


# ---------------------------------------------------------------- what is told


async def test_a_holding_is_told_in_the_documented_words(app: App) -> None:
    """K-243 to K-245; cost basis and what follows from it are not known yet."""
    person = await holding(app, holds(ETHER, "2.5"), holds(OBSCURE, "7"))
    found = await person.read("holdings")
    ether, obscure = found["holdings"]
    (part,) = ether["assetDistribution"]
    assert part["account"] == {
        "provider": "ethereum",
        "providerPublicName": "Ethereum",
        "walletId": (await person.listed())[0],
    }
    assert (part["quantity"], part["allocationPercentage"]) == (Decimal("2.5"), 100)
    assert ether["marketValue"] == ether["marketPrice"] * Decimal("2.5")
    assert (ether["costbasis"], ether["unrealizedPnL"], ether["roi"]) == (None, None, 0)
    assert ether["asset"]["tokenId"] == "ethereum"
    assert obscure["asset"]["tokenId"] == f"ethereum:{OBSCURE.contract}"
    assert (obscure["marketPrice"], obscure["marketValue"], obscure["24hrChange"]) == (None, None, None)
    assert obscure["isMissingPrice"]
    assert not ether["isMissingPrice"]
    assert found["summary"] == {
        "totalValue": ether["marketValue"],
        "totalCostBasis": None,
        "totalUnrealizedPnL": None,
        "roiPercentage": 0,
        "total24hrChange": ether["24hrChange"],
        "baseCurrency": "USD",
        "unpricedHoldings": 1,
    }
    assert found["user_id"] == person.user_id
    assert found["timestamp"] == int(app.clock.now().timestamp() * 1000)


async def test_nothing_priced_makes_no_total(app: App) -> None:
    person = await holding(app, holds(OBSCURE, "7"))
    summary = (await person.read("holdings"))["summary"]
    assert (summary["totalValue"], summary["total24hrChange"], summary["unpricedHoldings"]) == (None, None, 1)


async def test_every_digit_survives_from_the_chain_to_the_reader(app: App) -> None:
    items = [Balance(token(number), Amount(each)) for number, each in enumerate(QUANTITIES)]
    person = await holding(app, *items, Balance(ETHER, Amount(LARGEST)))
    found = (await person.read("holdings"))["holdings"]
    told = {each["asset"]["symbol"]: each for each in found}
    for number, each in enumerate(QUANTITIES):
        one = told[f"T{number}"]
        assert Decimal(one["totalQuantity"]) == Decimal(each)
        assert Decimal(one["assetDistribution"][0]["quantity"]) == Decimal(each)
    assert told["ETH"]["totalQuantity"] == LARGEST
    assert Amount(told["ETH"]["marketValue"]) == Amount(LARGEST) * Amount(told["ETH"]["marketPrice"])


async def test_what_is_taken_for_spam_is_told_on_request(app: App) -> None:
    person = await holding(app, holds(LURE, "1000"), holds(USDC, "5"), holds(PICTURE, "1"))
    plain = await person.read("holdings")
    assert [each["asset"]["symbol"] for each in plain["holdings"]] == ["USDC", "PIC"]
    assert plain == await person.read("holdings", isSpam="false")
    everything = (await person.read("holdings", isSpam="true"))["holdings"]
    assert {each["asset"]["symbol"]: each["asset"]["isSpam"] for each in everything} == {
        "USDC": False, "PIC": False, "FREE": True,
    }  # fmt: skip
    assert {each["asset"]["symbol"]: each["asset"]["type"] for each in everything}["PIC"] == "nft"


@pytest.mark.parametrize("query", [{"isSpam": "yes"}, {"calculatedBalances": "1"}, {"isSpam": "TRUE"}])
async def test_other_words_than_true_and_false_are_refused(app: App, query: dict[str, str]) -> None:
    person = await settle_in(app)
    reply = await person.get("holdings", **query)
    assert refusal(reply) == (400, "VALIDATION_ERROR")
    assert reply.json()["error"] == "invalid_parameters"
    assert [each["path"] for each in reply.json()["details"]] == [list(query)]


async def test_nobody_is_told_an_empty_account_for_one_that_nobody_could_read(app: App) -> None:
    person = await settle_in(app)
    assert (await person.read("holdings"))["shortfalls"] == [], "without accounts nothing is missing"
    chain = ToyChain(error=CouldNotLook("The node is away."))
    use_chains(app, ethereum=chain)
    wallet_id = await person.connected(provider="ethereum", address=TYPED)
    waiting = await person.read("holdings")
    assert [(each["walletId"], each["status"]) for each in waiting["shortfalls"]] == [(wallet_id, "ONGOING")]
    await settle(app)
    failed = await person.read("holdings")
    assert (failed["holdings"], failed["summary"]["totalValue"]) == ([], None)
    (shortfall,) = failed["shortfalls"]
    assert (shortfall["status"], shortfall["code"]) == ("FAILED", "PROVIDER_UNREACHABLE")
    assert shortfall["message"].startswith("The node is away.")
    assert shortfall["lastSyncedAt"] is None
    chain.error = None
    await person.resync(wallet_id)
    await settle(app)
    assert (await person.read("holdings"))["shortfalls"] == []


# ---------------------------------------------------------------- what history adds up to


@pytest.mark.parametrize(
    ("provider", "persona"),
    [("ethereum", "defi"), ("ethereum", "nft"), ("ethereum", "empty"), ("solana", "saver")],
)
async def test_history_adds_up_to_what_is_held(app: App, provider: str, persona: str) -> None:
    person = await settle_in(app)
    await person.connected(provider=provider, persona=persona)
    await settle(app)

    def plain(found: dict[str, Any]) -> list[tuple[str, Any, Any]]:
        return sorted(
            (each["asset"]["tokenId"], each["totalQuantity"], each["marketValue"])
            for each in found["holdings"]
        )

    live = await person.read("holdings", isSpam="true")
    calculated = await person.read("holdings", isSpam="true", calculatedBalances="true")
    assert plain(calculated) == plain(live)
    assert bool(live["holdings"]) == (persona != "empty")
    assert not any(each["hasCalculatedBalance"] for each in live["holdings"])
    assert all(each["hasCalculatedBalance"] for each in calculated["holdings"])
    assert all(
        part["isCalculatedBalance"] for each in calculated["holdings"] for part in each["assetDistribution"]
    )


async def test_missing_history_shows_as_what_it_is(app: App) -> None:
    """More went out than ever came in; of two accounts that cancel out, the shares are huge, and still told."""
    person = await settle_in(app)
    use_chains(
        app, ethereum=ToyChain(history=(happened(1, moved(Direction.INCOMING, USDC, "100000000000")),))
    )
    await person.connected(provider="ethereum", address=TYPED)
    short = await person.connected(provider="ethereum", persona="holder")
    await settle(app)
    await execute(
        app,
        "UPDATE ledger_entries SET direction = 'outgoing', quantity = 99999999999.999999999999999999"
        " WHERE integration_id = :short",
        short=short,
    )
    (found,) = (await person.read("holdings", calculatedBalances="true"))["holdings"]
    assert found["totalQuantity"] == Decimal("1e-18")
    assert [part["quantity"] for part in found["assetDistribution"]] == [
        100_000_000_000,
        Decimal("-99999999999.999999999999999999"),
    ]
    assert sum(part["allocationPercentage"] for part in found["assetDistribution"]) == 100


# ---------------------------------------------------------------- told once until something changes


async def tag_of(person: Person, **query: str) -> str:
    return str((await person.get("holdings", **query)).headers["etag"])


async def again(person: Person, *tags: str) -> httpx.Response:
    return await person.get_unless("holdings", *tags)


async def test_what_has_not_changed_is_not_sent_again(app: App) -> None:
    person = await holding(app, holds(ETHER, "1"))
    first = await person.get("holdings")
    tag = first.headers["etag"]
    assert tag.startswith('"')
    assert first.headers["cache-control"] == "private, no-cache"
    app.clock.advance(minutes=1)
    for known in (tag, f"W/{tag}", "*", f'"other", {tag}', f'W/"other" ,  W/{tag} '):
        reply = await again(person, known)
        assert (reply.status_code, reply.content, reply.headers["etag"]) == (304, b"", tag)
    for known in ('"other"', tag.strip('"'), ""):
        reply = await again(person, known)
        assert (reply.status_code, reply.content) == (200, first.content)
    assert await tag_of(person, calculatedBalances="true") != tag


async def test_a_changed_balance_is_sent_under_another_tag(app: App) -> None:
    person = await settle_in(app)
    use_chains(app, ethereum=(chain := ToyChain(items=(holds(ETHER, "1"),))))
    wallet_id = await person.connected(provider="ethereum", address=TYPED)
    tags = [await tag_of(person)]
    await settle(app)
    tags.append(await tag_of(person))
    chain.items = (holds(ETHER, "2"),)
    await person.resync(wallet_id)
    await settle(app)
    reply = await again(person, *tags)
    assert (reply.status_code, reply.json()["holdings"][0]["totalQuantity"]) == (200, 2)
    tags.append(reply.headers["etag"])
    chain.error = CouldNotLook("Away.")
    await person.resync(wallet_id)
    await settle(app)
    reply = await again(person, *tags)
    assert (reply.status_code, len(reply.json()["shortfalls"])) == (200, 1)
    tags.append(reply.headers["etag"])
    assert (await person.remove(wallet_id)).status_code == 200
    reply = await again(person, *tags)
    assert (reply.status_code, reply.json()["holdings"], reply.json()["shortfalls"]) == (200, [], [])
    assert len({*tags, reply.headers["etag"]}) == 5


async def test_a_changed_price_is_shown_at_once_in_production(app: App) -> None:
    person = await holding(app, holds(ETHER, "2"), mode=Mode.PRODUCTION)
    (found,) = (await person.read("holdings"))["holdings"]
    assert (found["marketPrice"], found["marketValue"]) == (None, None)
    await price(app, "ethereum", "2500.5")
    (found,) = (await person.read("holdings"))["holdings"]
    assert (found["marketPrice"], found["marketValue"]) == (Decimal("2500.5"), 5001)
    tag = await tag_of(person)
    app.clock.advance(minutes=5)
    await price(app, "ethereum", "2500.5")
    assert (await again(person, tag)).status_code == 304, "the same price, seen again, changes nothing"
    await price(app, "ethereum", "2500.6")
    assert (await again(person, tag)).status_code == 200


async def test_real_prices_are_not_of_the_sandboxs_world(app: App) -> None:
    person = await holding(app, holds(ETHER, "2"))
    before = await person.get("holdings")
    await price(app, "ethereum", "1")
    assert (await person.get("holdings")).content == before.content


async def test_a_price_that_rose_out_of_nothing_is_still_told(app: App) -> None:
    person = await holding(app, holds(ETHER, "2"), mode=Mode.PRODUCTION)
    await price(app, "ethereum", "12345678901.5")
    await execute(
        app, "UPDATE latest_prices SET price_24h_before = 1e-30, price_24h_before_at = at - interval '1 day'"
    )
    (found,) = (await person.read("holdings"))["holdings"]
    assert found["24hrChange"] == (123456789015 * 10**29 - 1) * 100


# ---------------------------------------------------------------- whose


async def test_two_people_of_one_workspace_are_told_the_same_each_by_name(app: App) -> None:
    ada = await sign_in(app, await app.link_token(), "ada@example.com")
    bob = await sign_in(app, await app.link_token(), "bob@example.com")
    workspace = await add_workspace(app, ada["user_id"])
    await set_role(app, bob["user_id"], workspace.id, Role.ADMIN)
    app.clock.advance(minutes=16)
    use_chains(app, ethereum=ToyChain(items=(holds(ETHER, "1"),)))
    people = [
        await settle_in(app, email=each, workspace_id=workspace.id)
        for each in ("ada@example.com", "bob@example.com")
    ]
    await people[0].connected(provider="ethereum", address=TYPED)
    await settle(app)
    replies = [await each.get("holdings") for each in people]
    assert [each.json()["user_id"] for each in replies] == [ada["user_id"], bob["user_id"]]
    assert replies[0].json()["holdings"] == replies[1].json()["holdings"] != []
    assert (await again(people[1], replies[0].headers["etag"])).status_code == 200
    assert (await again(people[1], replies[1].headers["etag"])).status_code == 304


async def test_sandbox_and_production_never_meet(app: App) -> None:
    email = "ada@example.com"
    test = await settle_in(app, email=email)
    real = await settle_in(app, await make_client(app, mode=Mode.PRODUCTION), email=email)
    assert test.workspace_id == real.workspace_id
    use_chains(app, ethereum=(chain := ToyChain(items=(holds(ETHER, "1"),), history=(happened(1),))))
    ids = [await test.connected(provider="ethereum", address=TYPED)]
    await settle(app)
    chain.items = (holds(ETHER, "2"),)
    ids.append(await real.connected(provider="ethereum", address=TYPED))
    await settle(app)
    for person, own, quantity in ((test, ids[0], 1), (real, ids[1], 2)):
        for calculated in ("false", "true"):
            text = (await person.get("holdings", calculatedBalances=calculated)).text
            assert not [each for each in ids if each != own and each in text]
        assert [each["totalQuantity"] for each in (await person.read("holdings"))["holdings"]] == [quantity]
        assert [each["walletId"] for each in (await person.read("integrations"))["data"]] == [own]
        listed = await person.read("transactions")
        assert {each["metadata"]["importWalletId"] for each in listed["data"]} == {own}
        assert refusal(await person.get("transactions", walletId=",".join(ids))) == (404, "WALLET_NOT_FOUND")


async def test_the_short_path_and_the_scope(app: App) -> None:
    person = await holding(app, holds(ETHER, "1"))
    assert (await person.get("/v1/holdings")).content == (await person.get("holdings")).content
    narrow = await app.access(scopes="openid transactions:read integrations:read")
    headers = {"Authorization": f"Bearer {narrow['access_token']}"}
    for path in ("/api/v1/holdings", "/v1/holdings"):
        reply = await app.http.get(path, headers=headers)
        assert refusal(reply) == (403, "INSUFFICIENT_SCOPE")
        assert reply.json()["error"] == "forbidden"
