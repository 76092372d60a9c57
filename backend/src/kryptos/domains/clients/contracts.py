"""Values of clients that cross its border."""

from dataclasses import dataclass, field
from datetime import datetime

from kryptos.kernel.mode import Mode

__all__ = ["Client", "CreatedClient", "Mode"]


@dataclass(frozen=True, slots=True)
class Client:
    """A developer's app."""

    id: str
    workspace_id: str
    name: str
    mode: Mode
    scopes: tuple[str, ...]
    redirect_uris: tuple[str, ...]
    allowed_origins: tuple[str, ...]
    require_client_headers: bool
    created_at: datetime
    is_suspended: bool
    tokens_cut_at: datetime | None = None

    def has_cut(self, created_at: datetime) -> bool:
        """Whether what was issued at an instant was cut off since: a leak was answered."""
        return self.tokens_cut_at is not None and created_at <= self.tokens_cut_at


@dataclass(frozen=True, slots=True)
class CreatedClient:
    """A new client and its secret, which is shown this once and stored only as a hash."""

    client: Client
    client_secret: str = field(repr=False)
