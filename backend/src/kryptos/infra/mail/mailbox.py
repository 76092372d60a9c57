"""The mailbox: mail kept in the database, so that a demo or a test can read it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from kryptos.infra.database import Database, Uow
from kryptos.infra.mail._tables import mailbox_mails
from kryptos.infra.mail.contracts import Mail

MAILS_KEPT = 200
MAILS_KEPT_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class KeptMail:
    """A mail in the mailbox."""

    id: str
    mail: Mail
    sent_at: datetime


class MailboxMailer:
    """Keeps the latest mails instead of sending them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def send(self, mail: Mail) -> None:
        """Keep the mail, in a transaction of its own."""

        async def keep(uow: Uow) -> None:
            await uow.execute(
                sa.insert(mailbox_mails).values(
                    id=uow.new_id("mail"),
                    recipient=mail.to,
                    subject=mail.subject,
                    text=mail.text,
                    html=mail.html,
                    sent_at=uow.now,
                )
            )
            kept = sa.select(mailbox_mails.c.id).order_by(mailbox_mails.c.id.desc()).limit(MAILS_KEPT)
            await uow.execute(sa.delete(mailbox_mails).where(mailbox_mails.c.id.not_in(kept)))

        await self._database.execute(keep)


async def list_mails(uow: Uow, *, limit: int = MAILS_KEPT) -> list[KeptMail]:
    """Return the mails in the mailbox, latest first."""
    rows = await uow.all(sa.select(mailbox_mails).order_by(mailbox_mails.c.id.desc()).limit(limit))
    return [
        KeptMail(row.id, Mail(row.recipient, row.subject, row.text, row.html), row.sent_at) for row in rows
    ]


async def prune_mails(uow: Uow) -> int:
    """Delete mails of more than a week ago; return how many."""
    old = mailbox_mails.c.sent_at < uow.now - MAILS_KEPT_FOR
    return (await uow.execute(sa.delete(mailbox_mails).where(old))).rowcount


async def export_mails(uow: Uow, *, emails: Collection[str]) -> list[dict[str, Any]]:
    """Return the mails to some addresses that are still in the mailbox, oldest first."""
    told = (mailbox_mails.c[name] for name in ("id", "recipient", "subject", "text", "sent_at"))
    return await uow.dicts(
        sa.select(*told).where(mailbox_mails.c.recipient.in_(list(emails))).order_by(mailbox_mails.c.id)
    )


async def erase_mails(uow: Uow, *, emails: Collection[str]) -> int:
    """Delete the mails to some addresses; return how many."""
    mine = mailbox_mails.c.recipient.in_(list(emails))
    return (await uow.execute(sa.delete(mailbox_mails).where(mine))).rowcount
