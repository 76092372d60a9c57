"""What history adds up to."""

import sqlalchemy as sa

from kryptos.domains.clients import Mode
from kryptos.domains.ledger._tables import assets, ledger_entries, transactions
from kryptos.infra.database import Uow
from kryptos.kernel.amount import Amount


async def calculated_balances(uow: Uow, *, workspace_id: str, mode: Mode) -> dict[tuple[str, str], Amount]:
    """Return, per connection and asset, what its history adds up to; negative where history is missing."""
    signed = sa.case(
        (ledger_entries.c.direction == "incoming", ledger_entries.c.quantity),
        else_=-ledger_entries.c.quantity,
    )
    rows = await uow.all(
        sa.select(
            ledger_entries.c.integration_id, ledger_entries.c.asset_id, sa.func.sum(signed).label("quantity")
        )
        .where(ledger_entries.c.workspace_id == workspace_id, ledger_entries.c.mode == mode.value)
        .group_by(ledger_entries.c.integration_id, ledger_entries.c.asset_id)
    )
    return {(row.integration_id, row.asset_id): Amount(row.quantity) for row in rows}


async def known_contracts(uow: Uow, *, integration_id: str, chain_id: str) -> tuple[str, ...]:
    """Return the contracts of the tokens that the history of one account has touched, in order."""
    rows = await uow.all(
        sa.select(assets.c.contract)
        .where(
            assets.c.chain_id == chain_id,
            assets.c.contract.is_not(None),
            assets.c.id.in_(
                sa.select(ledger_entries.c.asset_id)
                .join(transactions, transactions.c.id == ledger_entries.c.transaction_id)
                .where(transactions.c.integration_id == integration_id, transactions.c.chain_id == chain_id)
                .distinct()
            ),
        )
        .order_by(assets.c.contract)
    )
    return tuple(row.contract for row in rows)
