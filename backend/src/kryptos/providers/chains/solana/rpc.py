"""Rpc: asks the nodes of one cluster, and reads what they answer."""

from typing import ClassVar, TypeVar

from kryptos.infra.http_client.client import HttpClient
from kryptos.infra.http_client.upstream import Upstream
from kryptos.providers.chains.json_rpc import Call, JsonRpc, NodeAnsweredWithError, WrongChain
from kryptos.providers.chains.solana.chain import SolanaChain
from kryptos.providers.chains.solana.node_errors import HistoryUnavailable, error_of
from kryptos.providers.chains.solana.wire import read
from kryptos.providers.contracts import CouldNotLook

T = TypeVar("T")


class Rpc(JsonRpc):
    """The nodes of one cluster; a node is one of it if it has the cluster's genesis."""

    ELSEWHERE: ClassVar[tuple[type[CouldNotLook], ...]] = (*JsonRpc.ELSEWHERE, HistoryUnavailable)

    def __init__(
        self, http: HttpClient, chain: SolanaChain, upstreams: tuple[Upstream, ...], batch_calls: int
    ) -> None:
        super().__init__(http, chain_name=chain.name, upstreams=upstreams, batch_calls=batch_calls)
        self.chain = chain

    @property
    def identity(self) -> Call | None:
        """The call that tells which cluster a node serves."""
        return None if self.chain.genesis is None else Call("getGenesisHash")

    def check_identity(self, said: object, *, node: str) -> None:
        """Raise ``WrongChain`` if that is not this cluster. Some providers refuse to say: those are believed."""
        if isinstance(said, NodeAnsweredWithError):
            return
        genesis = self.read(said, str)
        if not genesis.startswith(self.chain.genesis or ""):
            raise WrongChain(
                f"{node} serves another cluster (genesis {genesis[:8]}…), not {self.chain.name}: "
                "correct the setting of its address."
            )

    def error_of(self, error: object, *, method: str, node: str) -> NodeAnsweredWithError:
        """Return the error that an error object stands for."""
        return error_of(error, method=method, node=node)

    def read(self, result: object, kind: type[T]) -> T:
        """Return a result in the form it should have; raise ``CouldNotLook``."""
        return read(result, kind, node=self.shown)
