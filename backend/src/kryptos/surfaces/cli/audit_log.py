"""``kryptos verify-audit``: recompute the chains of the audit log."""

from typing import TYPE_CHECKING

import typer

from kryptos.surfaces.cli.installation import installation_of

if TYPE_CHECKING:
    from kryptos.domains.audit import ChainReport
    from kryptos.infra.database import Uow


def verify_audit(context: typer.Context) -> None:
    """Recompute the audit log's hash chains; exit status 1 and the first record that does not fit, if any."""
    from kryptos.domains import audit  # noqa: PLC0415 - loads SQLAlchemy; help must not

    async def work(uow: "Uow") -> "list[ChainReport]":
        return await audit.verify(uow)

    reports = installation_of(context).execute(work, purpose="kryptos verify-audit")
    broken = [report for report in reports if report.broken_at is not None]
    for report in broken:
        typer.secho(
            f"The chain of {report.chain} breaks at {report.broken_at}: that record, or the one before it, "
            "was changed or removed.",
            fg=typer.colors.RED,
            err=True,
        )
    if broken:
        raise typer.Exit(1)
    records = sum(report.sealed for report in reports)
    typer.echo(
        f"{records} sealed records in {len(reports)} chains: each follows from the one before. "
        "The worker seals new records every few seconds."
    )
