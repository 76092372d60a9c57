"""The Solana end, asked directly: it answers as a node does, also where it has to refuse."""

from itertools import pairwise

import pytest

from kryptos.catalog import get_chain
from kryptos.catalog.encodings import decode_base58
from kryptos.providers.sandbox import TYPED_ADDRESSES, WORLD_NOW, find_persona
from kryptos.providers.sandbox.solana.assets import ASSETS
from kryptos.providers.sandbox.solana.cluster import HEAD_SLOT
from kryptos.providers.sandbox.solana.keys import (
    STAKE_PROGRAM,
    TOKEN_2022_PROGRAM,
    TOKEN_PROGRAM,
    base58,
    key_bytes,
)
from tests.providers.sandbox.reading import error_code, result

TYPED = TYPED_ADDRESSES["solana"]
PARSED = {"encoding": "jsonParsed", "maxSupportedTransactionVersion": 0}


async def answer(method: str, *params: object) -> object:
    return await result("solana", method, *params)


async def rows_of(method: str, *params: object) -> list[dict[str, object]]:
    found = await answer(method, *params)
    value = found["value"] if isinstance(found, dict) else found
    assert isinstance(value, list)
    return value


async def test_it_is_mainnet_at_the_present_of_the_world() -> None:
    assert str(await answer("getGenesisHash")).startswith(get_chain("solana").caip2.partition(":")[2])
    assert await answer("getSlot") == HEAD_SLOT
    assert await answer("getBlockTime", HEAD_SLOT) == int(WORLD_NOW.timestamp())
    assert await answer("getBlockTime", HEAD_SLOT - 9_000) == int(WORLD_NOW.timestamp()) - 3_600
    assert await error_code("solana", "getBlockTime", HEAD_SLOT + 1) == -32004


async def test_signatures_come_newest_first_in_pages_between_marks() -> None:
    swapper = find_persona("swapper")
    assert swapper is not None
    first = await rows_of("getSignaturesForAddress", swapper.address)
    assert len(first) == 1_000
    second = await rows_of("getSignaturesForAddress", swapper.address, {"before": first[-1]["signature"]})
    everything = first + second
    assert 1_000 < len(everything) < 2_000
    slots = [int(str(row["slot"])) for row in everything]
    assert slots == sorted(slots, reverse=True)
    between = {"before": everything[3]["signature"], "until": everything[9]["signature"]}
    assert await rows_of("getSignaturesForAddress", swapper.address, between) == everything[4:9]
    assert (
        await rows_of("getSignaturesForAddress", swapper.address, {**between, "limit": 2}) == everything[4:6]
    )
    assert await error_code("solana", "getSignaturesForAddress", TYPED, {"limit": 1_001}) == -32602
    assert await error_code("solana", "getSignaturesForAddress", TYPED, {"before": "1" * 64}) == -32602


async def transactions_of(account: str) -> list[dict[str, object]]:
    rows = await rows_of("getSignaturesForAddress", account)
    found = [await answer("getTransaction", row["signature"], PARSED) for row in reversed(rows)]
    return [each for each in found if isinstance(each, dict)]


async def test_lamports_are_neither_made_nor_lost_but_for_the_fee_and_follow_from_one_another() -> None:
    sent = await transactions_of(TYPED)
    assert len(sent) > 10
    held = []
    for each in sent:
        meta, message = fields(each, "meta"), fields(fields(each, "transaction"), "message")
        before, after = numbers(meta, "preBalances"), numbers(meta, "postBalances")
        assert sum(before) == sum(after) + int(str(meta["fee"]))
        keys = message["accountKeys"]
        assert isinstance(keys, list)
        assert len(keys) == len(before) == len(after)
        for index, key in enumerate(keys):
            if key["pubkey"] == TYPED:
                held.append((before[index], after[index]))
    assert held[0][0] == 0
    assert all(earlier[1] == later[0] for earlier, later in pairwise(held))
    balance = await answer("getBalance", TYPED)
    assert isinstance(balance, dict)
    assert balance["value"] == held[-1][1]


def fields(value: dict[str, object], name: str) -> dict[str, object]:
    inner = value[name]
    assert isinstance(inner, dict)
    return inner


def numbers(value: dict[str, object], name: str) -> list[int]:
    inner = value[name]
    assert isinstance(inner, list)
    return inner


async def test_tokens_are_neither_made_nor_lost() -> None:
    for each in await transactions_of(TYPED):
        meta = fields(each, "meta")
        sums: dict[str, int] = {}
        for sign, name in ((-1, "preTokenBalances"), (1, "postTokenBalances")):
            rows = meta[name]
            assert isinstance(rows, list)
            for row in rows:
                sums[row["mint"]] = sums.get(row["mint"], 0) + sign * int(row["uiTokenAmount"]["amount"])
        assert not any(sums.values())


async def test_token_accounts_are_listed_by_program_and_by_mint() -> None:
    old = await rows_of("getTokenAccountsByOwner", TYPED, {"programId": TOKEN_PROGRAM}, PARSED)
    new = await rows_of("getTokenAccountsByOwner", TYPED, {"programId": TOKEN_2022_PROGRAM}, PARSED)
    usdc = await rows_of("getTokenAccountsByOwner", TYPED, {"mint": ASSETS["USDC"].contract}, PARSED)
    assert len(new) == 1
    assert len(usdc) == 1
    assert usdc[0] in old
    pubkey = usdc[0]["pubkey"]
    alone = await answer("getAccountInfo", pubkey, PARSED)
    assert isinstance(alone, dict)
    assert alone["value"] == usdc[0]["account"]
    assert await error_code("solana", "getTokenAccountsByOwner", TYPED, {}, PARSED) == -32602
    assert (
        await error_code("solana", "getTokenAccountsByOwner", TYPED, {"programId": TOKEN_PROGRAM}) == -32602
    )


async def test_a_closed_token_account_is_gone() -> None:
    saver = find_persona("saver")
    assert saver is not None
    accounts = await rows_of(
        "getTokenAccountsByOwner", saver.address, {"mint": ASSETS["BONK"].contract}, PARSED
    )
    assert accounts == []


async def test_stake_accounts_are_found_by_their_withdrawer_and_an_empty_one_is_gone() -> None:
    saver = find_persona("saver")
    assert saver is not None
    by_withdrawer = {"encoding": "base64", "filters": [{"memcmp": {"offset": 44, "bytes": saver.address}}]}
    stakes = await rows_of("getProgramAccounts", STAKE_PROGRAM, by_withdrawer)
    assert sorted(int(str(fields(row, "account")["lamports"])) for row in stakes) == [15 * 10**9, 40 * 10**9]
    sized = {
        **by_withdrawer,
        "withContext": True,
        "filters": [{"dataSize": 200}, by_withdrawer["filters"][0]],
    }
    assert await rows_of("getProgramAccounts", STAKE_PROGRAM, sized) == stakes
    named = await rows_of("getMultipleAccounts", [row["pubkey"] for row in stakes], {"encoding": "base64"})
    assert named == [row["account"] for row in stakes]
    other = {"encoding": "base64", "filters": [{"memcmp": {"offset": 12, "bytes": STAKE_PROGRAM}}]}
    assert await rows_of("getProgramAccounts", STAKE_PROGRAM, other) == []
    assert await error_code("solana", "getProgramAccounts", TOKEN_PROGRAM, {}) == -32010


async def test_nothing_is_told_of_outsiders() -> None:
    nobody = base58(bytes(31) + b"\x07")
    assert await answer("getBalance", nobody) == {
        "context": {"apiVersion": "3.0.0", "slot": HEAD_SLOT},
        "value": 0,
    }
    assert await rows_of("getSignaturesForAddress", nobody) == []
    assert await answer("getTransaction", "1" * 88, PARSED) is None


@pytest.mark.parametrize("raw", [b"", b"\0", b"\0\0a", bytes(range(32)), b"\xff" * 64, b"\0" + b"\x01" * 31])
def test_base58_is_that_of_the_catalogue(raw: bytes) -> None:
    assert decode_base58(base58(raw)) == raw == key_bytes(base58(raw))


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("getBalance", []),
        ("getBalance", ["0OIl"]),
        ("getBalance", ["2r8Hm"]),
        ("getMultipleAccounts", [TYPED]),
        ("getTransaction", ["1" * 88]),
        ("getProgramAccounts", [STAKE_PROGRAM, {"filters": [{"memcmp": {"offset": "1", "bytes": "1"}}]}]),
        ("getProgramAccounts", [STAKE_PROGRAM, {"filters": [{}]}]),
        ("getProgramAccounts", [STAKE_PROGRAM, {"filters": {}}]),
    ],
)
async def test_parameters_that_mean_nothing_are_refused(method: str, params: list[object]) -> None:
    assert await error_code("solana", method, *params) == -32602
