"""Every field of the documented bodies is in our replies, under its exact name (contract K-243 to K-260)."""

import json
from pathlib import Path
from typing import Any

import pytest

from kryptos.providers.contracts import Direction
from tests.support.app import App
from tests.support.connecting import (
    ETHER,
    TYPED,
    USDC,
    Person,
    ToyChain,
    happened,
    holds,
    key_paths,
    moved,
    settle_in,
    use_chains,
)
from tests.support.workshop import settle

DOCUMENTED = Path(__file__).parent / "documented"

FREE = {
    "holdings[].marketLinks",  # a link for each site that there is one of
    "data[].rawTrx",
}
"""Maps whose keys are data."""

NOT_YET: dict[str, set[str]] = {
    "integrations": {
        "data[].limitExceeded",
        "data[].lastSyncLogDetails.Transactions.limitExceeded",
    }
}
"""Told when a limit of transactions was reached, otherwise absent: there is no such limit yet."""

OURS: dict[str, set[str]] = {
    "holdings": {
        "shortfalls",
        "shortfalls[].walletId",
        "shortfalls[].status",
        "shortfalls[].code",
        "shortfalls[].message",
        "shortfalls[].lastSyncedAt",
        "summary.baseCurrency",
        "summary.unpricedHoldings",
        "holdings[].isMissingPrice",
        "holdings[].assetDistribution[].account.providerPublicName",
        "holdings[].asset.contractAddress",
        "holdings[].asset.isSpam",
    },
    "integrations": {
        "data[].chains",
        "data[].isSandbox",
        "data[].lastSyncLogDetails.Balances.code",
        "data[].lastSyncLogDetails.Balances.message",
        "data[].lastSyncLogDetails.Defi Balances.message",
        "data[].lastSyncLogDetails.Transactions.code",
    },
}
"""Fields beside the documented ones: additive, and known here so that none comes by accident."""


async def told(app: App, name: str) -> dict[str, Any]:
    """Return our reply about a workspace where something was swapped, and something could not be read."""
    history = (
        happened(1, moved(Direction.INCOMING, ETHER, "10")),
        happened(
            2,
            moved(Direction.OUTGOING, ETHER, "1.5"),
            moved(Direction.INCOMING, USDC, "3000"),
            moved(Direction.FEE, ETHER, "0.005"),
        ),
    )
    person: Person = await settle_in(app)
    use_chains(app, ethereum=ToyChain(items=(holds(ETHER, "8.495"), holds(USDC, "3000")), history=history))
    await person.connected(provider="ethereum", address=TYPED, alias="Main")
    await settle(app)
    broken = ToyChain()
    broken.error = ValueError("broken")  # type: ignore[assignment]
    use_chains(app, ethereum=broken)
    await person.connected(provider="ethereum", persona="holder")
    await settle(app)
    return await person.read(name)


@pytest.mark.parametrize("name", ["holdings", "transactions", "integrations"])
async def test_every_documented_field_is_told(app: App, name: str) -> None:
    documented = json.loads((DOCUMENTED / f"{name}.json").read_text("utf-8"))
    wanted = key_paths(documented, free=FREE)
    assert len(wanted) > 20, "the example is read, not passed over"
    ours = key_paths(await told(app, name), free=FREE)
    assert wanted - ours == NOT_YET.get(name, set())
    if name in OURS:
        assert ours - wanted == OURS[name]


async def test_what_is_not_known_yet_is_null_and_the_return_nought(app: App) -> None:
    found = await told(app, "holdings")
    for each in found["holdings"]:
        assert (each["costbasis"], each["unrealizedPnL"], each["roi"]) == (None, None, 0)
    summary = found["summary"]
    assert (summary["totalCostBasis"], summary["totalUnrealizedPnL"], summary["roiPercentage"]) == (
        None,
        None,
        0,
    )
