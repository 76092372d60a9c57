"""Hand-written statements that read tables of the domains below in one round trip.

That of the hot path is everything that decides whether an access token opens a data call; a cache instead would outlive
a revocation. A rider joins it to save a second one.
"""

from functools import cache

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from kryptos.domains.grants.contracts import Rider

_AUTHENTICATE = """
SELECT t.id AS access_token_id, t.expires_at AS token_expires_at, t.replaced_at,
       t.created_at <= c.tokens_cut_at AS is_cut,
       g.id AS grant_id, g.client_id, g.user_id, g.workspace_id, g.scopes,
       g.expires_at AS grant_expires_at, g.revoked_at,
       c.suspended_at AS client_suspended_at, c.mode, c.require_client_headers, c.allowed_origins,
       coalesce(u.suspended_at, u.erasing_at) AS user_suspended_at, m.role,
       EXISTS (SELECT FROM client_secrets s
               WHERE s.client_id = g.client_id AND s.secret_hash = ANY($2::bytea[]) AND s.retired_at IS NULL
       ) AS has_client_secret{columns}
FROM access_tokens t
JOIN grants g ON g.id = t.grant_id
JOIN clients c ON c.id = g.client_id
JOIN users u ON u.id = g.user_id
LEFT JOIN memberships m ON m.user_id = g.user_id AND m.workspace_id = g.workspace_id
{joins}
WHERE t.token_hash = ANY($1::bytea[])
"""

READ = sa.text("""
SELECT DISTINCT g.workspace_id
FROM grants g
JOIN clients c ON c.id = g.client_id AND c.suspended_at IS NULL
JOIN users u ON u.id = g.user_id AND u.suspended_at IS NULL AND u.erasing_at IS NULL
JOIN memberships m ON m.user_id = g.user_id AND m.workspace_id = g.workspace_id AND m.role = ANY(:roles)
WHERE g.workspace_id = ANY(:workspace_ids) AND g.revoked_at IS NULL AND g.expires_at > :now
""").bindparams(
    sa.bindparam("roles", type_=ARRAY(sa.Text)), sa.bindparam("workspace_ids", type_=ARRAY(sa.Text))
)
"""The workspaces that at least one app may read: what decides is what decides on a data call, but for the token."""


@cache
def authenticate_statement(rider: Rider | None) -> str:
    """Return the statement; ``$1`` are the hashes of the access token, ``$2`` those of the client secret."""
    if rider is None:
        return _AUTHENTICATE.format(columns="", joins="")
    return _AUTHENTICATE.format(columns=f", {rider.columns}", joins=rider.joins)
