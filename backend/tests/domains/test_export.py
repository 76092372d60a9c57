"""The export of a person: all of it, nothing of anybody else, and never a row skipped or told twice."""

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest

from kryptos.domains import audit, privacy
from kryptos.domains.audit import Actor, ActorKind
from kryptos.domains.clients import Mode
from kryptos.domains.identity import UserNotFound
from kryptos.domains.privacy import KEPT
from kryptos.infra.database import Origin, Uow
from kryptos.providers.contracts import Direction
from tests.support.app import App
from tests.support.connecting import (
    ADDRESS,
    ETHER,
    OTHER_ADDRESS,
    USDC,
    Person,
    ToyChain,
    execute,
    happened,
    holds,
    key_paths,
    make_client,
    moved,
    settle_in,
    use_chains,
)
from tests.support.journey import rows
from tests.support.life import live
from tests.support.workshop import settle, workshop_of


async def exported(app: App, user_id: str) -> dict[str, Any]:
    """Return the whole export."""
    text = b"".join([part async for part in privacy.export_parts(app.services.database, user_id=user_id)])
    return dict(json.loads(text))


async def with_history(app: App, email: str, *, transactions: int = 3, address: str = ADDRESS) -> Person:
    """Return somebody with an account of so many transactions."""
    history = tuple(
        happened(number, moved(Direction.INCOMING, ETHER, f"0.{number:018d}"))
        for number in range(1, transactions + 1)
    )
    use_chains(app, ethereum=ToyChain((holds(ETHER, "1.5"), holds(USDC, "20")), history, page_size=400))
    person = await settle_in(app, await make_client(app, mode=Mode.PRODUCTION), email=email)
    await person.connected(provider="ethereum", address=address, alias=f"Savings of {email}")
    await settle(app, workshop_of(app.services.database, registry=app.services.registry))
    return person


async def test_everything_of_a_person_and_nothing_of_another(app: App) -> None:
    ada = await with_history(app, "ada@example.com")
    bob = await with_history(app, "bob@example.com", address=OTHER_ADDRESS)

    async def come_from_somewhere(uow: Uow) -> None:
        actor = Actor(ActorKind.USER, ada.user_id)
        await audit.record(uow, action="user.signed_in", actor=actor, user_id=ada.user_id)

    await app.services.database.execute(come_from_somewhere, origin=Origin(address="203.0.113.7"))

    found = await exported(app, ada.user_id)

    assert (found["format"], found["version"]) == ("kryptos-export", 1)
    assert found["exported_at"].endswith("Z")
    (person,) = found["person"]
    assert (person["id"], person["email"], person["language"]) == (ada.user_id, "ada@example.com", "en")
    assert [each["id"] for each in found["workspaces"]] == [ada.workspace_id]
    (grant,) = found["grants"]
    assert (grant["id"], grant["app_name"], grant["revoked_at"]) == (ada.grant_id, "Other app", None)
    assert [each["grant_id"] for each in found["access_tokens"]] == [ada.grant_id]
    (connection,) = found["connections"]
    assert (connection["address"], connection["alias"]) == (ADDRESS, "Savings of ada@example.com")
    assert {each["stage"] for each in connection["stages"]} == {"Balances", "Transactions"}
    assert {each["asset_id"]: each["quantity"] for each in found["balances"]} == {
        "ethereum:native": "1.5",
        "ethereum:0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48": "20",
    }
    assert len(found["transactions"]) == 3
    assert found["transactions"][0]["legs"][0]["quantity"] == "1E-18"
    assert found["transactions"][0]["at"] == "2026-01-01T01:00:00Z"
    assert [each["email"] for each in found["sign_in_codes"]] == ["ada@example.com"]
    assert "signed_in" in {event["name"] for each in found["link_sessions"] for event in each["events"]}
    assert {"address": "203.0.113.7"} in [each["personal"] for each in found["audit_records"]]
    assert found["counts"] == {name: len(each) for name, each in found.items() if isinstance(each, list)}
    text = json.dumps(found)
    for foreign in ("bob@example.com", bob.user_id, bob.workspace_id, bob.grant_id):
        assert foreign not in text


async def test_no_secret_and_no_digest_of_one_is_told(app: App) -> None:
    ada = await with_history(app, "ada@example.com")
    text = json.dumps(await exported(app, ada.user_id))
    for secret in (ada.token, ada.access_token, ada.client["X-Client-Secret"], "_hash", "_digest"):
        assert secret not in text


async def test_the_exact_quantity_of_every_leg(app: App) -> None:
    ada = await with_history(app, "ada@example.com", transactions=1200)
    found = await exported(app, ada.user_id)
    quantities = [Decimal(each["legs"][0]["quantity"]) for each in found["transactions"]]
    assert quantities == [Decimal(number).scaleb(-18) for number in range(1, 1201)]


class Meddler:
    """Runs transactions, and does something else before the one of a number."""

    def __init__(self, app: App, at: int, meddle: Callable[[], Awaitable[None]]) -> None:
        self._app, self._at, self._meddle = app, at, meddle
        self.calls = 0

    async def execute(self, work: Callable[[Uow], Awaitable[Any]]) -> Any:
        """Run one."""
        self.calls += 1
        if self.calls == self._at:
            await self._meddle()
        return await self._app.services.database.execute(work)


async def drained(parts: AsyncIterator[bytes]) -> dict[str, Any]:
    return dict(json.loads(b"".join([part async for part in parts])))


async def test_what_moves_in_time_while_it_is_told_is_told_once(app: App) -> None:
    ada = await with_history(app, "ada@example.com", transactions=1100)
    before = await rows(app, "SELECT id FROM transactions")

    async def reorganise() -> None:
        # As after a reorganisation: what came first comes last now, and the other way round.
        await execute(
            app, "UPDATE transactions SET at = timestamptz '2026-06-01' - (at - timestamptz '2026-01-01')"
        )

    quiet = Meddler(app, 0, reorganise)
    await drained(privacy.export_parts(quiet, user_id=ada.user_id))
    for call in range(quiet.calls - 4, quiet.calls + 1):
        meddler = Meddler(app, call, reorganise)
        found = await drained(privacy.export_parts(meddler, user_id=ada.user_id))
        told = [each["id"] for each in found["transactions"]]
        assert sorted(told) == sorted(row["id"] for row in before)


async def test_nobody_is_told_of_somebody_unknown(app: App) -> None:
    with pytest.raises(UserNotFound):
        await exported(app, "user_unknown")


UNTOLD = {
    **dict.fromkeys(
        (
            "token_hash",
            "key_id",
            "code_hash",
            "token_digest",
            "app_token_hash",
            "hosted_key_hash",
            "widget_key_hash",
        ),
        "digest",
    ),
    "management_key_hash": "a digest; has_management_link is told",
    "html": "the same as the text of a mail",
    "chain": "told as workspace_id",
    "sequence": "of the log, not of the person",
    "hash": "of the log, not of the person",
    "price_sought_at": "of asking for prices",
    "currencies": "a list of what the legs say",
    "legs_version": "of how legs are written down",
    "generation": "of reading",
    "transaction_id": "the transaction that the legs stand in",
    "asset_id": "told in legs, and of balances",
    "direction": "told in legs",
    "key": "told in legs",
    "invited_at": "told as at",
    "requested_at": "told as at",
    "session_id": "the session that it stands in",
    "integration_id": "the connection that it stands in",
}
"""Columns that an export does not have under their name -> why."""


async def test_every_column_of_what_is_kept_is_told(app: App) -> None:
    ada = await live(app, "ada", number=71)
    found = await exported(app, ada.person.user_id)
    columns = await rows(
        app, "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
    )
    for kept in KEPT:
        if kept.told is None:
            continue
        assert found[kept.told], f"{kept.told} tells something of a whole life"
        names = {part for path in key_paths(found[kept.told]) for part in re.split(r"[.\[\]]+", path)}
        names |= {"workspace_id"} if kept.told == "workspaces" else set()  # their own id
        missing = {
            row["column_name"]
            for row in columns
            if row["table_name"] == kept.table
            and row["column_name"] not in names
            and row["column_name"] not in UNTOLD
        }
        assert missing == set(), f"{kept.table} in {kept.told}"
