"""Connected accounts and what is read of them: integrations, sync, ledger, portfolio."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create every table."""
    op.create_table(
        "assets",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("chain_id", sa.Text(), nullable=False),
        sa.Column("standard", sa.Text(), nullable=False),
        sa.Column("contract", sa.Text(), nullable=True),
        sa.Column("symbol", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("decimals", sa.Integer(), nullable=True),
        sa.Column("token_id", sa.Text(), nullable=True),
        sa.Column("is_spam", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("assets_pkey")),
    )
    op.create_table(
        "balances",
        sa.Column("integration_id", sa.Text(), nullable=False),
        sa.Column("asset_id", sa.Text(), nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("chain_id", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Numeric(), nullable=False),
        sa.Column("height", sa.BigInteger(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("integration_id", "asset_id", name=op.f("balances_pkey")),
    )
    op.create_index("balances_workspace_idx", "balances", ["workspace_id", "mode"], unique=False)
    op.create_table(
        "connection_tests",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("chains", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("active_chains", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("connection_tests_pkey")),
    )
    op.create_table(
        "holdings_renderings",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("variant", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("price_epoch", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("rendered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "mode", "variant", name=op.f("holdings_renderings_pkey")),
    )
    op.create_table(
        "integration_chains",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("chain_id", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("integration_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "workspace_id", "mode", "chain_id", "address", name=op.f("integration_chains_pkey")
        ),
    )
    op.create_index(
        "integration_chains_integration_id_idx", "integration_chains", ["integration_id"], unique=False
    )
    op.create_table(
        "integration_stages",
        sa.Column("integration_id", sa.Text(), nullable=False),
        sa.Column("chain_id", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("succeeded_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("integration_id", "chain_id", "stage", name=op.f("integration_stages_pkey")),
    )
    op.create_table(
        "integrations",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=True),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("chains", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("alias", sa.Text(), nullable=True),
        sa.Column("persona", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("total_transactions", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_synced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_sync_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("integrations_pkey")),
    )
    op.create_index(
        "integrations_due_idx",
        "integrations",
        ["next_sync_at"],
        unique=False,
        postgresql_where=sa.text("next_sync_at IS NOT NULL"),
    )
    op.create_index(
        "integrations_workspace_idx", "integrations", ["workspace_id", "mode", "id"], unique=False
    )
    op.create_table(
        "ledger_entries",
        sa.Column("transaction_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("integration_id", sa.Text(), nullable=False),
        sa.Column("asset_id", sa.Text(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Numeric(), nullable=False),
        sa.PrimaryKeyConstraint("transaction_id", "key", name=op.f("ledger_entries_pkey")),
    )
    op.create_index(
        "ledger_entries_sums_idx",
        "ledger_entries",
        ["workspace_id", "mode", "integration_id", "asset_id"],
        unique=False,
    )
    op.create_table(
        "portfolio_versions",
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "mode", name=op.f("portfolio_versions_pkey")),
    )
    op.create_table(
        "sync_cursors",
        sa.Column("integration_id", sa.Text(), nullable=False),
        sa.Column("chain_id", sa.Text(), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=False),
        sa.Column("gaps", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("integration_id", "chain_id", name=op.f("sync_cursors_pkey")),
    )
    op.create_table(
        "transactions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workspace_id", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("integration_id", sa.Text(), nullable=False),
        sa.Column("chain_id", sa.Text(), nullable=False),
        sa.Column("platform_id", sa.Text(), nullable=False),
        sa.Column("height", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("has_failed", sa.Boolean(), nullable=False),
        sa.Column("is_spam", sa.Boolean(), nullable=False),
        sa.Column("is_nft", sa.Boolean(), nullable=False),
        sa.Column("is_manual", sa.Boolean(), nullable=False),
        sa.Column("is_edited", sa.Boolean(), nullable=False),
        sa.Column("is_missing_price", sa.Boolean(), nullable=False),
        sa.Column("price_sought_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("currencies", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("legs", sa.LargeBinary(), nullable=False),
        sa.Column("legs_version", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("transactions_pkey")),
    )
    op.create_index(
        "transactions_height_idx", "transactions", ["integration_id", "chain_id", "height"], unique=False
    )
    op.create_index(
        "transactions_integration_idx", "transactions", ["integration_id", "at", "id"], unique=False
    )
    op.create_index(
        "transactions_page_idx",
        "transactions",
        ["workspace_id", "mode", "at", "id"],
        unique=False,
        postgresql_include=["is_spam"],
    )
    op.create_index(
        "transactions_platform_id_idx", "transactions", ["workspace_id", "platform_id"], unique=False
    )
    op.create_index(
        "transactions_spam_idx",
        "transactions",
        ["workspace_id", "mode", "integration_id"],
        unique=False,
        postgresql_where=sa.text("is_spam"),
    )
    op.create_index(
        "transactions_unpriced_idx",
        "transactions",
        ["id"],
        unique=False,
        postgresql_where=sa.text("is_missing_price AND price_sought_at IS NULL"),
    )
    op.add_column("link_sessions", sa.Column("repaired_integration_id", sa.Text(), nullable=True))


def downgrade() -> None:
    """Drop every table."""
    op.drop_column("link_sessions", "repaired_integration_id")
    op.drop_table("transactions")
    op.drop_table("sync_cursors")
    op.drop_table("portfolio_versions")
    op.drop_table("ledger_entries")
    op.drop_table("integrations")
    op.drop_table("integration_stages")
    op.drop_table("integration_chains")
    op.drop_table("holdings_renderings")
    op.drop_table("connection_tests")
    op.drop_table("balances")
    op.drop_table("assets")
