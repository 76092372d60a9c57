"""Try a connection before it is saved: asked for by the widget, tried by the worker, polled by the widget."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

import sqlalchemy as sa

from kryptos.domains.clients import Mode
from kryptos.domains.sync._tables import connection_tests
from kryptos.domains.sync.events import ConnectionTestRequested
from kryptos.infra.database import Uow

State = Literal["pending", "passed", "failed"]
_KEPT_FOR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class ConnectionTest:
    """What a try came to so far. ``active_chains`` are those on which the address was used before."""

    id: str
    mode: Mode
    address: str
    chains: tuple[str, ...]
    state: State
    code: str | None
    message: str | None
    active_chains: tuple[str, ...]


async def request_test(
    uow: Uow, *, session_id: str, mode: Mode, address: str, chains: Sequence[str]
) -> ConnectionTest:
    """Ask for a try of an address on some chains."""
    test_id = uow.new_id("test")
    row = await uow.first(
        sa.insert(connection_tests)
        .values(
            id=test_id,
            session_id=session_id,
            mode=mode.value,
            address=address,
            chains=list(chains),
            state="pending",
            active_chains=[],
            requested_at=uow.now,
        )
        .returning(connection_tests)
    )
    uow.emit(ConnectionTestRequested(test_id=test_id))
    return _test(row)


async def find_test(uow: Uow, *, test_id: str, session_id: str | None = None) -> ConnectionTest | None:
    """Return a try; with a ``session_id`` only one of that session."""
    wanted = [connection_tests.c.id == test_id]
    if session_id is not None:
        wanted.append(connection_tests.c.session_id == session_id)
    row = await uow.first(sa.select(connection_tests).where(*wanted))
    return None if row is None else _test(row)


async def end_test(
    uow: Uow,
    *,
    test_id: str,
    state: State,
    active_chains: Sequence[str] = (),
    code: str | None = None,
    message: str | None = None,
) -> None:
    """Write what a try came to."""
    await uow.execute(
        sa.update(connection_tests)
        .where(connection_tests.c.id == test_id)
        .values(state=state, active_chains=list(active_chains), code=code, message=message, ended_at=uow.now)
    )


async def prune_tests(uow: Uow) -> int:
    """Delete tries that nobody can ask about any more; return how many."""
    old = connection_tests.c.requested_at < uow.now - _KEPT_FOR
    return (await uow.execute(sa.delete(connection_tests).where(old))).rowcount


def _test(row: sa.Row[Any] | None) -> ConnectionTest:
    if row is None:
        message = "an inserted row is always returned"
        raise AssertionError(message)
    return ConnectionTest(
        id=row.id,
        mode=Mode(row.mode),
        address=row.address,
        chains=tuple(row.chains),
        state=row.state,
        code=row.code,
        message=row.message,
        active_chains=tuple(row.active_chains),
    )
