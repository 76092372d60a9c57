"""SolanaAdapter: one cluster of the Solana family, behind the border that every adapter keeps."""

from collections.abc import AsyncIterator, Collection, Iterable

from kryptos.infra.http_client.client import HttpClient
from kryptos.infra.http_client.upstream import Upstream
from kryptos.providers.chains.json_rpc import Call
from kryptos.providers.chains.solana.accounts import FINALIZED
from kryptos.providers.chains.solana.address import normalise_address
from kryptos.providers.chains.solana.balances import read_balances
from kryptos.providers.chains.solana.chain import KnownToken, SolanaChain, SolanaLimits
from kryptos.providers.chains.solana.history import History
from kryptos.providers.chains.solana.rpc import Rpc
from kryptos.providers.chains.solana.wire import At, SignatureRow
from kryptos.providers.contracts import Balances, TransactionPage


class SolanaAdapter:
    """Reads one cluster through its nodes, the first one first. Keeps no state but which node answered last.

    Only what is finalized is read, so no page ever asks to forget one: a signature that a fork took away never
    came. Collectibles are tokens without decimals here, of the standard ``spl`` or ``token_2022``; quantities of
    tokens that show interest or a scale of their own (Token-2022) are those that are transferred, not those shown.

    The coin is what the address and its stake accounts hold. The rent that an account holds which was opened for
    anything else, a token account say, is no balance: it goes out when the account is opened and comes back in when
    it is closed. So the movements of the coin add up to its balance, but for rewards, which are told as a gap.
    """

    def __init__(
        self,
        chain: SolanaChain,
        *,
        http: HttpClient,
        nodes: Iterable[Upstream],
        known_tokens: Iterable[KnownToken] = (),
        limits: SolanaLimits | None = None,
    ) -> None:
        self._limits = limits or SolanaLimits()
        self._rpc = Rpc(http, chain, tuple(nodes), self._limits.batch_calls)
        self._known = {token.contract: token for token in known_tokens}

    def normalise_address(self, text: str) -> str:
        """Return the address; raise ``AddressInvalid``."""
        return normalise_address(text)

    async def has_activity(self, address: str) -> bool:
        """Whether the address holds the coin or was ever named by a transaction."""
        account = self.normalise_address(address)
        balance, signatures = await self._rpc.ask_all(
            [
                Call("getBalance", (account, FINALIZED)),
                Call("getSignaturesForAddress", (account, {"limit": 1, **FINALIZED})),
            ]
        )
        held = self._rpc.read(balance, At[int]).value
        return bool(held or self._rpc.read(signatures, tuple[SignatureRow, ...]))

    async def balances(self, address: str, *, known_contracts: Collection[str] = ()) -> Balances:
        """Return the coin, stake included, and every token held; raise ``CouldNotLook``.

        Nodes list every token account of an address, so known ones need only be named where some cannot be read.
        """
        account = self.normalise_address(address)
        return await read_balances(self._rpc, account, known=self._known, named=known_contracts)

    async def transactions(self, address: str, *, cursor: str | None) -> AsyncIterator[TransactionPage]:
        """Give history behind the cursor, to the last page; raise ``CouldNotLook``."""
        history = History(self._rpc, self._limits, self.normalise_address(address), self._known)
        async for page in history.pages(cursor):
            yield page
