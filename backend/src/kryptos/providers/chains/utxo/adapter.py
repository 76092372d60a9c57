"""UtxoAdapter: one Bitcoin-like chain, behind the border that every adapter keeps."""

from collections.abc import AsyncIterator, Collection, Iterable

from kryptos.infra.http_client.client import HttpClient
from kryptos.infra.http_client.upstream import Upstream
from kryptos.providers.chains.utxo.balances import read_balances
from kryptos.providers.chains.utxo.blockbook import Blockbook
from kryptos.providers.chains.utxo.chain import UtxoChain, UtxoLimits
from kryptos.providers.chains.utxo.esplora import Esplora
from kryptos.providers.chains.utxo.history import History
from kryptos.providers.chains.utxo.source import Source
from kryptos.providers.chains.utxo.wallet import branches_of, normalise_address
from kryptos.providers.contracts import Balances, TransactionPage


class UtxoAdapter:
    """Reads one chain through its servers, Esplora before Blockbook. Keeps no state but which one answered last.

    An "address" is one address, or an extended public key (xpub, ypub, zpub, and what other chains call them) that
    stands for all of its own. A cursor names blocks and counts addresses, nothing that is one server's: any server of
    either kind goes on from it.
    """

    def __init__(
        self,
        chain: UtxoChain,
        *,
        http: HttpClient,
        servers: Iterable[Upstream] = (),
        blockbooks: Iterable[Upstream] = (),
        limits: UtxoLimits | None = None,
    ) -> None:
        self._chain = chain
        self._limits = limits or UtxoLimits()
        self._source = Source(
            chain,
            (
                *(Esplora(http, chain, upstream) for upstream in servers),
                *(Blockbook(http, chain, upstream) for upstream in blockbooks),
            ),
        )

    def normalise_address(self, text: str) -> str:
        """Return the address or extended public key in its canonical form; raise ``AddressInvalid``."""
        return normalise_address(text, self._chain)

    async def has_activity(self, address: str) -> bool:
        """Whether the address was ever used; of an extended key, one of its receiving addresses up to the gap.

        One call for an address, and for most keys in use: their first address is. Up to 20 for a key without use.
        """
        branch = branches_of(self.normalise_address(address), self._chain)[0]
        for index in range(self._limits.gap):
            each = branch.address(index)
            if each is None and branch.is_single:
                return False
            holding = await self._source.holding(each) if each else None
            if holding is not None and (holding.is_used or holding.has_waiting):
                return True
        return False

    async def balances(
        self,
        address: str,
        *,
        known_contracts: Collection[str] = (),  # noqa: ARG002  # these chains have no contracts
    ) -> Balances:
        """Return what is held in blocks, at the newest one; raise ``CouldNotLook``."""
        return await read_balances(self._source, self._limits, self.normalise_address(address))

    async def transactions(self, address: str, *, cursor: str | None) -> AsyncIterator[TransactionPage]:
        """Give history behind the cursor, of transactions in blocks; raise ``CouldNotLook``."""
        history = History(self._source, self._limits, self.normalise_address(address))
        async for page in history.pages(cursor):
            yield page
