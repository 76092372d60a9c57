"""Source: the servers of one chain, of whatever kind; the first that answers, and only servers of that chain."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from kryptos.infra.http_client.upstream import Upstream
from kryptos.providers.chains.utxo.answers import AddressPage, Block, Holding, Place, Span
from kryptos.providers.chains.utxo.chain import UtxoChain
from kryptos.providers.contracts import CouldNotLook, ProviderRefused

T = TypeVar("T")


class WrongChain(ProviderRefused):
    """The server serves another chain: nothing that it says counts."""


class Server(Protocol):
    """One server, asked in its own way; every method raises ``CouldNotLook``."""

    @property
    def upstream(self) -> Upstream:
        """Where it is."""

    async def check_chain(self) -> None:
        """Raise ``WrongChain`` unless the server serves the chain that it is asked for."""

    async def blocks(self, height: int | None) -> list[Block]:
        """Return at least one block, newest first and in a row: from a height down, or from the tip."""

    async def holding(self, address: str) -> Holding:
        """Return what an address holds."""

    async def page(self, address: str, span: Span, place: Place | None) -> AddressPage:
        """Return a page of an address's transactions; None is the newest one of the span."""


@dataclass(slots=True)
class Source:
    """Stays with the server that answered last. Keeps no answers."""

    chain: UtxoChain
    servers: tuple[Server, ...]
    turns: int = 0
    """How often another server had to stand in: what two servers say does not make one view."""
    _of_chain: set[int] = field(default_factory=set)

    @property
    def shown(self) -> str:
        """The server being asked, as errors name it."""
        return self._current.upstream.shown if self.servers else self.chain.name

    async def blocks(self, height: int | None = None) -> list[Block]:
        """Return at least one block, newest first and in a row: from a height down, or from the tip."""
        return await self._ask(lambda server: server.blocks(height))

    async def holding(self, address: str) -> Holding:
        """Return what an address holds."""
        return await self._ask(lambda server: server.holding(address))

    async def page(self, address: str, span: Span, place: Place | None) -> AddressPage:
        """Return a page of an address's transactions, newest first.

        No other server goes on where one stopped: they would not mean the same place.
        """
        if place is None:
            return await self._ask(lambda server: server.page(address, span, None))
        try:
            return await self._current.page(address, span, place)
        except CouldNotLook as error:
            self.turns += 1
            if len(self.servers) == 1:
                raise
            raise changed_under_read(self) from error

    async def _ask(self, question: Callable[[Server], Awaitable[T]]) -> T:
        if not self.servers:
            raise CouldNotLook(f"No server of {self.chain.name} is known: name one in the settings.")
        failure: CouldNotLook | None = None
        for _ in self.servers:
            try:
                await self._check_chain()
                return await question(self._current)
            except CouldNotLook as error:
                failure = error if failure is None or isinstance(failure, WrongChain) else failure
            self.turns += 1
        raise failure or CouldNotLook(f"No server of {self.chain.name} answered.")

    @property
    def _current(self) -> Server:
        return self.servers[self.turns % len(self.servers)]

    async def _check_chain(self) -> None:
        """Let a server show once what it serves."""
        number = self.turns % len(self.servers)
        if number not in self._of_chain:
            await self._current.check_chain()
            self._of_chain.add(number)


def changed_under_read(source: Source) -> CouldNotLook:
    """Return the error for a chain, or a server, that was another one at the end of a read than at its start."""
    return CouldNotLook(
        f"The newest blocks of {source.chain.name} changed while they were read: sync again.",
        retry_after_seconds=15,
    )


def wrong_chain(server: Server, chain: UtxoChain) -> WrongChain:
    """Return the error for a server of another chain."""
    return WrongChain(
        f"{server.upstream.shown} does not serve {chain.name}: correct the setting of its address."
    )
