"""Tables of prices: of tokens, not of anybody's, so no owner leads their keys."""

import sqlalchemy as sa

from kryptos.infra.database import metadata

prices = sa.Table(
    "prices",
    metadata,
    sa.Column("token_id", sa.Text, primary_key=True),
    sa.Column("base_currency", sa.Text, primary_key=True, server_default="USD"),
    sa.Column("at", sa.DateTime(timezone=True), primary_key=True),  # cut to the minute
    sa.Column("price", sa.Numeric, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
)

latest_prices = sa.Table(
    "latest_prices",
    metadata,
    sa.Column("token_id", sa.Text, primary_key=True),
    sa.Column("base_currency", sa.Text, primary_key=True, server_default="USD"),
    sa.Column("price", sa.Numeric, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("price_24h_before", sa.Numeric),
    sa.Column("price_24h_before_at", sa.DateTime(timezone=True)),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
)

price_epochs = sa.Table(
    "price_epochs",
    metadata,
    sa.Column("base_currency", sa.Text, primary_key=True),
    sa.Column("epoch", sa.BigInteger, nullable=False),
)

price_watch = sa.Table(
    "price_watch",
    metadata,
    sa.Column("token_id", sa.Text, primary_key=True),
    sa.Column("last_wanted_at", sa.DateTime(timezone=True), nullable=False),
)
