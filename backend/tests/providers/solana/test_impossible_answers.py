"""Answers, lists and cursors that cannot be: refused with the name of the node, and nothing is kept of them."""

import copy
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from kryptos.providers.chains.solana import SolanaLimits
from kryptos.providers.contracts import CouldNotLook
from tests.providers.solana.node import Node
from tests.providers.solana.reading import AT_ONCE, SMALL, KeptLedger, adapter_of
from tests.providers.solana.story import Story

Spoiled = Callable[[Any], object]


def set_at(*path: str | int, to: object) -> Spoiled:
    """Return a function that changes one place of an answer."""

    def spoil(result: Any) -> object:
        result = copy.deepcopy(result)
        place = result
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = to
        return result

    return spoil


SPOILED: dict[str, tuple[str, Spoiled]] = {
    "another slot": ("getTransaction", set_at("slot", to=5)),
    "no signature": ("getTransaction", set_at("transaction", "signatures", to=[])),
    "another signature": ("getTransaction", set_at("transaction", "signatures", 0, to="1" * 64)),
    "too few balances": ("getTransaction", set_at("meta", "preBalances", to=[1])),
    "a fraction": ("getTransaction", set_at("meta", "postBalances", 0, to=1.5)),
    "a fee below zero": ("getTransaction", set_at("meta", "fee", to=-1)),
    "no accounts": ("getTransaction", set_at("transaction", "message", "accountKeys", to=[])),
    "an account out of the list": (
        "getTransaction",
        set_at(
            "meta",
            "postTokenBalances",
            to=[{"accountIndex": 99, "mint": "1" * 32, "uiTokenAmount": {"amount": "1", "decimals": 0}}],
        ),
    ),
    "no transaction": ("getTransaction", lambda _: "hi"),
    "signatures from the oldest on": ("getSignaturesForAddress", lambda rows: rows[::-1]),
    "signatures twice": ("getSignaturesForAddress", lambda rows: rows + rows),
    "no list": ("getSignaturesForAddress", lambda _: {}),
    "no signatures": ("getSignaturesForAddress", lambda rows: [{"slot": 1} for _ in rows]),
    "a slot below zero": ("getSlot", lambda _: -1),
    "a text for a slot": ("getSlot", str),
    "a balance below zero": ("getBalance", set_at("value", to=-1)),
    "a balance too exact": ("getBalance", set_at("value", to=0.5)),
    "no context": ("getBalance", lambda result: result["value"]),
    "tokens of somebody else": (
        "getTokenAccountsByOwner",
        set_at("value", 0, "account", "data", "parsed", "info", "owner", to="1" * 32),
    ),
    "a number for units": (
        "getTokenAccountsByOwner",
        set_at("value", 0, "account", "data", "parsed", "info", "tokenAmount", "amount", to=7),
    ),
    "too few accounts": ("getMultipleAccounts", set_at("value", to=[])),
    "no genesis": ("getGenesisHash", lambda _: None),
}


@pytest.mark.parametrize("name", SPOILED)
async def test_answer_that_cannot_be_is_refused(story: Story, node: Node, name: str) -> None:
    method, spoil = SPOILED[name]
    good = Node(story.cluster)

    def interfere(call: Mapping[str, Any]) -> dict[str, object] | None:
        if call["method"] != method:
            return None
        return {"result": spoil(getattr(good, f"_{method}")(*call["params"]))}

    node.interfere = interfere
    with pytest.raises(CouldNotLook, match="Solana node-0"):
        await KeptLedger().sync(adapter_of(node), story.address)


@pytest.mark.parametrize("limits", [AT_ONCE, SMALL])
async def test_node_that_ignores_where_to_go_on_is_refused(
    story: Story, node: Node, limits: SolanaLimits
) -> None:
    good = Node(story.cluster, most_rows=1 if limits is SMALL else 1_000)

    def stuck(call: Mapping[str, Any]) -> dict[str, object] | None:
        if call["method"] != "getSignaturesForAddress":
            return None
        key, config = call["params"]
        return {"result": good._getSignaturesForAddress(key, {**config, "before": None})}

    node.interfere = stuck
    with pytest.raises(CouldNotLook, match="in another order than before"):
        await KeptLedger().sync(adapter_of(node, limits=limits), story.address)


async def test_list_that_changes_under_the_read_is_refused(story: Story, node: Node) -> None:
    def change(call: Mapping[str, Any]) -> dict[str, object] | None:
        is_on_the_way_up = call["method"] == "getSignaturesForAddress" and call["params"][1]["limit"] == 2
        return {"result": []} if is_on_the_way_up else None

    node.interfere = change
    with pytest.raises(CouldNotLook, match="in another order than before: sync again"):
        await KeptLedger().sync(adapter_of(node, limits=SMALL), story.address)


async def test_list_that_ends_too_early_is_told_by_what_was_held(story: Story, node: Node) -> None:
    """An empty page is how a list ends: whether it ended too early, only the balances before it tell."""
    node.interfere = lambda call: (
        {"result": []}
        if call["method"] == "getSignaturesForAddress" and "before" in call["params"][1]
        else None
    )
    limits = SolanaLimits(settled_slots=0, page_signatures=10)
    kept = await KeptLedger().sync(adapter_of(node, limits=limits), story.address)
    assert "SOL more came in than transactions show" in kept.gaps[0]
    assert str(story.levy) not in kept.gaps[-1]


@pytest.mark.parametrize(
    ("cursor", "message"),
    [
        ("", "cannot be understood"),
        ("{}", "cannot be understood"),
        ('{"slot": "7"}', "cannot be understood"),
        ('{"slot": 7, "units": {"a": "b"}}', "cannot be understood"),
        ('{"slot": 7, "version": 2}', "Another version"),
    ],
)
async def test_cursor_that_nobody_wrote(story: Story, node: Node, cursor: str, message: str) -> None:
    with pytest.raises(CouldNotLook, match=message):
        async for _ in adapter_of(node).transactions(story.address, cursor=cursor):
            pass
