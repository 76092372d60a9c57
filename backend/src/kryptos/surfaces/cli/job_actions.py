"""What ``kryptos job …`` does with dead jobs, and its result in words or as JSON."""

from collections.abc import Awaitable, Callable, Sequence

import msgspec
import typer

from kryptos.infra.database import Uow
from kryptos.infra.queue import DeadJob, drop, list_dead, revive
from kryptos.kernel.errors import Kind, KryptosError
from kryptos.surfaces.cli.installation import Installation

_ALL = 1_000_000
_ERROR_CHARACTERS = 80


class NoSuchDeadJob(KryptosError):
    """No dead job has that id or name."""

    code = "NO_SUCH_DEAD_JOB"
    kind = Kind.NOT_FOUND


class DeadJobOut(msgspec.Struct, kw_only=True):
    """A dead job as ``--json`` shows it."""

    job_id: str
    name: str
    payload: msgspec.Raw
    starts: int
    died_at: str
    error: str | None


class DoneOut(msgspec.Struct, kw_only=True):
    """Which jobs were revived or dropped, as ``--json`` shows it."""

    job_ids: list[str]


class JobActions:
    """The actions on dead jobs of one installation."""

    def __init__(self, installation: Installation, *, as_json: bool) -> None:
        self._installation = installation
        self._as_json = as_json

    def list(self, *, limit: int) -> None:
        """Show what was given up."""

        async def work(uow: Uow) -> Sequence[DeadJob]:
            return await list_dead(uow, limit=limit)

        found = self._installation.execute(work, purpose="kryptos job list")
        if self._as_json:
            self._print_json([_out(job) for job in found])
            return
        if not found:
            typer.echo("No job was given up.")
            return
        rows = [("Job id", "Name", "Starts", "Died at (UTC)", "Why")]
        for job in found:
            why = " ".join((job.error or "").split())[:_ERROR_CHARACTERS]
            rows.append((job.id, job.name, str(job.starts), f"{job.died_at:%Y-%m-%d %H:%M:%S}", why))
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            typer.echo("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip())

    def revive(self, job_ids: Sequence[str], *, everything: bool, name: str | None) -> None:
        """Let dead jobs start once more."""
        done = self._each(job_ids, everything=everything, name=name, action=revive, verb="revive")
        self._tell(done, "start once more now. A worker must be at work; look again with `kryptos job list`")

    def drop(self, job_ids: Sequence[str], *, everything: bool, name: str | None) -> None:
        """Delete dead jobs."""
        done = self._each(job_ids, everything=everything, name=name, action=drop, verb="drop")
        self._tell(done, "are deleted; what they were to do is not done")

    def _each(
        self,
        job_ids: Sequence[str],
        *,
        everything: bool,
        name: str | None,
        action: Callable[..., Awaitable[bool]],
        verb: str,
    ) -> Sequence[str]:
        if sum((bool(job_ids), everything, name is not None)) != 1:
            raise typer.BadParameter("Name the jobs by their ids, or by --name, or say --all.")

        async def work(uow: Uow) -> Sequence[str]:
            wanted = job_ids or [
                job.id for job in await list_dead(uow, limit=_ALL) if name is None or job.name == name
            ]
            for job_id in wanted:
                if not await action(uow, job_id=job_id):
                    raise NoSuchDeadJob(f"No dead job has the id {job_id}; none was changed.")
            return wanted

        done = self._installation.execute(work, purpose=f"kryptos job {verb}")
        if not done and name is not None:
            raise NoSuchDeadJob(f"No dead job has the name {name}.")
        return done

    def _tell(self, job_ids: Sequence[str], what: str) -> None:
        if self._as_json:
            self._print_json(DoneOut(job_ids=[*job_ids]))
        else:
            typer.echo(f"{len(job_ids)} dead jobs {what}." if job_ids else "No job was given up.")

    def _print_json(self, value: object) -> None:
        typer.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def _out(job: DeadJob) -> DeadJobOut:
    return DeadJobOut(
        job_id=job.id,
        name=job.name,
        payload=msgspec.Raw(job.payload),
        starts=job.starts,
        died_at=job.died_at.isoformat(),
        error=job.error,
    )
