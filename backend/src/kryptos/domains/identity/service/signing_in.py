"""Signing in with a mailed code: to a session of the widget, or to the consent centre."""

from kryptos.domains import audit
from kryptos.domains.identity import policy
from kryptos.domains.identity.contracts import CodeKind, User
from kryptos.domains.identity.errors import CodeWrong
from kryptos.domains.identity.service.codes import confirm_code, confirm_page_code, take_turn
from kryptos.domains.identity.service.people import as_self, find_live_person, insert_user
from kryptos.infra.database import Uow


async def verify_sign_in_code(uow: Uow, *, email: str, code: str, purpose: str) -> User:
    """Return the person whose mailed code this is, new people included; raise ``CodeWrong``, counting the try."""
    address = policy.normalise_email(email)
    language = await confirm_code(uow, kind=CodeKind.CONNECT, email=address, code=code, purpose=purpose)
    await take_turn(uow, address)  # a guest may be getting this address at the same time
    user = await insert_user(uow, email=address, language=language)
    if user.is_suspended:
        raise CodeWrong
    await _record(uow, "user.signed_in", user)
    return user


async def verify_account_code(uow: Uow, *, email: str, code: str, challenge: str) -> User:
    """Return the person who signs in to the consent centre; nobody is made. Raise ``CodeWrong``, counting the try."""
    address = policy.normalise_email(email)
    await confirm_page_code(uow, kind=CodeKind.ACCOUNT, email=address, code=code, challenge=challenge)
    user = await find_live_person(uow, email=address)
    if user is None:
        raise CodeWrong
    await _record(uow, "account.signed_in", user)
    return user


async def _record(uow: Uow, action: str, user: User) -> None:
    await audit.record(uow, action=action, actor=as_self(user.id), subject=user.id, user_id=user.id)
