"""``kryptos backup`` and ``kryptos restore``: an installation into one file, and out of it again."""

from pathlib import Path
from typing import Annotated

import typer

from kryptos.surfaces.cli.installation import installation_of


def backup(
    context: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="Where to write it; in a directory it gets a name with the date of its own."
        ),
    ],
    *,
    without_secrets: Annotated[
        bool,
        typer.Option("--without-secrets", help="Leave the pepper out: you keep it elsewhere yourself."),
    ] = False,
) -> None:
    """Write everything this installation keeps into one file, while it runs or not."""
    from kryptos.surfaces.cli.backup_actions import back_up  # noqa: PLC0415 - loads asyncpg; help must not

    back_up(installation_of(context), file, has_secrets=not without_secrets)


def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that `kryptos backup` wrote.")],
) -> None:
    """Restore a backup into an empty directory or database: all of it, or nothing."""
    from kryptos.surfaces.cli.backup_actions import bring_back  # noqa: PLC0415 - loads asyncpg, and Alembic

    bring_back(installation_of(context), file)
