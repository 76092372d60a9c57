"""What ``kryptos client …`` does: one use case each, and its result in words or as JSON."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

import msgspec
import typer

from kryptos.domains import clients, grants, workspaces
from kryptos.domains.audit import Actor, ActorKind
from kryptos.domains.clients import Client, CreatedClient, Mode
from kryptos.infra.database import Uow
from kryptos.surfaces.cli.installation import Installation


class ClientOut(msgspec.Struct, kw_only=True):
    """A client as ``--json`` shows it."""

    client_id: str
    workspace_id: str
    name: str
    mode: str
    scopes: str
    redirect_uris: list[str]
    allowed_origins: list[str]
    require_client_headers: bool
    is_suspended: bool
    created_at: str
    client_secret: str | msgspec.UnsetType = msgspec.UNSET


class SecretOut(msgspec.Struct, kw_only=True):
    """A rotated secret as ``--json`` shows it."""

    client_id: str
    client_secret: str


class CutOut(msgspec.Struct, kw_only=True):
    """A cut as ``--json`` shows it: tokens made until then are invalid, and so many people have to connect again."""

    client_id: str
    tokens_cut_at: str
    active_grants: int


class ClientActions:
    """The actions on clients of one installation."""

    def __init__(self, installation: Installation, *, as_json: bool) -> None:
        self._installation = installation
        self._as_json = as_json

    def create(
        self,
        *,
        name: str,
        workspace_id: str | None,
        redirect_uris: Sequence[str],
        allowed_origins: Sequence[str],
        mode: str,
        scopes: str | None,
    ) -> None:
        """Register a client, in a workspace of its own unless one is named."""

        async def work(uow: Uow) -> CreatedClient:
            owner_id = workspace_id
            if owner_id is None:
                operator = Actor(ActorKind.OPERATOR)
                owner_id = (await workspaces.create_workspace(uow, actor=operator, name=name)).id
            return await clients.create_client(
                uow,
                workspace_id=owner_id,
                name=name,
                redirect_uris=redirect_uris,
                allowed_origins=allowed_origins,
                mode=Mode(mode),
                scopes=scopes,
            )

        created = self._installation.execute(work, purpose="kryptos client create")
        self._show(created.client, secret=created.client_secret)

    def list(self) -> None:
        """Show every client."""
        found = self._installation.execute(clients.list_clients, purpose="kryptos client list")
        if self._as_json:
            self._print_json([_out(client) for client in found])
            return
        if not found:
            typer.echo("There is no client yet. Register one with `kryptos client create NAME`.")
            return
        rows = [("Client id", "Name", "Mode", "State", "Workspace")]
        for client in found:
            state = "suspended" if client.is_suspended else "active"
            rows.append((client.id, client.name, client.mode.value, state, client.workspace_id))
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for row in rows:  # never cut: an id that is not whole is no use
            typer.echo("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip())

    def update(
        self,
        client_id: str,
        *,
        name: str | None,
        redirect_uris: Sequence[str] | None,
        allowed_origins: Sequence[str] | None,
        scopes: str | None,
        require_client_headers: bool | None,
    ) -> None:
        """Change what is given."""
        self._change(
            lambda uow: clients.update_client(
                uow,
                client_id=client_id,
                name=name,
                redirect_uris=redirect_uris,
                allowed_origins=allowed_origins,
                scopes=scopes,
                require_client_headers=require_client_headers,
            ),
            "update",
        )

    def set_mode(self, client_id: str, *, mode: str) -> None:
        """Move the client to another mode."""
        self._change(lambda uow: clients.set_mode(uow, client_id=client_id, mode=Mode(mode)), "set-mode")

    def suspend(self, client_id: str) -> None:
        """Refuse the client from now on."""
        self._change(lambda uow: clients.suspend_client(uow, client_id=client_id), "suspend")

    def resume(self, client_id: str) -> None:
        """Let the client work again."""
        self._change(lambda uow: clients.resume_client(uow, client_id=client_id), "resume")

    def rotate(self, client_id: str, *, drop_old: bool) -> None:
        """Show a new secret."""
        secret = self._installation.execute(
            lambda uow: clients.rotate_secret(uow, client_id=client_id, keep_previous=not drop_old),
            purpose="kryptos client rotate",
        )
        if self._as_json:
            self._print_json(SecretOut(client_id=client_id, client_secret=secret))
            return
        typer.echo(f"Client secret  {secret}")
        fate = (
            "No earlier secret is valid any more."
            if drop_old
            else "The previous secret is valid until the next rotation."
        )
        typer.echo(f"It is shown this once. {fate}")

    def cut_tokens(self, client_id: str, *, is_sure: bool) -> None:
        """Make every token of the client invalid, after asking."""
        client, count = self._installation.execute(
            partial(_affected, client_id=client_id), purpose="kryptos client cut-tokens"
        )
        if not is_sure:
            typer.echo(
                f"{client.name} ({client.id}) has {_counted(count)}. All its access, public and link tokens will "
                "be invalid from the next call on. There is no way back: each of these people has to connect again.",
                err=True,
            )
            typer.confirm("Cut them off?", abort=True, err=True)
        cut = self._installation.execute(
            partial(clients.cut_tokens, client_id=client_id), purpose="kryptos client cut-tokens"
        )
        at = cut.tokens_cut_at.isoformat(timespec="seconds") if cut.tokens_cut_at else ""
        if self._as_json:
            self._print_json(CutOut(client_id=cut.id, tokens_cut_at=at, active_grants=count))
            return
        typer.echo(f"Every token of {cut.name} that was made until {at} is invalid now, at every server.")
        typer.echo(
            f"If the client's secret may have leaked too: `kryptos client rotate {cut.id} --drop-old`, at once."
        )
        typer.echo(
            "Its grants stand, its calls answer 401 INVALID_TOKEN. It has to open the widget without an access token, "
            "where each person consents again: tell its developers."
        )
        typer.echo(f"To end the app's access for good: `kryptos client suspend {cut.id}`.")

    def _change(self, work: Callable[[Uow], Awaitable[Client]], verb: str) -> None:
        self._show(self._installation.execute(work, purpose=f"kryptos client {verb}"))

    def _show(self, client: Client, *, secret: str | None = None) -> None:
        if self._as_json:
            self._print_json(_out(client, secret=secret))
            return
        rows = [
            ("Client id", client.id),
            *([] if secret is None else [("Client secret", f"{secret}   (shown this once)")]),
            ("Workspace", client.workspace_id),
            ("Name", client.name),
            ("Mode", client.mode.value + (", suspended" if client.is_suspended else "")),
            ("Scopes", " ".join(client.scopes)),
            ("Redirect URIs", " ".join(client.redirect_uris) or "none"),
            ("Allowed origins", " ".join(client.allowed_origins) or "none"),
            (
                "Data calls",
                "need the client's id and secret" if client.require_client_headers else "need the token",
            ),
        ]
        for title, text in rows:
            typer.echo(f"{title:<16} {text}")

    def _print_json(self, value: object) -> None:
        typer.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def _counted(grants_active: int) -> str:
    return "1 active grant" if grants_active == 1 else f"{grants_active} active grants"


async def _affected(uow: Uow, *, client_id: str) -> tuple[Client, int]:
    client = await clients.get_client(uow, client_id=client_id)
    return client, await grants.count_active_grants(uow, client_id=client_id)


def _out(client: Client, *, secret: str | None = None) -> ClientOut:
    return ClientOut(
        client_id=client.id,
        workspace_id=client.workspace_id,
        name=client.name,
        mode=client.mode.value,
        scopes=" ".join(client.scopes),
        redirect_uris=[*client.redirect_uris],
        allowed_origins=[*client.allowed_origins],
        require_client_headers=client.require_client_headers,
        is_suspended=client.is_suspended,
        created_at=client.created_at.isoformat(),
        client_secret=msgspec.UNSET if secret is None else secret,
    )
