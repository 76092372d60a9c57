"""Facts that grants tell."""

from typing import ClassVar

from kryptos.infra.database import Event


class GrantActivated(Event, frozen=True):
    """A grant was given or renewed."""

    name: ClassVar[str] = "grant.activated"
    grant_id: str
    client_id: str
    user_id: str
    workspace_id: str


class GrantRevoked(Event, frozen=True):
    """A grant ended; its tokens are dead from the next call on."""

    name: ClassVar[str] = "grant.revoked"
    grant_id: str
    client_id: str
    user_id: str
    workspace_id: str
