"""Facts that privacy tells."""

from typing import ClassVar

from kryptos.infra.database import Event


class ErasureRequested(Event, frozen=True):
    """Somebody is to be erased; the worker does it."""

    name: ClassVar[str] = "erasure.requested"
    erasure_id: str
