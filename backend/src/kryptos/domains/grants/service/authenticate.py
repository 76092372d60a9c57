"""Authenticate a data call: what an access token opens, decided anew on every call."""

from datetime import datetime

from kryptos.domains.clients import InvalidClient, Mode
from kryptos.domains.grants._queries import authenticate_statement
from kryptos.domains.grants.contracts import Access, Rider
from kryptos.domains.grants.errors import InvalidGrant, InvalidToken
from kryptos.domains.workspaces import Role
from kryptos.infra.database.reader import Reader
from kryptos.infra.secrets import TokenHasher


async def authenticate_access_token(
    reader: Reader,
    *,
    hasher: TokenHasher,
    now: datetime,
    access_token: str,
    client_id: str | None = None,
    client_secret: str | None = None,
    rider: Rider | None = None,
    riding: tuple[object, ...] = (),
) -> Access:
    """Return what a data call with this token may do: one read of the database, no cache, on every call.

    A ``rider`` reads along, with ``riding`` as its parameters.

    Client credentials must match the token's client when sent, and must be sent where the client demands it. Raises
    ``InvalidToken``, ``InvalidGrant`` or ``InvalidClient``.
    """
    row = await reader.fetchrow(
        authenticate_statement(rider),
        hasher.candidates(access_token),
        hasher.candidates(client_secret) if client_secret else [],
        *riding,
    )
    if (
        row is None
        or row["replaced_at"] is not None
        or row["is_cut"]  # NULL where nothing was ever cut
        or row["token_expires_at"] <= now
    ):
        raise InvalidToken
    if row["revoked_at"] is not None or row["user_suspended_at"] is not None or row["role"] is None:
        raise InvalidGrant
    if row["grant_expires_at"] <= now:
        raise InvalidToken
    if not Role(row["role"]).can_share:
        raise InvalidGrant
    if row["client_suspended_at"] is not None:
        message = "This client is suspended. Ask the operator of this service to resume it."
        raise InvalidClient(message)
    is_incomplete = client_id is None or client_secret is None
    if row["require_client_headers"] and is_incomplete:
        message = "This client demands X-Client-Id and X-Client-Secret on data calls as well."
        raise InvalidClient(message)
    if (client_id is not None and client_id != row["client_id"]) or (
        client_secret is not None and not row["has_client_secret"]
    ):
        message = (
            "X-Client-Id and X-Client-Secret, when sent, must be those of the client the token was issued to."
        )
        raise InvalidClient(message)
    return Access(
        access_token_id=row["access_token_id"],
        grant_id=row["grant_id"],
        client_id=row["client_id"],
        user_id=row["user_id"],
        workspace_id=row["workspace_id"],
        mode=Mode(row["mode"]),
        scopes=tuple(row["scopes"]),
        allowed_origins=tuple(row["allowed_origins"]),
        ridden=row if rider else {},
    )
