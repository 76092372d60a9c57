"""Proofs of ownership, the logos of apps, and how chains fare: what was tried lately, found by its time."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the tables, the column and the index."""
    op.create_table(
        "ownership_challenges",
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("session_id", "address", name=op.f("ownership_challenges_pkey")),
    )
    op.create_index(
        op.f("ownership_challenges_expires_at_idx"), "ownership_challenges", ["expires_at"], unique=False
    )
    op.create_table(
        "app_logos",
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("url_digest", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("media_type", sa.Text(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("client_id", "url_digest", name=op.f("app_logos_pkey")),
    )
    op.create_index(op.f("app_logos_sha256_idx"), "app_logos", ["sha256"], unique=False)
    op.create_index(op.f("app_logos_fetched_at_idx"), "app_logos", ["fetched_at"], unique=False)
    op.add_column("integrations", sa.Column("ownership_proven_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        op.f("integration_stages_changed_at_idx"), "integration_stages", ["changed_at"], unique=False
    )


def downgrade() -> None:
    """Remove them."""
    op.drop_index(op.f("integration_stages_changed_at_idx"), table_name="integration_stages")
    op.drop_column("integrations", "ownership_proven_at")
    op.drop_table("app_logos")
    op.drop_table("ownership_challenges")
