"""What is Blockbook's own: who may answer, two kinds of servers for one wallet, pages that move, impossible answers.

Contract only: the model tells what the documentation describes.
"""

from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest

from kryptos.infra.http_client.upstream import Upstream
from kryptos.providers.chains.utxo import UtxoAdapter
from kryptos.providers.contracts import CouldNotLook, ProviderRefused
from tests.providers.evm.reading import client_over
from tests.providers.utxo.model_chain import Deed, ModelChain
from tests.providers.utxo.reading import (
    ADDRESS,
    OWN,
    RECEIVE,
    SMALL,
    ZPUB,
    KeptLedger,
    Kind,
    adapter_of,
    bitcoin,
    held_units,
    model,
)


def lively(*, blocks: int = 12, speaks: Kind = "blockbook") -> ModelChain:
    chain = model(speaks=speaks)
    for number in range(blocks):
        kind = "pay" if number % 3 == 2 else "receive"
        chain.mine(Deed(kind, RECEIVE[number % 4], 100 + number))
    return chain


async def whole(chain: ModelChain) -> KeptLedger:
    """Read everything with a server that does nothing wrong."""
    chain.fault = lambda _: None
    return await KeptLedger().sync(adapter_of(chain))


# ---------------------------------------------------------------- who may answer


@pytest.mark.parametrize("coin", ["Bcash", "Litecoin", "Bitcoin Testnet", ""])
async def test_server_of_another_coin_is_not_believed(coin: str) -> None:
    """Bitcoin Cash begins with Bitcoin's first block: its name alone tells them apart there."""
    chain = replace(model(speaks="blockbook"), coin=coin, blocks=[])
    with pytest.raises(ProviderRefused, match="does not serve Bitcoin"):
        await adapter_of(chain).balances(ZPUB)
    assert chain.requests == ["/api/v2"]


async def test_server_with_another_first_block_is_not_believed() -> None:
    chain = replace(model(speaks="blockbook"), genesis="12" * 32, blocks=[])
    with pytest.raises(ProviderRefused, match="does not serve Bitcoin"):
        await adapter_of(chain).balances(ZPUB)


async def test_server_that_is_not_complete_yet_is_not_asked() -> None:
    chain = lively()
    state = {"coin": "Bitcoin", "bestHeight": 5, "initialSync": True}
    chain.fault = lambda request: (
        httpx.Response(200, json={"blockbook": state}) if request.url.path == "/api/v2" else None
    )
    with pytest.raises(CouldNotLook, match="for the first time") as caught:
        await adapter_of(chain).has_activity(ZPUB)
    assert caught.value.retry_after_seconds == 600


async def test_block_that_is_not_known_is_not_taken_for_another() -> None:
    chain = lively()
    kept = await KeptLedger().sync(adapter_of(chain))
    before = dict(kept.transactions)
    chain.mine()
    chain.fixed_hashes[len(chain.blocks) - 1] = ""
    with pytest.raises(CouldNotLook, match="does not know block 13") as caught:
        await kept.sync(adapter_of(chain))
    assert caught.value.retry_after_seconds == 15
    assert kept.transactions == before


# ---------------------------------------------------------------- two kinds of servers


def over_both(esplora: ModelChain, blockbook: ModelChain) -> UtxoAdapter:
    chains = {"esplora": esplora, "blockbook": blockbook}
    upstreams = [
        Upstream(name=name, base_url=f"http://{name}", requests_per_window=10_000) for name in chains
    ]
    transport = httpx.MockTransport(lambda request: chains[request.url.host].handle(request))
    return UtxoAdapter(
        bitcoin(),
        http=client_over(transport),
        servers=upstreams[:1],
        blockbooks=upstreams[1:],
        limits=SMALL,
    )


async def test_esplora_is_asked_first() -> None:
    esplora, blockbook = lively(), lively()
    kept = await KeptLedger().sync(over_both(esplora, blockbook))
    assert blockbook.requests == []
    assert kept.units() == await held_units(over_both(esplora, blockbook))


async def test_blockbook_stands_in_for_esplora() -> None:
    esplora, blockbook = lively(), lively()
    esplora.fault = lambda _: httpx.Response(502)
    kept = await KeptLedger().sync(over_both(esplora, blockbook))
    assert kept.transactions == (await whole(lively())).transactions


@pytest.mark.parametrize("first", ["esplora", "blockbook"])
async def test_cursor_of_one_kind_goes_on_with_the_other(first: Kind) -> None:
    other: Kind = "blockbook" if first == "esplora" else "esplora"
    chain = lively(speaks=first)
    kept = KeptLedger()
    async for page in adapter_of(chain).transactions(ZPUB, cursor=None):
        kept.commit(page)
        if kept.pages == 2:
            break
    chain.speaks = other
    chain.requests.clear()
    await kept.sync(adapter_of(chain))
    assert kept.transactions == (await whole(chain)).transactions
    chain.speaks = first
    chain.requests.clear()
    await kept.sync(adapter_of(chain))
    assert not any("address" in path for path in chain.requests)  # nothing new: nothing is read again


@pytest.mark.parametrize("first", ["esplora", "blockbook"])
async def test_reorganisation_between_one_kind_and_the_other(first: Kind) -> None:
    chain = lively(blocks=30, speaks=first)
    kept = await KeptLedger().sync(adapter_of(chain))
    chain.speaks = "blockbook" if first == "esplora" else "esplora"
    chain.drop(3)
    for number in range(4):
        chain.mine(Deed("receive", RECEIVE[number % 2], 7), salt=1)
    pages = [page async for page in adapter_of(chain).transactions(ZPUB, cursor=kept.cursor)]
    assert pages[0].forget_above == 27
    await kept.sync(adapter_of(chain))
    assert kept.transactions == (await whole(chain)).transactions
    assert kept.units() == chain.held(set(OWN))


async def test_half_a_page_and_then_the_other_kind_do_not_make_one_read() -> None:
    """The next page is somewhere else with another kind of server: the read ends, and the next one begins anew."""
    esplora, blockbook = lively(), lively()
    adapter = over_both(esplora, blockbook)
    esplora.fault = lambda request: httpx.Response(502) if "/txs/chain/" in request.url.path else None
    with pytest.raises(CouldNotLook, match="changed while they were read"):
        await KeptLedger().sync(adapter)
    kept = await KeptLedger().sync(adapter)
    assert kept.transactions == (await whole(lively())).transactions


async def test_addresses_read_from_two_kinds_do_not_make_one_read() -> None:
    """What one says of some addresses and the other of the rest need not fit, however well each of them fits."""
    esplora, blockbook = lively(), lively()
    adapter = over_both(esplora, blockbook)
    asked: list[str] = []

    def fail_late(request: httpx.Request) -> httpx.Response | None:
        if request.url.path.endswith("/txs/chain"):
            asked.append(request.url.path)
        return httpx.Response(502) if len(asked) > 6 else None

    esplora.fault = fail_late
    with pytest.raises(CouldNotLook, match="changed while they were read"):
        await KeptLedger().sync(adapter)
    assert any("address" in path for path in blockbook.requests)
    kept = await KeptLedger().sync(adapter)
    assert kept.transactions == (await whole(lively())).transactions


# ---------------------------------------------------------------- pages


async def test_pages_are_asked_for_between_the_cursor_and_the_newest_block() -> None:
    chain = lively(blocks=12)
    adapter = adapter_of(chain)
    kept = await KeptLedger().sync(adapter)
    chain.mine()
    chain.mine(Deed("receive", RECEIVE[0], 5))
    bounds: list[tuple[str, str]] = []

    def remember(request: httpx.Request) -> None:
        if "from" in request.url.params:
            bounds.append((request.url.params["from"], request.url.params["to"]))

    chain.fault = remember
    await kept.sync(adapter)
    assert set(bounds) == {("13", "14")}
    assert len(bounds) == 7 + 3  # every address up to the gap, none of them twice


async def test_block_that_is_longer_than_a_page() -> None:
    chain = model(page_size=3, speaks="blockbook")
    for count in (1, 10, 2, 9, 3):
        chain.mine(*[Deed("receive", ADDRESS, 10 + number) for number in range(count)])
    adapter = adapter_of(chain)
    kept = await KeptLedger().sync(adapter, ADDRESS)
    assert len(kept.transactions) == 25
    assert kept.units() == await held_units(adapter, ADDRESS)


@pytest.mark.parametrize("status", [413, None])
async def test_page_that_is_too_much_is_asked_for_in_short_ones(status: int | None) -> None:
    chain = model(page_size=50, speaks="blockbook")
    for count in (1, 13, 2, 1):
        chain.mine(*[Deed("receive", ADDRESS, 10 + number) for number in range(count)])

    def refuse(request: httpx.Request) -> httpx.Response | None:
        if int(request.url.params.get("pageSize", 0)) <= 5:
            return None
        if status is None:
            raise httpx.ReadTimeout("late")
        return httpx.Response(status)

    chain.fault = refuse
    kept = await KeptLedger().sync(adapter_of(chain), ADDRESS)
    assert len(kept.transactions) == 17
    assert kept.units() == chain.held({ADDRESS})


def unbounded(chain: ModelChain) -> Callable[[httpx.Request], httpx.Response | None]:
    """Return a server that knows no bounds, and so lets the mempool in."""

    def answer(request: httpx.Request) -> httpx.Response | None:
        if "to" not in request.url.params:
            return None
        params = request.url.params.remove("to").remove("from")
        return chain.answer(httpx.Request("GET", request.url.copy_with(params=params)))

    return answer


async def test_what_waits_is_not_history() -> None:
    chain = model(page_size=25, speaks="blockbook")
    chain.mine(Deed("receive", ADDRESS, 100))
    chain.wait(Deed("receive", ADDRESS, 1_000))
    chain.fault = unbounded(chain)
    assert (await KeptLedger().sync(adapter_of(chain))).units() == 100


async def test_what_waits_does_not_push_history_off_a_page() -> None:
    chain = lively()
    chain.wait(Deed("receive", RECEIVE[0], 1_000))
    chain.fault = unbounded(chain)
    kept = KeptLedger()
    with pytest.raises(CouldNotLook, match="although it was asked for blocks"):
        await kept.sync(adapter_of(chain))
    assert kept.pages == 0


@pytest.mark.parametrize("is_gone", [False, True])
async def test_page_that_moves_under_the_read_is_not_kept(*, is_gone: bool) -> None:
    """A transaction that appears (or is gone) on a page already passed shifts all behind it."""
    chain = model(page_size=3, speaks="blockbook")
    for number in range(12):
        chain.mine(*[Deed("receive", ADDRESS, 10 + number)] * 2)
    passed = chain.blocks[-2].transactions

    def move(request: httpx.Request) -> None:
        if sum("address" in path for path in chain.requests) == 2:
            chain.fault = lambda _: None
            if is_gone:
                del passed[0]
            else:
                chain.mine(Deed("receive", ADDRESS, 999), salt=5)
                passed.insert(0, chain.blocks.pop().transactions[0])

    chain.fault = move
    with pytest.raises(CouldNotLook, match="than a moment ago") as caught:
        await KeptLedger().sync(adapter_of(chain), ADDRESS)
    assert caught.value.retry_after_seconds == 15


async def test_half_a_page_and_then_nothing_loses_and_doubles_nothing() -> None:
    complete = await whole(lively())
    for good in range(4, 24, 3):
        chain = lively()

        def cut(request: httpx.Request, chain: ModelChain = chain) -> httpx.Response:
            answer = chain.answer(request).content
            return httpx.Response(200, content=answer[: len(answer) // 2])

        kept = KeptLedger()
        chain.fail_after(good, cut)
        with pytest.raises(CouldNotLook, match="not JSON"):
            await kept.sync(adapter_of(chain))
        assert kept.pages == 0
        chain.fault = lambda _: None
        await kept.sync(adapter_of(chain))
        assert kept.transactions == complete.transactions


# ---------------------------------------------------------------- answers that cannot be

Spoiled = Callable[[dict[str, object], list[dict[str, object]]], object]
SPOILED: dict[str, Spoiled] = {
    "another address": lambda told, _: told | {"address": RECEIVE[9]},
    "another page": lambda told, _: told | {"page": 7},
    "twice the same": lambda told, items: told | {"transactions": items + items},
    "oldest first": lambda told, items: told | {"transactions": items[::-1]},
    "no block": lambda told, items: told | {"transactions": [items[0] | {"blockHash": None}]},
    "pays out more than it spends": lambda told, items: told | {"transactions": [items[0] | {"vin": []}]},
    "a fee of its own": lambda told, items: told | {"transactions": [items[0] | {"fees": "99999"}]},
    "an input without value": lambda told, items: (
        told | {"transactions": [items[0] | {"vin": [{"txid": "00" * 32, "n": 0, "isAddress": False}]}]}
    ),
    "negative": lambda told, items: told | {"transactions": [items[0] | {"vout": [{"value": "-1", "n": 0}]}]},
    "a number": lambda told, items: told | {"transactions": [items[0] | {"vout": [{"value": 1, "n": 0}]}]},
    "a fraction": lambda told, items: told | {"transactions": [items[0] | {"vout": [{"value": "1.5"}]}]},
    "no object": lambda _, items: items,
    "an error": lambda *_: {"error": "sorry"},
}


@pytest.mark.parametrize("name", SPOILED)
async def test_page_that_cannot_be_is_refused(name: str) -> None:
    chain = lively()

    def spoil(request: httpx.Request) -> httpx.Response | None:
        told = chain.answer(request).json()
        items = told.get("transactions", [])
        return None if len(items) < 2 else httpx.Response(200, json=SPOILED[name](told, items))

    chain.fault = spoil
    kept = KeptLedger()
    with pytest.raises(CouldNotLook):
        await kept.sync(adapter_of(chain))
    assert kept.pages == 0


async def test_sums_that_do_not_fit_are_no_balance() -> None:
    chain = lively()

    def spoil(request: httpx.Request) -> httpx.Response | None:
        told = chain.answer(request).json()
        return httpx.Response(200, json=told | {"balance": "1"}) if "balance" in told else None

    chain.fault = spoil
    with pytest.raises(CouldNotLook, match="do not fit"):
        await adapter_of(chain).balances(ZPUB)


async def test_value_of_a_bare_key_or_of_several_is_not_the_address_its_own() -> None:
    """Blockbook names the addresses of such scripts, but does not find the coins under them: nor does its balance."""
    chain = model(speaks="blockbook")
    chain.mine(Deed("receive", ADDRESS, 1_000))
    extra: list[dict[str, object]] = [
        {"n": 7, "value": "5", "addresses": [ADDRESS], "isAddress": False},
        {"n": 8, "value": "6", "addresses": [ADDRESS, RECEIVE[1]], "isAddress": True},
        {"n": 9, "value": "0", "addresses": ["OP_RETURN (hello)"], "isAddress": False},
    ]

    def more(request: httpx.Request) -> httpx.Response | None:
        told = chain.answer(request).json()
        for item in told.get("transactions", []):
            item["vin"][0]["value"] = str(int(item["vin"][0]["value"]) + 11)
            item["vout"] += extra
        return httpx.Response(200, json=told)

    chain.fault = more
    assert (await KeptLedger().sync(adapter_of(chain), ADDRESS)).units() == 1_000


async def test_waiting_amount_that_is_not_told_is_not_made_up() -> None:
    chain = model(speaks="blockbook")
    chain.wait(Deed("receive", ADDRESS, 1_000))

    def silent(request: httpx.Request) -> httpx.Response:
        told = chain.answer(request).json()
        told.pop("unconfirmedBalance", None)
        return httpx.Response(200, json=told)

    chain.fault = silent
    balances = await adapter_of(chain).balances(ADDRESS)
    assert balances.items == ()
    assert balances.gaps == (
        "Not counted, because they are in no block yet: payments whose amount the server does not tell.",
    )
    assert await adapter_of(chain).has_activity(ADDRESS)
