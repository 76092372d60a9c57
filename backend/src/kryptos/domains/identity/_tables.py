"""Tables of identity."""

import sqlalchemy as sa

from kryptos.infra.database import metadata

users = sa.Table(
    "users",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("email", sa.Text, unique=True),  # lower case; null for guests
    sa.Column("name", sa.Text),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("suspended_at", sa.DateTime(timezone=True)),
    sa.Column("claimed_by", sa.Text),  # the person with an address who took over this guest
    sa.Column("management_key_hash", sa.LargeBinary, unique=True),  # of a guest's one live management link
    sa.Column("erasing_at", sa.DateTime(timezone=True)),  # from here on as good as gone
    sa.Index("users_claimed_by_idx", "claimed_by", postgresql_where=sa.text("claimed_by IS NOT NULL")),
)

account_sessions = sa.Table(
    "account_sessions",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("user_id", sa.Text, nullable=False, index=True),
    sa.Column("token_hash", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("key_id", sa.Text, nullable=False),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False, index=True),
)

sign_in_challenges = sa.Table(
    "sign_in_challenges",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("email", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),  # what the code does; it does nothing else
    sa.Column("purpose", sa.Text, nullable=False),  # where it may be used: a link session, a page's challenge
    sa.Column("app_name", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("code_hash", sa.LargeBinary),  # null until the worker has made the code
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("used_at", sa.DateTime(timezone=True)),
    sa.Index("sign_in_challenges_email_created_at_idx", "email", "created_at"),
    sa.Index("sign_in_challenges_expires_at_idx", "expires_at"),
)

sign_in_addresses = sa.Table(
    "sign_in_addresses",
    metadata,
    sa.Column("email", sa.Text, primary_key=True),
    sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False, index=True),
)

invitations = sa.Table(
    "invitations",
    metadata,
    sa.Column("email", sa.Text, primary_key=True),
    sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
)
