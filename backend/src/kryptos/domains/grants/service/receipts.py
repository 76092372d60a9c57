"""Receipts: each change of a grant is signed in the transaction of the change, and kept."""

import sqlalchemy as sa

from kryptos.domains.audit import Actor
from kryptos.domains.clients import SCOPES, get_client
from kryptos.domains.grants import policy
from kryptos.domains.grants._tables import consent_receipts
from kryptos.domains.grants.contracts import Grant, Receipt
from kryptos.domains.grants.engine.receipt import Event, GrantChange, receipt_payload
from kryptos.infra.database import Uow
from kryptos.infra.statements import find_statement_keys, sign_statement, statement_file


async def issue_receipt(uow: Uow, *, event: Event, grant: Grant, actor: Actor) -> None:
    """Sign and keep what has just become of a grant, whose row this transaction holds."""
    client = await get_client(uow, client_id=grant.client_id)
    previous = await uow.first(
        sa.select(consent_receipts.c.id)
        .where(consent_receipts.c.grant_id == grant.id)
        .order_by(consent_receipts.c.id.desc())
        .limit(1)
    )
    change = GrantChange(
        receipt_id=uow.new_id("rcpt"),
        previous_receipt_id=previous.id if previous else None,
        event=event,
        at=uow.now,
        by=actor.kind.value,
        grant_id=grant.id,
        user_id=grant.user_id,
        workspace_id=grant.workspace_id,
        scopes=tuple((scope, SCOPES.get(scope, scope)) for scope in grant.scopes),
        consented_at=grant.consented_at,
        expires_at=grant.expires_at,
        client_id=client.id,
        client_name=client.name,
        client_workspace_id=client.workspace_id,
        mode=client.mode.value,
    )
    document = await sign_statement(uow, kind="consent-receipt", payload=receipt_payload(change))
    await uow.execute(
        sa.insert(consent_receipts).values(
            id=change.receipt_id, grant_id=grant.id, event=event, issued_at=uow.now, document=document
        )
    )


async def list_receipts(uow: Uow, *, grant_id: str, before: str | None = None) -> list[Receipt]:
    """Return the receipts of a grant, newest first: a page of them, with ``before`` those older than that receipt."""
    wanted = sa.select(consent_receipts).where(consent_receipts.c.grant_id == grant_id)
    if before is not None:
        wanted = wanted.where(consent_receipts.c.id < before)
    rows = await uow.all(wanted.order_by(consent_receipts.c.id.desc()).limit(policy.RECEIPTS_SHOWN))
    keys = await find_statement_keys(uow)
    return [
        Receipt(
            id=row.id,
            grant_id=row.grant_id,
            event=row.event,
            issued_at=row.issued_at,
            file=statement_file(row.document, keys),
        )
        for row in rows
    ]
