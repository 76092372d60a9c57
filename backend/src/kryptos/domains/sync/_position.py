"""Position: how far the history of an account was read, and what is missing up to there; one text in the database."""

from collections.abc import Sequence

import msgspec
import sqlalchemy as sa

from kryptos.domains.integrations import Integration
from kryptos.domains.sync._tables import sync_cursors
from kryptos.infra.database import Uow
from kryptos.providers.contracts import TransactionPage

_MOST_GAPS = 20


class Position(msgspec.Struct, frozen=True):
    """``cursor`` is the adapter's own words; ``gaps`` are told for as long as nobody has read that part again."""

    cursor: str
    gaps: tuple[str, ...] = ()

    def text(self) -> str:
        """Return the position as text."""
        return msgspec.json.encode(self).decode()


_DECODER = msgspec.json.Decoder(Position)


async def find_positions(uow: Uow, *, integration: Integration) -> dict[str, Position]:
    """Return, by chain, how far the present reading has come; what nobody can read any more was never written."""
    rows = await uow.all(
        sa.select(sync_cursors.c.chain_id, sync_cursors.c.cursor).where(
            sync_cursors.c.integration_id == integration.id,
            sync_cursors.c.generation == integration.generation,
        )
    )
    found = {row.chain_id: _position(row.cursor) for row in rows}
    return {chain_id: position for chain_id, position in found.items() if position is not None}


def behind(page: TransactionPage, before: Position | None) -> Position:
    """Return the position behind a page; one that reads everything anew leaves nothing missing but its own gaps."""
    is_anew = before is None or (page.forget_above is not None and page.forget_above < 0)
    earlier: Sequence[str] = () if is_anew or before is None else before.gaps
    return Position(page.cursor, tuple(dict.fromkeys((*earlier, *page.gaps)))[:_MOST_GAPS])


def _position(text: str) -> Position | None:
    try:
        return _DECODER.decode(text)
    except msgspec.DecodeError:
        return None
