"""What happens to connected accounts."""

from typing import ClassVar

from kryptos.infra.database import Event


class IntegrationConnected(Event, frozen=True):
    """An account was connected."""

    name: ClassVar[str] = "integration.connected"
    workspace_id: str
    integration_id: str
    user_id: str
    client_id: str | None


class IntegrationRemoved(Event, frozen=True):
    """A connection was removed, with everything that was read through it."""

    name: ClassVar[str] = "integration.removed"
    workspace_id: str
    integration_id: str


class SyncRequested(Event, frozen=True):
    """Somebody wants the account to be read now."""

    name: ClassVar[str] = "integration.sync_requested"
    integration_id: str


class SyncEnded(Event, frozen=True):
    """A sync ended, in success or not; ``status`` is one of ``Status``."""

    name: ClassVar[str] = "integration.sync_ended"
    workspace_id: str
    integration_id: str
    status: str
