"""Tables of the token journey."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from kryptos.infra.database import metadata

link_sessions = sa.Table(
    "link_sessions",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("client_id", sa.Text, nullable=False),
    sa.Column("token_hash", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("key_id", sa.Text, nullable=False),
    sa.Column("scopes", ARRAY(sa.Text), nullable=False),
    sa.Column("redirect_uri", sa.Text),
    sa.Column("is_resumed", sa.Boolean, nullable=False),
    sa.Column("user_id", sa.Text),
    sa.Column("workspace_id", sa.Text),
    sa.Column("consented_scopes", ARRAY(sa.Text)),
    sa.Column("consented_at", sa.DateTime(timezone=True)),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("ended_at", sa.DateTime(timezone=True)),  # from here on the link token is used up
    sa.Column("outcome", sa.Text),
    sa.Column("repaired_integration_id", sa.Text),  # the connection that this session is to repair
    sa.Index("link_sessions_expires_at_idx", "expires_at"),
)

public_tokens = sa.Table(
    "public_tokens",
    metadata,
    sa.Column("token_hash", sa.LargeBinary, primary_key=True),
    sa.Column("key_id", sa.Text, nullable=False),
    sa.Column("session_id", sa.Text, nullable=False, index=True),
    sa.Column("client_id", sa.Text, nullable=False),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("used_at", sa.DateTime(timezone=True)),
)

session_events = sa.Table(
    "session_events",
    metadata,
    sa.Column("session_id", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("details", JSONB, nullable=False),
)
