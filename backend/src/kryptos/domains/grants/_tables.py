"""Tables of grants."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from kryptos.infra.database import metadata

grants = sa.Table(
    "grants",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("client_id", sa.Text, nullable=False),
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("workspace_id", sa.Text, nullable=False),
    sa.Column("scopes", ARRAY(sa.Text), nullable=False),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("consented_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("revoked_at", sa.DateTime(timezone=True)),
    sa.Column("revoked_by", sa.Text),  # what kind of party ended it
    sa.Index(
        "grants_one_active_idx",
        "client_id",
        "user_id",
        "workspace_id",
        unique=True,
        postgresql_where=sa.text("revoked_at IS NULL"),
    ),
    sa.Index("grants_user_id_idx", "user_id"),
    sa.Index("grants_client_id_id_idx", "client_id", "id"),
    sa.Index("grants_workspace_id_idx", "workspace_id"),
)

access_tokens = sa.Table(
    "access_tokens",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("grant_id", sa.Text, nullable=False, index=True),
    sa.Column("token_hash", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("key_id", sa.Text, nullable=False),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("replaced_at", sa.DateTime(timezone=True)),  # by rotation
    sa.Column("last_used_at", sa.DateTime(timezone=True)),
)

consent_receipts = sa.Table(
    "consent_receipts",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("grant_id", sa.Text, nullable=False),
    sa.Column("event", sa.Text, nullable=False),  # given, renewed, revoked
    sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("document", sa.Text, nullable=False),  # the signed statement itself, a compact JWS
    sa.Index("consent_receipts_grant_id_id_idx", "grant_id", "id"),
)

access_records = sa.Table(
    "access_records",
    metadata,
    sa.Column("grant_id", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("endpoint", sa.Text, nullable=False),
    sa.Column("rows", sa.BigInteger),  # NULL: the reply is no list, or had not changed
    sa.Column("request_id", sa.Text),
    sa.Index("access_records_at_idx", "at", postgresql_using="brin"),
)
