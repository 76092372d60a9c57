"""A person's own data in the consent centre: a copy of everything, and erasing everything."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from functools import partial
from typing import Any, Literal

import msgspec

from kryptos.domains import identity, privacy
from kryptos.domains.audit import Actor, ActorKind
from kryptos.domains.identity import CodeKind, CodeWrong, MailUnavailable, TooManyCodes
from kryptos.domains.privacy import Erasure, ErasureNotFound, ErasureUnderWay, Reason
from kryptos.infra.database import Uow
from kryptos.kernel.errors import InvalidInput
from kryptos.surfaces.account_api.wire import APP_NAME
from kryptos.surfaces.http import limits
from kryptos.surfaces.http.calls import AccountCall, AccountStream, AccountVisit
from kryptos.surfaces.http.endpoint import Auth, Endpoint, Family
from kryptos.surfaces.http.exchange import Streamed
from kryptos.surfaces.http.wire import Nothing, Success

_PIECE_BYTES = 65_536


class ErasureStartedOut(msgspec.Struct, kw_only=True):
    """What to send back with the mailed code; null for a guest, who needs no code."""

    challenge: str | None


class EraseIn(msgspec.Struct, kw_only=True):
    """That everything is to be erased; the mailed code and its challenge come with it where there is an address."""

    confirmation: Literal["erase"]
    challenge: str | None = None
    code: str | None = None


class ErasureRequestedOut(msgspec.Struct, kw_only=True):
    """Keep both: together they show how far the erasure has come, and give its proof."""

    erasure_id: str
    key: str


class ErasureStatusIn(msgspec.Struct, kw_only=True):
    """The key that came with asking for the erasure."""

    key: str


class ErasureStatusOut(msgspec.Struct, kw_only=True):
    """How far an erasure has come: how many rows of what are gone, and the signed proof once all are."""

    state: Literal["waiting", "erasing", "done"]
    counts: dict[str, int]
    proof: dict[str, Any] | None


async def export_everything(call: AccountStream) -> Streamed:
    """Return everything that is kept about the person and the guests they claimed, as one JSON file.

    It is sent as it is read. A file that breaks off is not valid JSON: ask again.
    """
    parts = privacy.export_parts(call.services.database, user_id=call.session.user.id)
    return Streamed(f"kryptos-export-{call.services.clock.now():%Y-%m-%d}.json", _gathered(parts))


async def start_erasure(call: AccountCall, _body: Nothing) -> Success[ErasureStartedOut]:
    """Mail the code that erasing everything needs, to the person's address; a guest needs none."""
    user = call.session.user
    if user.email is None:
        return Success(data=ErasureStartedOut(challenge=None))
    if not call.services.can_mail:
        raise MailUnavailable
    limits.take(call.services.limiter, limits.CODES, call.exchange.address)
    challenge = await identity.request_page_code(
        call.uow,
        kind=CodeKind.ERASURE,
        email=user.email,
        app_name=APP_NAME,
        language=user.language,
        user_id=user.id,
    )
    return Success(data=ErasureStartedOut(challenge=challenge))


async def erase_everything(call: AccountCall, body: EraseIn) -> Success[ErasureRequestedOut]:
    """Erase everything: every access ends with this call, in every browser, and the rest goes within minutes.

    It cannot be undone. `key` is shown this once; it opens the erasure's state and its proof.
    """
    user = call.session.user
    if user.email is not None:
        if body.challenge is None or body.code is None:
            message = "Send the code that was mailed to the person's address, with its challenge."
            raise InvalidInput(message, details=[{"code": "missing", "path": ["code"], "message": message}])
        limits.take(call.services.limiter, limits.CODES, call.exchange.address)
        await identity.confirm_page_code(
            call.uow,
            kind=CodeKind.ERASURE,
            email=user.email,
            code=body.code,
            challenge=body.challenge,
            user_id=user.id,
        )
    requested = await privacy.request_erasure(
        call.uow, user_id=user.id, reason=Reason.PERSON, actor=Actor(ActorKind.USER, user.id)
    )
    call.forget()
    return Success(data=ErasureRequestedOut(erasure_id=requested.id, key=requested.key))


async def get_erasure_status(call: AccountVisit, body: ErasureStatusIn) -> Success[ErasureStatusOut]:
    """Return how far an erasure has come, and its proof once it is done; the key is all that is needed."""
    erasure_id = call.exchange.path["erasure_id"]

    async def work(uow: Uow) -> Erasure:
        return await privacy.get_erasure(uow, erasure_id=erasure_id, key=body.key)

    found = await call.services.database.execute(work)
    return Success(
        data=ErasureStatusOut(
            state=found.state.value,
            counts=dict(found.counts),
            proof=dict(found.proof) if found.proof else None,
        )
    )


async def _gathered(parts: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    """Give the parts in pieces that are worth sending."""
    async with aclosing(parts):
        waiting = bytearray()
        async for part in parts:
            waiting += part
            if len(waiting) >= _PIECE_BYTES:
                yield bytes(waiting)
                waiting.clear()
        if waiting:
            yield bytes(waiting)


_endpoint = partial(Endpoint, auth=Auth.ACCOUNT, family=Family.ACCOUNT)

ENDPOINTS = (
    _endpoint(
        method="GET",
        path="/account/api/export",
        summary="Download everything",
        handler=export_everything,
        reply=dict[str, Any],
        is_streamed=True,
    ),
    _endpoint(
        method="POST",
        path="/account/api/erasure/start",
        summary="Mail the code for erasing everything",
        handler=start_erasure,
        body=Nothing,
        reply=Success[ErasureStartedOut],
        errors=(MailUnavailable, TooManyCodes),
    ),
    _endpoint(
        method="POST",
        path="/account/api/erasure",
        summary="Erase everything",
        handler=erase_everything,
        body=EraseIn,
        reply=Success[ErasureRequestedOut],
        errors=(CodeWrong, ErasureUnderWay),
    ),
    Endpoint(
        method="POST",
        path="/account/api/erasure/{erasure_id}/status",
        summary="See how far an erasure has come",
        auth=Auth.NONE,
        family=Family.ACCOUNT,
        handler=get_erasure_status,
        body=ErasureStatusIn,
        reply=Success[ErasureStatusOut],
        errors=(ErasureNotFound,),
    ),
)
"""What whoever is signed in may call about their data, and whoever holds its key about an erasure."""
