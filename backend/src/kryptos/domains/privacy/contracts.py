"""Values of privacy that cross its border."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeVar

from kryptos.infra.database import Uow

Result = TypeVar("Result")


class Transactions(Protocol):
    """Anything that runs work in a transaction of its own: ``Database``."""

    async def execute(self, work: Callable[[Uow], Awaitable[Result]]) -> Result:
        """Run ``work`` in one transaction and return its result."""


class Reason(StrEnum):
    """Why somebody is erased."""

    PERSON = "person"
    """They asked for it themselves."""
    OPERATOR = "operator"
    """They asked the operator."""
    FORSAKEN_GUEST = "forsaken_guest"
    """A guest of whom no app may read anything any more."""


class ErasureState(StrEnum):
    """How far an erasure has come."""

    WAITING = "waiting"
    ERASING = "erasing"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class RequestedErasure:
    """An erasure that was just asked for. ``key`` opens its state and its proof, and is shown this once."""

    id: str
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Erasure:
    """An erasure as whoever holds its key sees it: how many rows of what are gone, and the proof once all are."""

    id: str
    state: ErasureState
    requested_at: datetime
    finished_at: datetime | None
    counts: Mapping[str, int]
    proof: Mapping[str, object] | None
