"""Values of integrations that cross its border."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from kryptos.domains.clients import Mode

Category = Literal["blockchain", "wallet", "exchange", "services"]


class Status(StrEnum):
    """Where a connection stands; each surface maps these seven to its own words (contract C-13)."""

    CONNECTED = "connected"
    """Never synced, and nothing has asked for it yet."""
    QUEUED = "queued"
    ONGOING = "ongoing"
    COMPLETED = "completed"
    PARTIALLY_SYNCED = "partially_synced"
    FAILED = "failed"
    BROKEN = "broken"
    """Syncing again is of no use: the person must repair it."""

    @property
    def is_at_work(self) -> bool:
        """Whether a sync runs or is about to."""
        return self in {Status.QUEUED, Status.ONGOING}


class Stage(StrEnum):
    """The parts of a sync, by their documented names (contract K-259)."""

    BALANCES = "Balances"
    DEFI = "Defi Balances"
    NFTS = "NFT Holdings"
    TRANSACTIONS = "Transactions"


CHAIN_STAGES = (Stage.BALANCES, Stage.TRANSACTIONS)
"""What the adapters of chains read; the other stages say that they are not supported."""


class StageStatus(StrEnum):
    """How a stage stands; ``PARTIAL`` has read what it says, and names what is missing."""

    WAITING = "waiting"
    ONGOING = "ongoing"
    COMPLETED = "completed"
    PARTIAL = "partial"
    FAILED = "failed"
    NOT_SUPPORTED = "not_supported"


@dataclass(frozen=True, slots=True)
class Finding:
    """How a stage went on one chain; ``message`` is a sentence for a person, ``code`` a stable word for a program."""

    status: StageStatus
    message: str | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class StageLog:
    """A stage of the last sync over all chains of a connection.

    ``succeeded_at`` is when everything of it was last read: the age of what is shown when it now fails.
    """

    stage: Stage
    status: StageStatus
    message: str | None
    code: str | None
    succeeded_at: datetime | None
    chains_done: int
    chains_total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Integration:
    """A connected account. ``address`` is in the canonical form of its family."""

    id: str
    workspace_id: str
    mode: Mode
    user_id: str
    client_id: str | None
    provider: str
    category: Category
    address: str | None
    chains: tuple[str, ...]
    alias: str | None
    persona: str | None
    """The test account it is, in the sandbox."""
    status: Status
    message: str | None
    code: str | None
    generation: int
    """Raised when everything is to be read again."""
    total_transactions: int
    added_at: datetime
    last_synced_at: datetime | None
    """End of the last sync that read everything or part of it."""
    ownership_proven_at: datetime | None = None
    """When the address's own key signed that it is the person's; None: nobody has."""
    paused_at: datetime | None = None
    """Since when it is not read, for no app may read it; None: it is read."""
    stages: Mapping[Stage, StageLog] = field(default_factory=dict)
    waiting: Mapping[str, tuple[Stage, ...]] = field(default_factory=dict)
    """Stages that the running sync has not ended yet, by chain."""

    def stages_left(self, chain_id: str) -> tuple[Stage, ...]:
        """Return what the running sync has still to read of a chain, in the order of reading."""
        return self.waiting.get(chain_id, ())


class Health(StrEnum):
    """How reading a chain's accounts went of late, over everybody's."""

    FINE = "fine"
    TROUBLED = "troubled"


@dataclass(frozen=True, slots=True)
class IntegrationPage:
    """A page of a workspace's connections, newest first, and how many there are in all."""

    items: tuple[Integration, ...]
    total_count: int
