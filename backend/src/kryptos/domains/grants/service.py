"""Use cases of grants."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, insert

from kryptos.domains import audit
from kryptos.domains.audit import Actor, ActorKind
from kryptos.domains.clients import InvalidClient, Mode
from kryptos.domains.grants import policy
from kryptos.domains.grants._queries import authenticate_statement
from kryptos.domains.grants._tables import access_tokens, grants
from kryptos.domains.grants.contracts import Access, AccessStatus, FoundAccess, Grant, IssuedAccess, Rider
from kryptos.domains.grants.errors import GrantNotFound, InvalidGrant, InvalidToken
from kryptos.domains.grants.events import GrantActivated, GrantRevoked
from kryptos.domains.identity import get_user
from kryptos.domains.workspaces import Role, WorkspaceNotFound, get_membership
from kryptos.infra.database import Uow
from kryptos.infra.database.reader import Reader
from kryptos.infra.secrets import TokenHasher


async def activate_grant(
    uow: Uow,
    *,
    client_id: str,
    user_id: str,
    workspace_id: str,
    scopes: tuple[str, ...],
    consented_at: datetime,
) -> IssuedAccess:
    """Turn a consent into the one active grant of this client, user and workspace, and issue an access token.

    A renewed consent replaces the scopes and starts the 15 years anew. Raises ``InvalidGrant`` when the person has
    revoked this client's access, lost the right to share the workspace or was suspended, since consenting.
    """
    fresh = insert(grants).values(
        id=uow.new_id("cgrant"),
        client_id=client_id,
        user_id=user_id,
        workspace_id=workspace_id,
        scopes=list(scopes),
        created_at=uow.now,
        consented_at=consented_at,
        expires_at=policy.grant_expiry(uow.now),
    )
    is_newer = fresh.excluded.consented_at >= grants.c.consented_at
    row = await uow.first(
        fresh.on_conflict_do_update(
            index_elements=[grants.c.client_id, grants.c.user_id, grants.c.workspace_id],
            index_where=grants.c.revoked_at.is_(None),
            set_={
                # The newest consent counts, whichever is exchanged last.
                "scopes": sa.case((is_newer, fresh.excluded.scopes), else_=grants.c.scopes),
                "consented_at": sa.func.greatest(grants.c.consented_at, fresh.excluded.consented_at),
                "expires_at": fresh.excluded.expires_at,
            },
        ).returning(grants)
    )
    # Only now: the statement above waited for a revocation under way, and holds the row against a later one.
    await _check_still_holds(
        uow, client_id=client_id, user_id=user_id, workspace_id=workspace_id, consented_at=consented_at
    )
    grant = _grant(row)
    uow.emit(GrantActivated(**_facts(grant)))
    await _record(uow, "grant.activated", grant, Actor(ActorKind.USER, user_id), scopes=list(scopes))
    return await _issue_access_token(uow, grant)


async def find_access(uow: Uow, *, access_token: str, client_id: str) -> FoundAccess:
    """Say what a presented token is to this client; another client's token is as invalid as one never made."""
    row = await uow.first(
        sa.select(
            grants,
            access_tokens.c.expires_at.label("token_expires_at"),
            access_tokens.c.replaced_at.label("replaced_at"),
        )
        .join(access_tokens, access_tokens.c.grant_id == grants.c.id)
        .where(access_tokens.c.token_hash.in_(uow.hashes(access_token)), grants.c.client_id == client_id)
    )
    if row is None or row.replaced_at is not None:
        return FoundAccess(AccessStatus.INVALID)
    if row.revoked_at is not None or not await _may_share(uow, row.user_id, row.workspace_id):
        return FoundAccess(AccessStatus.REVOKED)
    if min(row.token_expires_at, row.expires_at) <= uow.now:
        return FoundAccess(AccessStatus.EXPIRED)
    return FoundAccess(AccessStatus.VALID, _grant(row))


async def get_active_access(uow: Uow, *, access_token: str, client_id: str) -> Grant:
    """Return the grant of a valid token of this client; raise ``InvalidToken`` or ``InvalidGrant``."""
    found = await find_access(uow, access_token=access_token, client_id=client_id)
    if found.status is AccessStatus.REVOKED:
        raise InvalidGrant
    if found.grant is None:
        raise InvalidToken
    return found.grant


async def list_active_grants(uow: Uow, *, client_id: str) -> list[Grant]:
    """Return the client's grants that are neither revoked nor expired, oldest first."""
    rows = await uow.all(
        sa.select(grants)
        .where(grants.c.client_id == client_id, grants.c.revoked_at.is_(None), grants.c.expires_at > uow.now)
        .order_by(grants.c.id)
    )
    return [_grant(row) for row in rows]


async def list_shared_workspaces(uow: Uow, *, client_id: str, user_id: str) -> list[str]:
    """Return the workspaces that a person lets this client read; empty when there is no active grant."""
    rows = await uow.all(
        sa.select(grants.c.workspace_id)
        .where(
            grants.c.client_id == client_id,
            grants.c.user_id == user_id,
            grants.c.revoked_at.is_(None),
            grants.c.expires_at > uow.now,
        )
        .order_by(grants.c.id)
    )
    return [row.workspace_id for row in rows if await _may_share(uow, user_id, row.workspace_id)]


async def revoke_grant(uow: Uow, *, grant_id: str, client_id: str, actor: Actor) -> None:
    """End a grant of this client; every access token of it fails from the next call on.

    Revoking twice is no error. Raises ``GrantNotFound`` for a grant of another client, or none.
    """
    mine = sa.and_(grants.c.id == grant_id, grants.c.client_id == client_id)
    row = await uow.first(
        sa.update(grants)
        .where(mine, grants.c.revoked_at.is_(None))
        .values(revoked_at=uow.now)
        .returning(grants)
    )
    if row is None:
        if await uow.first(sa.select(grants.c.id).where(mine)) is None:
            raise GrantNotFound
        return
    grant = _grant(row)
    uow.emit(GrantRevoked(**_facts(grant)))
    await _record(uow, "grant.revoked", grant, actor)


async def rotate_access_token(uow: Uow, *, access_token: str, client_id: str) -> IssuedAccess:
    """Replace a valid token by a new one of the same grant; the old one is dead at once."""
    grant = await get_active_access(uow, access_token=access_token, client_id=client_id)
    replaced = await uow.execute(
        sa.update(access_tokens)
        .where(
            access_tokens.c.token_hash.in_(uow.hashes(access_token)), access_tokens.c.replaced_at.is_(None)
        )
        .values(replaced_at=uow.now)
    )
    if not replaced.rowcount:  # a simultaneous rotation was first
        raise InvalidToken
    await _record(uow, "access_token.rotated", grant, Actor(ActorKind.CLIENT, client_id))
    return await _issue_access_token(uow, grant)


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
    if row is None or row["replaced_at"] is not None or row["token_expires_at"] <= now:
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


async def record_use(uow: Uow, *, used_at: Mapping[str, datetime]) -> None:
    """Write when tokens were last used, many at once: access token id → instant."""
    if not used_at:
        return
    ids = sorted(used_at)  # one order for all processes: no deadlock between two flushes
    # Two arrays and not a list of rows: the statement stays the same and so is compiled and prepared once.
    used = (
        sa.func.unnest(
            sa.cast(ids, ARRAY(sa.Text)),
            sa.cast([used_at[each] for each in ids], ARRAY(sa.DateTime(timezone=True))),
        )
        .table_valued("id", "at", name="used")
        .render_derived()
    )
    await uow.execute(
        sa.update(access_tokens)
        .where(access_tokens.c.id == used.c.id)
        .where(sa.or_(access_tokens.c.last_used_at.is_(None), access_tokens.c.last_used_at < used.c.at))
        .values(last_used_at=used.c.at)
    )


async def _check_still_holds(
    uow: Uow, *, client_id: str, user_id: str, workspace_id: str, consented_at: datetime
) -> None:
    revoked_since = await uow.first(
        sa.select(grants.c.id)
        .where(
            grants.c.client_id == client_id,
            grants.c.user_id == user_id,
            grants.c.workspace_id == workspace_id,
            grants.c.revoked_at >= consented_at,
        )
        .limit(1)
    )
    if revoked_since is not None:
        message = "Access was revoked after this consent was given. Let the user connect again."
        raise InvalidGrant(message)
    if not await _may_share(uow, user_id, workspace_id):
        message = (
            "The user may no longer share this workspace. Let the user connect again and choose another."
        )
        raise InvalidGrant(message)


async def _may_share(uow: Uow, user_id: str, workspace_id: str) -> bool:
    try:
        membership = await get_membership(uow, user_id=user_id, workspace_id=workspace_id)
    except WorkspaceNotFound:
        return False
    return membership.role.can_share and not (await get_user(uow, user_id=user_id)).is_suspended


async def _issue_access_token(uow: Uow, grant: Grant) -> IssuedAccess:
    token = uow.new_token("cat")
    await uow.execute(
        sa.insert(access_tokens).values(
            id=uow.new_id("at"),
            grant_id=grant.id,
            token_hash=uow.hash(token),
            key_id=uow.key_id,
            created_at=uow.now,
            expires_at=policy.access_token_expiry(uow.now),
        )
    )
    return IssuedAccess(grant=grant, access_token=token)


async def _record(uow: Uow, action: str, grant: Grant, actor: Actor, **details: object) -> None:
    await audit.record(
        uow,
        action=action,
        actor=actor,
        subject=grant.id,
        workspace_id=grant.workspace_id,
        client_id=grant.client_id,
        user_id=grant.user_id,
        details=details,
    )


def _facts(grant: Grant) -> dict[str, str]:
    return {
        "grant_id": grant.id,
        "client_id": grant.client_id,
        "user_id": grant.user_id,
        "workspace_id": grant.workspace_id,
    }


def _grant(row: sa.Row[tuple[object, ...]] | None) -> Grant:
    if row is None:
        raise GrantNotFound
    return Grant(
        id=row.id,
        client_id=row.client_id,
        user_id=row.user_id,
        workspace_id=row.workspace_id,
        scopes=tuple(row.scopes),
        created_at=row.created_at,
        expires_at=row.expires_at,
    )
