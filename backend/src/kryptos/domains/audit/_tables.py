"""Tables of the audit log; a record's hash and place in its chain are added later by the worker."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from kryptos.infra.database import metadata

INSTALLATION_CHAIN = "installation"
"""Chain of what concerns no workspace."""

audit_records = sa.Table(
    "audit_records",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("chain", sa.Text, nullable=False),  # workspace id, or INSTALLATION_CHAIN
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("actor_kind", sa.Text, nullable=False),
    sa.Column("actor_id", sa.Text),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("subject", sa.Text),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("client_id", sa.Text),
    sa.Column("user_id", sa.Text),
    sa.Column("request_id", sa.Text),
    sa.Column("details", JSONB, nullable=False),
    sa.Column("personal", sa.LargeBinary),  # sealed under the user's key: address of the caller
    sa.Column("sequence", sa.BigInteger),
    sa.Column("hash", sa.LargeBinary),
    sa.UniqueConstraint("chain", "sequence"),
    sa.Index("audit_records_user_id_id_idx", "user_id", "id"),
    sa.Index("audit_records_client_id_id_idx", "client_id", "id"),
    sa.Index("audit_records_unsealed_idx", "chain", "id", postgresql_where=sa.text("sequence IS NULL")),
)

audit_keys = sa.Table(
    "audit_keys",
    metadata,
    sa.Column("user_id", sa.Text, primary_key=True),
    sa.Column("key", sa.LargeBinary, nullable=False),
)
