"""``kryptos client …``: register and care for the apps that may use this installation."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from kryptos.surfaces.cli.installation import installation_of

if TYPE_CHECKING:
    from kryptos.surfaces.cli.client_actions import ClientActions

commands = typer.Typer(
    help="Register and care for the apps that may use this installation.", no_args_is_help=True
)

ClientId = Annotated[
    str, typer.Argument(metavar="CLIENT_ID", help="The client's id, as `client list` shows it.")
]
RedirectUris = Annotated[
    list[str] | None,
    typer.Option(
        "--redirect-uri", help="Exact URI to return to, also of an app's own scheme; repeat it for several."
    ),
]
AllowedOrigins = Annotated[
    list[str] | None,
    typer.Option(
        "--allowed-origin", help="Origin that may open the widget, https://app.example; repeat for several."
    ),
]
Scopes = Annotated[str | None, typer.Option(help="Space-separated scopes that the client may ask for.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]


def _actions(context: typer.Context, *, as_json: bool) -> "ClientActions":
    from kryptos.surfaces.cli.client_actions import ClientActions  # noqa: PLC0415 - loads SQLAlchemy; help must not

    return ClientActions(installation_of(context), as_json=as_json)


@commands.command()
def create(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="What people read when they are asked to consent.")],
    *,
    workspace: Annotated[
        str | None, typer.Option(help="Workspace that the client belongs to; default: a new one.")
    ] = None,
    redirect_uris: RedirectUris = None,
    allowed_origins: AllowedOrigins = None,
    mode: Annotated[
        Literal["sandbox", "production"], typer.Option(help="What the client reaches.")
    ] = "sandbox",
    scopes: Scopes = None,
    as_json: AsJson = False,
) -> None:
    """Register a client and print its secret, which is shown this once."""
    _actions(context, as_json=as_json).create(
        name=name,
        workspace_id=workspace,
        redirect_uris=redirect_uris or [],
        allowed_origins=allowed_origins or [],
        mode=mode,
        scopes=scopes,
    )


@commands.command(name="list")
def list_(context: typer.Context, *, as_json: AsJson = False) -> None:
    """List every client."""
    _actions(context, as_json=as_json).list()


@commands.command()
def update(
    context: typer.Context,
    client_id: ClientId,
    *,
    name: Annotated[str | None, typer.Option(help="New name.")] = None,
    redirect_uris: RedirectUris = None,
    allowed_origins: AllowedOrigins = None,
    no_redirect_uris: Annotated[bool, typer.Option("--no-redirect-uris", help="Remove them all.")] = False,
    no_allowed_origins: Annotated[
        bool, typer.Option("--no-allowed-origins", help="Remove them all.")
    ] = False,
    scopes: Scopes = None,
    require_client_headers: Annotated[
        bool | None,
        typer.Option(
            "--require-client-headers/--allow-bare-token",
            help="Whether a data call must send the client's id and secret beside the access token.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Change what is given, and leave the rest; a list that is given replaces the old one."""
    _actions(context, as_json=as_json).update(
        client_id,
        name=name,
        redirect_uris=[] if no_redirect_uris else redirect_uris,
        allowed_origins=[] if no_allowed_origins else allowed_origins,
        scopes=scopes,
        require_client_headers=require_client_headers,
    )


@commands.command(name="set-mode")
def set_mode(
    context: typer.Context,
    client_id: ClientId,
    mode: Annotated[Literal["sandbox", "production"], typer.Argument(help="What the client reaches.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Move a client to sandbox or to production."""
    _actions(context, as_json=as_json).set_mode(client_id, mode=mode)


@commands.command()
def rotate(
    context: typer.Context,
    client_id: ClientId,
    *,
    drop_old: Annotated[
        bool, typer.Option("--drop-old", help="Refuse the previous secret at once: it has leaked.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Print a new secret; the previous one stays valid until the next rotation."""
    _actions(context, as_json=as_json).rotate(client_id, drop_old=drop_old)


@commands.command(name="cut-tokens")
def cut_tokens(
    context: typer.Context,
    client_id: ClientId,
    *,
    is_sure: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make every access, public and link token of a client invalid at once: they have leaked."""
    _actions(context, as_json=as_json).cut_tokens(client_id, is_sure=is_sure)


@commands.command()
def suspend(context: typer.Context, client_id: ClientId, *, as_json: AsJson = False) -> None:
    """Refuse a client, and every token made for it, from the next call on."""
    _actions(context, as_json=as_json).suspend(client_id)


@commands.command()
def resume(context: typer.Context, client_id: ClientId, *, as_json: AsJson = False) -> None:
    """Undo `suspend`."""
    _actions(context, as_json=as_json).resume(client_id)
