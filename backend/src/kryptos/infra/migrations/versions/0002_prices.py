"""Prices: of the past, the latest, their epochs, and which tokens are kept priced."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the tables of prices."""
    op.create_table(
        "prices",
        sa.Column("token_id", sa.Text(), nullable=False),
        sa.Column("base_currency", sa.Text(), server_default="USD", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("price", sa.Numeric(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("token_id", "base_currency", "at", name=op.f("prices_pkey")),
    )
    op.create_table(
        "latest_prices",
        sa.Column("token_id", sa.Text(), nullable=False),
        sa.Column("base_currency", sa.Text(), server_default="USD", nullable=False),
        sa.Column("price", sa.Numeric(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("price_24h_before", sa.Numeric(), nullable=True),
        sa.Column("price_24h_before_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_id", "base_currency", name=op.f("latest_prices_pkey")),
    )
    op.create_table(
        "price_epochs",
        sa.Column("base_currency", sa.Text(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("base_currency", name=op.f("price_epochs_pkey")),
    )
    op.create_table(
        "price_watch",
        sa.Column("token_id", sa.Text(), nullable=False),
        sa.Column("last_wanted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_id", name=op.f("price_watch_pkey")),
    )


def downgrade() -> None:
    """Drop the tables of prices."""
    op.drop_table("price_watch")
    op.drop_table("price_epochs")
    op.drop_table("latest_prices")
    op.drop_table("prices")
