"""Table of the mailbox."""

import sqlalchemy as sa

from kryptos.infra.database import metadata

mailbox_mails = sa.Table(
    "mailbox_mails",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("recipient", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("html", sa.Text),
    sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
)
