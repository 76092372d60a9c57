"""What an indexer's lists come to, and lists longer than one answer. Contract only: written from the documentation."""

from collections.abc import Sequence

import httpx
import pytest

from kryptos.infra.http_client.upstream import Upstream
from kryptos.providers.chains.evm import Indexer, IndexerKind
from kryptos.providers.chains.evm.indexer import IndexerApi, IndexerFailed
from kryptos.providers.chains.evm.indexer_search import Found, search_indexer
from tests.providers.evm.reading import client_over
from tests.providers.evm.toy_indexer import said

HASH = "0x" + "77" * 32
NODE = {"eth_blockNumber": "0xaa0fb6", "eth_getBlockByNumber": {"hash": HASH, "number": "0x10d4f"}}
PERSON = "0x" + "aa" * 20
VAULT = "0x" + "dd" * 20
LAST = 20_000_000

Lists = dict[str, Sequence[dict[str, str]]]


def api(lists: Lists, *, most_rows: int = 10_000, kind: IndexerKind = IndexerKind.ROUTESCAN) -> IndexerApi:
    """Return an indexer that has these lists, and gives so many rows at once."""

    def handle(request: httpx.Request) -> httpx.Response:
        params = request.url.params
        if params["module"] == "proxy":
            return httpx.Response(200, json={"jsonrpc": "2.0", "id": 83, "result": NODE[params["action"]]})
        size = min(int(params["offset"]), most_rows)
        start = (int(params["page"]) - 1) * size
        if start + size > 10_000:
            return said(None, message="Result window is too large")
        first, last = int(params["startblock"]), int(params["endblock"])
        rows = [row for row in lists.get(params["action"], ()) if first <= int(row["blockNumber"]) <= last]
        given = rows[start : start + size]
        return said(given, status="1", message="OK") if given else said([], message="No transactions found")

    upstream = Upstream(name="Lists", base_url="http://lists/api", requests_per_window=100_000)
    return IndexerApi(client_over(httpx.MockTransport(handle)), Indexer(kind, upstream), chain_number=1)


async def found_in(lists: Lists, address: str, *, most_rows: int = 10_000, budget: int = 10**6) -> Found:
    indexer = api(lists, most_rows=most_rows)
    return await search_indexer(indexer, address, 0, LAST, most_rows=budget)


# ---------------------------------------------------------------- what its node and its lists say


async def test_what_stands_before_the_first_block_is_no_transaction() -> None:
    """The allocations of the beginning are listed under a name that is no hash."""
    listed = ((f"GENESIS_{PERSON[2:]}", "0"), (HASH, "47884"))
    rows = [
        {"hash": name, "blockNumber": number, "from": VAULT, "to": PERSON, "value": "1", "isError": "0"}
        for name, number in listed
    ]
    assert (await found_in({"txlist": rows}, PERSON)).heights == {HASH: 47884}


async def test_answers_of_its_node_are_read() -> None:
    indexer = api({})
    assert await indexer.newest_block() == 0xAA0FB6
    assert await indexer.block_hash(0x10D4F) == HASH


# ---------------------------------------------------------------- what counts


def internal(**fields: str) -> dict[str, str]:
    row = {
        "blockNumber": "5",
        "hash": "0x" + "11" * 32,
        "from": VAULT,
        "to": PERSON,
        "value": "9",
        "type": "call",
        "isError": "0",
    }
    return row | fields


BLOCKSCOUT = {"hash": "", "transactionHash": "0x" + "11" * 32}


@pytest.mark.parametrize(
    ("row", "counts"),
    [
        (internal(traceId="0"), True),
        (internal(), True),
        (internal(traceId="0", isError="1"), False),
        (internal(traceId="0", type="delegatecall"), False),
        (internal(traceId="0", type="staticcall"), False),
        (internal(traceId="0", value="0"), False),
        (internal(traceId="0_1", type="create2", to="", contractAddress=PERSON), True),
        (internal(traceId="1", type="suicide"), True),
        (internal(traceId="1", to=VAULT), False),
        (internal(traceId="1", to=PERSON.upper().replace("X", "x")), True),
        (internal(**BLOCKSCOUT, index="1", callType="call"), True),
        (internal(**BLOCKSCOUT, index="1", callType="delegatecall"), False),
        (internal(**BLOCKSCOUT, index="1", callType="callcode"), False),
        (internal(**BLOCKSCOUT, index="0", type="create", callType=""), False),
        (internal(**BLOCKSCOUT, index="4", type="selfdestruct", callType=""), True),
        (internal(hash="GENESIS"), False),
    ],
)
async def test_rows_that_count(row: dict[str, str], counts: bool) -> None:
    found = await found_in({"txlistinternal": [row]}, PERSON)
    assert len(found.heights) == len(found.internals) == counts


async def test_places_are_ordered_as_numbers() -> None:
    rows = [
        internal(traceId=place, value=value) for place, value in [("0_10", "3"), ("0_2", "2"), ("0", "1")]
    ]
    (transfers,) = (await found_in({"txlistinternal": rows}, PERSON)).internals.values()
    assert [each.units for each in transfers] == [1, 2, 3]
    rows = [internal(**BLOCKSCOUT, index=place, value=value) for place, value in [("10", "2"), ("9", "1")]]
    (transfers,) = (await found_in({"txlistinternal": rows}, PERSON)).internals.values()
    assert [each.units for each in transfers] == [1, 2]


# ---------------------------------------------------------------- long lists (contract only)


def long_list() -> list[dict[str, str]]:
    """25,000 transactions in blocks of seven, but for one of 2,500."""
    blocks = [number // 7 for number in range(10_000)]
    blocks += [2_000] * 2_500
    blocks += [3_000 + number // 7 for number in range(12_500)]
    return [{"blockNumber": str(block), "hash": f"0x{number:064x}"} for number, block in enumerate(blocks)]


@pytest.mark.parametrize("most_rows", [300, 1_000, 10_000])
async def test_lists_beyond_ten_thousand_are_whole(most_rows: int) -> None:
    rows = long_list()
    found = await found_in({"txlist": rows}, PERSON, most_rows=most_rows)
    assert found.heights == {row["hash"]: int(row["blockNumber"]) for row in rows}
    assert found.up_to == LAST


@pytest.mark.parametrize("most_rows", [1_000, 1_003])
async def test_transfers_that_look_alike_are_counted_once_each(most_rows: int) -> None:
    rows = [
        internal(blockNumber=str(number // 24), hash=f"0x{number // 12:064x}", traceId=str(number % 12))
        for number in range(12_000)
    ]
    found = await found_in({"txlistinternal": rows}, PERSON, most_rows=most_rows)
    assert len(found.internals) == 1_000
    assert {len(transfers) for transfers in found.internals.values()} == {12}


async def test_what_one_read_takes_ends_with_a_whole_block() -> None:
    rows = long_list()
    found = await found_in({"txlist": rows, "tokentx": rows[20_000:]}, PERSON, budget=5_000)
    assert found.up_to < int(rows[6_100]["blockNumber"])
    below = {row["hash"]: int(row["blockNumber"]) for row in rows if int(row["blockNumber"]) <= found.up_to}
    assert found.heights == below
    assert len(below) >= 5_000


async def test_block_that_no_page_can_hold_is_told() -> None:
    rows = [{"blockNumber": "7", "hash": f"0x{number:064x}"} for number in range(10_500)]
    with pytest.raises(IndexerFailed, match="Result window is too large"):
        await found_in({"txlist": rows}, PERSON)
