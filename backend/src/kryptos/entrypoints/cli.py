"""``kryptos``: the command that starts every process and that operators work with."""

import asyncio
import sys
from typing import Annotated

import msgspec
import typer

from kryptos.kernel.clock import SystemClock
from kryptos.kernel.errors import KryptosError
from kryptos.surfaces.cli import audit_log, backup, client, doctor, job, receipt, schema, scrub, user
from kryptos.surfaces.cli.installation import Installation, installation_of

app = typer.Typer(
    name="kryptos",
    help="Kryptos Connect: open, self-hostable connectivity to the crypto accounts of your users.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(client.commands, name="client")
app.add_typer(user.commands, name="user")
app.add_typer(job.commands, name="job")
app.command()(schema.migrate)
app.command()(backup.backup)
app.command()(backup.restore)
app.command()(doctor.doctor)
app.command()(audit_log.verify_audit)
app.command()(receipt.verify_receipt)
app.command()(scrub.scrub)


@app.callback()
def prepare(context: typer.Context) -> None:
    """Kryptos Connect: open, self-hostable connectivity to the crypto accounts of your users."""
    context.obj = Installation(clock=SystemClock())


@app.command()
def serve(context: typer.Context) -> None:
    """Serve the API. Without KRYPTOS_DATABASE_URL it runs, and migrates, the embedded database too."""
    from kryptos.infra.counting import shared_counters
    from kryptos.infra.ports import require_free_port

    settings = installation_of(context).settings()
    require_free_port(settings)
    with shared_counters(settings):  # before telemetry is loaded
        from kryptos.entrypoints.server import serve_web
        from kryptos.infra.postgres import database_url
        from kryptos.infra.telemetry import configure_logging

        configure_logging(settings)
        with database_url(settings, purpose="kryptos serve", is_brief=False) as url:
            if settings.database_url is None:
                _adopt_embedded(url)
            serve_web(settings)


@app.command()
def worker(context: typer.Context) -> None:
    """Work on jobs: mail, clean-up and whatever else is not done within a call."""
    from kryptos.entrypoints.worker import main as work
    from kryptos.infra.postgres import database_url
    from kryptos.infra.telemetry import configure_logging

    settings = installation_of(context).settings()
    configure_logging(settings)
    with database_url(settings, purpose="kryptos worker", is_brief=False) as url:
        if settings.database_url is None:
            _adopt_embedded(url)
        work(msgspec.structs.replace(settings, database_url=url))


@app.command()
def demo(
    context: typer.Context,
    *,
    reset: Annotated[
        bool, typer.Option("--reset", help="Delete what the demo stored, and start nothing.")
    ] = False,
    app_command: Annotated[
        str | None,
        typer.Option(
            "--app",
            metavar="COMMAND",
            help="Run this app beside the demo. It finds the server's address and its credentials in KRYPTOS_BASE_URL, "
            "KRYPTOS_CLIENT_ID and KRYPTOS_CLIENT_SECRET, and where to listen in HOST and PORT.",
        ),
    ] = None,
    app_port: Annotated[
        int, typer.Option(min=1, max=65535, help="Port of the app; pages from there may open the widget.")
    ] = 4500,
) -> None:
    """Run the whole product on this machine, with an app and a connected person to try it with."""
    from kryptos.entrypoints.demo import reset_demo, run_demo
    from kryptos.entrypoints.demo_app import HostApp

    settings = installation_of(context).settings()
    if reset:
        reset_demo(settings)
    else:
        run_demo(settings, HostApp(command=app_command, port=app_port))


def _adopt_embedded(url: str) -> None:
    """Migrate the embedded database and tell this process, and those it starts, where it is."""
    from kryptos.infra.migrations.requirement import require_schema
    from kryptos.infra.settings import hand_down

    asyncio.run(require_schema(url, is_embedded=True))
    hand_down(database_url=url)


def main() -> None:
    """Run the command; an error is one line that says what to do, and exit status 1."""
    try:
        app()
    except KryptosError as error:
        typer.secho(error.message, fg=typer.colors.RED, err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
