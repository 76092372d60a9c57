"""Connected accounts in tests: people who may connect, chains that say what a test wants, and exact readings."""

import asyncio
import json
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import sqlalchemy as sa

from kryptos.domains.clients import Mode
from kryptos.infra.database import Uow
from kryptos.kernel.amount import Amount
from kryptos.kernel.errors import KryptosError
from kryptos.providers.contracts import (
    AssetRef,
    Balance,
    Balances,
    Direction,
    Movement,
    ProviderTransaction,
    Standard,
    TransactionPage,
)
from tests.support.app import App
from tests.support.journey import data_of, sign_in

ADDRESS = "0x00000000219ab540356cBB839Cbe05303d7705Fa"
OTHER_ADDRESS = "0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2"
TYPED = "0x47c2e31e9ce22437bcf6313d2b9e98245a7bfcfa"
TYPED_SPELLINGS = (
    TYPED,
    TYPED.upper().replace("0X", "0x"),
    f"  {TYPED}\n",
    "0x47C2E31e9cE22437BcF6313d2b9e98245A7Bfcfa",
)
BITCOIN_ADDRESS = "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)

ETHER = AssetRef("ethereum", Standard.NATIVE, None, "ETH", "Ether", 18)
USDC = AssetRef(
    "ethereum", Standard.ERC20, "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48", "USDC", "USD Coin", 6
)
OBSCURE = AssetRef(
    "ethereum", Standard.ERC20, "0x1111111111111111111111111111111111111111", "OBSC", "Obscure", 18
)
LURE = AssetRef(
    "ethereum",
    Standard.ERC20,
    "0x2222222222222222222222222222222222222222",
    "FREE",
    "Visit free-usdc.com",
    18,
)
PICTURE = AssetRef(
    "ethereum", Standard.ERC721, "0x3333333333333333333333333333333333333333", "PIC", "Picture", 0
)


def holds(asset: AssetRef, quantity: str) -> Balance:
    """Return that so much is held."""
    return Balance(asset, Amount(quantity))


def moved(direction: Direction, asset: AssetRef, quantity: str, key: str = "") -> Movement:
    """Return one movement of value."""
    return Movement(
        key or f"{direction.value}:{asset.symbol}", direction, asset, Amount(quantity), OTHER_ADDRESS
    )


def happened(number: int, *movements: Movement, has_failed: bool = False) -> ProviderTransaction:
    """Return the transaction of this number: one an hour, one a block."""
    return ProviderTransaction(
        id=f"0x{number:064x}",
        height=number,
        at=BEGAN + timedelta(hours=number),
        has_failed=has_failed,
        movements=movements,
    )


@dataclass
class ToyChain:
    """Reads a chain that is what its fields say; whoever asks is noted, and waits while ``gate`` is closed."""

    items: tuple[Balance, ...] = ()
    history: tuple[ProviderTransaction, ...] = ()
    page_size: int = 2
    error: KryptosError | None = None
    gaps: tuple[str, ...] = ()
    is_used: bool = True
    waits_at: str | None = None
    """The question, by its beginning, that is answered only once ``gate`` opens."""
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once the question of ``waits_at`` was asked."""
    asked: list[str] = field(default_factory=list)

    def normalise_address(self, text: str) -> str:
        """Return the address as it is."""
        return text

    async def has_activity(self, address: str) -> bool:
        """Whether it was used."""
        await self._ask(f"activity {address}")
        return self.is_used

    async def balances(self, address: str, *, known_contracts: Collection[str] = ()) -> Balances:
        """Return what is held."""
        await self._ask(f"balances {address} {sorted(known_contracts)}")
        return Balances(height=len(self.history), items=self.items, gaps=self.gaps)

    async def transactions(self, address: str, *, cursor: str | None) -> AsyncIterator[TransactionPage]:
        """Give history page by page; the cursor is how many were given."""
        start = int(cursor or 0)
        while True:
            await self._ask(f"transactions {address} from {start}")
            given = self.history[start : start + self.page_size]
            start += len(given)
            is_last = start >= len(self.history)
            yield TransactionPage(given, cursor=str(start), is_last=is_last)
            if is_last:
                return

    async def _ask(self, question: str) -> None:
        self.asked.append(question)
        if self.waits_at is not None and question.startswith(self.waits_at):
            self.reached.set()
            await self.gate.wait()
        if self.error is not None:
            raise self.error


def use_chains(app: App, **chains: ToyChain) -> None:
    """Let toy chains stand for real ones; every other chain stays what it is."""
    registry = app.services.registry
    real_adapter, real_probe = registry.adapter, registry.probe

    def adapter(chain_id: str, **how: Any) -> Any:
        return chains.get(chain_id) or real_adapter(chain_id, **how)

    def probe(chain_id: str, **how: Any) -> Any:
        return chains.get(chain_id) or real_probe(chain_id, **how)

    registry.adapter = adapter  # type: ignore[method-assign]
    registry.probe = probe  # type: ignore[method-assign]


@dataclass
class Person:
    """Somebody in a running session of an app, with consent given; with access once it was completed."""

    app: App
    client: dict[str, str]
    token: str
    access_token: str = ""
    user_id: str = ""
    workspace_id: str = ""
    grant_id: str = ""

    async def connect(self, **account: Any) -> httpx.Response:
        """Connect an account."""
        return await self.app.widget(self.token, "integrations", account)

    async def connected(self, **account: Any) -> str:
        """Connect an account, which must succeed, and return its wallet id."""
        return str(data_of(await self.connect(**account))["wallet_id"])

    async def widget_get(self, path: str) -> httpx.Response:
        """GET a path below ``/link-token``."""
        return await self.app.http.get(f"/link-token/{path}", headers=self.app.person(self.token))

    async def status(self, wallet_id: str) -> dict[str, Any]:
        """Return how a connection stands."""
        return data_of(await self.widget_get(f"integrations/{wallet_id}/status"))

    async def listed(self) -> list[str]:
        """Return the wallet ids of what is connected."""
        found = data_of(await self.widget_get("integrations"))
        return [each["wallet_id"] for each in found["integrations"]]

    async def remove(self, wallet_id: str) -> httpx.Response:
        """Take a connection back."""
        return await self.app.http.delete(
            f"/link-token/integrations/{wallet_id}", headers=self.app.person(self.token)
        )

    async def get(self, path: str, **query: Any) -> httpx.Response:
        """GET a path of the Data API."""
        return await self._get(path, query, {})

    async def get_unless(self, path: str, *tags: str) -> httpx.Response:
        """GET a path of the Data API unless it is known under one of these tags."""
        return await self._get(path, {}, {"If-None-Match": ", ".join(tags)})

    async def _get(self, path: str, query: dict[str, Any], headers: dict[str, str]) -> httpx.Response:
        return await self.app.http.get(
            path if path.startswith("/") else f"/api/v1/{path}",
            params=query,
            headers={"Authorization": f"Bearer {self.access_token}", **headers},
        )

    async def read(self, path: str, **query: Any) -> dict[str, Any]:
        """GET a path of the Data API, which must succeed; every number with a point is a ``Decimal``."""
        reply = await self.get(path, **query)
        assert reply.status_code == 200, reply.text
        return exactly(reply)

    async def resync(self, wallet_id: str, mode: str = "latest", **fields: Any) -> httpx.Response:
        """Ask for an account to be read again."""
        body = {"user_id": self.user_id, "mode": mode, **fields}
        return await self.app.post(f"/developer/integrations/{wallet_id}/resync", body, self.client)

    async def resume(self, **fields: Any) -> "Person":
        """Return the same person in a session that continues the grant."""
        token = await self.app.link_token(self.client, access_token=self.access_token, **fields)
        return Person(self.app, self.client, token, self.access_token, self.user_id, self.workspace_id)


async def make_client(app: App, name: str = "Other app", mode: Mode = Mode.SANDBOX) -> dict[str, str]:
    """Register a client and return its credentials."""
    created = await app.create_client(name, mode=mode)
    return {"X-Client-Id": created.client.id, "X-Client-Secret": created.client_secret}


async def arrive(
    app: App, client: dict[str, str] | None = None, *, email: str | None = None, workspace_id: str = ""
) -> Person:
    """Return somebody who has consented: a guest, or who reads the mail of an address."""
    client = client or app.client_headers
    token = await app.link_token(client)
    if email is None:
        data_of(await app.widget(token, "auth/anonymous"))
    else:
        await sign_in(app, token, email)
        app.clock.advance(minutes=16)  # so that a code may be asked for again
    if workspace_id:
        await app.widget(token, "workspace", {"workspace_id": workspace_id})
    data_of(await app.widget(token, "consent", {"approved": True}))
    return Person(app, client, token)


async def settle_in(
    app: App, client: dict[str, str] | None = None, *, email: str | None = None, workspace_id: str = ""
) -> Person:
    """Return somebody with access, in a session that continues it."""
    person = await arrive(app, client, email=email, workspace_id=workspace_id)
    public_token = data_of(await app.widget(person.token, "complete"))["public_token"]
    access = data_of(await app.post("/token/exchange", {"public_token": public_token}, person.client))
    token = data_of(await app.post("/link-token", {"access_token": access["access_token"]}, person.client))
    return Person(
        app,
        person.client,
        token["link_token"],
        access["access_token"],
        token["user_id"],
        access["workspace_id"],
        access["grant_id"],
    )


def exactly(reply: httpx.Response) -> dict[str, Any]:
    """Return a body with every number as it was written."""
    return dict(json.loads(reply.text, parse_float=Decimal))


async def execute(app: App, statement: str, **values: object) -> None:
    """Change rows as something that no endpoint offers would."""

    async def work(uow: Uow) -> None:
        await uow.execute(sa.text(statement).bindparams(**values))

    await app.services.database.execute(work)


def key_paths(value: object, *, free: Collection[str] = (), at: str = "") -> set[str]:
    """Return every path of keys in a JSON value: ``data[].asset.symbol``; ``free`` are maps with keys of their own."""
    if isinstance(value, list):
        return set().union(*(key_paths(each, free=free, at=f"{at}[]") for each in value), set())
    if not isinstance(value, dict) or at in free:
        return set()
    paths = {f"{at}.{key}".lstrip(".") for key in value}
    return paths.union(
        *(key_paths(each, free=free, at=f"{at}.{key}".lstrip(".")) for key, each in value.items())
    )
