"""Position: how far the history of an account was read, and what is missing up to there."""

from dataclasses import dataclass

import sqlalchemy as sa

from kryptos.domains.integrations import Integration
from kryptos.domains.sync._tables import sync_cursors
from kryptos.infra.database import Uow
from kryptos.providers.contracts import TransactionPage

_MOST_GAPS = 20


@dataclass(frozen=True, slots=True)
class Position:
    """``cursor`` is the adapter's own words; ``gaps`` are told for as long as nobody has read that part again."""

    cursor: str
    gaps: tuple[str, ...]


async def find_positions(uow: Uow, *, integration: Integration) -> dict[str, Position]:
    """Return, by chain, how far the present reading has come."""
    rows = await uow.all(
        sa.select(sync_cursors.c.chain_id, sync_cursors.c.cursor, sync_cursors.c.gaps).where(
            sync_cursors.c.integration_id == integration.id,
            sync_cursors.c.generation == integration.generation,
        )
    )
    return {row.chain_id: Position(row.cursor, tuple(row.gaps)) for row in rows}


def behind(page: TransactionPage, before: Position | None) -> Position:
    """Return the position behind a page; one that reads everything anew leaves nothing missing but its own gaps."""
    is_anew = before is None or (page.forget_above is not None and page.forget_above < 0)
    earlier = () if before is None or is_anew else before.gaps
    return Position(page.cursor, tuple(dict.fromkeys((*earlier, *page.gaps)))[:_MOST_GAPS])
