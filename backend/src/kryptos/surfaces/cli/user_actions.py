"""What ``kryptos user export`` and ``kryptos user erase`` do."""

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import typer

from kryptos.domains import identity, privacy
from kryptos.domains.audit import Actor, ActorKind
from kryptos.domains.identity import Self, UserNotFound
from kryptos.domains.privacy import Reason, RequestedErasure
from kryptos.infra.database import Database, Uow

if TYPE_CHECKING:
    from kryptos.surfaces.cli.installation import Installation

_OPERATOR = Actor(ActorKind.OPERATOR)


def export(installation: "Installation", user_id: str, file: Path) -> None:
    """Write everything that is kept of a person into a file that the owner alone may read."""

    async def work(database: Database) -> int:
        size = 0
        parts = privacy.export_parts(database, user_id=user_id)
        first = await anext(parts)  # raises before a file is made for somebody unknown
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as output:
            size += output.write(first)
            async for part in parts:
                size += output.write(part)
        return size

    if file.exists():
        message = f"{file} is there already. Name a file that is not."
        raise typer.BadParameter(message)
    size = installation.run(work, purpose="kryptos user export")
    typer.echo(f"Everything that is kept of {user_id} stands in {file}, {size} bytes.")


def erase(installation: "Installation", name: str, *, is_confirmed: bool) -> None:
    """Erase a person now, in this process, and print the proof."""

    async def find(uow: Uow) -> tuple[Self, ...]:
        user_id = await identity.find_user_id(uow, email=name) if "@" in name else name
        if user_id is None:
            raise UserNotFound
        return await identity.list_selves(uow, user_id=user_id)

    async def work(database: Database) -> privacy.Erasure:
        asked = await database.execute(partial(_ask, user_id=selves[0].id))
        await privacy.erase_person(database, erasure_id=asked.id)
        return await database.execute(partial(privacy.get_erasure, erasure_id=asked.id, key=asked.key))

    selves = installation.execute(find, purpose="kryptos user erase")
    if not is_confirmed:
        typer.echo(_who(selves), err=True)
        typer.confirm("Erase all of it, for good?", abort=True, err=True)
    erasure = installation.run(work, purpose="kryptos user erase")
    typer.echo(msgspec.json.format(msgspec.json.encode(erasure.proof), indent=2).decode())
    typer.echo(
        "Erased. The proof above is theirs: hand it over. What the database's files still hold unseen goes with "
        "`kryptos scrub`.",
        err=True,
    )


async def _ask(uow: Uow, *, user_id: str) -> RequestedErasure:
    return await privacy.request_erasure(uow, user_id=user_id, reason=Reason.OPERATOR, actor=_OPERATOR)


def _who(selves: tuple[Self, ...]) -> str:
    person, *claimed = selves
    guests = f", with {len(claimed)} guests that they have claimed" if claimed else ""
    return f"{person.id} ({person.email or 'a guest'}), here since {person.created_at:%Y-%m-%d}{guests}."
