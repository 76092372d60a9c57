"""Wire shapes of connecting accounts, and how they are filled."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from kryptos.domains.integrations import Integration, StageLog
from kryptos.domains.sync import ConnectionTest
from kryptos.surfaces.http.sync_words import INTEGRATION_WORDS, STAGE_WORDS, IntegrationWord, StageWord
from kryptos.surfaces.http.wire import instant

_OUTLINE_SIGNS = 16
Text = Annotated[str, msgspec.Meta(max_length=200)]


class DetectIn(msgspec.Struct, kw_only=True):
    """A public address; never a private key."""

    address: Text


class DetectedChainOut(msgspec.Struct, kw_only=True):
    """A chain; ``chain_id`` is that of EIP-155 where it has one."""

    id: str
    name: str
    chain_id: int | None
    logo: str | None


class DetectedOut(msgspec.Struct, kw_only=True):
    """Where an address was used; about the ``unreachable`` nothing is known."""

    address: str
    chains: list[DetectedChainOut]
    unreachable: list[DetectedChainOut]
    looked: int


class TestIn(msgspec.Struct, kw_only=True):
    """An account; in the sandbox a ``persona`` stands for one."""

    provider: Text
    address: Text | None = None
    persona: Text | None = None
    chains: list[Text] | None = None


class ProofIn(msgspec.Struct, kw_only=True):
    """What a wallet signed: its text, and the signature as hexadecimal with ``0x`` (EVM) or base64 (Solana)."""

    message: Annotated[str, msgspec.Meta(max_length=4096)]
    signature: Annotated[str, msgspec.Meta(max_length=300)]


class ConnectIn(msgspec.Struct, kw_only=True):
    """An account and what to call it; in the sandbox a ``persona`` stands for an address."""

    provider: Text
    address: Text | None = None
    persona: Text | None = None
    chains: list[Text] | None = None
    alias: Text | None = None
    proof: ProofIn | None = None


class TestOut(msgspec.Struct, kw_only=True):
    """How a test stands; ``active_chains`` are those on which the address was used before."""

    test_id: str
    status: Literal["pending", "passed", "failed"]
    active_chains: list[str]
    code: str | None
    message: str | None


class StageOut(msgspec.Struct, kw_only=True):
    """How a stage stands; ``chains_done`` of ``chains_total`` have been read."""

    name: str
    status: StageWord
    code: str | None
    message: str | None
    chains_done: int
    chains_total: int


class ConnectedOut(msgspec.Struct, kw_only=True):
    """A connected account and how far reading it has come."""

    wallet_id: str
    provider: str
    address: str | None
    chains: list[str]
    alias: str | None
    persona: str | None
    status: IntegrationWord
    code: str | None
    message: str | None
    stages: list[StageOut]
    total_transactions: int
    added_at: datetime
    last_synced_at: datetime | None
    is_ownership_proven: bool


class ConnectionsOut(msgspec.Struct, kw_only=True):
    """Connected accounts, the oldest first; before consent shortened, without name and progress."""

    integrations: list[ConnectedOut]


def connected_out(integration: Integration) -> ConnectedOut:
    """Return a connected account."""
    return ConnectedOut(
        wallet_id=integration.id,
        provider=integration.provider,
        address=integration.address,
        chains=list(integration.chains),
        alias=integration.alias,
        persona=integration.persona,
        status=INTEGRATION_WORDS[integration.status],
        code=integration.code,
        message=integration.message,
        stages=[_stage(each) for each in integration.stages.values()],
        total_transactions=integration.total_transactions,
        added_at=instant(integration.added_at),
        last_synced_at=instant(integration.last_synced_at) if integration.last_synced_at else None,
        is_ownership_proven=integration.ownership_proven_at is not None,
    )


def outline_out(integration: Integration) -> ConnectedOut:
    """Return just enough of a connected account for its owner to recognise it."""
    address = integration.address or ""
    is_long = len(address) > _OUTLINE_SIGNS
    return msgspec.structs.replace(
        connected_out(integration),
        address=f"{address[:6]}…{address[-4:]}" if is_long else integration.address,
        alias=None,
        code=None,
        message=None,
        stages=[],
        total_transactions=0,
    )


def test_out(test: ConnectionTest) -> TestOut:
    """Return how a test stands."""
    return TestOut(
        test_id=test.id,
        status=test.state,
        active_chains=list(test.active_chains),
        code=test.code,
        message=test.message,
    )


def _stage(log: StageLog) -> StageOut:
    return StageOut(
        name=log.stage.value,
        status=STAGE_WORDS[log.status],
        code=log.code,
        message=log.message,
        chains_done=log.chains_done,
        chains_total=log.chains_total,
    )
