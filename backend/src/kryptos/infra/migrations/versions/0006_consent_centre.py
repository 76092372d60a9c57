"""The consent centre (sessions, receipts, access records, pauses, erasures); tokens that ask for an outcome."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the tables, columns and indexes."""
    op.add_column("users", sa.Column("claimed_by", sa.Text(), nullable=True))
    op.add_column("users", sa.Column("management_key_hash", sa.LargeBinary(), nullable=True))
    op.add_column("users", sa.Column("erasing_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "users_claimed_by_idx",
        "users",
        ["claimed_by"],
        unique=False,
        postgresql_where=sa.text("claimed_by IS NOT NULL"),
    )
    op.create_unique_constraint(op.f("users_management_key_hash_key"), "users", ["management_key_hash"])
    op.add_column(
        "sign_in_challenges", sa.Column("kind", sa.Text(), server_default="connect", nullable=False)
    )
    op.alter_column("sign_in_challenges", "kind", server_default=None)
    op.create_table(
        "account_sessions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("account_sessions_pkey")),
        sa.UniqueConstraint("token_hash", name=op.f("account_sessions_token_hash_key")),
    )
    op.create_index(op.f("account_sessions_user_id_idx"), "account_sessions", ["user_id"], unique=False)
    op.create_index(op.f("account_sessions_expires_at_idx"), "account_sessions", ["expires_at"], unique=False)
    op.create_table(
        "consent_receipts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("grant_id", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("consent_receipts_pkey")),
    )
    op.create_index("consent_receipts_grant_id_id_idx", "consent_receipts", ["grant_id", "id"], unique=False)
    op.create_table(
        "receipt_keys",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("public_key", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("first_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("receipt_keys_pkey")),
    )
    op.create_table(
        "access_records",
        sa.Column("grant_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("grant_id", "id", name=op.f("access_records_pkey")),
    )
    op.create_index("access_records_at_idx", "access_records", ["at"], unique=False, postgresql_using="brin")
    op.add_column("clients", sa.Column("tokens_cut_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("grants", sa.Column("revoked_by", sa.Text(), nullable=True))
    op.create_index("grants_workspace_id_idx", "grants", ["workspace_id"], unique=False)
    op.add_column("integrations", sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("DELETE FROM holdings_renderings")  # made anew when next read, then with their number of rows
    # NULL where a web process of the version before still writes: such a rendering counts as none.
    op.add_column("holdings_renderings", sa.Column("rows", sa.Integer(), nullable=True))
    op.create_table(
        "erasures",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("user_ids", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("address_digest", sa.LargeBinary(), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("proof", sa.Text(), nullable=True),
        sa.Column("scrubbed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("erasures_pkey")),
    )
    op.create_index(
        "erasures_open_idx",
        "erasures",
        ["requested_at"],
        unique=False,
        postgresql_where=sa.text("finished_at IS NULL"),
    )
    op.create_index(
        "link_sessions_user_id_idx",
        "link_sessions",
        ["user_id"],
        unique=False,
        postgresql_where=sa.text("user_id IS NOT NULL"),
    )
    op.add_column("link_sessions", sa.Column("app_token_hash", sa.LargeBinary(), nullable=True))
    op.create_unique_constraint(op.f("link_sessions_app_token_hash_key"), "link_sessions", ["app_token_hash"])
    op.create_index("integrations_user_id_idx", "integrations", ["user_id"], unique=False)
    op.create_table(
        "backups",
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("has_secrets", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("taken_at", name=op.f("backups_pkey")),
    )
    op.create_index("ledger_entries_asset_id_idx", "ledger_entries", ["asset_id"], unique=False)
    op.create_index("balances_asset_id_idx", "balances", ["asset_id"], unique=False)


def downgrade() -> None:
    """Remove them."""
    op.drop_index("balances_asset_id_idx", table_name="balances")
    op.drop_index("ledger_entries_asset_id_idx", table_name="ledger_entries")
    op.drop_index("integrations_user_id_idx", table_name="integrations")
    op.drop_constraint(op.f("link_sessions_app_token_hash_key"), "link_sessions", type_="unique")
    op.drop_column("link_sessions", "app_token_hash")
    op.drop_index("link_sessions_user_id_idx", table_name="link_sessions")
    op.drop_table("backups")
    op.drop_table("erasures")
    op.drop_column("holdings_renderings", "rows")
    op.drop_column("integrations", "paused_at")
    op.drop_index("grants_workspace_id_idx", table_name="grants")
    op.drop_column("grants", "revoked_by")
    op.drop_column("clients", "tokens_cut_at")
    op.drop_table("access_records")
    op.drop_table("receipt_keys")
    op.drop_table("consent_receipts")
    op.drop_table("account_sessions")
    op.drop_column("sign_in_challenges", "kind")
    op.drop_constraint(op.f("users_management_key_hash_key"), "users", type_="unique")
    op.drop_index("users_claimed_by_idx", table_name="users")
    op.drop_column("users", "erasing_at")
    op.drop_column("users", "management_key_hash")
    op.drop_column("users", "claimed_by")
