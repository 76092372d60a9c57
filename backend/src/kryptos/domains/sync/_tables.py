"""Tables of the journey."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from kryptos.infra.database import metadata

sync_cursors = sa.Table(
    "sync_cursors",
    metadata,
    sa.Column("integration_id", sa.Text, primary_key=True),
    sa.Column("chain_id", sa.Text, primary_key=True),
    sa.Column("cursor", sa.Text, nullable=False),  # the adapter's own words
    sa.Column("gaps", ARRAY(sa.Text), nullable=False),  # what is missing up to there, in words
    sa.Column("generation", sa.Integer, nullable=False),
    sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
)

connection_tests = sa.Table(
    "connection_tests",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("session_id", sa.Text, nullable=False),
    sa.Column("mode", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("chains", ARRAY(sa.Text), nullable=False),
    sa.Column("state", sa.Text, nullable=False),  # pending, passed, failed
    sa.Column("code", sa.Text),
    sa.Column("message", sa.Text),
    sa.Column("active_chains", ARRAY(sa.Text), nullable=False),
    sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("ended_at", sa.DateTime(timezone=True)),
)
