"""Rules of connected accounts: what findings come to, when the next sync is due, and the log of a sync."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kryptos.domains import integrations
from kryptos.domains.clients import Mode
from kryptos.domains.integrations import (
    CHAIN_STAGES,
    AliasInvalid,
    ChainsInvalid,
    Finding,
    Integration,
    Stage,
    StageLog,
    StageStatus,
    Status,
    checked_chains,
    policy,
)
from kryptos.infra.database import Database, Uow
from tests.support.clock import ManualClock
from tests.support.queue import open_database, query

DONE, PARTIAL, FAILED, WAITING, ONGOING, UNSUPPORTED = (
    StageStatus.COMPLETED,
    StageStatus.PARTIAL,
    StageStatus.FAILED,
    StageStatus.WAITING,
    StageStatus.ONGOING,
    StageStatus.NOT_SUPPORTED,
)
EVERY = timedelta(hours=1)
STATUSES = st.sampled_from(list(StageStatus))


# ---------------------------------------------------------------- names and chains


@pytest.mark.parametrize("alias", ["", " ", "\t\n", "a" * 101])
def test_a_name_is_neither_blank_nor_longer_than_a_hundred(alias: str) -> None:
    with pytest.raises(AliasInvalid):
        policy.checked_alias(alias)


def test_a_name_is_kept_without_blanks_around_it() -> None:
    assert policy.checked_alias(None) is None
    assert policy.checked_alias("  a b ") == "a b"
    assert policy.checked_alias(" " + "a" * 100) == "a" * 100


def test_chains_are_at_least_one_at_most_fifty_and_each_once() -> None:
    fifty = [f"chain{number}" for number in range(50)]
    assert checked_chains([*fifty, *fifty]) == tuple(fifty)
    for wrong in ([], [*fifty, "another"]):
        with pytest.raises(ChainsInvalid):
            checked_chains(wrong)


# ---------------------------------------------------------------- what findings come to

COMBINED = {
    (DONE, DONE): DONE,
    (DONE, UNSUPPORTED): DONE,
    (UNSUPPORTED, UNSUPPORTED): UNSUPPORTED,
    (FAILED, FAILED): FAILED,
    (FAILED, UNSUPPORTED): FAILED,
    (FAILED, DONE): PARTIAL,
    (FAILED, PARTIAL): PARTIAL,
    (PARTIAL, DONE): PARTIAL,
    (WAITING, DONE): WAITING,
    (ONGOING, FAILED): ONGOING,
    (WAITING, ONGOING): ONGOING,
}


@pytest.mark.parametrize("pair", COMBINED, ids=" ".join)
def test_two_chains_come_to(pair: tuple[StageStatus, StageStatus]) -> None:
    for order in (pair, pair[::-1]):
        assert policy.combined([Finding(each) for each in order]).status is COMBINED[pair]


@given(statuses=st.lists(STATUSES, min_size=1, max_size=5))
def test_one_that_failed_is_never_called_completed(statuses: list[StageStatus]) -> None:
    whole = policy.combined([Finding(each) for each in statuses]).status
    assert whole in StageStatus
    if {FAILED, PARTIAL} & set(statuses):
        assert whole not in {DONE, UNSUPPORTED}
    if whole is DONE:
        assert set(statuses) <= {DONE, UNSUPPORTED}


def test_the_same_sentence_is_said_once_and_not_more_than_three() -> None:
    findings = [Finding(FAILED, f"Reason {number % 5}.", f"CODE_{number}") for number in range(10)]
    whole = policy.combined(findings)
    assert (whole.message, whole.code) == ("Reason 0. Reason 1. Reason 2. (2 more)", "CODE_0")
    assert policy.combined([Finding(DONE, "All is well."), Finding(DONE)]).message is None
    assert policy.combined([Finding(UNSUPPORTED, "Not told.")]).message == "Not told."


def log(stage: Stage, status: StageStatus, message: str | None = None, code: str | None = None) -> StageLog:
    return StageLog(stage, status, message, code, None, 1, 1)


OVERALL = {
    (DONE, DONE): Status.COMPLETED,
    (DONE, UNSUPPORTED): Status.COMPLETED,
    (FAILED, FAILED): Status.FAILED,
    (FAILED, UNSUPPORTED): Status.FAILED,
    (FAILED, DONE): Status.PARTIALLY_SYNCED,
    (PARTIAL, DONE): Status.PARTIALLY_SYNCED,
    (PARTIAL, PARTIAL): Status.PARTIALLY_SYNCED,
}


@pytest.mark.parametrize("pair", OVERALL, ids=" ".join)
def test_two_stages_come_to(pair: tuple[StageStatus, StageStatus]) -> None:
    for order in (pair, pair[::-1]):
        told = [log(stage, status, "Why.", "CODE") for stage, status in zip(CHAIN_STAGES, order, strict=True)]
        told.append(log(Stage.DEFI, UNSUPPORTED))
        status, message, code = policy.overall(told)
        assert status is OVERALL[pair]
        assert (message, code) == ((None, None) if status is Status.COMPLETED else ("Why.", "CODE"))


# ---------------------------------------------------------------- when the next one is due


@given(
    failures=st.integers(0, 10_000),
    asked=st.none() | st.integers(0, 10**7),
    chance=st.integers(0, 2**32 - 1),
)
def test_the_next_sync_is_never_long_after_the_regular_one_nor_before_it_was_allowed(
    failures: int, asked: int | None, chance: int
) -> None:
    wait = policy.pause_until_next(failures=failures, retry_after_seconds=asked, every=EVERY, chance=chance)
    assert wait >= timedelta(seconds=asked or 54)
    assert wait <= max(EVERY, timedelta(seconds=asked or 0)) * 1.1


def test_after_failures_the_pause_doubles_up_to_the_regular_one() -> None:
    middle = 2**31
    waits = [
        policy.pause_until_next(failures=number, retry_after_seconds=None, every=EVERY, chance=middle)
        for number in (0, 1, 2, 3, 6, 7, 50)
    ]
    assert [each / timedelta(minutes=1) for each in waits] == [60, 1, 2, 4, 32, 60, 60]


# ---------------------------------------------------------------- the log of a sync


async def connected(database: Database, *, chains: tuple[str, ...] = ("ethereum", "polygon")) -> Integration:
    async def work(uow: Uow) -> Integration:
        return await integrations.connect(
            uow,
            workspace_id="ws_1",
            mode=Mode.PRODUCTION,
            user_id="user_1",
            client_id=None,
            provider="metamask",
            category="wallet",
            address="0x1",
            chains=chains,
        )

    return await database.execute(work)


async def test_a_stage_is_as_old_as_the_oldest_of_its_chains(database_url: str) -> None:
    clock = ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
    database = open_database(database_url, clock)
    mine = await connected(database)
    assert mine.status is Status.QUEUED
    assert mine.stages == {}

    async def record(chain_id: str, stage: Stage, finding: Finding) -> None:
        async def work(uow: Uow) -> None:
            await integrations.record_stage(
                uow, integration_id=mine.id, chain_id=chain_id, stage=stage, finding=finding
            )

        clock.advance(minutes=1)
        await database.execute(work)

    async def begun(*, is_continued: bool = False) -> Integration:
        async def work(uow: Uow) -> Integration | None:
            return await integrations.begin_sync(uow, integration_id=mine.id, is_continued=is_continued)

        found = await database.execute(work)
        assert found is not None
        return found

    found = await begun()
    assert found.waiting == dict.fromkeys(mine.chains, CHAIN_STAGES)
    for chain_id, stage in product(mine.chains, CHAIN_STAGES):
        await record(chain_id, stage, Finding(DONE))
    found = await begun(is_continued=True)
    assert found.waiting == {}, "a sync that goes on has what was read before behind it"
    balances = found.stages[Stage.BALANCES]
    assert balances.succeeded_at == datetime(2026, 1, 1, 0, 1, tzinfo=UTC)
    assert (balances.chains_done, balances.chains_total) == (2, 2)
    again = await begun()
    assert again.stages_left("ethereum") == CHAIN_STAGES, "one that begins anew looks at everything again"
    assert again.stages[Stage.BALANCES].status is WAITING
    await record("ethereum", Stage.BALANCES, Finding(FAILED, "Away.", "AWAY"))
    await record("polygon", Stage.BALANCES, Finding(FAILED, "Away.", "AWAY"))
    found = await begun(is_continued=True)
    assert found.stages[Stage.BALANCES].status is FAILED
    assert found.stages[Stage.BALANCES].message == (
        "Away. What is shown was read on 2026-01-01 at 00:01 UTC."
    )
    assert found.stages_left("polygon") == (Stage.TRANSACTIONS,)
    await database.close()


async def test_what_is_due_is_asked_for_once(database_url: str) -> None:
    clock = ManualClock()
    database = open_database(database_url, clock)
    mine = await connected(database)

    async def end(uow: Uow) -> Integration | None:
        await integrations.begin_sync(uow, integration_id=mine.id)
        return await integrations.end_sync(uow, integration_id=mine.id, every=EVERY)

    async def due(uow: Uow) -> list[str]:
        return await integrations.list_due(uow, limit=10)

    await database.execute(end)
    assert await database.execute(due) == []
    clock.advance(hours=2)
    assert await database.execute(due) == [mine.id]

    async def ask(uow: Uow) -> None:
        await integrations.request_sync(uow, integration_id=mine.id)

    await database.execute(ask)
    assert await database.execute(due) == []
    events = await query(database_url, "SELECT name FROM outbox WHERE name = 'integration.sync_requested'")
    assert len(events) == 2, "when it was connected, and now"
    await database.close()


async def test_a_sync_that_was_asked_for_while_one_ran_stays_asked_for(database_url: str) -> None:
    database = open_database(database_url, ManualClock())
    mine = await connected(database)

    async def work(uow: Uow) -> Integration | None:
        await integrations.begin_sync(uow, integration_id=mine.id)
        await integrations.request_sync(uow, integration_id=mine.id)
        return await integrations.end_sync(uow, integration_id=mine.id, every=EVERY)

    ended = await database.execute(work)
    assert ended is not None
    assert ended.status is Status.QUEUED
    await database.close()


async def test_of_a_connection_that_is_gone_nothing_is_begun_or_ended(database_url: str) -> None:
    database = open_database(database_url, ManualClock())

    async def work(uow: Uow) -> tuple[Integration | None, Integration | None, Integration | None]:
        return (
            await integrations.find_integration(uow, integration_id="wallet_x"),
            await integrations.begin_sync(uow, integration_id="wallet_x"),
            await integrations.end_sync(uow, integration_id="wallet_x", every=EVERY),
        )

    assert await database.execute(work) == (None, None, None)
    await database.close()
