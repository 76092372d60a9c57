"""``kryptos user …``: let people in, stop them, export and erase what is theirs."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kryptos.surfaces.cli.installation import installation_of

if TYPE_CHECKING:
    from kryptos.infra.database import Uow

commands = typer.Typer(
    help="Let people in where sign-up is by invitation; suspend, resume, export and erase them.",
    no_args_is_help=True,
)

UserId = Annotated[
    str, typer.Argument(metavar="USER_ID", help="The user's id, as logs and the audit log show it.")
]


@commands.command()
def invite(
    context: typer.Context,
    email: Annotated[str, typer.Argument(help="Address that may sign in from now on.")],
) -> None:
    """Let an address sign up where KRYPTOS_SIGNUP=invite; no mail is sent."""
    from kryptos.domains import identity  # noqa: PLC0415 - loads SQLAlchemy; help must not

    async def work(uow: "Uow") -> None:
        await identity.invite(uow, email=email)

    installation_of(context).execute(work, purpose="kryptos user invite")
    typer.echo(f"{email} may sign in.")


@commands.command()
def suspend(context: typer.Context, user_id: UserId) -> None:
    """Refuse every token of a person from the next call on."""
    from kryptos.domains import identity  # noqa: PLC0415 - the same

    async def work(uow: "Uow") -> None:
        await identity.suspend_user(uow, user_id=user_id)

    installation_of(context).execute(work, purpose="kryptos user suspend")
    typer.echo(
        f"{user_id} is suspended: apps cannot read the person's data until `kryptos user resume {user_id}`."
    )


@commands.command()
def resume(context: typer.Context, user_id: UserId) -> None:
    """Undo `suspend`."""
    from kryptos.domains import identity  # noqa: PLC0415 - the same

    async def work(uow: "Uow") -> None:
        await identity.resume_user(uow, user_id=user_id)

    installation_of(context).execute(work, purpose="kryptos user resume")
    typer.echo(f"{user_id} is active again.")


@commands.command()
def export(
    context: typer.Context,
    user_id: UserId,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write it: JSON; made anew.")],
) -> None:
    """Write everything that is kept of a person into a file."""
    from kryptos.surfaces.cli import user_actions  # noqa: PLC0415 - the same

    user_actions.export(installation_of(context), user_id, file)


@commands.command()
def erase(
    context: typer.Context,
    name: Annotated[
        str, typer.Argument(metavar="USER_ID|ADDRESS", help="The user's id, or their e-mail address.")
    ],
    *,
    is_confirmed: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
) -> None:
    """Erase a person with everything that is theirs, for good, and print the signed proof."""
    from kryptos.surfaces.cli import user_actions  # noqa: PLC0415 - the same

    user_actions.erase(installation_of(context), name, is_confirmed=is_confirmed)
