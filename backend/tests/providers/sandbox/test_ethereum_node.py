"""The Ethereum end, asked directly: it answers as a node does, also where it has to refuse."""

import base64
import json

import pytest

from kryptos.catalog.keccak import keccak256
from kryptos.providers.sandbox import TYPED_ADDRESSES, WORLD_NOW, find_persona
from kryptos.providers.sandbox.ethereum.abi import text, uint
from kryptos.providers.sandbox.ethereum.assets import ASSETS, COLLECTIONS, MULTICALL3
from kryptos.providers.sandbox.ethereum.chain import HEAD, topic_of
from tests.providers.sandbox.reading import ask, error_code, result

TYPED = TYPED_ADDRESSES["ethereum"]
TRANSFER = "0x" + keccak256(b"Transfer(address,address,uint256)").hex()
USDC = ASSETS["USDC"].contract or ""
FULL, BARE = True, False
OTTERS = COLLECTIONS["OTTERS"].contract


async def answer(method: str, *params: object) -> object:
    return await result("ethereum", method, *params)


async def logs_of(**fields: object) -> list[dict[str, object]]:
    found = await answer("eth_getLogs", {"fromBlock": "earliest", "toBlock": "latest", **fields})
    assert isinstance(found, list)
    return found


def call_data(signature: str, *words: int) -> str:
    return "0x" + keccak256(signature.encode())[:4].hex() + "".join(f"{each:064x}" for each in words)


async def test_the_newest_block_is_of_the_present_of_the_world() -> None:
    newest = await answer("eth_getBlockByNumber", "latest", BARE)
    assert isinstance(newest, dict)
    assert (newest["number"], newest["timestamp"]) == (hex(HEAD), hex(int(WORLD_NOW.timestamp())))
    assert await answer("eth_blockNumber") == hex(HEAD)
    assert await answer("eth_getBlockByNumber", hex(HEAD + 1), BARE) is None
    for tag in ("pending", "safe", "finalized"):
        assert await answer("eth_getBlockByNumber", tag, BARE) == newest


async def test_blocks_name_their_parents_and_are_found_by_hash() -> None:
    block = await answer("eth_getBlockByNumber", hex(HEAD - 1_000), FULL)
    parent = await answer("eth_getBlockByNumber", hex(HEAD - 1_001), FULL)
    assert isinstance(block, dict)
    assert isinstance(parent, dict)
    assert block["parentHash"] == parent["hash"]
    assert int(block["timestamp"], 16) - int(parent["timestamp"], 16) == 12
    assert await answer("eth_getBlockByHash", block["hash"], FULL) == block
    assert await answer("eth_getBlockByHash", "0x" + 64 * "1", FULL) is None


async def test_a_transaction_is_the_same_in_its_block_by_its_hash_in_its_receipt_and_in_its_logs() -> None:
    mine = await logs_of(topics=[TRANSFER, None, topic_of(TYPED)])
    assert len(mine) > 5
    for log in mine:
        sent = await answer("eth_getTransactionByHash", log["transactionHash"])
        receipt = await answer("eth_getTransactionReceipt", log["transactionHash"])
        block = await answer("eth_getBlockByNumber", log["blockNumber"], FULL)
        assert isinstance(receipt, dict)
        assert isinstance(block, dict)
        assert sent in block["transactions"]
        assert log in receipt["logs"]
        assert log["blockHash"] == receipt["blockHash"] == block["hash"]
        assert log["blockTimestamp"] == block["timestamp"]
        assert receipt in await receipts_of(str(log["blockNumber"]))
    assert await answer("eth_getTransactionByHash", "0x" + 64 * "1") is None
    assert await answer("eth_getTransactionReceipt", "0x" + 64 * "1") is None


async def receipts_of(place: str) -> list[object]:
    found = await answer("eth_getBlockReceipts", place)
    assert isinstance(found, list)
    return found


async def test_balances_of_any_block_are_told() -> None:
    first = (await logs_of(address=USDC, topics=[TRANSFER, None, topic_of(TYPED)]))[0]
    at = int(str(first["blockNumber"]), 16)
    read = {"to": USDC, "data": call_data("balanceOf(address)", int(TYPED, 16))}
    assert await answer("eth_call", read, hex(at - 1)) == "0x" + uint(0).hex()
    assert await answer("eth_call", read, hex(at)) == first["data"]
    assert await answer("eth_getBalance", TYPED, "earliest") == "0x0"
    assert await answer("eth_getBalance", TYPED, "latest") != "0x0"
    assert await answer("eth_getTransactionCount", TYPED, "earliest") == "0x0"
    assert await error_code("ethereum", "eth_getBalance", TYPED, hex(HEAD + 1)) == -32000


async def test_logs_are_filtered_by_range_address_topics_and_block() -> None:
    mine = await logs_of(topics=[TRANSFER, None, topic_of(TYPED)])
    everything = await logs_of()
    assert all(log in everything for log in mine)
    of_usdc = await logs_of(
        address=[USDC.upper().replace("0X", "0x")], topics=[[TRANSFER], None, [topic_of(TYPED)]]
    )
    assert of_usdc == [log for log in mine if log["address"] == USDC]
    assert len(of_usdc) == 2
    last = of_usdc[-1]
    narrow = await logs_of(fromBlock=last["blockNumber"], toBlock=last["blockNumber"], address=USDC)
    assert narrow == await answer("eth_getLogs", {"blockHash": last["blockHash"], "address": USDC})
    assert last in narrow
    # A filter of four places never matches an event of three.
    assert await logs_of(address=USDC, topics=[TRANSFER, None, None, None]) == []
    assert (
        await error_code("ethereum", "eth_getLogs", {"fromBlock": "latest", "toBlock": "earliest"}) == -32602
    )


async def test_tokens_tell_their_names_and_unknown_questions_are_reverted() -> None:
    assert (
        await answer("eth_call", {"to": USDC, "data": call_data("symbol()")}, "latest")
        == "0x" + text("USDC").hex()
    )
    assert await answer("eth_call", {"to": USDC, "input": call_data("decimals()")}) == "0x" + uint(6).hex()
    assert await error_code("ethereum", "eth_call", {"to": USDC, "data": call_data("mint()")}, "latest") == 3
    assert (
        await error_code("ethereum", "eth_call", {"to": MULTICALL3, "data": call_data("mint()")}, "latest")
        == 3
    )
    assert await answer("eth_call", {"to": TYPED, "data": call_data("symbol()")}, "latest") == "0x"
    assert await error_code("ethereum", "eth_call", {"data": "0x6001"}, "latest") == -32000
    assert await answer("eth_getCode", USDC, "latest") != "0x"
    assert await answer("eth_getCode", TYPED, "latest") == "0x"


async def test_collectibles_tell_owner_and_picture_and_follow_their_transfers() -> None:
    collector, holder = find_persona("nft"), find_persona("holder")
    assert collector is not None
    assert holder is not None
    lights = COLLECTIONS["LIGHTS"].contract
    (given,) = await logs_of(
        address=lights, topics=[TRANSFER, topic_of(collector.address), topic_of(holder.address)]
    )
    assert given["topics"] == [
        TRANSFER,
        topic_of(collector.address),
        topic_of(holder.address),
        topic_of("0x1a2"),
    ]
    owner = {"to": lights, "data": call_data("ownerOf(uint256)", 418)}
    height = int(str(given["blockNumber"]), 16)
    assert await answer("eth_call", owner, hex(height - 1)) == topic_of(collector.address)
    assert await answer("eth_call", owner, "latest") == topic_of(holder.address)
    assert (
        await error_code(
            "ethereum", "eth_call", {**owner, "data": call_data("ownerOf(uint256)", 5)}, "latest"
        )
        == 3
    )
    count = {"to": OTTERS, "data": call_data("balanceOf(address)", int(collector.address, 16))}
    assert await answer("eth_call", count, "latest") == "0x" + uint(1).hex()
    interface = {"to": OTTERS, "data": call_data("supportsInterface(bytes4)", 0x80AC58CD << 224)}
    assert await answer("eth_call", interface, "latest") == "0x" + uint(1).hex()
    returned = await answer("eth_call", {"to": OTTERS, "data": call_data("tokenURI(uint256)", 88)}, "latest")
    uri = bytes.fromhex(str(returned)[2 + 128 :]).rstrip(b"\0").decode()
    told = json.loads(base64.b64decode(uri.removeprefix("data:application/json;base64,")))
    assert told["name"] == "Office Otters #88"
    assert b"<svg" in base64.b64decode(told["image"].removeprefix("data:image/svg+xml;base64,"))


@pytest.mark.parametrize("end", ["ethereum", "solana"])
async def test_unknown_methods_and_broken_requests_get_the_errors_of_the_standard(end: str) -> None:
    assert await error_code(end, "eth_sendRawTransaction", "0x00") == -32601
    assert await ask(end, []) == {
        "jsonrpc": "2.0",
        "id": None,
        "error": {"code": -32600, "message": "invalid request"},
    }
    answers = await ask(
        end, [{"id": 7, "method": "no_such"}, 5, {"id": "b", "method": "getHealth", "params": {"a": 1}}]
    )
    assert isinstance(answers, list)
    assert [(each["id"], each["error"]["code"]) for each in answers[:2]] == [(7, -32601), (None, -32600)]
    assert answers[2]["error"]["code"] in {-32601, -32602}


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("eth_getBalance", []),
        ("eth_getBalance", ["0x12", "latest"]),
        ("eth_getBalance", [TYPED, "yesterday"]),
        ("eth_getBlockByNumber", [12, False]),
        ("eth_getBlockByHash", ["0x12", False]),
        ("eth_getTransactionByHash", [None]),
        ("eth_getLogs", [["0x1"]]),
        ("eth_getLogs", [{"topics": "0x1"}]),
        ("eth_getLogs", [{"topics": [[1]]}]),
        ("eth_call", [{"to": USDC, "data": "0xz"}, "latest"]),
    ],
)
async def test_parameters_that_mean_nothing_are_refused(method: str, params: list[object]) -> None:
    assert await error_code("ethereum", method, *params) == -32602
