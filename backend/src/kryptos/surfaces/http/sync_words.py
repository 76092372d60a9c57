"""The contract's words for how a connection and its stages stand (K-259, C-13); the domain has its own."""

from typing import Literal

from kryptos.domains.integrations import StageStatus, Status

IntegrationWord = Literal["active", "ONGOING", "COMPLETED", "PARTIALLY SYNCED", "FAILED"]
StageWord = Literal["ONGOING", "COMPLETED", "PARTIALLY SYNCED", "FAILED", "NOT SUPPORTED"]

INTEGRATION_WORDS: dict[Status, IntegrationWord] = {
    Status.CONNECTED: "active",
    Status.QUEUED: "ONGOING",
    Status.ONGOING: "ONGOING",
    Status.COMPLETED: "COMPLETED",
    Status.PARTIALLY_SYNCED: "PARTIALLY SYNCED",
    Status.FAILED: "FAILED",
    Status.BROKEN: "FAILED",
}

STAGE_WORDS: dict[StageStatus, StageWord] = {
    StageStatus.WAITING: "ONGOING",
    StageStatus.ONGOING: "ONGOING",
    StageStatus.COMPLETED: "COMPLETED",
    StageStatus.PARTIAL: "PARTIALLY SYNCED",
    StageStatus.FAILED: "FAILED",
    StageStatus.NOT_SUPPORTED: "NOT SUPPORTED",
}
