"""What must hold when everything has calmed down: all that was acknowledged is there, once, and nothing else is."""

from collections.abc import Iterator
from typing import Any

from tests.endurance.calling import Caller, Notes
from tests.endurance.ledger import Access, Ledger, bearer, page_through
from tests.support.installation import Installation
from tests.support.load import Abandoned, audit_chains, left_half_done
from tests.support.processes import wait_until

_CALM_WITHIN_SECONDS = 180
_BUSY = """
    SELECT id FROM integrations WHERE paused_at IS NULL AND status IN ('connected', 'queued', 'ongoing')
    UNION ALL SELECT id FROM jobs WHERE state = 'running' OR (state = 'waiting' AND run_at < now())
    UNION ALL SELECT id FROM erasures WHERE finished_at IS NULL
    UNION ALL SELECT id FROM outbox"""
_SIZES = """
    SELECT i.id, i.persona, i.status, i.paused_at IS NOT NULL AS is_paused, i.total_transactions,
        (SELECT count(*) FROM transactions t WHERE t.integration_id = i.id) AS transactions,
        (SELECT count(*) FROM ledger_entries e WHERE e.integration_id = i.id) AS entries,
        (SELECT count(*) FROM balances b WHERE b.integration_id = i.id) AS balances
    FROM integrations i"""
_ORPHANS = "SELECT id FROM transactions WHERE integration_id NOT IN (SELECT id FROM integrations)"
_READ_THROUGH = 40

Sizes = tuple[int, int, int]
"""Transactions, ledger entries and balances of an account."""


def wait_until_calm(installation: Installation) -> None:
    """Return once every sync that was asked for has ended and no job is due."""
    wait_until(
        lambda: not installation.rows(_BUSY),
        what="everything has ended",
        timeout_seconds=_CALM_WITHIN_SECONDS,
    )


def sizes_of(installation: Installation) -> dict[str, Sizes]:
    """Return how large each persona is after a sync in peace."""
    return {row["persona"]: _sizes(row) for row in installation.rows(_SIZES)}


def _sizes(row: dict[str, Any]) -> Sizes:
    return row["transactions"], row["entries"], row["balances"]


def violations(
    installation: Installation,
    base_urls: list[str],
    ledger: Ledger,
    notes: Notes,
    references: dict[str, Sizes],
) -> list[str]:
    """Return in words everything that does not hold."""
    found = [*notes.undocumented, *_of_rows(installation, ledger, references)]
    with Caller(base_urls, notes_of_checks := Notes()) as caller:
        try:
            found += _of_reads(caller, ledger, references)
        except (Abandoned, AssertionError) as error:
            found.append(repr(error))
    found += notes_of_checks.undocumented
    found += [f"half done: {what}: {rows[:3]}" for what, rows in left_half_done(installation).items()]
    found += [
        f"the audit chain {each.chain} is broken" for each in audit_chains(installation) if each.broken_at
    ]
    found += [f"the log says: {line}" for line in installation.errors()]
    return found


def _of_rows(installation: Installation, ledger: Ledger, references: dict[str, Sizes]) -> Iterator[str]:
    active = {row["id"] for row in installation.rows("SELECT id FROM grants WHERE revoked_at IS NULL")}
    yield from _difference("active grants", {each.grant_id for each in living(ledger)}, active)
    revoked = {row["id"] for row in installation.rows("SELECT id FROM grants WHERE revoked_at IS NOT NULL")}
    left = [each for each in ledger.accesses if not each.is_erased]
    ended = {each.grant_id for each in left if each.is_revoked}
    yield from _difference("revoked grants", ended, revoked)
    rows = {row["id"]: row for row in installation.rows(_SIZES)}
    promised = {wallet: persona for each in left for wallet, persona in each.wallets.items()}
    yield from _difference("accounts", set(promised), set(rows))
    resting = {wallet for each in left if each.is_revoked for wallet in each.wallets}
    for wallet, persona in promised.items():
        row = rows.get(wallet)
        if (
            row is not None
            and wallet not in resting
            and (_sizes(row), row["status"]) != (references[persona], "completed")
        ):
            yield f"{persona} {wallet} is {row}, and not {references[persona]}"
        if row is not None and row["is_paused"] != (wallet in resting):
            yield f"{persona} {wallet} is {'' if row['is_paused'] else 'not '}paused"
    yield from (f"transaction {row['id']} is of no account" for row in installation.rows(_ORPHANS))
    dead = "SELECT name, error FROM jobs WHERE state = 'dead'"
    yield from (f"the job {row['name']} is dead: {row['error']}" for row in installation.rows(dead))
    done = installation.rows("SELECT count(*) AS n FROM erasures WHERE finished_at IS NOT NULL")[0]["n"]
    if done != len(ledger.accesses) - len(left):
        yield f"{len(ledger.accesses) - len(left)} were to be erased, {done} are"
    people = {row["email"] for row in installation.rows("SELECT email FROM users WHERE email IS NOT NULL")}
    yield from _difference("people with an address", set(ledger.emails), people)


def _of_reads(caller: Caller, ledger: Ledger, references: dict[str, Sizes]) -> Iterator[str]:
    for each in ledger.accesses:
        for token in each.dead_tokens:
            caller.require_refused("/api/v1/userinfo", bearer(token), code="INVALID_TOKEN")
        if each.is_erased:
            caller.require_refused("/api/v1/userinfo", each.bearer, code="INVALID_TOKEN")
        elif each.is_revoked:
            caller.require_refused("/api/v1/userinfo", each.bearer, code="INVALID_GRANT")
        else:
            caller.get("/api/v1/userinfo", each.bearer)
    alive = living(ledger)
    for each in alive[:: max(1, len(alive) // _READ_THROUGH)]:
        told = len(page_through(caller, each))
        wanted = sum(references[persona][0] for persona in each.wallets.values())
        if told != wanted:
            yield f"{each.grant_id} is told {told} transactions and not {wanted}"


def living(ledger: Ledger) -> list[Access]:
    """Return the accesses that nobody has ended."""
    return [each for each in ledger.accesses if not each.is_revoked and not each.is_erased]


def _difference(what: str, promised: set[str], there: set[str]) -> Iterator[str]:
    if promised - there:
        yield f"{what} that are lost: {sorted(promised - there)[:5]}"
    if there - promised:
        yield f"{what} that nobody was promised: {sorted(there - promised)[:5]}"
