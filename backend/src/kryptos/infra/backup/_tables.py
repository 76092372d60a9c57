"""Table of the backups that were taken, so that doctor and metrics can say how old the last one is."""

import sqlalchemy as sa

from kryptos.infra.database import metadata

backups = sa.Table(
    "backups",
    metadata,
    sa.Column("taken_at", sa.DateTime(timezone=True), primary_key=True),
    sa.Column("size_bytes", sa.BigInteger, nullable=False),
    sa.Column("has_secrets", sa.Boolean, nullable=False),
)
