"""Erasing a person: asked for, done in steps, proven; and nothing of anybody else touched."""

import pytest

from kryptos.domains import privacy
from kryptos.domains.audit import Actor, ActorKind
from kryptos.domains.identity import UserNotFound
from kryptos.domains.privacy import ErasureNotFound, ErasureState, ErasureUnderWay, Reason, RequestedErasure
from kryptos.infra.database import Uow
from tests.support.app import App
from tests.support.connecting import settle_in
from tests.support.journey import issued_code, refusal, rows, start_code, try_code


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


async def test_from_the_request_on_nothing_of_a_person_can_be_used(app: App) -> None:
    ada = await settle_in(app, email="ada@example.com")
    assert (await ada.get("userinfo")).status_code == 200

    asked = await ask(app, ada.user_id)

    assert refusal(await ada.get("userinfo"))[0] == 401
    assert refusal(await ada.widget_get("session")) == (401, "INVALID_GRANT")
    assert refusal(await app.post("/link-token", {"access_token": ada.access_token}, ada.client)) == (
        401,
        "INVALID_GRANT",
    )
    token = await app.link_token()
    assert (await start_code(app, token, "ada@example.com")).status_code == 200, "nobody learns of it"
    assert await issued_code(app, "ada@example.com") is None, "and nothing is mailed"
    assert refusal(await try_code(app, token, "ada@example.com", "123456")) == (400, "CODE_INVALID")
    (grant,) = await rows(app, "SELECT revoked_at FROM grants")
    assert grant["revoked_at"] == app.clock.now()
    assert (await state_of(app, asked)).state is ErasureState.WAITING


async def test_an_erasure_is_told_to_whoever_has_its_key_alone(app: App) -> None:
    ada = await settle_in(app)
    asked = await ask(app, ada.user_id)
    with pytest.raises(ErasureNotFound):
        await state_of(app, asked, key="ekey_other")
    with pytest.raises(ErasureNotFound):
        await state_of(app, RequestedErasure(id="erasure_other", key=asked.key))
    assert asked.key not in repr(asked)


async def test_asking_twice_changes_nothing(app: App) -> None:
    ada = await settle_in(app)
    await ask(app, ada.user_id)
    with pytest.raises(ErasureUnderWay):
        await ask(app, ada.user_id)
    with pytest.raises(UserNotFound):
        await ask(app, "user_unknown")
    assert len(await rows(app, "SELECT id FROM erasures")) == 1
