"""Use cases of clients."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from kryptos.domains import audit
from kryptos.domains.audit import Actor, ActorKind
from kryptos.domains.clients import policy
from kryptos.domains.clients._tables import client_secrets, clients
from kryptos.domains.clients.contracts import Client, CreatedClient, Mode
from kryptos.domains.clients.errors import ClientNotFound, InvalidClient
from kryptos.domains.clients.events import ClientResumed, ClientSuspended
from kryptos.domains.clients.scopes import DEFAULT_SCOPES, parse_scopes
from kryptos.domains.workspaces import get_workspace
from kryptos.infra.database import Uow

_OPERATOR = Actor(ActorKind.OPERATOR)
_LIVE_SECRETS = 2


async def create_client(
    uow: Uow,
    *,
    workspace_id: str,
    name: str,
    redirect_uris: Sequence[str] = (),
    allowed_origins: Sequence[str] = (),
    mode: Mode = Mode.SANDBOX,
    scopes: str | None = None,
    actor: Actor = _OPERATOR,
) -> CreatedClient:
    """Register an app; its secret is in the returned value and nowhere else. ``scopes`` is a space-separated list.

    Raises ``WorkspaceNotFound``, ``InvalidScope`` or ``InvalidInput``.
    """
    workspace = await get_workspace(uow, workspace_id=workspace_id)
    row = await uow.first(
        sa.insert(clients)
        .values(
            id=uow.new_id("client"),
            workspace_id=workspace.id,
            name=policy.checked_name(name),
            mode=mode.value,
            scopes=list(parse_scopes(scopes) if scopes is not None else DEFAULT_SCOPES),
            redirect_uris=list(policy.checked_redirect_uris(redirect_uris)),
            allowed_origins=list(policy.checked_origins(allowed_origins)),
            require_client_headers=False,
            created_at=uow.now,
        )
        .returning(clients)
    )
    client = _client(row)
    secret = await _add_secret(uow, client.id)
    await _record(uow, "client.created", client, actor)
    return CreatedClient(client=client, client_secret=secret)


async def authenticate_client(uow: Uow, *, client_id: str, client_secret: str) -> Client:
    """Return the client whose credentials these are; raise ``InvalidClient``, saying no more than needed."""
    row = await uow.first(
        sa.select(clients)
        .join(client_secrets, client_secrets.c.client_id == clients.c.id)
        .where(
            clients.c.id == client_id,
            client_secrets.c.secret_hash.in_(uow.hashes(client_secret)),
            client_secrets.c.retired_at.is_(None),
        )
    )
    if row is None:
        raise InvalidClient
    client = _client(row)
    if client.is_suspended:
        message = "This client is suspended. Ask the operator of this service to resume it."
        raise InvalidClient(message)
    return client


async def get_client(uow: Uow, *, client_id: str) -> Client:
    """Return a client; raise ``ClientNotFound``."""
    return _client(await uow.first(sa.select(clients).where(clients.c.id == client_id)))


async def list_clients(uow: Uow) -> list[Client]:
    """Return every client, oldest first."""
    return [_client(row) for row in await uow.all(sa.select(clients).order_by(clients.c.id))]


async def has_clients(uow: Uow, *, workspace_id: str) -> bool:
    """Whether any client belongs to a workspace."""
    return await uow.first(sa.select(clients.c.id).where(clients.c.workspace_id == workspace_id)) is not None


async def update_client(
    uow: Uow,
    *,
    client_id: str,
    name: str | None = None,
    redirect_uris: Sequence[str] | None = None,
    allowed_origins: Sequence[str] | None = None,
    scopes: str | None = None,
    require_client_headers: bool | None = None,
) -> Client:
    """Change what is given and leave the rest; return the client as it is now."""
    changes: dict[str, object] = {}
    if name is not None:
        changes["name"] = policy.checked_name(name)
    if redirect_uris is not None:
        changes["redirect_uris"] = list(policy.checked_redirect_uris(redirect_uris))
    if allowed_origins is not None:
        changes["allowed_origins"] = list(policy.checked_origins(allowed_origins))
    if scopes is not None:
        changes["scopes"] = list(parse_scopes(scopes))
    if require_client_headers is not None:
        changes["require_client_headers"] = require_client_headers
    if not changes:
        return await get_client(uow, client_id=client_id)
    return await _change(uow, client_id, "client.updated", changes, details={"fields": sorted(changes)})


async def set_mode(uow: Uow, *, client_id: str, mode: Mode) -> Client:
    """Move a client to sandbox or production."""
    return await _change(
        uow, client_id, "client.mode_set", {"mode": mode.value}, details={"mode": mode.value}
    )


async def suspend_client(uow: Uow, *, client_id: str) -> Client:
    """Refuse the client and every token made for it from the next call on."""
    uow.emit(ClientSuspended(client_id=client_id))
    return await _change(uow, client_id, "client.suspended", {"suspended_at": uow.now})


async def resume_client(uow: Uow, *, client_id: str) -> Client:
    """Undo ``suspend_client``."""
    uow.emit(ClientResumed(client_id=client_id))
    return await _change(uow, client_id, "client.resumed", {"suspended_at": None})


async def cut_tokens(uow: Uow, *, client_id: str) -> Client:
    """Refuse every access, public and link token that was made for the client by now, in one write: they have leaked.

    Grants stand; a token that is made some seconds from now (``CUT_MARGIN``) works.
    """
    return await _change(uow, client_id, "client.tokens_cut", {"tokens_cut_at": uow.now + policy.CUT_MARGIN})


async def rotate_secret(uow: Uow, *, client_id: str, keep_previous: bool = True) -> str:
    """Return a new secret. The previous one stays valid until the next rotation, unless told otherwise."""
    # Locked, so that two rotations at once do not leave three live secrets.
    client = _client(await uow.first(sa.select(clients).where(clients.c.id == client_id).with_for_update()))
    live = (
        sa.select(client_secrets.c.id)
        .where(client_secrets.c.client_id == client_id, client_secrets.c.retired_at.is_(None))
        .order_by(client_secrets.c.created_at.desc(), client_secrets.c.id.desc())
        .limit(_LIVE_SECRETS - 1 if keep_previous else 0)
    )
    await uow.execute(
        sa.update(client_secrets)
        .where(
            client_secrets.c.client_id == client_id,
            client_secrets.c.retired_at.is_(None),
            client_secrets.c.id.not_in(live),
        )
        .values(retired_at=uow.now)
    )
    secret = await _add_secret(uow, client.id)
    await _record(uow, "client.secret_rotated", client, _OPERATOR, details={"kept_previous": keep_previous})
    return secret


async def is_registered_origin(uow: Uow, *, origin: str) -> bool:
    """Whether any client that is not suspended has registered this origin."""
    row = await uow.first(
        sa.select(clients.c.id)
        .where(clients.c.allowed_origins.contains([origin]), clients.c.suspended_at.is_(None))
        .limit(1)
    )
    return row is not None


async def _add_secret(uow: Uow, client_id: str) -> str:
    secret = uow.new_token("secret")
    await uow.execute(
        sa.insert(client_secrets).values(
            id=uow.new_id("cs"),
            client_id=client_id,
            secret_hash=uow.hash(secret),
            key_id=uow.key_id,
            created_at=uow.now,
        )
    )
    return secret


async def _change(
    uow: Uow,
    client_id: str,
    action: str,
    changes: Mapping[str, object],
    *,
    details: Mapping[str, object] | None = None,
) -> Client:
    row = await uow.first(
        sa.update(clients).where(clients.c.id == client_id).values(**changes).returning(clients)
    )
    client = _client(row)
    await _record(uow, action, client, _OPERATOR, details=details)
    return client


async def _record(
    uow: Uow, action: str, client: Client, actor: Actor, *, details: Mapping[str, object] | None = None
) -> None:
    await audit.record(
        uow,
        action=action,
        actor=actor,
        subject=client.id,
        workspace_id=client.workspace_id,
        client_id=client.id,
        details=details,
    )


def _client(row: sa.Row[tuple[object, ...]] | None) -> Client:
    if row is None:
        raise ClientNotFound
    return Client(
        id=row.id,
        workspace_id=row.workspace_id,
        name=row.name,
        mode=Mode(row.mode),
        scopes=tuple(row.scopes),
        redirect_uris=tuple(row.redirect_uris),
        allowed_origins=tuple(row.allowed_origins),
        require_client_headers=row.require_client_headers,
        created_at=row.created_at,
        is_suspended=row.suspended_at is not None,
        tokens_cut_at=row.tokens_cut_at,
    )
