"""EvmAdapter: one chain of the EVM family, behind the border that every adapter keeps."""

from collections.abc import AsyncIterator, Collection, Iterable

from kryptos.infra.http_client.client import HttpClient
from kryptos.infra.http_client.upstream import Upstream
from kryptos.providers.chains.evm.address import normalise_address
from kryptos.providers.chains.evm.balances import read_balances
from kryptos.providers.chains.evm.chain import EvmChain, EvmLimits, KnownToken
from kryptos.providers.chains.evm.history import History
from kryptos.providers.chains.evm.indexer import Indexer, IndexerApi, IndexerKind
from kryptos.providers.chains.evm.names import address_of_name
from kryptos.providers.chains.evm.rpc import Rpc
from kryptos.providers.chains.json_rpc import Call
from kryptos.providers.contracts import Balances, TransactionPage

_ORDER = tuple(IndexerKind)


class EvmAdapter:
    """Reads one chain through its nodes, the first one first. Keeps no state but which node answered last.

    With indexers, history is complete: they name the transactions and tell what moved inside of them, nodes tell the
    rest. The first one that answers is used, Etherscan's kind before Blockscout's and Routescan's.
    """

    def __init__(
        self,
        chain: EvmChain,
        *,
        http: HttpClient,
        nodes: Iterable[Upstream],
        known_tokens: Iterable[KnownToken] = (),
        limits: EvmLimits | None = None,
        indexers: Iterable[Indexer] = (),
    ) -> None:
        self._chain = chain
        self._limits = limits or EvmLimits()
        self._rpc = Rpc(http, chain, tuple(nodes), self._limits.batch_calls)
        self._indexers = tuple(
            IndexerApi(http, each, chain_number=chain.number)
            for each in sorted(indexers, key=lambda each: _ORDER.index(each.kind))
        )
        self._known = {token.contract.lower(): token for token in known_tokens}

    def normalise_address(self, text: str) -> str:
        """Return the address with its checksum (EIP-55); raise ``AddressInvalid``."""
        return normalise_address(text, chain_number=self._chain.number)

    async def has_activity(self, address: str) -> bool:
        """Whether the address ever sent, holds the native coin or has code; one that only got tokens does not count."""
        account = self.normalise_address(address)
        nonce, balance, code = await self._rpc.ask_all(
            [
                Call("eth_getTransactionCount", (account, "latest")),
                Call("eth_getBalance", (account, "latest")),
                Call("eth_getCode", (account, "latest")),
            ]
        )
        return bool(self._rpc.as_number(nonce) or self._rpc.as_number(balance) or self._rpc.as_bytes(code))

    async def address_of_name(self, name: str) -> str | None:
        """Return the address of a name of ENS, with its checksum; see ``names``."""
        return await address_of_name(self._rpc, name)

    async def balances(self, address: str, *, known_contracts: Collection[str] = ()) -> Balances:
        """Return the native coin and every ERC-20 token held, at one block; raise ``CouldNotLook``."""
        account = self.normalise_address(address).lower()
        named = frozenset(self.normalise_address(contract).lower() for contract in known_contracts)
        return await read_balances(self._rpc, self._limits, account, known=self._known, named=named)

    async def transactions(self, address: str, *, cursor: str | None) -> AsyncIterator[TransactionPage]:
        """Give history behind the cursor; raise ``CouldNotLook``.

        When the limits of one read are reached the last page given has not got ``is_last``: ask again with its cursor.
        """
        account = self.normalise_address(address).lower()
        history = History(self._rpc, self._limits, account, self._known, self._indexers)
        async for page in history.pages(cursor):
            yield page
