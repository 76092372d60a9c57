"""Five hundred wallets and two workers, one family of chains dead and one slow: all others are read, each once."""

import asyncio
import json
from collections import Counter

import httpx
import pytest
from solders.pubkey import Pubkey

from kryptos.catalog import checksum_address, get_chain, list_chains
from kryptos.domains import integrations
from kryptos.domains.clients import Mode
from kryptos.infra.database import Uow
from tests.providers.utxo.reading import CHANGE, RECEIVE, model
from tests.support.app import App
from tests.support.journey import rows
from tests.support.ports import free_port
from tests.sync.ends import CrowdChain, local_end
from tests.sync.situation import node_alone
from tests.sync.workers import workers

pytestmark = pytest.mark.slow

_EVM_CHAINS = 17
_PER_CHAIN = 20
_DEAD = 100
_SLOW = 60
_WORKSPACE = "ws_of_many"


def evm_chains() -> list[str]:
    """Return chains that know Multicall3, of the EVM family."""
    known = [each.id for each in list_chains() if each.family == "evm" and each.multicall3 is not None]
    return known[:_EVM_CHAINS]


def wallet(number: int, chain_at: int) -> str:
    """Return the address of a wallet on the chain at a place, in small letters."""
    return f"0x5afe{number * 1000 + chain_at:036x}"


def accounts() -> list[tuple[str, str]]:
    """Return chain and address of every wallet, the families mixed."""
    many = [
        (chain, checksum_address(wallet(number, at)))
        for at, chain in enumerate(evm_chains())
        for number in range(_PER_CHAIN)
    ]
    many += [("solana", str(Pubkey(bytes([7, *number.to_bytes(31, "big")])))) for number in range(_DEAD)]
    many += [("bitcoin", address) for address in (*RECEIVE, *CHANGE)[:_SLOW]]
    return sorted(many, key=lambda each: each[1][3:])


async def connect_all(uow: Uow) -> None:
    for chain_id, address in accounts():
        await integrations.connect(
            uow,
            workspace_id=_WORKSPACE,
            mode=Mode.PRODUCTION,
            user_id="user_of_many",
            client_id=None,
            provider=chain_id,
            category="blockchain",
            address=address,
            chains=[chain_id],
        )


def nodes() -> dict[str, CrowdChain]:
    """Return the node of each chain, by path."""
    ends = {}
    for at, chain_id in enumerate(evm_chains()):
        chain = CrowdChain(number=get_chain(chain_id).chain_id or 0)
        chain.give([wallet(number, at) for number in range(_PER_CHAIN)])
        chain.mine()
        ends[f"/{chain_id}"] = chain
    return ends


async def test_two_workers_read_each_of_five_hundred_wallets_once(app_of_today: App) -> None:
    app = app_of_today
    await app.services.database.execute(connect_all)
    evm, bitcoin = nodes(), model()
    bitcoin.mine()

    def answer(request: httpx.Request) -> httpx.Response:
        found = evm.get(request.url.path)
        return found.handle(request) if found else bitcoin.handle(request)

    async def be_slow(request: httpx.Request) -> None:
        if request.url.path not in evm:
            await asyncio.sleep(0.5)

    async with local_end(answer, before=be_slow) as end:
        upstreams = {
            "KRYPTOS_RPC_SOLANA": f"http://127.0.0.1:{free_port()}",
            "KRYPTOS_ESPLORA_BITCOIN": end.url,
            "KRYPTOS_BLOCKBOOK_BITCOIN": "none",
        }
        for chain_id in evm_chains():
            upstreams |= node_alone(chain_id, f"{end.url}/{chain_id}")
        async with workers(app, upstreams) as some:
            some.start()
            some.start()
            await some.until_all_ended(timeout_seconds=90)
            ended = await rows(
                app,
                "SELECT id, provider, status, code, total_transactions AS count FROM integrations",
            )
            log = [json.loads(line) for line in some.log.read_text().splitlines() if line.startswith("{")]
    assert len(ended) == _EVM_CHAINS * _PER_CHAIN + _DEAD + _SLOW == 500
    told = Counter((each["status"], each["code"]) for each in ended)
    assert told == {("completed", None): 400, ("failed", "PROVIDER_UNREACHABLE"): 100}
    assert all((each["status"] == "failed") is (each["provider"] == "solana") for each in ended)
    living = {each["id"] for each in ended if each["provider"] not in {"solana", "bitcoin"}}
    assert {each["count"] for each in ended if each["id"] in living} == {2}
    finished = Counter(each["integration_id"] for each in log if each["event"] == "sync_ended")
    assert all(finished[each["id"]] == 1 for each in ended if each["status"] == "completed")
    assert not [each for each in log if each["event"] in {"stage_broke", "job_failed", "job_overtaken"}]
    both = {each["worker_id"] for each in log if each["event"] == "worker_started"}
    assert len(both) == 2
