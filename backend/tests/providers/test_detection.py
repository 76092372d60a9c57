"""Detection: exact over every EVM chain of the catalogue, within its time, and silence is never "nothing there"."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from kryptos.catalog import Chain, list_chains
from kryptos.infra.http_client.client import HttpClient
from kryptos.kernel.clock import SystemClock
from kryptos.kernel.ids import system_random
from kryptos.kernel.mode import Mode
from kryptos.providers.contracts import AddressInvalid
from kryptos.providers.registry import Registry, detect_chains
from kryptos.providers.registry.sources import Source, variable_of_chain
from tests.providers.toy_upstreams import UNUSED, USED, ToyUpstreams, node_of, rows_of
from tests.support.ports import free_port

ADDRESS = "0x" + "5a" * 20
CHECKSUMMED = "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359"
BITCOIN = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
OLD_STYLE = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"
PATIENT = timedelta(seconds=30)
"""A budget for ends that answer at once, on a machine however busy."""
FARM = Path(__file__).with_name("node_farm.py")


@contextmanager
def nodes(behaviours: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Run a node per EVM chain in a process of its own; give the variables that name them."""
    rows = rows_of("evm")
    served = [row for row in rows if behaviours[row.id] != "refused"]
    command = [sys.executable, str(FARM), "0", *(f"{row.chain_id}:{behaviours[row.id]}" for row in served)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as farm:
        try:
            assert farm.stdout
            ports = dict(zip([row.id for row in served], json.loads(farm.stdout.readline()), strict=True))
            closed = free_port()
            yield {
                variable_of_chain(Source.RPC, row.id): f"http://127.0.0.1:{ports.get(row.id, closed)}"
                for row in rows
            }
        finally:
            farm.terminate()


@contextmanager
def everywhere(behaviour: str) -> Iterator[dict[str, str]]:
    with nodes({row.id: behaviour for row in rows_of("evm")}) as upstreams:
        yield upstreams


def over_sockets(upstreams: Mapping[str, str]) -> tuple[HttpClient, Registry]:
    client = HttpClient(clock=SystemClock(), sleep=asyncio.sleep, chance=system_random)
    return client, Registry(client, upstreams, sandbox_nodes={})


def with_rank(chain_id: str) -> tuple[int, str]:
    rank = next(row.rank for row in list_chains() if row.id == chain_id)
    return rank or 1_000_000, chain_id


async def test_exact_over_every_chain_with_one_in_twenty_dead() -> None:
    """Half of the dead refuse the connection, half take it and say nothing."""
    rows = rows_of("evm")
    behaviours = {row.id: "used" if number % 13 == 0 else "unused" for number, row in enumerate(rows)}
    for number, row in enumerate(rows[7::20]):
        behaviours[row.id] = "silent" if number % 2 else "refused"
    used = [chain_id for chain_id, behaviour in behaviours.items() if behaviour == "used"]
    dead = [chain_id for chain_id, behaviour in behaviours.items() if behaviour in {"silent", "refused"}]
    with nodes(behaviours) as upstreams:
        client, registry = over_sockets(upstreams)
        async with client:
            # A budget for a busy machine: `make bench` tells how long it takes on an idle one.
            found = await detect_chains(registry, ADDRESS, mode=Mode.PRODUCTION, budget=timedelta(seconds=4))
    assert found.found == tuple(sorted(used, key=with_rank))
    assert found.unreachable == tuple(sorted(dead, key=with_rank))
    assert found.looked == len(rows) - len(dead)
    assert (len(rows), len(used), len(dead)) == (394, 30, 20)


async def test_the_budget_is_kept_and_silence_is_not_nothing_there() -> None:
    with everywhere("silent") as upstreams:
        client, registry = over_sockets(upstreams)
        async with client:
            async with asyncio.timeout(8):  # less than what a silent node may take; far more than the budget
                found = await detect_chains(
                    registry, ADDRESS, mode=Mode.PRODUCTION, budget=timedelta(milliseconds=300)
                )
    assert (found.found, found.looked, len(found.unreachable)) == ((), 0, len(rows_of("evm")))


async def test_whoever_stops_waiting_leaves_nothing_behind() -> None:
    with everywhere("silent") as upstreams:
        client, registry = over_sockets(upstreams)
        async with client:
            before = asyncio.all_tasks()
            searching = asyncio.create_task(detect_chains(registry, ADDRESS, mode=Mode.PRODUCTION))
            await asyncio.sleep(0.1)
            searching.cancel()
            with pytest.raises(asyncio.CancelledError):
                await searching
            assert asyncio.all_tasks() == before


def two_nodes_each(rows: list[Chain]) -> dict[str, str]:
    return {
        variable_of_chain(
            Source.RPC, row.id
        ): f"https://first.{row.id},https://second.{row.id},https://third.{row.id}"
        for row in rows
    }


async def test_the_second_node_is_asked_and_no_third() -> None:
    rows = rows_of("evm")
    answering = {"base": "first", "polygon": "second", "ethereum": "third"}
    toys = ToyUpstreams(
        {f"{answering[row.id]}.{row.id}": node_of(row) for row in rows if row.id in answering}
    )
    found = await detect_chains(
        toys.registry(two_nodes_each(rows)), ADDRESS, mode=Mode.PRODUCTION, budget=PATIENT
    )
    assert set(found.found) == {"base", "polygon"}
    assert found.looked == 2
    assert len(found.unreachable) == len(rows) - 2
    assert not any(host.startswith("third.") for host in toys.hosts)
    assert len(toys.hosts) == len(set(toys.hosts)) == 2 * len(rows) - 1


async def test_who_answered_last_time_is_asked_first() -> None:
    rows = rows_of("evm")
    toys = ToyUpstreams({f"second.{row.id}": node_of(row) for row in rows})
    registry = toys.registry(two_nodes_each(rows))
    for _ in range(2):
        toys.asked.clear()
        assert (await detect_chains(registry, ADDRESS, mode=Mode.PRODUCTION, budget=PATIENT)).looked == len(
            rows
        )
    assert set(toys.hosts) == {f"second.{row.id}" for row in rows}
    assert len(toys.hosts) == len(rows)  # one request each


async def test_searches_share_the_connections_of_the_process() -> None:
    rows = rows_of("evm")
    toys = ToyUpstreams({f"first.{row.id}": node_of(row) for row in rows})
    toys.turns = 100
    registry = toys.registry(two_nodes_each(rows))
    searches = [detect_chains(registry, ADDRESS, mode=Mode.PRODUCTION, budget=PATIENT) for _ in range(3)]
    assert {found.looked for found in await asyncio.gather(*searches)} == {len(rows)}
    assert toys.most_in_flight == 200


async def test_a_node_of_another_chain_is_not_believed() -> None:
    rows = rows_of("evm")
    (wrong, right) = rows[:2]
    toys = ToyUpstreams({f"first.{wrong.id}": node_of(right), f"first.{right.id}": node_of(right)})
    found = await detect_chains(
        toys.registry(two_nodes_each(rows)), ADDRESS, mode=Mode.PRODUCTION, budget=PATIENT
    )
    assert found.found == (right.id,)
    assert wrong.id in found.unreachable


async def test_a_chain_that_is_switched_off_is_not_silently_left_out() -> None:
    rows = rows_of("evm")
    upstreams = {
        variable_of_chain(source, row.id): "none"
        for row in rows
        for source in (Source.RPC, Source.BLOCKSCOUT, Source.ROUTESCAN)
    }
    toys = ToyUpstreams({"base.example": node_of(next(row for row in rows if row.id == "base"), UNUSED)})
    upstreams["KRYPTOS_RPC_BASE"] = "https://base.example"
    found = await detect_chains(toys.registry(upstreams), ADDRESS, mode=Mode.PRODUCTION, budget=PATIENT)
    assert (found.found, found.looked) == ((), 1)
    assert set(found.unreachable) == {row.id for row in rows} - {"base"}
    assert toys.hosts == ["base.example"]


@pytest.mark.parametrize(
    ("address", "chains"),
    [
        (BITCOIN, {"bitcoin"}),
        (OLD_STYLE, {"bitcoin", "bitcoin-cash"}),
        ("11111111111111111111111111111111", {"solana"}),
        (f" {CHECKSUMMED}\n", {row.id for row in rows_of("evm")}),
    ],
)
async def test_only_chains_that_write_addresses_so_are_asked(address: str, chains: set[str]) -> None:
    toys = ToyUpstreams()
    found = await detect_chains(toys.registry(), address, mode=Mode.PRODUCTION, budget=PATIENT)
    assert (set(found.unreachable), found.looked) == (chains, 0)
    assert toys.asked
    assert list(found.unreachable) == sorted(found.unreachable, key=with_rank)


async def test_the_sandbox_has_its_own_chains() -> None:
    rows = {row.id: row for row in rows_of("evm")}
    toys = ToyUpstreams(
        {"base.sandbox": node_of(rows["base"], USED), "polygon.sandbox": node_of(rows["polygon"], UNUSED)}
    )
    ends = {
        "base": "https://base.sandbox",
        "polygon": "https://polygon.sandbox",
        "solana": "https://solana.sandbox",
    }
    found = await detect_chains(toys.registry(sandbox_nodes=ends), ADDRESS, mode=Mode.SANDBOX, budget=PATIENT)
    assert (found.found, found.unreachable, found.looked) == (("base",), (), 2)
    assert set(toys.hosts) == {"base.sandbox", "polygon.sandbox"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "public address"),
        ("vitalik.eth", "public address"),
        ("0x" + "5a" * 19, "40 hexadecimal digits"),
        ("0x" + "5a" * 32, "Never enter a private key"),
        (CHECKSUMMED.replace("B6", "b6"), "checksum"),
    ],
)
async def test_what_is_no_address_is_told_so_without_repeating_it(text: str, words: str) -> None:
    toys = ToyUpstreams()
    with pytest.raises(AddressInvalid, match=words) as caught:
        await detect_chains(toys.registry(), text, mode=Mode.PRODUCTION, budget=PATIENT)
    assert not text or text not in caught.value.message
    assert toys.asked == []
