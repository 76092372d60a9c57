"""What happens on the journey."""

from typing import ClassVar

from kryptos.infra.database import Event


class ConnectionTestRequested(Event, frozen=True):
    """Somebody wants to know whether an account can be read before it is saved."""

    name: ClassVar[str] = "connection_test.requested"
    test_id: str
