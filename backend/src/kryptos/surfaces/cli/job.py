"""``kryptos job …``: what the worker gave up on, to be tried again or dropped."""

from typing import TYPE_CHECKING, Annotated

import typer

from kryptos.surfaces.cli.installation import installation_of

if TYPE_CHECKING:
    from kryptos.surfaces.cli.job_actions import JobActions

commands = typer.Typer(
    help="See the jobs that were given up, and try them again or drop them.", no_args_is_help=True
)

JobIds = Annotated[
    list[str] | None, typer.Argument(metavar="JOB_ID…", help="Ids of dead jobs, as `job list` shows them.")
]
Everything = Annotated[bool, typer.Option("--all", help="Every dead job.")]
Named = Annotated[str | None, typer.Option("--name", help="Every dead job of this name.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]


def _actions(context: typer.Context, *, as_json: bool) -> "JobActions":
    from kryptos.surfaces.cli.job_actions import JobActions  # noqa: PLC0415 - loads SQLAlchemy; help must not

    return JobActions(installation_of(context), as_json=as_json)


@commands.command(name="list")
def list_(
    context: typer.Context,
    *,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many to show, latest first.")] = 100,
    as_json: AsJson = False,
) -> None:
    """List the jobs that were given up, latest first, and why."""
    _actions(context, as_json=as_json).list(limit=limit)


@commands.command()
def revive(
    context: typer.Context,
    job_ids: JobIds = None,
    *,
    everything: Everything = False,
    name: Named = None,
    as_json: AsJson = False,
) -> None:
    """Let dead jobs start once more, now; one that fails again is dead again."""
    _actions(context, as_json=as_json).revive(job_ids or [], everything=everything, name=name)


@commands.command()
def drop(
    context: typer.Context,
    job_ids: JobIds = None,
    *,
    everything: Everything = False,
    name: Named = None,
    as_json: AsJson = False,
) -> None:
    """Delete dead jobs for good: what they were to do is not done."""
    _actions(context, as_json=as_json).drop(job_ids or [], everything=everything, name=name)
