"""Esplora: asks the servers of one chain, the first that answers, and believes only servers of that chain.

Heights and hashes come from ``/blocks`` (ten blocks, JSON) rather than from ``/blocks/tip/height`` and
``/block-height``, which answer in plain text and with one block at a time.
"""

from dataclasses import dataclass, field
from itertools import pairwise

from kryptos.infra.http_client.client import HttpClient
from kryptos.infra.http_client.upstream import Upstream
from kryptos.providers.chains.utxo.chain import UtxoChain
from kryptos.providers.chains.utxo.wire import AddressStats, Block, Transaction, read
from kryptos.providers.contracts import CouldNotLook, ProviderRefused


class WrongChain(ProviderRefused):
    """The server serves another chain: nothing that it says counts."""


@dataclass(slots=True)
class Esplora:
    """Stays with the server that answered last. Keeps no answers."""

    http: HttpClient
    chain: UtxoChain
    upstreams: tuple[Upstream, ...]
    turns: int = 0
    """How often another server had to stand in: what two servers say does not make one view."""
    _of_chain: set[str] = field(default_factory=set)

    @property
    def shown(self) -> str:
        """The server being asked, as errors name it."""
        return self._current.shown if self.upstreams else self.chain.name

    async def blocks(self, height: int | None = None) -> list[Block]:
        """Return up to some ten blocks, newest first: from a height down, or from the tip."""
        value = await self._get("/blocks" if height is None else f"/blocks/{height}")
        blocks = read(value, list[Block], server=self.shown)
        is_row = all(upper.height == lower.height + 1 for upper, lower in pairwise(blocks))
        if not blocks or not is_row or (height is not None and blocks[0].height != height):
            raise CouldNotLook(f"{self.shown} gave blocks that are not in a row.")
        return blocks

    async def address(self, address: str) -> AddressStats:
        """Return the sums of an address."""
        stats = read(await self._get(f"/address/{address}"), AddressStats, server=self.shown)
        if stats.address != address:
            raise CouldNotLook(f"{self.shown} answered for another address than it was asked for.")
        return stats

    async def transactions(self, address: str, last_seen: str | None) -> list[Transaction]:
        """Return a page of transactions in blocks, newest first, behind the last one seen; empty behind the last."""
        path = f"/address/{address}/txs/chain" + (f"/{last_seen}" if last_seen else "")
        return read(await self._get(path), list[Transaction], server=self.shown)

    async def _get(self, path: str) -> object:
        if not self.upstreams:
            raise CouldNotLook(f"No server of {self.chain.name} is known: name one in the settings.")
        failure: CouldNotLook | None = None
        for _ in self.upstreams:
            try:
                await self._check_chain()
                return (await self.http.ask(self._current, "GET", path)).value
            except CouldNotLook as error:
                failure = error if failure is None or isinstance(failure, WrongChain) else failure
            self.turns += 1
        raise failure or CouldNotLook(f"No server of {self.chain.name} answered.")

    @property
    def _current(self) -> Upstream:
        return self.upstreams[self.turns % len(self.upstreams)]

    async def _check_chain(self) -> None:
        """Ask once for the first block: its hash names the chain (CAIP-2)."""
        upstream = self._current
        if upstream.name in self._of_chain:
            return
        value = (await self.http.ask(upstream, "GET", "/blocks/0")).value
        first = read(value, list[Block], server=upstream.shown)
        if len(first) != 1 or not first[0].id.startswith(self.chain.genesis):
            raise WrongChain(
                f"{upstream.shown} does not serve {self.chain.name}: correct the setting of its address."
            )
        self._of_chain.add(upstream.name)
