"""Developer apps: secrets, redirect URIs, origins, scopes and mode."""

from kryptos.domains.clients.contracts import Client, CreatedClient, Mode
from kryptos.domains.clients.errors import ClientNotFound, InvalidClient, InvalidScope
from kryptos.domains.clients.events import ClientResumed, ClientSuspended
from kryptos.domains.clients.scopes import DEFAULT_SCOPES, SCOPES, covers, parse_scopes, requested_scopes
from kryptos.domains.clients.service import (
    authenticate_client,
    create_client,
    cut_tokens,
    get_client,
    has_clients,
    is_registered_origin,
    list_clients,
    resume_client,
    rotate_secret,
    set_mode,
    suspend_client,
    update_client,
)

__all__ = [
    "DEFAULT_SCOPES",
    "SCOPES",
    "Client",
    "ClientNotFound",
    "ClientResumed",
    "ClientSuspended",
    "CreatedClient",
    "InvalidClient",
    "InvalidScope",
    "Mode",
    "authenticate_client",
    "covers",
    "create_client",
    "cut_tokens",
    "get_client",
    "has_clients",
    "is_registered_origin",
    "list_clients",
    "parse_scopes",
    "requested_scopes",
    "resume_client",
    "rotate_secret",
    "set_mode",
    "suspend_client",
    "update_client",
]
