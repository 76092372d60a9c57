"""Names of ENS: looked up at Ethereum's own contracts, on a fake node and on a real one; never guessed."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from kryptos.catalog import checksum_address
from kryptos.infra.http_client.client import HttpClient
from kryptos.kernel.mode import Mode
from kryptos.providers.chains.evm.names import (
    ADDR,
    EXTENDED_RESOLVER,
    REGISTRY,
    RESOLVER,
    SUPPORTS_INTERFACE,
    namehash,
)
from kryptos.providers.registry import (
    NameNotFound,
    NameNotSupported,
    NameUnreachable,
    Registry,
    resolve_name,
)
from tests.providers.evm.anvil import Anvil
from tests.support.clock import ManualClock

RESOLVER_AT = "0x" + "11" * 20
TARGET = checksum_address("0x00000000219ab540356cbb839cbe05303d7705fa")
REVERTED = {"code": 3, "message": "execution reverted", "data": "0x556f1830"}


def as_word(address: str) -> str:
    return "0x" + address[2:].lower().rjust(64, "0")


class FakeNode:
    """A node on which contracts answer as told; every other call of a contract gives nothing."""

    def __init__(self) -> None:
        self.answers: dict[tuple[str, str], object] = {}
        self.chain_id = "0x1"
        self.status = 200
        self.calls = 0
        self.clock = ManualClock()
        transport = httpx.MockTransport(self._answer)
        client = HttpClient(clock=self.clock, sleep=self._sleep, chance=bytes, transport=transport)
        nodes = {"KRYPTOS_RPC_ETHEREUM": "https://node.example"}
        self.registry = Registry(client, nodes, sandbox_nodes={})

    async def _sleep(self, seconds: float) -> None:
        self.clock.advance(seconds=seconds)

    def owns(self, name: str, resolver: str | None = RESOLVER_AT) -> None:
        """Let a name have a resolver, or the zero address for one."""
        data = (RESOLVER + namehash(name)).hex()
        self.answers[REGISTRY.lower(), data] = as_word(resolver or "0x" + "00" * 20)

    def stands_for(self, name: str, answer: object) -> None:
        """Let the resolver answer for a name."""
        self.answers[RESOLVER_AT, (ADDR + namehash(name)).hex()] = answer

    def is_extended(self, answer: object) -> None:
        """Let the resolver say whether it answers for names below (ENSIP-10)."""
        data = (SUPPORTS_INTERFACE + EXTENDED_RESOLVER.ljust(32, b"\0")).hex()
        self.answers[RESOLVER_AT, data] = answer

    async def resolve(self, name: str, mode: Mode = Mode.PRODUCTION) -> str:
        return (await resolve_name(self.registry, name, mode=mode)).address

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.calls += 1
        body = json.loads(request.content)
        items = [self._item(each) for each in (body if isinstance(body, list) else [body])]
        return httpx.Response(self.status, json=items if isinstance(body, list) else items[0])

    def _item(self, call: dict[str, Any]) -> dict[str, Any]:
        head = {"jsonrpc": "2.0", "id": call["id"]}
        if call["method"] == "eth_chainId":
            return {**head, "result": self.chain_id}
        asked = call["params"][0]
        answer = self.answers.get((asked["to"].lower(), asked["data"][2:]), as_word("0x" + "00" * 20))
        return {**head, "error": answer} if isinstance(answer, dict) else {**head, "result": answer}


@pytest.fixture
def fake() -> FakeNode:
    node = FakeNode()
    node.owns("alice.eth")
    node.stands_for("alice.eth", as_word(TARGET))
    return node


def test_the_hash_of_a_name() -> None:
    """The examples of ERC-137, section "namehash algorithm"."""
    assert namehash("") == bytes(32)
    assert namehash("eth").hex() == "93cdeb708b7545dc668eb9280176169d1c33cfd8ed6f04690a0bcc88a93fc4ae"
    assert namehash("foo.eth").hex() == "de9b09fd7c5f901e23a3f19fecc54828e9c848539801e86591bd9801b019f84f"


@pytest.mark.parametrize("text", ["alice.eth", "ALICE.eth", "  Alice.ETH\n"])
async def test_a_name_stands_for_an_address(fake: FakeNode, text: str) -> None:
    found = await resolve_name(fake.registry, text, mode=Mode.PRODUCTION)
    assert (found.name, found.address) == ("alice.eth", TARGET)


async def test_a_name_that_is_nobodys(fake: FakeNode) -> None:
    for name in ("bob.eth", "sub.bob.eth"):
        with pytest.raises(NameNotFound):
            await fake.resolve(name)


async def test_a_name_that_stands_for_nothing(fake: FakeNode) -> None:
    for answer in (as_word("0x" + "00" * 20), "0x"):
        fake.stands_for("alice.eth", answer)
        with pytest.raises(NameNotFound):
            await fake.resolve("alice.eth")


async def test_a_name_kept_elsewhere_is_not_said_to_be_nobodys(fake: FakeNode) -> None:
    """A resolver that sends its caller elsewhere (ERC-3668), and one that answers for the names below its own."""
    fake.stands_for("alice.eth", REVERTED)
    with pytest.raises(NameNotSupported, match="paste the address"):
        await fake.resolve("alice.eth")
    for name in ("pay.alice.eth", "a.b.alice.eth"):
        for answer, expected in (
            ("0x" + "1".rjust(64, "0"), NameNotSupported),
            ("0x" + "0" * 64, NameNotFound),
            (REVERTED, NameNotFound),
            ("0x", NameNotFound),
        ):
            fake.is_extended(answer)
            with pytest.raises(expected):
                await fake.resolve(name)


@pytest.mark.parametrize(
    "text",
    [
        "", "alice", ".eth", "alice.", "alice..eth", "ali ce.eth", "älice.eth", "alice_.eth", "alice。eth",
        "\u0430lice.eth",
        "\u212aate.eth", "xn--abc.eth", "alice.eth/", "🦊.eth", "a" * 64 + ".eth", ".".join(["a" * 60] * 5),
        "alice.eth\x00", TARGET,
    ],
)  # fmt: skip
async def test_names_that_are_not_looked_up(fake: FakeNode, text: str) -> None:
    with pytest.raises(NameNotSupported) as caught:
        await fake.resolve(text)
    assert "aste the address" in caught.value.message
    assert fake.calls == 0


async def test_the_sandbox_looks_up_no_name(fake: FakeNode) -> None:
    with pytest.raises(NameNotSupported, match="sandbox"):
        await fake.resolve("alice.eth", Mode.SANDBOX)
    assert fake.calls == 0


async def test_who_does_not_answer_says_nothing(fake: FakeNode) -> None:
    fake.status = 503
    with pytest.raises(NameUnreachable):
        await fake.resolve("alice.eth")


@pytest.mark.parametrize(
    "answer",
    [
        "0x1234",
        "0x" + "ff" * 32,
        "nonsense",
        None,
        {"code": -32000, "message": "I am tired"},
        "0x" + "00" * 64,
    ],
)
async def test_what_is_no_address_is_none(fake: FakeNode, answer: object) -> None:
    fake.stands_for("alice.eth", answer)
    with pytest.raises(NameUnreachable):
        await fake.resolve("alice.eth")


async def test_a_node_of_another_chain_is_not_believed(fake: FakeNode) -> None:
    fake.chain_id = "0x2"
    with pytest.raises(NameUnreachable):
        await fake.resolve("alice.eth")


async def test_without_a_node_nothing_is_known() -> None:
    client = HttpClient(clock=ManualClock(), sleep=asyncio.sleep, chance=bytes)
    registry = Registry(client, {"KRYPTOS_RPC_ETHEREUM": "none"}, sandbox_nodes={})
    with pytest.raises(NameUnreachable):
        await resolve_name(registry, "alice.eth", mode=Mode.PRODUCTION)
    await client.close()


# Gives the word that is stored under the first parameter of whatever it is asked:
# PUSH1 4, CALLDATALOAD, SLOAD, PUSH1 0, MSTORE, PUSH1 32, PUSH1 0, RETURN.
LOOKS_UP = "0x60043554600052602060 00f3".replace(" ", "")
REVERTS = "0x60006000fd"  # PUSH1 0, PUSH1 0, REVERT


async def test_on_a_real_node(node: Anvil) -> None:
    """Registry and resolver are a few instructions of our own, where ENS's stand."""
    for contract in (REGISTRY, RESOLVER_AT):
        node.rpc("anvil_setCode", contract, LOOKS_UP)
    closed = "0x" + "22" * 20
    node.rpc("anvil_setCode", closed, REVERTS)
    for name, resolver in (("alice.eth", RESOLVER_AT), ("bob.eth", closed), ("carol.eth", "0x" + "33" * 20)):
        node.rpc("anvil_setStorageAt", REGISTRY, "0x" + namehash(name).hex(), as_word(resolver))
    node.rpc("anvil_setStorageAt", RESOLVER_AT, "0x" + namehash("alice.eth").hex(), as_word(TARGET))
    client = HttpClient(clock=ManualClock(), sleep=asyncio.sleep, chance=bytes)
    registry = Registry(client, {"KRYPTOS_RPC_ETHEREUM": node.url}, sandbox_nodes={})
    found = await resolve_name(registry, "alice.eth", mode=Mode.PRODUCTION)
    assert found.address == TARGET
    for name, expected in (
        ("bob.eth", NameNotSupported),
        ("carol.eth", NameNotFound),
        ("dave.eth", NameNotFound),
    ):
        with pytest.raises(expected):
            await resolve_name(registry, name, mode=Mode.PRODUCTION)
    await client.close()
