"""``kryptos migrate``: bring the database to the schema of this version."""

import asyncio

import typer

from kryptos.surfaces.cli.installation import installation_of


def migrate(context: typer.Context) -> None:
    """Bring the database to the schema of this version; harmless when repeated or run by many at once."""
    from kryptos.infra.migrations import head_revision  # noqa: PLC0415 - loads asyncpg; help must not
    from kryptos.infra.migrations.run import migrate as bring_up  # noqa: PLC0415 - the same, and Alembic
    from kryptos.infra.postgres import database_url  # noqa: PLC0415 - nothing of it is needed for help
    from kryptos.infra.telemetry import configure_logging  # noqa: PLC0415 - the same

    settings = installation_of(context).settings()
    configure_logging(settings)
    with database_url(settings, purpose="kryptos migrate") as url:
        before = asyncio.run(bring_up(url))
    head = head_revision()
    if before == head:
        typer.echo(f"The schema is at {head} already.")
    else:
        typer.echo(f"The schema is at {head} now (before: {before or 'empty'}).")
