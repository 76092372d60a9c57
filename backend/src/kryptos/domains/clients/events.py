"""What happens to clients."""

from typing import ClassVar

from kryptos.infra.database import Event


class ClientSuspended(Event, frozen=True):
    """A client and all its tokens are refused."""

    name: ClassVar[str] = "client.suspended"
    client_id: str


class ClientResumed(Event, frozen=True):
    """A client may work again."""

    name: ClassVar[str] = "client.resumed"
    client_id: str
