"""What the widget's pages must know before they are shown: each one read of the database, by an index."""

import hashlib
from datetime import datetime

from kryptos.domains.connect.contracts import FramedApp, HostedPage
from kryptos.infra.database.reader import Reader

_APP = "SELECT c.id, c.name, c.allowed_origins, c.suspended_at IS NOT NULL AS is_suspended FROM clients c"
_BY_CLIENT = f"{_APP} WHERE c.id = $1"
_BY_DIGEST = f"{_APP} JOIN link_sessions s ON s.client_id = c.id WHERE s.token_digest = $1 LIMIT 1"
_HOSTED = """
SELECT c.name, c.suspended_at IS NOT NULL AS is_suspended, s.ended_at, s.expires_at,
       COALESCE(s.created_at <= c.tokens_cut_at, false) AS is_cut
FROM link_sessions s JOIN clients c ON c.id = s.client_id
WHERE s.id = $1 AND s.hosted_key_hash IS NOT NULL
"""


def digest_of(link_token: str) -> bytes:
    """Return what names a link token in an address: plain SHA-256, so that a browser can make it as well.

    A token is 256 random bits: the digest tells nothing of it, and opens nothing.
    """
    return hashlib.sha256(link_token.encode()).digest()


async def find_framed_app(
    reader: Reader, *, client_id: str | None = None, token_digest: bytes | None = None
) -> FramedApp | None:
    """Return the app of a client id, or else of a link token's digest; None when there is no such thing."""
    if client_id is not None:
        row = await reader.fetchrow(_BY_CLIENT, client_id)
    else:
        row = await reader.fetchrow(_BY_DIGEST, token_digest)
    return row and FramedApp(
        client_id=row["id"],
        name=row["name"],
        allowed_origins=tuple(row["allowed_origins"]),
        is_suspended=row["is_suspended"],
    )


async def find_hosted_page(reader: Reader, *, session_id: str, now: datetime) -> HostedPage | None:
    """Return what can be told of a session's hosted page; None when it has none."""
    row = await reader.fetchrow(_HOSTED, session_id)
    return row and HostedPage(
        app_name=row["name"],
        has_ended=row["ended_at"] is not None or row["expires_at"] <= now or row["is_cut"],
        is_suspended=row["is_suspended"],
    )
