"""Forsaken guests: of whom no app may read anything any more, and who have not come back."""

from datetime import timedelta

from kryptos.domains import connect, grants, identity
from kryptos.domains.audit import Actor, ActorKind
from kryptos.domains.privacy.contracts import Reason
from kryptos.domains.privacy.service.request import request_erasure
from kryptos.infra.database import Uow

_GUESTS = 200
_SYSTEM = Actor(ActorKind.SYSTEM)


async def erase_forsaken_guests(uow: Uow, *, kept_for: timedelta, after: str = "") -> str | None:
    """Ask for the erasure of those among the next guests; return where to go on, None behind the last one."""
    since = uow.now - kept_for
    guests = await identity.list_guests_made_before(uow, before=since, after=after, limit=_GUESTS)
    if not guests:
        return None
    seen = {
        *await grants.list_with_access_since(uow, user_ids=guests, since=since),
        *await connect.list_seen_since(uow, user_ids=guests, since=since),
    }
    for user_id in guests:
        if user_id not in seen and await _is_still_a_guest(uow, user_id):
            await request_erasure(uow, user_id=user_id, reason=Reason.FORSAKEN_GUEST, actor=_SYSTEM)
    return guests[-1]


async def _is_still_a_guest(uow: Uow, user_id: str) -> bool:
    """Whether nobody has claimed the guest or given it an address meanwhile; nobody can any more until the end."""
    selves = await identity.list_selves(uow, user_id=user_id, for_update=True)
    return [(each.id, each.email, each.is_erasing) for each in selves] == [(user_id, None, False)]
