"""A person's life on a real chain: transfers, liquidity, swaps, wrapping, failures; all of it by real contracts."""

from dataclasses import dataclass

from tests.providers.evm.anvil import Anvil
from tests.providers.evm.contracts import (
    Exchange,
    call,
    deploy_exchange,
    deploy_token,
    mint,
    place_multicall3,
    units_held,
)

PERSON = "0x47c2e31e9ce22437bcf6313d2b9e98245a7bfcfa"
FRIEND = "0x00000000000000000000000000000000000f21ed"
ETHER = 10**18
_FOR_EVER = 2**40
_PLENTY = 5_000_000
"""Gas for an exchange: a pair spends more in the first transaction of a second, which an estimate may not see."""


@dataclass(frozen=True)
class Story:
    """What exists on the chain, and the transactions worth looking at by name."""

    exchange: Exchange
    dollar: str
    pair: str
    named: dict[str, str]

    @property
    def tokens(self) -> tuple[str, ...]:
        """Every token of the story, in small letters."""
        return (self.exchange.weth, self.dollar, self.pair)

    def truth(self, node: Anvil) -> dict[str, int]:
        """Return what the chain itself says that the person holds, in smallest units."""
        units = {token: units_held(node, token, PERSON) for token in self.tokens}
        return {"native": node.number("eth_getBalance", PERSON, "latest"), **units}


def tell_story(node: Anvil) -> Story:
    """Live it."""
    place_multicall3(node)
    exchange = deploy_exchange(node)
    dollar = deploy_token(node, "USD Coin", "USDC", 6)
    named = {}
    node.person(PERSON, ether=20)
    node.person(FRIEND, ether=5)
    mint(node, dollar, PERSON, 100_000 * 10**6)
    transfer = "transfer(address,uint256)"
    named["ether out"] = node.send(PERSON, FRIEND, value=ETHER // 3)
    named["ether in"] = node.send(FRIEND, PERSON, value=1)
    named["ether to oneself"] = node.send(PERSON, PERSON, value=ETHER)
    named["token out"] = node.send(PERSON, dollar, data=call(transfer, FRIEND, 1_234_567))
    named["token in"] = node.send(FRIEND, dollar, data=call(transfer, PERSON, 1))
    named["token to oneself"] = node.send(PERSON, dollar, data=call(transfer, PERSON, 55))
    named["nothing"] = node.send(
        FRIEND, dollar, data=call("transferFrom(address,address,uint256)", PERSON, FRIEND, 0)
    )
    named["approval"] = node.send(
        PERSON, dollar, data=call("approve(address,uint256)", exchange.router, 2**255)
    )
    named["failure"] = node.send(PERSON, dollar, data=call(transfer, FRIEND, 10**30), gas=100_000)
    named["failure with value"] = node.send(PERSON, dollar, value=ETHER, gas=60_000)
    add = call(
        "addLiquidityETH(address,uint256,uint256,uint256,address,uint256)",
        *(dollar, 4_000 * 10**6, 0, 0, PERSON, _FOR_EVER),
    )
    named["liquidity"] = node.send(PERSON, exchange.router, data=add, value=2 * ETHER, gas=_PLENTY)
    buy = call(
        "swapExactETHForTokens(uint256,address[],address,uint256)",
        *(0, [exchange.weth, dollar], PERSON, _FOR_EVER),
    )
    named["swap"] = node.send(PERSON, exchange.router, data=buy, value=ETHER // 10, gas=_PLENTY)
    named["wrap"] = node.send(PERSON, exchange.weth, data=call("deposit()"), value=3 * ETHER)
    named["unwrap"] = node.send(PERSON, exchange.weth, data=call("withdraw(uint256)", ETHER + 1))
    named["weth out"] = node.send(PERSON, exchange.weth, data=call(transfer, FRIEND, 7))
    return Story(exchange, dollar, exchange.pair(node, dollar), named)


def sell_dollars(node: Anvil, story: Story) -> str:
    """Swap dollars for ether: the ether comes out of a contract, by a transfer that no log tells of."""
    sell = call(
        "swapExactTokensForETH(uint256,uint256,address[],address,uint256)",
        *(500 * 10**6, 0, [story.dollar, story.exchange.weth], PERSON, _FOR_EVER),
    )
    return node.send(PERSON, story.exchange.router, data=sell, gas=_PLENTY)
