"""Mailed codes: asked for, made by the worker, tried, carried over, pruned. A code is good for one kind of thing."""

import hashlib
import hmac

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from kryptos.domains.identity import policy
from kryptos.domains.identity._tables import invitations, sign_in_addresses, sign_in_challenges, users
from kryptos.domains.identity.contracts import CodeKind, IssuedCode
from kryptos.domains.identity.errors import CodeWrong, TooManyCodes
from kryptos.domains.identity.events import SignInCodeRequested
from kryptos.domains.identity.service.people import is_live
from kryptos.infra.database import Uow

_NONE = b"\x00" * 32
"""Stands for a code that was never made, so that comparing takes as long."""


async def request_code(
    uow: Uow,
    *,
    email: str,
    purpose: str,
    app_name: str,
    language: str | None = None,
    kind: CodeKind = CodeKind.CONNECT,
) -> None:
    """Ask for a code to be mailed. The answer is the same whether or not the address is known.

    Raises ``TooManyCodes`` after three requests for one address in fifteen minutes.
    """
    address = policy.normalise_email(email)
    await take_turn(uow, address)
    recent = await uow.first(
        sa.select(
            sa.func.count().label("sent"), sa.func.min(sign_in_challenges.c.created_at).label("first_at")
        ).where(
            sign_in_challenges.c.email == address,
            sign_in_challenges.c.created_at > uow.now - policy.SENDS_WINDOW,
        )
    )
    if recent and recent.sent >= policy.SENDS:
        wait = recent.first_at + policy.SENDS_WINDOW - uow.now
        raise TooManyCodes(retry_after_seconds=max(1, int(wait.total_seconds()) + 1))
    challenge_id = uow.new_id("sic")
    await uow.execute(
        sa.insert(sign_in_challenges).values(
            id=challenge_id,
            email=address,
            kind=kind.value,
            purpose=purpose,
            app_name=app_name,
            language=policy.supported_language(language),
            tries=0,
            created_at=uow.now,
            expires_at=uow.now + policy.CODE_LIFETIME,
        )
    )
    uow.emit(SignInCodeRequested(challenge_id=challenge_id))


async def request_page_code(
    uow: Uow,
    *,
    kind: CodeKind,
    email: str,
    app_name: str,
    language: str | None = None,
    user_id: str | None = None,
) -> str:
    """Ask for a code that one page alone can use, and return the challenge that it must present with it.

    ``user_id`` is whoever is signed in there: nobody else can use the code either.
    """
    challenge = uow.new_token("chal")
    await request_code(
        uow,
        kind=kind,
        email=email,
        purpose=page_purpose(challenge, user_id),
        app_name=app_name,
        language=language,
    )
    return challenge


def page_purpose(challenge: str, user_id: str | None = None) -> str:
    """Return what stands for a page's challenge in the database; it has 256 random bits and needs no pepper."""
    digest = hashlib.sha256(challenge.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{user_id}:{digest}" if user_id else digest


async def issue_sign_in_code(uow: Uow, *, challenge_id: str, signup: policy.SignUp) -> IssuedCode | None:
    """Make the code of a request, replacing one made before; None when no mail is to be sent.

    The clear code exists only in the returned value.
    """
    row = await uow.first(
        sa.select(sign_in_challenges).where(sign_in_challenges.c.id == challenge_id).with_for_update()
    )
    if row is None or row.used_at is not None or row.expires_at <= uow.now:
        return None
    kind = CodeKind(row.kind)
    if not await _may_use(uow, kind, email=row.email, signup=signup):
        return None
    code = uow.random_digits(policy.CODE_DIGITS)
    await uow.execute(
        sa.update(sign_in_challenges)
        .where(sign_in_challenges.c.id == challenge_id)
        .values(code_hash=uow.hash(f"{challenge_id}:{code}"), expires_at=uow.now + policy.CODE_LIFETIME)
    )
    return IssuedCode(kind=kind, email=row.email, code=code, language=row.language, app_name=row.app_name)


async def confirm_code(uow: Uow, *, kind: CodeKind, email: str, code: str, purpose: str) -> str:
    """Use up a mailed code and return the language it was asked for in; raise ``CodeWrong``, counting the try."""
    address = policy.normalise_email(email)
    newest = (
        sa.select(sign_in_challenges.c.id)
        .where(
            sign_in_challenges.c.email == address,
            sign_in_challenges.c.kind == kind.value,
            sign_in_challenges.c.purpose == purpose,
        )
        .order_by(sign_in_challenges.c.created_at.desc(), sign_in_challenges.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    challenge = await uow.first(
        sa.update(sign_in_challenges)
        .where(
            sign_in_challenges.c.id == newest,
            sign_in_challenges.c.used_at.is_(None),
            sign_in_challenges.c.expires_at > uow.now,
            sign_in_challenges.c.tries < policy.CODE_TRIES,
        )
        .values(tries=sign_in_challenges.c.tries + 1)
        .returning(sign_in_challenges.c.id, sign_in_challenges.c.code_hash, sign_in_challenges.c.language)
    )
    if challenge is None:
        raise CodeWrong
    presented = uow.hashes(f"{challenge.id}:{code.strip()}")
    made = challenge.code_hash or _NONE
    if not any(hmac.compare_digest(made, each) for each in presented):
        raise CodeWrong
    await uow.execute(
        sa.update(sign_in_challenges).where(sign_in_challenges.c.id == challenge.id).values(used_at=uow.now)
    )
    return str(challenge.language)


async def confirm_page_code(
    uow: Uow, *, kind: CodeKind, email: str, code: str, challenge: str, user_id: str | None = None
) -> None:
    """Use up a code that a page asked for; raise ``CodeWrong``, counting the try."""
    await confirm_code(uow, kind=kind, email=email, code=code, purpose=page_purpose(challenge, user_id))


async def carry_over_codes(uow: Uow, *, purpose: str, new_purpose: str) -> None:
    """Let codes that were mailed for one purpose be used for another; what was tried and sent stays counted."""
    await uow.execute(
        sa.update(sign_in_challenges)
        .where(sign_in_challenges.c.purpose == purpose)
        .values(purpose=new_purpose)
    )


async def prune_codes(uow: Uow) -> int:
    """Delete requests for codes that can no longer matter; return how many."""
    horizon = uow.now - policy.SENDS_WINDOW
    await uow.execute(sa.delete(sign_in_addresses).where(sign_in_addresses.c.requested_at < horizon))
    ended = sign_in_challenges.c.expires_at < horizon
    return (await uow.execute(sa.delete(sign_in_challenges).where(ended))).rowcount


async def take_turn(uow: Uow, address: str) -> None:
    """Hold the address until the transaction ends: requests are counted, and its person is made, one after another."""
    turn = insert(sign_in_addresses).values(email=address, requested_at=uow.now)
    await uow.execute(
        turn.on_conflict_do_update(
            index_elements=[sign_in_addresses.c.email], set_={"requested_at": turn.excluded.requested_at}
        )
    )


async def _may_use(uow: Uow, kind: CodeKind, *, email: str, signup: policy.SignUp) -> bool:
    """Say whether a code of this kind would be of use to the address; mail that is of none is not sent."""
    if kind in {CodeKind.ACCOUNT, CodeKind.ERASURE}:
        found = await uow.first(sa.select(users.c.id).where(users.c.email == email, is_live()))
        return found is not None
    known = await uow.first(sa.select(users.c.erasing_at).where(users.c.email == email))
    if known is not None:
        return known.erasing_at is None
    if signup == "open":
        return True
    invited = await uow.first(sa.select(invitations.c.email).where(invitations.c.email == email))
    return signup == "invite" and invited is not None
