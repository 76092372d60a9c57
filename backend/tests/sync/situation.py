"""A person in production whose accounts are read from local ends, and what is kept of it in a form that compares."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from kryptos.domains.clients import Mode
from kryptos.infra.http_client.client import HttpClient
from kryptos.infra.settings import Settings
from kryptos.providers.registry import Registry
from kryptos.providers.sandbox import SANDBOX_NODES
from kryptos.surfaces.worker.jobs import Workshop
from kryptos.surfaces.worker.syncing import RequestDueSyncs, request_due_syncs
from tests.providers.evm.reading import Patience
from tests.support.app import App
from tests.support.connecting import Person, make_client, settle_in
from tests.support.journey import rows
from tests.support.workshop import settle, workshop_of

Kept = dict[str, Any]
NODE = "http://node.test/secret-key"


@dataclass
class Situation:
    """Somebody with access, and a worker of its own: ``workshop`` reaches only the ends given to it."""

    app: App
    person: Person
    workshop: Workshop
    patience: Patience

    async def connect(self, address: str, provider: str = "ethereum", **account: Any) -> str:
        """Connect an account, read it, and return its wallet id."""
        wallet_id = await self.person.connected(provider=provider, address=address, **account)
        await settle(self.app, self.workshop)
        return wallet_id

    async def sync_when_due(self, wallet_id: str) -> None:
        """Let time pass until the next sync of an account is due, and read what is due then."""
        (row,) = await rows(self.app, "SELECT next_sync_at FROM integrations WHERE id = $1", wallet_id)
        pause = (row["next_sync_at"] - self.app.clock.now()).total_seconds()
        self.app.clock.advance(seconds=max(0, pause))
        await request_due_syncs(self.workshop.reading, RequestDueSyncs())
        await settle(self.app, self.workshop)

    async def resync(self, wallet_id: str, mode: str = "latest") -> None:
        """Ask for an account to be read again, as an app does, and read it."""
        reply = await self.person.resync(wallet_id, mode)
        assert reply.is_success, reply.text
        await settle(self.app, self.workshop)

    async def next_sync_at(self, wallet_id: str) -> datetime:
        """Return when the next sync of an account is due."""
        (row,) = await rows(self.app, "SELECT next_sync_at FROM integrations WHERE id = $1", wallet_id)
        due: datetime = row["next_sync_at"]
        return due

    async def status(self, wallet_id: str) -> dict[str, Any]:
        """Return how an account stands; in a session of its own, for those before may have run out of time."""
        return await (await self.person.resume()).status(wallet_id)

    async def stages(self, wallet_id: str) -> dict[str, str]:
        """Return how the stages that are read stand, in the contract's words."""
        found = await self.status(wallet_id)
        return {each["name"]: each["status"] for each in found["stages"] if each["status"] != "NOT SUPPORTED"}


def workshop_over(
    app: App,
    upstreams: Mapping[str, str],
    mounts: Mapping[str, httpx.AsyncBaseTransport] | None = None,
    *,
    settings: Settings | None = None,
) -> tuple[Workshop, Patience]:
    """Return what a worker works with that reaches only these ends; it waits in no time, by the app's clock."""
    patience = Patience(app.clock)
    http = HttpClient(clock=app.clock, sleep=patience, chance=bytes, mounts=mounts)
    registry = Registry(http, upstreams, sandbox_nodes=SANDBOX_NODES)
    workshop = workshop_of(app.services.database, registry=registry, settings=settings)
    return workshop, patience


async def situation(
    app: App,
    upstreams: Mapping[str, str],
    mounts: Mapping[str, httpx.AsyncBaseTransport] | None = None,
    *,
    settings: Settings | None = None,
) -> Situation:
    """Return somebody new in production, and a worker over these ends."""
    person = await settle_in(app, await make_client(app, mode=Mode.PRODUCTION))
    workshop, patience = workshop_over(app, upstreams, mounts, settings=settings)
    return Situation(app, person, workshop, patience)


def node_alone(chain_id: str, url: str = NODE) -> dict[str, str]:
    """Return the variables that name one node of an EVM chain, and nobody else who could be asked about it."""
    end = chain_id.upper().replace("-", "_")
    return {
        f"KRYPTOS_RPC_{end}": url,
        f"KRYPTOS_BLOCKSCOUT_{end}": "none",
        f"KRYPTOS_ROUTESCAN_{end}": "none",
    }


async def over_node(app: App, transport: httpx.AsyncBaseTransport, chain_id: str = "ethereum") -> Situation:
    """Return somebody whose accounts on one chain are read from one node inside this process."""
    return await situation(app, node_alone(chain_id), {"http://node.test": transport})


async def kept_of(app: App, wallet_id: str) -> Kept:
    """Return what is kept of an account, but for what differs between two readings of the same: ids, times, prices."""
    found = await rows(app, "SELECT * FROM transactions WHERE integration_id = $1", wallet_id)
    name_of = {row["id"]: row["platform_id"] for row in found}
    left_out = {
        "id",
        "workspace_id",
        "integration_id",
        "generation",
        "price_sought_at",
        "is_missing_price",
        "legs",
    }
    entries = await rows(app, "SELECT * FROM ledger_entries WHERE integration_id = $1", wallet_id)
    held = await rows(
        app,
        "SELECT asset_id, chain_id, mode, quantity FROM balances WHERE integration_id = $1 ORDER BY 1",
        wallet_id,
    )
    (counted,) = await rows(app, "SELECT total_transactions FROM integrations WHERE id = $1", wallet_id)
    assert len(name_of) == len(set(name_of.values())), "a transaction is kept twice"
    return {
        "transactions": sorted(
            (
                {
                    **{name: value for name, value in row.items() if name not in left_out},
                    "legs": _legs(row["legs"]),
                }
                for row in found
            ),
            key=lambda row: str(row["platform_id"]),
        ),
        "entries": sorted(
            (name_of[row["transaction_id"]], row["key"], row["asset_id"], row["direction"], row["quantity"])
            for row in entries
        ),
        "balances": held,
        "counted": counted["total_transactions"],
    }


def _legs(raw: bytes) -> list[dict[str, Any]]:
    legs: list[dict[str, Any]] = json.loads(raw)
    for leg in legs:
        leg.pop("price", None)
    return legs


async def read_afresh(app: App, transport: httpx.AsyncBaseTransport, address: str) -> Kept:
    """Return what somebody else would have who connects the account now, at a node without faults."""
    other = await over_node(app, transport)
    wallet_id = await other.connect(address)
    found = await other.status(wallet_id)
    assert found["status"] == "COMPLETED", found
    return await kept_of(app, wallet_id)
