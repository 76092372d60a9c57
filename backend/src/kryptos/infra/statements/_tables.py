"""Table of the public keys that have signed."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from kryptos.infra.database import metadata

receipt_keys = sa.Table(
    "receipt_keys",
    metadata,
    # Every public key that has ever signed: a statement can be checked however long ago it was signed.
    sa.Column("id", sa.Text, primary_key=True),  # thumbprint, RFC 7638
    sa.Column("public_key", JSONB, nullable=False),
    sa.Column("first_used_at", sa.DateTime(timezone=True), nullable=False),
)
