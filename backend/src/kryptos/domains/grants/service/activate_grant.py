"""Activate a grant: what a person consented to becomes what an app may do."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from kryptos.domains.audit import Actor, ActorKind
from kryptos.domains.grants import policy
from kryptos.domains.grants._tables import grants
from kryptos.domains.grants.contracts import IssuedAccess
from kryptos.domains.grants.errors import InvalidGrant
from kryptos.domains.grants.events import GrantActivated
from kryptos.domains.grants.service.issue_access_token import issue_access_token
from kryptos.domains.grants.service.may_share import may_share
from kryptos.domains.grants.service.receipts import issue_receipt
from kryptos.domains.grants.service.rows import facts_of, grant_of, record
from kryptos.infra.database import Uow


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

    A renewed consent replaces the scopes and starts the 15 years anew. Either writes its receipt. Raises
    ``InvalidGrant`` when the person has revoked this client's access, lost the right to share the workspace or was
    suspended, since consenting.
    """
    grant_id = uow.new_id("cgrant")
    fresh = insert(grants).values(
        id=grant_id,
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
    grant, actor = grant_of(row), Actor(ActorKind.USER, user_id)
    uow.emit(GrantActivated(**facts_of(grant)))
    await record(uow, "grant.activated", grant, actor, scopes=list(scopes))
    await issue_receipt(uow, event="given" if grant.id == grant_id else "renewed", grant=grant, actor=actor)
    return await issue_access_token(uow, grant)


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
    if not await may_share(uow, user_id=user_id, workspace_id=workspace_id):
        message = (
            "The user may no longer share this workspace. Let the user connect again and choose another."
        )
        raise InvalidGrant(message)
