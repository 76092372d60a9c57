"""Blockbook: one server of that kind, and its answers in the form of every kind.

It is asked for addresses, never for an extended key: what belongs to a wallet is derived in one place, here. Every
page names the last block that counts (``to``), so that neither new blocks nor the mempool move what is on it. Behind
a full page the next one begins at the height of the last transaction and must begin with what was seen of that block:
pages by number alone would shift unnoticed when a chain changes.
"""

from dataclasses import dataclass

from kryptos.infra.http_client.client import HttpClient
from kryptos.infra.http_client.errors import AnswerTooLarge, AnswerTooLate
from kryptos.infra.http_client.upstream import Upstream
from kryptos.providers.chains.utxo.answers import AddressPage, Block, Holding, MinedTransaction, Place, Span
from kryptos.providers.chains.utxo.blockbook_transaction import mined
from kryptos.providers.chains.utxo.blockbook_wire import (
    BlockbookAddress,
    BlockbookIndex,
    BlockbookState,
    BlockbookStatus,
)
from kryptos.providers.chains.utxo.chain import UtxoChain, squeezed
from kryptos.providers.chains.utxo.source import wrong_chain
from kryptos.providers.chains.utxo.spelling import spelled
from kryptos.providers.chains.utxo.wire import Hash, read
from kryptos.providers.contracts import CouldNotLook

_PAGE_SIZE, _SHORT_PAGE_SIZE = 50, 5


@dataclass(frozen=True, slots=True)
class Blockbook:
    """One server."""

    http: HttpClient
    chain: UtxoChain
    upstream: Upstream

    async def check_chain(self) -> None:
        """Ask for the server's coin and the block whose hash names the chain: either alone is shared by others."""
        state = await self._state()
        if squeezed(state.coin) not in self.chain.names:
            raise wrong_chain(self, self.chain)
        first = await self._block(self.chain.first_height)
        if not first.hash.startswith(self.chain.first_hash):
            raise wrong_chain(self, self.chain)

    async def blocks(self, height: int | None) -> list[Block]:
        """Return one block: of a height, or the newest."""
        return [await self._block((await self._state()).best_height if height is None else height)]

    async def holding(self, address: str) -> Holding:
        """Return what an address holds. ``basic`` would tell less: newer servers leave out what waits."""
        told = await self._address(address, {"details": "tokenBalances"})
        if int(told.balance) != int(told.total_received) - int(told.total_sent):
            raise CouldNotLook(f"{self.upstream.shown} gave sums of an address that do not fit.")
        return Holding(
            units=int(told.balance),
            is_used=told.txs > 0,
            has_waiting=told.unconfirmed_txs > 0,
            waiting=None if told.unconfirmed_balance is None else int(told.unconfirmed_balance),
        )

    async def page(self, address: str, span: Span, place: Place | None) -> AddressPage:
        """Return a page of the span, a shorter one where the usual is too much: some transactions pay thousands."""
        place = place or Place(height=span.up_to)
        if place.size is not None:
            return await self._page(address, span, place, place.size)
        try:
            return await self._page(address, span, place, _PAGE_SIZE)
        except (AnswerTooLarge, AnswerTooLate):
            return await self._page(address, span, place, _SHORT_PAGE_SIZE)

    async def _page(self, address: str, span: Span, place: Place, size: int) -> AddressPage:
        params = {
            "details": "txs",
            "page": str(place.page),
            "pageSize": str(size),
            "from": str(span.above + 1),
            "to": str(max(1, place.height)),  # 0 would be no bound at all, and let the mempool in
        }
        told = await self._address(address, params)
        was_used = told.txs > 0
        if told.page not in {0, place.page}:  # the closest page there is
            if told.page == place.page - 1:
                return AddressPage((), None, was_used)
            raise CouldNotLook(f"{self.upstream.shown} gave another page than it was asked for.")
        found = [mined(each, self.chain, server=self.upstream.shown) for each in told.transactions or ()]
        in_blocks = [each for each in found if each is not None]
        if tuple(each.id for each in in_blocks[: len(place.last_seen)]) != place.last_seen:
            raise CouldNotLook(
                f"{self.upstream.shown} gave other transactions than a moment ago: sync again.",
                retry_after_seconds=15,
            )
        is_full = told.items_on_page > 0 and len(found) >= told.items_on_page
        if is_full and len(in_blocks) < len(found):
            # A server that lets the mempool in all the same cuts off as much at the end of the page.
            raise CouldNotLook(f"{self.upstream.shown} gave what waits although it was asked for blocks.")
        return AddressPage(
            transactions=tuple(in_blocks[len(place.last_seen) :]),
            next_place=_behind(in_blocks, place, size) if is_full else None,
            was_used=was_used,
        )

    async def _state(self) -> BlockbookState:
        state = read(await self._get("/api/v2", {}), BlockbookStatus, server=self.upstream.shown).blockbook
        if state.initial_sync:
            raise CouldNotLook(
                f"{self.upstream.shown} is still reading the chain for the first time.",
                retry_after_seconds=600,
            )
        return state

    async def _block(self, height: int) -> Block:
        shown = self.upstream.shown
        told = read(await self._get(f"/api/v2/block-index/{height}", {}), BlockbookIndex, server=shown)
        if not told.block_hash:
            raise CouldNotLook(f"{shown} does not know block {height:,}.", retry_after_seconds=15)
        return Block(height, read(told.block_hash, Hash, server=shown))

    async def _address(self, address: str, params: dict[str, str]) -> BlockbookAddress:
        value = await self._get(f"/api/v2/address/{address}", params)
        told = read(value, BlockbookAddress, server=self.upstream.shown)
        if spelled(told.address, self.chain) != address:
            raise CouldNotLook(f"{self.upstream.shown} answered for another address than it was asked for.")
        return told

    async def _get(self, path: str, params: dict[str, str]) -> object:
        return (await self.http.ask(self.upstream, "GET", path, params=params or None)).value


def _behind(transactions: list[MinedTransaction], place: Place, size: int) -> Place:
    """Return where to go on behind a full page: in its last block, unless that block alone fills pages."""
    height = transactions[-1].height
    if height >= place.height:
        return Place(height=place.height, page=place.page + 1, size=size)
    return Place(height=height, last_seen=tuple(each.id for each in transactions if each.height == height))
