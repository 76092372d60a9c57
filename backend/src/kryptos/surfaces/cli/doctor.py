"""``kryptos doctor``: says in words what is misconfigured, and what to do about it."""

import typer

from kryptos.surfaces.cli.installation import installation_of

_COLOURS = {"ok": typer.colors.GREEN, "warning": typer.colors.YELLOW, "wrong": typer.colors.RED}


def doctor(context: typer.Context) -> None:
    """Look for what is misconfigured; exit status 1 if something is wrong, 0 otherwise."""
    from kryptos.surfaces.cli.findings import examine  # noqa: PLC0415 - loads asyncpg; help must not

    worst = 0
    for finding in examine(installation_of(context)):
        word = finding.verdict.value
        typer.echo(f"{typer.style(f'{word:<8}', fg=_COLOURS[word])} {finding.text}")
        worst = max(worst, int(word == "wrong"))
    raise typer.Exit(worst)
