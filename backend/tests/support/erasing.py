"""Erasing somebody: asked for as they do, done as the worker does, and what of them stands where."""

from collections.abc import Collection

from kryptos.domains import privacy
from kryptos.domains.audit import Actor, ActorKind
from kryptos.domains.privacy import Reason, RequestedErasure
from kryptos.infra.database import Uow
from tests.support.app import App
from tests.support.journey import Rows


async def ask(app: App, user_id: str, reason: Reason = Reason.PERSON) -> RequestedErasure:
    """Ask for an erasure as the person does."""

    async def work(uow: Uow) -> RequestedErasure:
        actor = Actor(ActorKind.USER, user_id)
        return await privacy.request_erasure(uow, user_id=user_id, reason=reason, actor=actor)

    return await app.services.database.execute(work)


async def state_of(app: App, asked: RequestedErasure, key: str | None = None) -> privacy.Erasure:
    """Return how an erasure stands."""

    async def work(uow: Uow) -> privacy.Erasure:
        return await privacy.get_erasure(uow, erasure_id=asked.id, key=key or asked.key)

    return await app.services.database.execute(work)


async def erase(app: App, user_id: str) -> privacy.Erasure:
    """Erase somebody as the worker does, and return how it ended."""
    asked = await ask(app, user_id)
    await privacy.erase_person(app.services.database, erasure_id=asked.id)
    return await state_of(app, asked)


def standing(found: Rows, marks: Collection[str]) -> dict[str, set[str]]:
    """Return which of these marks stand in which table."""
    return {
        table: marked
        for table, lines in found.items()
        if (
            marked := {
                mark for mark in marks for line in lines if mark in line or mark.encode().hex() in line
            }
        )
    }
