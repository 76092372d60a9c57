"""Rpc: asks the nodes of one EVM chain, and reads what they answer."""

from typing import TypeVar

from kryptos.infra.http_client.client import HttpClient
from kryptos.infra.http_client.upstream import Upstream
from kryptos.providers.chains.evm.chain import EvmChain
from kryptos.providers.chains.evm.node_errors import error_of
from kryptos.providers.chains.evm.quantity import bytes_of, number_of
from kryptos.providers.chains.evm.wire import read
from kryptos.providers.chains.json_rpc import Call, JsonRpc, NodeAnsweredWithError, WrongChain
from kryptos.providers.contracts import CouldNotLook

T = TypeVar("T")


class Rpc(JsonRpc):
    """The nodes of one chain; a node is one of it if it says so by its chain id (EIP-155)."""

    def __init__(
        self, http: HttpClient, chain: EvmChain, upstreams: tuple[Upstream, ...], batch_calls: int
    ) -> None:
        super().__init__(http, chain_name=chain.name, upstreams=upstreams, batch_calls=batch_calls)
        self.chain = chain

    @property
    def identity(self) -> Call:
        """The call that tells which chain a node serves."""
        return Call("eth_chainId")

    def check_identity(self, said: object, *, node: str) -> None:
        """Raise ``WrongChain`` if that is not this chain."""
        if isinstance(said, NodeAnsweredWithError):
            raise said
        if (number := self.as_number(said)) != self.chain.number:
            raise WrongChain(
                f"{node} serves chain {number}, not {self.chain.name} ({self.chain.number}): "
                "correct the setting of its address."
            )

    def error_of(self, error: object, *, method: str, node: str) -> NodeAnsweredWithError:
        """Return the error that an error object stands for."""
        return error_of(error, method=method, node=node)

    async def number(self, method: str, *params: object) -> int:
        """Return the result of a call that gives a quantity."""
        return self.as_number(await self.ask(method, *params))

    def as_number(self, result: object) -> int:
        """Return a result as the number it should be; raise ``CouldNotLook``."""
        try:
            return number_of(result if isinstance(result, str) else "")
        except ValueError as error:
            raise CouldNotLook(f"{self.shown} gave something that is no number.") from error

    def as_bytes(self, result: object) -> bytes:
        """Return a result as the bytes it should be; raise ``CouldNotLook``."""
        try:
            return bytes_of(result if isinstance(result, str) else "")
        except ValueError as error:
            raise CouldNotLook(f"{self.shown} gave something that is no data.") from error

    def read(self, result: object, kind: type[T]) -> T:
        """Return a result in the form it should have; raise ``CouldNotLook``."""
        return read(result, kind, node=self.shown)
