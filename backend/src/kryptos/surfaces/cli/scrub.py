"""``kryptos scrub``: rid the database's files of what was deleted."""

from typing import TYPE_CHECKING, Annotated

import typer

from kryptos.surfaces.cli.installation import installation_of

if TYPE_CHECKING:
    from kryptos.infra.database import Database
    from kryptos.infra.scrub import Scrubbed

WARNING = (
    "Each table is locked while it is written anew: calls that need it wait, or are answered 503 after 20 seconds. It "
    "takes about a minute for each gigabyte, and as much free space as the largest table has."
)


def scrub(
    context: typer.Context,
    *,
    is_confirmed: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
) -> None:
    """Overwrite what the database's files still hold of rows that were deleted, and say what could not be done."""
    from kryptos.domains import privacy  # noqa: PLC0415 - loads SQLAlchemy; help must not

    typer.echo(WARNING)
    if not is_confirmed:
        typer.confirm("Scrub now?", abort=True)

    async def work(database: "Database") -> "Scrubbed":
        return await privacy.scrub_files(database, say=typer.echo)

    done = installation_of(context).run(work, purpose="kryptos scrub")
    for line in done.undone:
        typer.secho(f"Not done: {line}", fg=typer.colors.RED, err=True)
    for line in done.beyond:
        typer.echo(f"Beyond reach: {line}")
    if done.undone:
        typer.echo("Run it again when that is out of the way.")
        raise typer.Exit(1)
    typer.echo(
        f"{done.tables} tables were written anew. What was deleted before stands in none of their files."
    )
