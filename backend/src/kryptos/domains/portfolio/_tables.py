"""Tables of the portfolio."""

import sqlalchemy as sa

from kryptos.infra.database import metadata

balances = sa.Table(
    "balances",
    metadata,
    sa.Column("integration_id", sa.Text, primary_key=True),
    sa.Column("asset_id", sa.Text, primary_key=True),
    sa.Column("workspace_id", sa.Text, nullable=False),
    sa.Column("mode", sa.Text, nullable=False),
    sa.Column("chain_id", sa.Text, nullable=False),
    sa.Column("quantity", sa.Numeric, nullable=False),
    sa.Column("height", sa.BigInteger),
    sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
    sa.Index("balances_workspace_idx", "workspace_id", "mode"),
    sa.Index("balances_asset_id_idx", "asset_id"),
)

portfolio_versions = sa.Table(
    "portfolio_versions",
    metadata,
    # Raised by everything that changes what a workspace holds: what was rendered before is not shown again.
    sa.Column("workspace_id", sa.Text, primary_key=True),
    sa.Column("mode", sa.Text, primary_key=True),
    sa.Column("version", sa.BigInteger, nullable=False),
)

holdings_renderings = sa.Table(
    "holdings_renderings",
    metadata,
    sa.Column("workspace_id", sa.Text, primary_key=True),
    sa.Column("mode", sa.Text, primary_key=True),
    sa.Column("variant", sa.Text, primary_key=True),
    sa.Column("format", sa.Text, nullable=False),  # of the surface that wrote it, with its version
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("price_epoch", sa.BigInteger, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("rows", sa.Integer),  # NULL: an older version rendered it, and it counts as none
    sa.Column("tag", sa.Text, nullable=False),
    sa.Column("rendered_at", sa.DateTime(timezone=True), nullable=False),
)
