"""Sign in to a session: as a guest or by mailed code; then choose the workspace to share."""

import sqlalchemy as sa

from kryptos.domains import identity, workspaces
from kryptos.domains.audit import Actor, ActorKind
from kryptos.domains.connect._tables import link_sessions
from kryptos.domains.connect.contracts import LinkSession, SignedIn
from kryptos.domains.connect.errors import SignInRequired, StepNotAllowed
from kryptos.domains.connect.service.append_event import append_event
from kryptos.domains.identity import User
from kryptos.domains.identity.policy import SignUp
from kryptos.domains.workspaces import InsufficientPermissions, Workspace
from kryptos.infra.database import Uow


async def sign_in_as_guest(
    uow: Uow, *, session: LinkSession, signup: SignUp, language: str | None = None
) -> SignedIn:
    """Go on without an address: a new person with a workspace of their own. A second call keeps the first guest.

    It gives a key only to whoever has that guest's: the key opens more than the link token, which the app holds too.
    """
    _check_not_resumed(session)
    user = session.user
    if user is not None and user.is_guest and not session.is_keyed:
        return SignedIn(user=user, widget_key=None)
    if user is None or not user.is_guest:
        user = await identity.create_guest(uow, signup=signup, language=language)
        await _attach(uow, session=session, user=user)
    return SignedIn(user=user, widget_key=await _new_widget_key(uow, session))


async def start_email_sign_in(
    uow: Uow, *, session: LinkSession, email: str, language: str | None = None
) -> None:
    """Have a code mailed; the answer never tells whether the address is known."""
    _check_not_resumed(session)
    await identity.request_code(
        uow, email=email, purpose=session.id, app_name=session.client.name, language=language
    )
    await append_event(uow, session_id=session.id, name="sign_in.code_requested")


async def verify_email_sign_in(uow: Uow, *, session: LinkSession, email: str, code: str) -> SignedIn:
    """Sign in with a mailed code of this session; raise ``CodeWrong``, the try counted.

    Whoever was signed in before is replaced, and so is their key.
    """
    _check_not_resumed(session)
    user = await identity.verify_sign_in_code(uow, email=email, code=code, purpose=session.id)
    await _attach(uow, session=session, user=user)
    return SignedIn(user=user, widget_key=await _new_widget_key(uow, session))


async def choose_workspace(uow: Uow, *, session: LinkSession, workspace_id: str) -> Workspace:
    """Choose the workspace to share; another choice withdraws a consent given before.

    Raises ``WorkspaceNotFound`` for any that is not the person's, ``InsufficientPermissions`` where the role
    cannot share.
    """
    _check_not_resumed(session)
    if session.user is None:
        raise SignInRequired
    membership = await workspaces.get_membership(uow, user_id=session.user.id, workspace_id=workspace_id)
    if not membership.role.can_share:
        raise InsufficientPermissions
    changes: dict[str, object] = {"workspace_id": workspace_id}
    if session.workspace is None or session.workspace.id != workspace_id:
        changes |= {"consented_scopes": None, "consented_at": None}
    await uow.execute(sa.update(link_sessions).where(link_sessions.c.id == session.id).values(**changes))
    await append_event(uow, session_id=session.id, name="workspace.chosen")
    return membership.workspace


async def _attach(uow: Uow, *, session: LinkSession, user: User) -> None:
    """Make the person the session's; an only workspace that can be shared is chosen without asking."""
    memberships = await workspaces.list_memberships(uow, user_id=user.id)
    if not memberships:
        actor = Actor(ActorKind.USER, user.id)
        await workspaces.create_workspace(uow, actor=actor, owner_id=user.id)
        memberships = await workspaces.list_memberships(uow, user_id=user.id)
    only = memberships[0] if len(memberships) == 1 and memberships[0].role.can_share else None
    await uow.execute(
        sa.update(link_sessions)
        .where(link_sessions.c.id == session.id)
        .values(
            user_id=user.id,
            workspace_id=only.workspace.id if only else None,
            consented_scopes=None,
            consented_at=None,
        )
    )
    await append_event(uow, session_id=session.id, name="signed_in", details={"is_anonymous": user.is_guest})


async def _new_widget_key(uow: Uow, session: LinkSession) -> str:
    key = uow.new_token("wkey")
    await uow.execute(
        sa.update(link_sessions).where(link_sessions.c.id == session.id).values(widget_key_hash=uow.hash(key))
    )
    return key


def _check_not_resumed(session: LinkSession) -> None:
    if session.is_resumed:
        raise StepNotAllowed
