"""Values that the audit log takes and gives."""

from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    """What kind of party acted."""

    CLIENT = "client"
    USER = "user"
    OPERATOR = "operator"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acted."""

    kind: ActorKind
    id: str | None = None


@dataclass(frozen=True, slots=True)
class ChainReport:
    """Outcome of recomputing one chain: ``broken_at`` is the first record whose hash does not follow, if any."""

    chain: str
    sealed: int
    broken_at: str | None
