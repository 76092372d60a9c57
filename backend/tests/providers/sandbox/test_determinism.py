"""The same seed gives the same bytes, in another process too; another seed gives another world of the same kind."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from kryptos.kernel.amount import Amount
from kryptos.providers.sandbox import PERSONAS, SANDBOX_NODES, TYPED_ADDRESSES
from kryptos.providers.sandbox.ethereum.chain import build_chain
from kryptos.providers.sandbox.ethereum.deeds import Deed, receive, send
from kryptos.providers.sandbox.mounts import sandbox_mounts
from kryptos.providers.sandbox.solana import cluster, deeds
from tests.providers.sandbox.reading import adapter, client, read_account

PROGRAM = """
import asyncio
from tests.providers.sandbox.test_determinism import fingerprint
print(asyncio.run(fingerprint(1)))
"""


async def fingerprint(seed: int) -> str:
    """Return a hash over the raw answers to everything that accounts are asked for."""
    seen = hashlib.sha256()
    async with httpx.AsyncClient(mounts=sandbox_mounts(seed=seed)) as http:

        async def post(chain_id: str, *calls: tuple[str, list[object]]) -> list[dict[str, object]]:
            body = [
                {"jsonrpc": "2.0", "id": at, "method": each[0], "params": each[1]}
                for at, each in enumerate(calls)
            ]
            response = await http.post(SANDBOX_NODES[chain_id], content=json.dumps(body))
            seen.update(response.content)
            answers: list[dict[str, object]] = response.json()
            return answers

        (logs,) = await post("ethereum", ("eth_getLogs", [{"fromBlock": "earliest", "toBlock": "latest"}]))
        found = logs["result"]
        assert isinstance(found, list)
        names = sorted({log["transactionHash"] for log in found})
        await post("ethereum", *(("eth_getTransactionByHash", [name]) for name in names))
        await post("ethereum", *(("eth_getBlockByNumber", [log["blockNumber"], True]) for log in found[::20]))
        for persona in PERSONAS:
            if persona.provider_id == "ethereum" and persona.id != "broken":
                await post("ethereum", ("eth_getBalance", [persona.address, "latest"]))
        for address in (
            TYPED_ADDRESSES["solana"],
            *(each.address for each in PERSONAS if each.provider_id == "solana"),
        ):
            (rows,) = await post("solana", ("getSignaturesForAddress", [address]))
            listed = rows["result"]
            assert isinstance(listed, list)
            await post("solana", *(("getTransaction", [row["signature"], "jsonParsed"]) for row in listed))
    return seen.hexdigest()


def fingerprint_elsewhere(hash_seed: str) -> str:
    """Return the fingerprint of the first world as a fresh process computes it, which hashes texts its own way."""
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        cwd=Path(__file__).parents[3],
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
    )
    return run.stdout.strip()


async def test_the_same_seed_gives_the_same_bytes_in_every_process() -> None:
    here = await fingerprint(1)
    assert fingerprint_elsewhere("0") == here
    assert fingerprint_elsewhere("4711") == here
    assert await fingerprint(2) != here


@pytest.mark.parametrize("seed", [2, 3, 20_260_630])
async def test_any_seed_gives_a_world_that_adds_up(seed: int) -> None:
    async with client(sandbox_mounts(seed=seed)) as http:
        for persona in PERSONAS:
            if persona.id != "broken":
                account = await read_account(adapter(persona.provider_id, http), persona.address)
                assert account.added_up() == account.held()
                assert all(held > Amount(0) for held in account.held().values())


def test_a_story_cannot_spend_what_it_has_not_got() -> None:
    me = TYPED_ADDRESSES["ethereum"]
    story: list[Deed] = [receive("2025-01-01 00:00", "1 ETH"), send("2025-01-02 00:00", "1 ETH")]
    with pytest.raises(ValueError, match="spends"):
        build_chain([(me, story)], seed=1)
    poor = [deeds.receive("2025-01-01 00:00", "1 SOL"), deeds.send("2025-01-02 00:00", "1 SOL")]
    with pytest.raises(ValueError, match="spends"):
        cluster.build_cluster([(TYPED_ADDRESSES["solana"], poor)], seed=1)
