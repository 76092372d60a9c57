"""Blocks that are replaced between two syncs or under one: the ledger is that of the chain as it is now."""

import httpx
import pytest

from kryptos.providers.chains.evm import EvmLimits
from tests.providers.evm.test_faults import raising
from tests.providers.evm.toy_chain import PERSON, Deed
from tests.support.app import App
from tests.sync.ends import TokenChain, lived
from tests.sync.situation import kept_of, over_node, read_afresh


@pytest.fixture
def chain(monkeypatch: pytest.MonkeyPatch) -> TokenChain:
    """A chain with some history, handed over in small pages."""
    limits = EvmLimits(page_transactions=4, batch_calls=8)
    monkeypatch.setattr("kryptos.providers.chains.evm.adapter.EvmLimits", lambda: limits)
    chain = TokenChain()
    lived(chain)
    return chain


def replace_blocks(chain: TokenChain, depth: int) -> None:
    """Let other blocks, one more than there were, stand in for the newest ones."""
    chain.drop(depth)
    for number in range(depth + 1):
        chain.mine(
            Deed(is_by_person=number % 2 == 1, is_token=number % 3 == 0, units=40 + number), salt=depth
        )


@pytest.mark.parametrize("depth", [1, 3, 9])
async def test_after_a_reorganisation_the_ledger_is_that_of_a_fresh_reading(
    app: App, chain: TokenChain, depth: int
) -> None:
    its = await over_node(app, chain.transport())
    wallet_id = await its.connect(PERSON)
    before = await kept_of(app, wallet_id)
    replace_blocks(chain, depth)
    await its.sync_when_due(wallet_id)
    after = await kept_of(app, wallet_id)
    gone = {each["platform_id"] for each in before["transactions"]} - {
        each["platform_id"] for each in after["transactions"]
    }
    assert len(gone) == 2 * depth
    assert after == await read_afresh(app, chain.transport(), PERSON)


@pytest.mark.parametrize("requests", range(1, 30, 3))
async def test_a_reorganisation_under_a_sync_that_dies(app: App, chain: TokenChain, requests: int) -> None:
    """The sync stops in the middle, three blocks are replaced, the next sync dies too, the one after it heals all."""
    its = await over_node(app, chain.transport())
    gone = raising(httpx.RemoteProtocolError("gone"))
    chain.fail_after(requests, gone)
    wallet_id = await its.connect(PERSON)
    replace_blocks(chain, 3)
    chain.fail_after(requests, gone)
    await its.sync_when_due(wallet_id)
    chain.fault = lambda _: None
    await its.sync_when_due(wallet_id)
    assert (await its.status(wallet_id))["status"] == "COMPLETED"
    assert await kept_of(app, wallet_id) == await read_afresh(app, chain.transport(), PERSON)
