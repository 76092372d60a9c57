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
    sa.Column(
        "token_digest", sa.LargeBinary
    ),  # plain SHA-256: names the session to the frame page, opens nothing
    sa.Column(
        "app_token_hash", sa.LargeBinary, unique=True
    ),  # the app's, once its page has another: see outcome
    sa.Column("hosted_key_hash", sa.LargeBinary, unique=True),  # opens the session as a page of its own
    sa.Column("widget_key_hash", sa.LargeBinary),  # whoever holds the key is the person that signed in
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
    sa.Index("link_sessions_token_digest_idx", "token_digest"),
    sa.Index("link_sessions_user_id_idx", "user_id", postgresql_where=sa.text("user_id IS NOT NULL")),
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

ownership_challenges = sa.Table(
    "ownership_challenges",
    metadata,
    # The newest text of a session for an address: an older one can no longer be signed.
    sa.Column("session_id", sa.Text, primary_key=True),
    sa.Column("address", sa.Text, primary_key=True),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False, index=True),
    sa.Column("used_at", sa.DateTime(timezone=True)),
)

app_logos = sa.Table(
    "app_logos",
    metadata,
    sa.Column("client_id", sa.Text, primary_key=True),
    sa.Column("url_digest", sa.LargeBinary, primary_key=True),
    sa.Column("sha256", sa.Text, index=True),  # of the content; NULL: no picture was found, see failure
    sa.Column("media_type", sa.Text),
    sa.Column("content", sa.LargeBinary),
    sa.Column("failure", sa.Text),
    sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False, index=True),
)
