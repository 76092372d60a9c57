"""Erase a person: one bounded step per transaction, each of which finds for itself what is left.

There is no place to keep: a worker that is killed leaves whole steps behind, and the next one finds the rest. The
person was marked before the first step, and the first step waits for every transaction that may have begun before
that; so nothing new can come into being behind a step.
"""

from collections.abc import Awaitable, Callable
from functools import partial

import sqlalchemy as sa

from kryptos.domains import audit, connect, grants, identity, sync
from kryptos.domains.audit import Actor, ActorKind
from kryptos.domains.privacy._tables import erasures
from kryptos.domains.privacy.contracts import Transactions
from kryptos.domains.privacy.service.erase_workspaces import Counts, Person, erase_workspaces
from kryptos.domains.privacy.service.prove import sign_proof
from kryptos.infra import mail, queue
from kryptos.infra.database import Uow, outlast_transactions

_SYSTEM = Actor(ActorKind.SYSTEM)
_SESSIONS = 50
_ACCESSES = 5000
_GRANTS = 100


async def erase_person(database: Transactions, *, erasure_id: str) -> None:
    """Do everything that is left of an erasure, step by step; harmless when repeated, also side by side."""
    await outlast_transactions(database)
    while await database.execute(partial(erase_step, erasure_id=erasure_id)):
        pass


async def erase_step(uow: Uow, *, erasure_id: str) -> bool:
    """Do the next step of an erasure; True while there may be another."""
    row = await uow.first(
        sa.select(erasures)
        .where(erasures.c.id == erasure_id, erasures.c.finished_at.is_(None))
        .with_for_update()  # two workers take turns
    )
    if row is None:
        return False
    person = await _person(uow, row)
    for step in _STEPS:
        gone = {name: number for name, number in (await step(uow, person)).items() if number}
        if gone:
            await _count(uow, row, gone)
            return True
    await _finish(uow, row, person)
    return False


async def list_open_erasures(uow: Uow) -> tuple[str, ...]:
    """Return the erasures that have not come to their end, oldest first."""
    rows = await uow.all(
        sa.select(erasures.c.id).where(erasures.c.finished_at.is_(None)).order_by(erasures.c.requested_at)
    )
    return tuple(row.id for row in rows)


async def _person(uow: Uow, row: sa.Row[tuple[object, ...]]) -> Person:
    """Return whose everything goes: also a guest that was claimed while the erasure was asked for."""
    selves = await identity.list_with_claimed(uow, user_ids=row.user_ids)
    late = sorted({each.id for each in selves} - set(row.user_ids))
    if late:
        await identity.begin_erasure(uow, user_ids=late)
        await uow.execute(
            sa.update(erasures).where(erasures.c.id == row.id).values(user_ids=[*row.user_ids, *late])
        )
    return Person([*row.user_ids, *late], [each.email for each in selves if each.email])


async def _erase_sessions(uow: Uow, person: Person) -> Counts:
    ids = await connect.list_sessions_of(uow, user_ids=person.user_ids, limit=_SESSIONS)
    if not ids:
        return {}
    tests = await sync.erase_tests(uow, session_ids=ids)
    return {"connection_tests": tests, **await connect.erase_sessions(uow, session_ids=ids)}


async def _end_access(uow: Uow, person: Person) -> Counts:
    """End what was given by a transaction that had begun before the person was marked."""
    late = await grants.list_unrevoked(uow, user_ids=person.user_ids)
    await connect.end_accesses(uow, grants_ended=late, actor=_SYSTEM)
    return {}


async def _erase_accesses(uow: Uow, person: Person) -> Counts:
    return {"access_records": await grants.erase_accesses(uow, user_ids=person.user_ids, limit=_ACCESSES)}


async def _erase_grants(uow: Uow, person: Person) -> Counts:
    return await grants.erase_grants(uow, user_ids=person.user_ids, limit=_GRANTS)


async def _count(uow: Uow, row: sa.Row[tuple[object, ...]], gone: Counts) -> dict[str, int]:
    counts = {name: row.counts.get(name, 0) + gone.get(name, 0) for name in {*row.counts, *gone}}
    await uow.execute(sa.update(erasures).where(erasures.c.id == row.id).values(counts=counts))
    return counts


async def _finish(uow: Uow, row: sa.Row[tuple[object, ...]], person: Person) -> None:
    """Delete the person, whatever stands under their addresses, and the key of their audit records; prove it."""
    for user_id in person.user_ids:
        await audit.destroy_personal_key(uow, user_id=user_id)
    gone = {
        **await identity.erase_users(uow, user_ids=person.user_ids, emails=person.emails),
        "mailbox_mails": await mail.erase_mails(uow, emails=person.emails),
        "jobs": await queue.forget_dead(uow, mentioning=[*person.user_ids]),
        "audit_keys": len(person.user_ids),
    }
    counts = await _count(uow, row, {name: number for name, number in gone.items() if number})
    proof = await sign_proof(uow, erasure=row, counts=counts)
    await uow.execute(
        sa.update(erasures)
        .where(erasures.c.id == row.id)
        .values(finished_at=uow.now, proof=proof, user_ids=[], address_digest=None)
    )
    await audit.record(uow, action="person.erased", actor=_SYSTEM, subject=row.id, details=counts)


_STEPS: tuple[Callable[[Uow, Person], Awaitable[Counts]], ...] = (
    _end_access,
    _erase_sessions,
    erase_workspaces,
    _erase_accesses,
    _erase_grants,
)
"""In this order: what could still bring something new goes first."""
