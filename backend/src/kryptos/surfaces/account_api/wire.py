"""Wire shapes of the consent centre that several of its endpoints use."""

from datetime import datetime
from typing import Literal

import msgspec

from kryptos.domains import identity, workspaces
from kryptos.domains.identity import AccountSession
from kryptos.domains.workspaces import Membership
from kryptos.infra.database import Uow
from kryptos.surfaces.http.consent_centre import csrf_token
from kryptos.surfaces.http.wire import instant

APP_NAME = "Kryptos Connect"
"""What asks for the codes that are mailed for the consent centre."""


class PersonOut(msgspec.Struct, kw_only=True):
    """Whoever is signed in; a guest has no address."""

    id: str
    email: str | None
    is_guest: bool
    language: str
    created_at: datetime


class PersonWorkspaceOut(msgspec.Struct, kw_only=True):
    """A workspace of the person, or of a guest they claimed, with the highest of these roles."""

    id: str
    name: str
    role: Literal["owner", "admin", "member", "viewer"]


class AccountSessionOut(msgspec.Struct, kw_only=True):
    """Who is signed in; send ``csrf_token`` as ``X-CSRF-Token`` with every call that changes something."""

    person: PersonOut
    csrf_token: str
    workspaces: list[PersonWorkspaceOut]


class PageChallengeOut(msgspec.Struct, kw_only=True):
    """What to send back with the mailed code: the code is good for this page alone."""

    challenge: str


async def session_out(uow: Uow, session: AccountSession, *, token: str) -> AccountSessionOut:
    """Return who is signed in."""
    user = session.user
    return AccountSessionOut(
        person=PersonOut(
            id=user.id,
            email=user.email,
            is_guest=user.is_guest,
            language=user.language,
            created_at=instant(user.created_at),
        ),
        csrf_token=csrf_token(token),
        workspaces=[
            PersonWorkspaceOut(id=each.workspace.id, name=each.workspace.name, role=each.role.value)
            for each in (await memberships_of(uow, user_id=user.id)).values()
        ],
    )


async def memberships_of(uow: Uow, *, user_id: str) -> dict[str, Membership]:
    """Return every workspace in which a self of the person is a member, by its id, each with the highest role."""
    found: dict[str, Membership] = {}
    for self_ in await identity.list_selves(uow, user_id=user_id):
        for each in await workspaces.list_memberships(uow, user_id=self_.id):
            known = found.get(each.workspace.id)
            if known is None or each.role.outranks(known.role):
                found[each.workspace.id] = each
    return found
