"""Esplora: one server of that kind, and its answers in the form of every kind.

Heights and hashes come from ``/blocks`` (ten blocks, JSON) rather than from ``/blocks/tip/height`` and
``/block-height``, which answer in plain text and with one block at a time.
"""

from dataclasses import dataclass
from itertools import pairwise

from kryptos.infra.http_client.client import HttpClient
from kryptos.infra.http_client.upstream import Upstream
from kryptos.providers.chains.utxo.answers import (
    AddressPage,
    Block,
    Coin,
    Holding,
    MinedTransaction,
    Place,
    Span,
)
from kryptos.providers.chains.utxo.chain import UtxoChain
from kryptos.providers.chains.utxo.esplora_wire import (
    EsploraAddress,
    EsploraBlock,
    EsploraOutput,
    EsploraTransaction,
)
from kryptos.providers.chains.utxo.source import wrong_chain
from kryptos.providers.chains.utxo.spelling import spelled
from kryptos.providers.chains.utxo.wire import read
from kryptos.providers.contracts import CouldNotLook


@dataclass(frozen=True, slots=True)
class Esplora:
    """One server."""

    http: HttpClient
    chain: UtxoChain
    upstream: Upstream

    async def check_chain(self) -> None:
        """Ask for the block whose hash names the chain (CAIP-2)."""
        first = await self.blocks(self.chain.first_height)
        if not first[0].hash.startswith(self.chain.first_hash):
            raise wrong_chain(self, self.chain)

    async def blocks(self, height: int | None) -> list[Block]:
        """Return up to some ten blocks, newest first: from a height down, or from the tip."""
        value = await self._get("/blocks" if height is None else f"/blocks/{height}")
        told = read(value, list[EsploraBlock], server=self.upstream.shown)
        is_row = all(upper.height == lower.height + 1 for upper, lower in pairwise(told))
        if not told or not is_row or (height is not None and told[0].height != height):
            raise CouldNotLook(f"{self.upstream.shown} gave blocks that are not in a row.")
        return [Block(each.height, each.id) for each in told]

    async def holding(self, address: str) -> Holding:
        """Return what an address holds."""
        told = read(await self._get(f"/address/{address}"), EsploraAddress, server=self.upstream.shown)
        if spelled(told.address, self.chain) != address:
            raise CouldNotLook(f"{self.upstream.shown} answered for another address than it was asked for.")
        held = told.chain_stats.funded_txo_sum - told.chain_stats.spent_txo_sum
        if held < 0:
            raise CouldNotLook(f"{self.upstream.shown} says that more was spent than came in.")
        return Holding(
            units=held,
            is_used=told.chain_stats.tx_count > 0,
            has_waiting=told.mempool_stats.tx_count > 0,
            waiting=told.mempool_stats.funded_txo_sum - told.mempool_stats.spent_txo_sum,
        )

    async def page(
        self,
        address: str,
        span: Span,  # noqa: ARG002  # Esplora knows no such thing
        place: Place | None,
    ) -> AddressPage:
        """Return the transactions behind the last one seen; behind the oldest there are none."""
        behind = f"/{place.last_seen[0]}" if place else ""
        value = await self._get(f"/address/{address}/txs/chain{behind}")
        told = read(value, list[EsploraTransaction], server=self.upstream.shown)
        return AddressPage(
            transactions=tuple(map(self._mined, told)),
            next_place=Place(last_seen=(told[-1].txid,)) if told else None,
        )

    async def _get(self, path: str) -> object:
        return (await self.http.ask(self.upstream, "GET", path)).value

    def _mined(self, told: EsploraTransaction) -> MinedTransaction:
        status = told.status
        at = (status.block_height, status.block_hash, status.block_time)
        if not status.confirmed or at[0] is None or at[1] is None or at[2] is None:
            raise CouldNotLook(f"{self.upstream.shown} gave a transaction without its block.")
        spent = [each.prevout for each in told.vin if each.prevout is not None]
        is_coinbase = any(each.is_coinbase for each in told.vin)
        inputs, outputs = self._coins(spent), self._coins(told.vout)
        fee = 0 if is_coinbase else sum(each.units for each in inputs) - sum(each.units for each in outputs)
        if fee < 0 or (not is_coinbase and len(spent) < len(told.vin)):
            raise CouldNotLook(f"{self.upstream.shown} gave a transaction whose sums do not fit.")
        return MinedTransaction(
            id=told.txid,
            height=at[0],
            block_hash=at[1],
            seconds=at[2],
            inputs=inputs,
            outputs=outputs,
            fee=fee,
        )

    def _coins(self, outputs: list[EsploraOutput] | tuple[EsploraOutput, ...]) -> tuple[Coin, ...]:
        return tuple(
            Coin(
                spelled(each.scriptpubkey_address, self.chain) if each.scriptpubkey_address else None,
                each.value,
            )
            for each in outputs
        )
