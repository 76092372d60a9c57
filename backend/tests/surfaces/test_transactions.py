"""Transactions: every filter, pages without gap or repeat, and sentences in plain decimals (K-246 to K-250)."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
import pytest_asyncio

from kryptos.infra.postgres import Cluster
from kryptos.kernel.amount import Amount
from kryptos.providers.contracts import Direction, Movement
from kryptos.surfaces.data_api.wire import milliseconds
from tests.support.app import App, running_app
from tests.support.connecting import (
    BEGAN,
    ETHER,
    LURE,
    OBSCURE,
    OTHER_ADDRESS,
    PICTURE,
    TYPED,
    USDC,
    Person,
    ToyChain,
    execute,
    happened,
    moved,
    settle_in,
    use_chains,
)
from tests.support.database import cloned_database
from tests.support.journey import refusal
from tests.support.workshop import settle

IN, OUT, FEE = Direction.INCOMING, Direction.OUTGOING, Direction.FEE
GAS = moved(FEE, ETHER, "0.005")
LARGEST = 2**256 - 1

STORY = (
    happened(1, moved(IN, ETHER, "10")),
    happened(2, moved(OUT, ETHER, "1.5"), moved(IN, USDC, "3000"), GAS),
    happened(3, moved(OUT, USDC, "5"), GAS),
    happened(4, GAS, has_failed=True),
    happened(5, moved(IN, LURE, "1000000")),
    happened(6, moved(OUT, ETHER, "0.1"), moved(IN, PICTURE, "1"), GAS),
    happened(7, moved(IN, OBSCURE, "1E-18"), moved(IN, USDC, f"{LARGEST}", key="huge")),
    happened(8, GAS),
    happened(9),
)
SPAM = 5
SECOND = happened(20, moved(IN, USDC, "1"))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shared(cluster: Cluster, template: str) -> AsyncIterator[tuple[Person, str, str]]:
    """Somebody with two accounts whose history is the story, and something more; nobody changes it."""
    async with cloned_database(cluster, template) as url, running_app(url) as app:
        person = await settle_in(app)
        use_chains(app, ethereum=(chain := ToyChain(history=STORY)))
        first = await person.connected(provider="ethereum", address=TYPED)
        await settle(app)
        chain.history = (SECOND,)
        second = await person.connected(provider="ethereum", persona="holder")
        await settle(app)
        yield person, first, second


Shared = tuple[Person, str, str]


async def numbers(person: Person, **query: Any) -> list[int]:
    """Return which transactions are listed, oldest first, by their number."""
    found = await person.read("transactions", **{"order": "asc", **query})
    assert found["pagination"]["totalCount"] == len(found["data"])
    return [int(each["transactionPlatfromId"], 16) for each in found["data"]]


async def one(person: Person, number: int) -> dict[str, Any]:
    (found,) = (await person.read("transactions", trxId=f"0x{number:064x}", isSpam="true"))["data"]
    return dict(found)


# ---------------------------------------------------------------- filters

FILTERS: dict[str, tuple[dict[str, str], list[int]]] = {
    "everything but spam": ({}, [1, 2, 3, 4, 6, 7, 8, 9, 20]),
    "spam as well": ({"isSpam": "true"}, [1, 2, 3, 4, 5, 6, 7, 8, 9, 20]),
    "one asset": ({"currencyId": "usd-coin"}, [2, 3, 7, 20]),
    "one asset by our id": ({"currencyId": f"ethereum:{OBSCURE.contract}"}, [7]),
    "assets": ({"currencyId": f"ethereum:{OBSCURE.contract}, ethereum"}, [1, 2, 3, 4, 6, 7, 8]),
    "an asset that nobody has": ({"currencyId": "bitcoin"}, []),
    "a label": ({"label": "Swap"}, [2]),
    "labels": ({"label": "Swap, Deposit,Failed"}, [1, 2, 4, 7, 20]),
    "a type": ({"transactionType": "trade"}, [2, 6]),
    "a documented alias": ({"transactionType": "swap"}, [2, 6]),
    "types": ({"transactionType": "deposit,withdraw"}, [1, 3, 7, 20]),
    "a type and its alias": ({"transactionType": "withdrawal,withdraw"}, [3]),
    "collectibles": ({"isNft": "true"}, [6]),
    "no collectibles": ({"isNft": "false"}, [1, 2, 3, 4, 7, 8, 9, 20]),
    "a price is missing": ({"isMissingPrice": "true"}, [6, 7]),
    "every price is there": ({"isMissingPrice": "false", "currencyId": "usd-coin"}, [2, 3, 20]),
    "edited": ({"isEdited": "true"}, []),
    "not edited": ({"isEdited": "false", "label": "Swap"}, [2]),
    "manual": ({"isManual": "true"}, []),
    "not manual": ({"isManual": "false", "label": "Swap"}, [2]),
    "not missing a purchase": ({"isMissingPurchase": "false", "label": "Swap"}, [2]),
    "two at once": ({"label": "Deposit", "currencyId": "ethereum"}, [1]),
    "empty lists": ({"label": "", "currencyId": ",", "transactionType": " "}, [1, 2, 3, 4, 6, 7, 8, 9, 20]),
}


@pytest.mark.parametrize("name", FILTERS)
async def test_a_filter_lists(shared: Shared, name: str) -> None:
    query, expected = FILTERS[name]
    assert await numbers(shared[0], **query) == expected


async def test_accounts_are_chosen_by_their_ids(shared: Shared) -> None:
    person, first, second = shared
    assert await numbers(person, walletId=second) == [20]
    assert await numbers(person, walletId=first) == [1, 2, 3, 4, 6, 7, 8, 9]
    assert await numbers(person, walletId=f"{first}, {second}") == await numbers(person)
    for wallet_id in ("wallet_" + "0" * 32, f"{first},nothing"):
        reply = await person.get("transactions", walletId=wallet_id)
        assert refusal(reply) == (404, "WALLET_NOT_FOUND")
        assert reply.json()["error"] == "wallet_not_found"


async def test_a_transaction_is_found_by_our_id_and_the_chains(shared: Shared) -> None:
    person = shared[0]
    found = await one(person, 2)
    assert (await person.read("transactions", trxId=found["id"]))["data"] == [found]
    assert await numbers(person, trxId="0xnothing") == []


async def test_the_window_of_time_holds_both_its_ends(shared: Shared) -> None:
    person = shared[0]
    second, fourth = (milliseconds(happened(number).at) for number in (2, 4))
    assert await numbers(person, timeStart=second, timeEnd=fourth) == [2, 3, 4]
    assert await numbers(person, timeStart=second + 1, timeEnd=fourth - 1) == [3]
    assert await numbers(person, timeStart=second, timeEnd=second) == [2]
    assert await numbers(person, timeEnd=second) == [1, 2]
    assert await numbers(person, timeStart=fourth, timeEnd=second) == []


REFUSALS: dict[str, tuple[dict[str, str], str]] = {
    "no transactions": ({"limit": "0"}, "limit"),
    "too many": ({"limit": "1001"}, "limit"),
    "less than nothing": ({"limit": "-1"}, "limit"),
    "no number": ({"limit": "many"}, "limit"),
    "a fraction": ({"limit": "1.5"}, "limit"),
    "an empty limit": ({"limit": ""}, "limit"),
    "before the first": ({"offset": "-1"}, "offset"),
    "an order that is none": ({"order": "up"}, "order"),
    "an unknown label": ({"label": "Swap,Nonsense"}, "label"),
    "a label in other letters": ({"label": "swap"}, "label"),
    "an unknown type": ({"transactionType": "everything"}, "transactionType"),
    "a time that is none": ({"timeStart": "yesterday"}, "timeStart"),
    "a time before 1970": ({"timeStart": "-1"}, "timeStart"),
    "a time after 9999": ({"timeEnd": "253402300800000"}, "timeEnd"),
    "a flag that is none": ({"isNft": "1"}, "isNft"),
    "a NUL": ({"trxId": "a\x00b"}, "trxId"),
    "a NUL in a list": ({"walletId": "a\x00b"}, "walletId"),
    "what is not known yet": ({"isMissingPurchase": "true"}, "isMissingPurchase"),
}


@pytest.mark.parametrize("name", REFUSALS)
async def test_a_parameter_is_refused_by_name(shared: Shared, name: str) -> None:
    query, field = REFUSALS[name]
    reply = await shared[0].get("transactions", **query)
    body = reply.json()
    assert (reply.status_code, body["error"]) == (400, "invalid_parameters")
    assert [each["path"] for each in body["details"]] == [[field]]
    assert all(each["message"] for each in body["details"])


async def test_unknown_parameters_are_ignored(shared: Shared) -> None:
    assert await numbers(shared[0], whatever="x") == await numbers(shared[0])


# ---------------------------------------------------------------- what is told


async def test_a_swap_is_told_in_the_documented_words(shared: Shared) -> None:
    person, first, _ = shared
    found = await one(person, 2)
    at = milliseconds(STORY[1].at)
    assert (found["label"], found["transactionType"], found["timestamp"]) == ("Swap", "trade", at)
    assert found["description"] == "Swapped 1.5 ETH for 3000 USDC"
    (came,), (went,), (fee,) = found["incomingAssets"], found["outgoingAssets"], found["fee"]
    (address,) = {
        each["publicAddress"]
        for each in (await person.read("integrations"))["data"]
        if each["walletId"] == first
    }
    ethereum = {"provider": "ethereum", "providerPublicName": "Ethereum"}
    own = {**ethereum, "walletId": first, "publicAddress": address}
    other = {**ethereum, "publicAddress": OTHER_ADDRESS}
    assert (came["toAccount"], came["fromAccount"]) == (own, other)
    assert (went["fromAccount"], went["toAccount"]) == (own, other)
    assert fee["fromAccount"] == own
    assert [(each["type"], each["quantity"], each["timestamp"]) for each in (came, went, fee)] == [
        ("incoming", 3000, at), ("outgoing", Decimal("1.5"), at), ("fee", Decimal("0.005"), at),
    ]  # fmt: skip
    assert all(each["price"] > 0 and each["baseCurrency"] == "USD" for each in (came, went, fee))
    assert (found["totalCostbasis"], found["totalGains"]) == (None, None)
    assert (found["tags"], found["ledger"], found["rawTrx"]) == ([], [], {})
    assert found["metadata"] == {
        "importSource": "API", "importWalletId": first, "isManual": False, "isEdited": False, "isDefiTrx": False,
        "isNFTTrx": False, "isMissingPrice": False, "hasFailed": False,
    }  # fmt: skip


async def test_a_failed_transaction_has_cost_its_fee_alone(shared: Shared) -> None:
    found = await one(shared[0], 4)
    assert (found["label"], found["transactionType"]) == ("Failed", "any")
    assert (found["incomingAssets"], found["outgoingAssets"]) == ([], [])
    assert [each["quantity"] for each in found["fee"]] == [Decimal("0.005")]
    assert found["metadata"]["hasFailed"]
    assert found["description"] == "Failed, at a cost of 0.005 ETH"


LABELS = {
    1: ("Deposit", "Received 10 ETH"),
    3: ("Withdrawal", "Sent 5 USDC"),
    SPAM: ("Spam", "Received 1000000 FREE"),
    6: ("NFT Buy", "Swapped 0.1 ETH for 1 PIC"),
    7: ("Deposit", f"Received 0.000000000000000001 OBSC and {LARGEST} USDC"),
    8: ("Fee", "Paid 0.005 ETH in fees"),
    9: ("Unknown", "Moved nothing of value"),
}


async def test_every_kind_has_its_label_and_sentence(shared: Shared) -> None:
    for number, told in LABELS.items():
        found = await one(shared[0], number)
        assert (found["label"], found["description"]) == told
        assert found["metadata"]["isNFTTrx"] == (number == 6)


async def test_every_digit_survives_and_no_sentence_has_an_exponent(app: App) -> None:
    """K-250."""
    quantities = ("1E-18", "1E30", str(LARGEST), f"{LARGEST}e-18", "0.10", "1e-9")
    history = tuple(happened(number, moved(IN, OBSCURE, each)) for number, each in enumerate(quantities))
    person = await settle_in(app)
    use_chains(app, ethereum=ToyChain(history=history))
    await person.connected(provider="ethereum", address=TYPED)
    await settle(app)
    found = await person.read("transactions", order="asc")
    for quantity, each in zip(quantities, found["data"], strict=True):
        assert Decimal(each["incomingAssets"][0]["quantity"]) == Decimal(quantity)
        assert each["incomingAssets"][0]["price"] is None
        assert re.fullmatch(r"Received [0-9]+(\.[0-9]*[1-9])? OBSC", each["description"])
        assert Amount(each["description"].split()[1]) == Amount(quantity)


async def test_a_transaction_that_is_named_twice_on_a_page_is_kept_once(app: App) -> None:
    person = await settle_in(app)
    use_chains(app, ethereum=ToyChain(history=(STORY[0], replace(STORY[0])), page_size=10))
    wallet_id = await person.connected(provider="ethereum", address=TYPED)
    await settle(app)
    assert await numbers(person) == [1]
    found = await person.status(wallet_id)
    assert (found["status"], found["total_transactions"]) == ("COMPLETED", 1)


async def test_what_a_stranger_has_written_into_a_token_cannot_break_a_page(app: App) -> None:
    nasty = replace(OBSCURE, symbol="A\x00B\u202e\ud800", name="\n" * 500 + "x" * 500)
    nameless = replace(OBSCURE, contract="0x" + "9" * 40, symbol="", name=None, decimals=None)
    movements = (Movement("a", IN, nasty, Amount(1), None), Movement("b", IN, nameless, Amount(2), None))
    person = await settle_in(app)
    use_chains(app, ethereum=ToyChain(history=(happened(1, *movements),)))
    await person.connected(provider="ethereum", address=TYPED)
    await settle(app)
    (found,) = (await person.read("transactions", isSpam="true"))["data"]
    assert [each["asset"]["symbol"] for each in found["incomingAssets"]] == ["AB", None]
    assert found["description"] == "Received 1 AB and 2 of an unnamed token"
    assert "fromAccount" not in found["incomingAssets"][0]


async def test_edited_and_manual_ones_are_told_apart(app: App) -> None:
    person = await settle_in(app)
    use_chains(app, ethereum=ToyChain(history=STORY[:3]))
    await person.connected(provider="ethereum", address=TYPED)
    await settle(app)
    await execute(app, "UPDATE transactions SET is_edited = height = 2, is_manual = height = 3")
    assert await numbers(person, isEdited="true") == [2]
    assert await numbers(person, isManual="true") == [3]
    assert await numbers(person, isEdited="false", isManual="false") == [1]


# ---------------------------------------------------------------- pages


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def trader(cluster: Cluster, template: str) -> AsyncIterator[Person]:
    """The trader of the sandbox, with more than a thousand transactions."""
    async with cloned_database(cluster, template) as url, running_app(url) as app:
        person = await settle_in(app)
        await person.connected(provider="ethereum", persona="trader")
        await settle(app)
        yield person


async def pages(person: Person, **query: Any) -> list[dict[str, Any]]:
    """Read page after page until there is no next one."""
    found: list[dict[str, Any]] = []
    while True:
        page = await person.read("transactions", offset=len(found), **query)
        at = page["pagination"]
        assert (at["offset"], at["returned_count"]) == (len(found), len(page["data"]))
        assert at["hasPreviousPage"] == bool(found)
        found += page["data"]
        assert at["hasNextPage"] == (len(found) < at["totalCount"])
        if not at["hasNextPage"]:
            assert len(found) == at["totalCount"]
            return found


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("limit", [99, 1000])
async def test_pages_have_neither_gap_nor_repeat(trader: Person, order: str, limit: int) -> None:
    found = await pages(trader, order=order, limit=limit)
    assert len(found) == len({each["id"] for each in found}) == 1178
    keys = [(each["timestamp"], each["id"]) for each in found]
    assert keys == sorted(keys, reverse=order == "desc")


async def test_a_page_is_a_hundred_of_the_newest_unless_asked_otherwise(trader: Person) -> None:
    page = await trader.read("transactions")
    assert page["pagination"] == {
        "limit": 100, "offset": 0, "returned_count": 100, "totalCount": 1178, "hasNextPage": True,
        "hasPreviousPage": False,
    }  # fmt: skip
    assert page["message"] == "User transactions retrieved successfully"
    assert page["user_id"] == trader.user_id
    assert page == await trader.read("transactions", order="desc", limit=100, offset=0)
    beyond = await trader.read("transactions", offset=5000)
    assert (beyond["data"], beyond["pagination"]["hasNextPage"]) == ([], False)
    assert beyond["pagination"]["hasPreviousPage"]


async def test_of_one_instant_the_order_is_still_one(app: App) -> None:
    history = tuple(replace(happened(number, GAS), at=BEGAN) for number in range(50))
    person = await settle_in(app)
    use_chains(app, ethereum=ToyChain(history=history, page_size=25))
    await person.connected(provider="ethereum", address=TYPED)
    await settle(app)
    forward = [each["id"] for each in await pages(person, order="asc", limit=7)]
    assert forward == sorted(forward)
    assert [each["id"] for each in await pages(person, order="desc", limit=7)] == forward[::-1]


async def test_the_short_path_and_the_scope(shared: Shared) -> None:
    person = shared[0]
    assert (await person.get("/v1/transactions")).content == (await person.get("transactions")).content
    narrow = await person.app.access(scopes="openid portfolios:read integrations:read")
    headers = {"Authorization": f"Bearer {narrow['access_token']}"}
    for path in ("/api/v1/transactions", "/v1/transactions"):
        reply = await person.app.http.get(path, headers=headers)
        assert refusal(reply) == (403, "INSUFFICIENT_SCOPE")
