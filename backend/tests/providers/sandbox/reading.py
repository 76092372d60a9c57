"""The real adapters over the sandbox's mounts, made from the catalogue as a server makes them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx

from kryptos.infra.http_client.client import HttpClient
from kryptos.kernel.amount import Amount
from kryptos.kernel.mode import Mode
from kryptos.providers.contracts import Balances, ChainAdapter, Direction, ProviderTransaction, Standard
from kryptos.providers.registry import Registry
from kryptos.providers.sandbox import SANDBOX_NODES
from kryptos.providers.sandbox.mounts import sandbox_mounts
from tests.support.clock import ManualClock


def client(mounts: Mapping[str, httpx.AsyncBaseTransport] | None = None) -> HttpClient:
    """Return a client to whom the network is closed but for the mounts; time moves by its own pauses alone."""
    clock = ManualClock(datetime(2026, 7, 1, tzinfo=UTC))

    async def sleep(seconds: float) -> None:
        clock.advance(seconds=seconds)

    def no_network(request: httpx.Request) -> httpx.Response:
        message = f"the network was asked for {request.url.host}"
        raise AssertionError(message)

    return HttpClient(
        clock=clock,
        sleep=sleep,
        chance=bytes,
        transport=httpx.MockTransport(no_network),
        mounts=sandbox_mounts() if mounts is None else mounts,
    )


def adapter(chain_id: str, http: HttpClient) -> ChainAdapter:
    """Return the adapter of a chain as the product gets it."""
    return Registry(http, {}, sandbox_nodes=SANDBOX_NODES).adapter(chain_id, mode=Mode.SANDBOX)


@dataclass(frozen=True)
class Account:
    """Everything that the stages of a sync give of an address."""

    balances: Balances
    transactions: tuple[ProviderTransaction, ...]
    gaps: tuple[str, ...]
    pages: int
    reads: int
    """How often history was asked for until it was whole."""
    cursor: str

    def held(self) -> dict[str, Amount]:
        """Return the balances that can be added up, by contract."""
        return {
            each.asset.contract or "native": each.quantity
            for each in self.balances.items
            if each.asset.standard not in {Standard.ERC721, Standard.ERC1155}
        }

    def added_up(self) -> dict[str, Amount]:
        """Return what came in less what went out, by contract, collectibles left out."""
        sums: dict[str, Amount] = {}
        for movement in (each for sent in self.transactions for each in sent.movements):
            if movement.asset.standard in {Standard.ERC721, Standard.ERC1155}:
                continue
            key = movement.asset.contract or "native"
            came = movement.direction is Direction.INCOMING
            sums[key] = sums.get(key, Amount(0)) + (movement.quantity if came else -movement.quantity)
        return {key: total for key, total in sums.items() if total}

    def symbols(self) -> set[str | None]:
        """Return the symbols of what is held."""
        return {each.asset.symbol for each in self.balances.items}


async def read_account(adapter: ChainAdapter, address: str) -> Account:
    """Read an address whole, as a sync does."""
    balances = await adapter.balances(address)
    transactions: list[ProviderTransaction] = []
    gaps = list(balances.gaps)
    cursor, pages, reads, is_last = None, 0, 0, False
    while not is_last:
        reads += 1
        async for page in adapter.transactions(address, cursor=cursor):
            transactions += page.transactions
            gaps += page.gaps
            cursor, is_last = page.cursor, page.is_last
            pages += 1
    assert cursor is not None
    return Account(balances, tuple(transactions), tuple(gaps), pages, reads, cursor)


async def ask(chain_id: str, body: object, *, seed: int = 1) -> object:
    """Send a body to an end as it is, and return the JSON that comes back."""
    async with httpx.AsyncClient(mounts=sandbox_mounts(seed=seed)) as http:
        response = await http.post(SANDBOX_NODES[chain_id], content=json.dumps(body))
    assert response.status_code == 200
    answer: object = response.json()
    return answer


async def result(chain_id: str, method: str, *params: object, seed: int = 1) -> object:
    """Return the result of one call; an error fails the test."""
    answer = await ask(chain_id, {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}, seed=seed)
    assert isinstance(answer, dict)
    assert "result" in answer, answer
    return answer["result"]


async def error_code(chain_id: str, method: str, *params: object) -> object:
    """Return the code of the error that a call is answered with."""
    answer = await ask(chain_id, {"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
    assert isinstance(answer, dict)
    return answer["error"]["code"]
