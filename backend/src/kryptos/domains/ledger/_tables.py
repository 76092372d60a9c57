"""Tables of the ledger."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from kryptos.infra.database import metadata

assets = sa.Table(
    "assets",  # facts of chains, nobody's in particular
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("chain_id", sa.Text, nullable=False),
    sa.Column("standard", sa.Text, nullable=False),
    sa.Column("contract", sa.Text),
    sa.Column("symbol", sa.Text),
    sa.Column("name", sa.Text),
    sa.Column("decimals", sa.Integer),
    sa.Column("token_id", sa.Text),
    sa.Column("is_spam", sa.Boolean, nullable=False),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
)

transactions = sa.Table(
    "transactions",
    metadata,
    sa.Column(
        "id", sa.Text, primary_key=True
    ),  # follows from connection, chain and hash: re-reading keeps it
    sa.Column("workspace_id", sa.Text, nullable=False),
    sa.Column("mode", sa.Text, nullable=False),
    sa.Column("integration_id", sa.Text, nullable=False),
    sa.Column("chain_id", sa.Text, nullable=False),
    sa.Column("platform_id", sa.Text, nullable=False),
    sa.Column("height", sa.BigInteger),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("label", sa.Text, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("has_failed", sa.Boolean, nullable=False),
    sa.Column("is_spam", sa.Boolean, nullable=False),
    sa.Column("is_nft", sa.Boolean, nullable=False),
    sa.Column("is_manual", sa.Boolean, nullable=False),
    sa.Column("is_edited", sa.Boolean, nullable=False),
    sa.Column("is_missing_price", sa.Boolean, nullable=False),
    sa.Column("price_sought_at", sa.DateTime(timezone=True)),
    sa.Column("currencies", ARRAY(sa.Text), nullable=False),  # token ids and asset ids that moved
    sa.Column("legs", sa.LargeBinary, nullable=False),  # JSON: a page is read from here alone
    sa.Column("legs_version", sa.Integer, nullable=False),
    sa.Column("generation", sa.Integer, nullable=False),
    sa.Index(
        "transactions_page_idx",
        "workspace_id",
        "mode",
        "at",
        "id",
        postgresql_include=["is_spam"],  # to count without spam, from the index alone
    ),
    sa.Index("transactions_integration_idx", "integration_id", "at", "id"),
    sa.Index("transactions_height_idx", "integration_id", "chain_id", "height"),
    sa.Index("transactions_platform_id_idx", "workspace_id", "platform_id"),
    sa.Index(
        "transactions_spam_idx", "workspace_id", "mode", "integration_id", postgresql_where=sa.text("is_spam")
    ),
    sa.Index(
        "transactions_unpriced_idx",
        "id",
        postgresql_where=sa.text("is_missing_price AND price_sought_at IS NULL"),
    ),
)

ledger_entries = sa.Table(
    "ledger_entries",
    metadata,
    sa.Column("transaction_id", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("workspace_id", sa.Text, nullable=False),
    sa.Column("mode", sa.Text, nullable=False),
    sa.Column("integration_id", sa.Text, nullable=False),
    sa.Column("asset_id", sa.Text, nullable=False),
    sa.Column("direction", sa.Text, nullable=False),
    sa.Column("quantity", sa.Numeric, nullable=False),
    sa.Index("ledger_entries_sums_idx", "workspace_id", "mode", "integration_id", "asset_id"),
    sa.Index("ledger_entries_asset_id_idx", "asset_id"),  # whether anybody else ever moved an asset
)
