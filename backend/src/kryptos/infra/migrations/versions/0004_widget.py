"""The widget's pages: finding a session by its token's digest, opening one as a page, binding one to a widget."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the columns and their indexes."""
    op.add_column("link_sessions", sa.Column("token_digest", sa.LargeBinary(), nullable=True))
    op.add_column("link_sessions", sa.Column("hosted_key_hash", sa.LargeBinary(), nullable=True))
    op.add_column("link_sessions", sa.Column("widget_key_hash", sa.LargeBinary(), nullable=True))
    op.create_index("link_sessions_token_digest_idx", "link_sessions", ["token_digest"], unique=False)
    op.create_unique_constraint(
        op.f("link_sessions_hosted_key_hash_key"), "link_sessions", ["hosted_key_hash"]
    )


def downgrade() -> None:
    """Remove them."""
    op.drop_constraint(op.f("link_sessions_hosted_key_hash_key"), "link_sessions", type_="unique")
    op.drop_index("link_sessions_token_digest_idx", table_name="link_sessions")
    op.drop_column("link_sessions", "widget_key_hash")
    op.drop_column("link_sessions", "hosted_key_hash")
    op.drop_column("link_sessions", "token_digest")
