"""The way into the sandbox: base URLs that lead nowhere but here, and the transports that answer under them."""

from functools import cache

import httpx

from kryptos.providers.sandbox.ethereum.chain import build_chain
from kryptos.providers.sandbox.ethereum.node import EthereumNode
from kryptos.providers.sandbox.json_rpc import JsonRpcEnd
from kryptos.providers.sandbox.nodes import SANDBOX_NODES
from kryptos.providers.sandbox.personas import TYPED_ADDRESSES, find_persona
from kryptos.providers.sandbox.solana.cluster import build_cluster
from kryptos.providers.sandbox.solana.node import SolanaNode
from kryptos.providers.sandbox.stories import (
    defi,
    holder,
    nft,
    saver,
    swapper,
    trader,
    typed_ethereum,
    typed_solana,
)

DEFAULT_SEED = 1


def sandbox_mounts(*, seed: int = DEFAULT_SEED) -> dict[str, httpx.AsyncBaseTransport]:
    """Return the ends for ``HttpClient(mounts=…)``. The same seed gives the same bytes; worlds are made when asked."""
    return {
        SANDBOX_NODES["ethereum"]: JsonRpcEnd(lambda: _ethereum(seed)),
        SANDBOX_NODES["solana"]: JsonRpcEnd(lambda: _solana(seed)),
    }


@cache
def _ethereum(seed: int) -> EthereumNode:
    chain = build_chain(
        [
            (_address("holder"), holder.story()),
            (_address("defi"), defi.story()),
            (_address("nft"), nft.story()),
            (_address("trader"), trader.story(seed)),
            (TYPED_ADDRESSES["ethereum"], typed_ethereum.story()),
        ],
        seed=seed,
    )
    return EthereumNode(chain, broken=_address("broken"))


@cache
def _solana(seed: int) -> SolanaNode:
    cluster = build_cluster(
        [
            (_address("saver"), saver.story()),
            (_address("swapper"), swapper.story(seed)),
            (TYPED_ADDRESSES["solana"], typed_solana.story()),
        ],
        seed=seed,
    )
    return SolanaNode(cluster)


def _address(persona_id: str) -> str:
    persona = find_persona(persona_id)
    if persona is None:
        message = f"no persona is called {persona_id}"
        raise ValueError(message)
    return persona.address
