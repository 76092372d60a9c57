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
