"""What could not be looked at stays as it was last seen and is told for as long as it is missing; the rest is exact."""

import httpx

from tests.providers.evm.toy_chain import GAS, GAS_PRICE, PERSON, Deed, Fault
from tests.support.app import App
from tests.sync.ends import TokenChain, lived, rpc_calls
from tests.sync.situation import Situation, over_node


def without_discovery(chain: TokenChain) -> Fault:
    """Refuse searches of logs from the first block on, as nodes do that search a few blocks alone."""

    def reply(call: dict[str, object]) -> dict[str, object]:
        params = call["params"]
        assert isinstance(params, list)
        if call["method"] == "eth_getLogs" and int(params[0]["fromBlock"], 16) <= 1:
            return {"jsonrpc": "2.0", "id": call["id"], "error": {"code": -32601, "message": "not here"}}
        return chain.reply(call)

    return lambda request: httpx.Response(200, json=[reply(call) for call in rpc_calls(request)])


async def symbols(its: Situation) -> set[str]:
    found = (await its.person.read("holdings", isSpam="true"))["holdings"]
    return {each["asset"]["contractAddress"] or "native" for each in found}


async def test_coins_that_are_spent_are_not_shown_because_tokens_could_not_be_searched(app: App) -> None:
    chain = TokenChain()
    lived(chain)
    its = await over_node(app, chain.transport())
    wallet_id = await its.connect(PERSON)
    assert len(await symbols(its)) == 2
    top = len(chain.blocks) - 1
    chain.mine(Deed(is_by_person=True, is_token=True, units=chain.units_of(PERSON, top)))
    left = chain.native_of(PERSON, top + 1) - GAS * GAS_PRICE
    chain.mine(Deed(is_by_person=True, is_token=False, units=left))
    chain.fault = without_discovery(chain)
    await its.sync_when_due(wallet_id)
    assert (await its.stages(wallet_id))["Balances"] == "PARTIALLY SYNCED"
    assert await symbols(its) == set()


async def test_a_gap_of_history_is_told_for_as_long_as_it_is_there(app: App) -> None:
    chain = TokenChain()
    lived(chain)
    chain.mine(Deed(is_by_person=True, is_token=False, units=0, inner=(77,)))
    its = await over_node(app, chain.transport())
    wallet_id = await its.connect(PERSON)
    first = await its.status(wallet_id)
    assert first["status"] == "PARTIALLY SYNCED"
    chain.mine(Deed(is_by_person=True, is_token=False, units=1))
    await its.sync_when_due(wallet_id)
    later = await its.status(wallet_id)
    assert (later["status"], later["message"]) == (first["status"], first["message"])
