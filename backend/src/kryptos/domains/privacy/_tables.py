"""Tables of erasure: what was erased when, with the proof; nothing in them tells of whom."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from kryptos.infra.database import metadata

erasures = sa.Table(
    "erasures",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("key_hash", sa.LargeBinary),  # opens the proof to whoever asked for it; NULL: nobody did
    sa.Column("reason", sa.Text, nullable=False),  # person, operator, forsaken_guest
    sa.Column("user_ids", ARRAY(sa.Text), nullable=False),  # emptied when done
    sa.Column("address_digest", sa.LargeBinary),  # salted; the salt follows from the key, which is not kept
    sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("finished_at", sa.DateTime(timezone=True)),
    sa.Column("counts", JSONB, nullable=False),
    sa.Column("proof", sa.Text),
    sa.Column(
        "scrubbed_at", sa.DateTime(timezone=True)
    ),  # when the database's files were rid of what remained
    sa.Index("erasures_open_idx", "requested_at", postgresql_where=sa.text("finished_at IS NULL")),
)
