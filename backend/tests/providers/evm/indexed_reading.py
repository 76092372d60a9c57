"""A toy life, read by a node and by indexers of it."""

from kryptos.kernel.amount import Amount
from kryptos.providers.chains.coins import amount_of
from kryptos.providers.chains.evm import EvmAdapter, EvmLimits
from tests.providers.evm.reading import KeptLedger, adapter_over
from tests.providers.evm.toy_chain import PERSON, Deed, ToyChain
from tests.providers.evm.toy_indexer import ToyIndexer, route

GIFT = Deed(is_by_person=False, is_token=False, units=10**18)
INNER = Deed(is_by_person=False, is_token=False, units=0, inner=(5, 7, 5))
SMALL = EvmLimits(page_transactions=2, batch_calls=4, indexer_margin_seconds=0)
WHOLE = EvmLimits(indexer_margin_seconds=0)


def toy_chain(*, blocks: int = 12, inner: tuple[int, ...] = ()) -> ToyChain:
    """Return a life of transfers and failures; contracts pay ``inner`` in every third block."""
    chain = ToyChain()
    chain.mine(GIFT)
    for number in range(blocks):
        chain.mine(
            Deed(
                is_by_person=True,
                is_token=number % 2 == 0,
                units=number + 1,
                fails=number % 5 == 4,
                inner=inner if number % 3 == 0 else (),
            ),
            Deed(is_by_person=False, is_token=number % 3 == 0, units=1000 + number),
        )
    return chain


def adapter_of(chain: ToyChain, *indexers: ToyIndexer, limits: EvmLimits = SMALL) -> EvmAdapter:
    """Return an adapter of the node, and of indexers."""
    return adapter_over(
        route(chain, *indexers), "http://node/", limits=limits, indexers=[each.indexer for each in indexers]
    )


async def read(chain: ToyChain, *indexers: ToyIndexer, limits: EvmLimits = SMALL) -> KeptLedger:
    """Read everything."""
    return await KeptLedger().sync(adapter_of(chain, *indexers, limits=limits), PERSON)


def held(chain: ToyChain) -> Amount:
    """Return what the person holds."""
    return amount_of(chain.native_of(PERSON, len(chain.blocks) - 1), 18)
