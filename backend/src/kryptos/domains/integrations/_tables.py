"""Tables of connected accounts."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from kryptos.infra.database import metadata

integrations = sa.Table(
    "integrations",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("workspace_id", sa.Text, nullable=False),
    sa.Column("mode", sa.Text, nullable=False),  # sandbox and production never meet
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("client_id", sa.Text),
    sa.Column("provider", sa.Text, nullable=False),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("address", sa.Text),
    sa.Column("chains", ARRAY(sa.Text), nullable=False),
    sa.Column("alias", sa.Text),
    sa.Column("persona", sa.Text),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("message", sa.Text),
    sa.Column("code", sa.Text),
    sa.Column("generation", sa.Integer, nullable=False),
    sa.Column("total_transactions", sa.BigInteger, nullable=False),
    sa.Column("failures", sa.Integer, nullable=False),  # syncs in a row that read nothing
    sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("ownership_proven_at", sa.DateTime(timezone=True)),  # NULL: nobody has signed for the address
    sa.Column("last_synced_at", sa.DateTime(timezone=True)),
    sa.Column("next_sync_at", sa.DateTime(timezone=True)),  # NULL: nothing is planned
    sa.Column(
        "paused_at", sa.DateTime(timezone=True)
    ),  # no app may read the workspace, so nobody reads the account
    sa.Index("integrations_workspace_idx", "workspace_id", "mode", "id"),
    sa.Index("integrations_user_id_idx", "user_id"),
    sa.Index("integrations_due_idx", "next_sync_at", postgresql_where=sa.text("next_sync_at IS NOT NULL")),
)

integration_chains = sa.Table(
    "integration_chains",
    metadata,
    # An account is one address on one chain, and is connected once in a workspace.
    sa.Column("workspace_id", sa.Text, primary_key=True),
    sa.Column("mode", sa.Text, primary_key=True),
    sa.Column("chain_id", sa.Text, primary_key=True),
    sa.Column("address", sa.Text, primary_key=True),
    sa.Column("integration_id", sa.Text, nullable=False),
    sa.Index("integration_chains_integration_id_idx", "integration_id"),
)

integration_stages = sa.Table(
    "integration_stages",
    metadata,
    sa.Column("integration_id", sa.Text, primary_key=True),
    sa.Column("chain_id", sa.Text, primary_key=True),
    sa.Column("stage", sa.Text, primary_key=True),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("message", sa.Text),
    sa.Column("code", sa.Text),
    sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False, index=True),
    sa.Column("succeeded_at", sa.DateTime(timezone=True)),
)
