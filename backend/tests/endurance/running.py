"""One run: an installation of two servers and two workers, the load, the kills, and what is found afterwards."""

import threading
import time
from collections.abc import Sequence

import asyncpg
import msgspec

from benchmarks.machine import describe
from kryptos.infra.database.outage import GONE
from kryptos.infra.postgres import Cluster
from tests.endurance.calling import Caller, Headers, Notes
from tests.endurance.faults import Stage
from tests.endurance.ledger import Ledger
from tests.endurance.lives import PERSONAS, Crowd, Life, MailedCode
from tests.endurance.verdict import Sizes, living, sizes_of, violations, wait_until_calm
from tests.support.installation import Installation

_APPS = 3
_MAIL_WITHIN_SECONDS = 60
_TABLES = (
    "users", "erasures", "grants", "access_tokens", "consent_receipts", "access_records", "link_sessions",
    "integrations", "transactions", "ledger_entries", "audit_records", "idempotency_records",
)  # fmt: skip
_PARTS = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "max": 1.0}


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How long, how many at once, and how often something is killed."""

    seconds: float
    pause_seconds: float
    """Between the recovery from one kill and the next."""
    threads: int


class CallFigures(msgspec.Struct, frozen=True, kw_only=True):
    """How one call was answered, and in how many milliseconds where it was answered as expected."""

    call: str
    answers: dict[str, int]
    milliseconds: dict[str, float]


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """What one run measured and found."""

    plan: Plan
    machine: str
    lasted_seconds: float
    calls_per_second: float
    kills: dict[str, int]
    recovery_seconds: dict[str, dict[str, float]]
    answers: dict[str, int]
    replayed: int
    milliseconds: dict[str, float]
    sync_seconds: dict[str, float]
    accesses: dict[str, int]
    transactions_read: int
    rows: dict[str, int]
    calls: list[CallFigures]
    violations: list[str]


class Trial:
    """An installation under load, whose parts may be killed."""

    def __init__(self, cluster: Cluster, installation: Installation, plan: Plan) -> None:
        self._installation = installation
        self.stage = Stage(cluster, installation)
        apps = [_an_app(installation) for _ in range(_APPS)]
        self._references = _references(installation, self.stage, apps[0])
        self.crowd = Crowd(apps, self.stage.base_urls, code_mailed_in(installation), threads=plan.threads)

    def violations(self) -> list[str]:
        """Wait until everything has ended, and return in words what does not hold."""
        wait_until_calm(self._installation)
        ledger, notes = self.crowd.ledger, self.crowd.notes
        return violations(self._installation, self.stage.base_urls, ledger, notes, self._references)


def run(cluster: Cluster, installation: Installation, plan: Plan) -> Figures:
    """Run it to the end."""
    trial = Trial(cluster, installation, plan)
    began = time.monotonic()
    with trial.crowd.at_work():
        trial.stage.kill_in_turn(seconds=plan.seconds, pause_seconds=plan.pause_seconds)
    lasted = time.monotonic() - began
    found = trial.violations()
    return _figures(installation, plan, trial, lasted, found)


def _an_app(installation: Installation) -> Headers:
    installation.create_client()
    return installation.client_headers


def _references(installation: Installation, stage: Stage, app: Headers) -> dict[str, Sizes]:
    """Connect each persona once in peace, note how large it is, and take it back."""
    with Caller(stage.base_urls, Notes()) as caller:
        life = Life(caller, Ledger(), app, 0)
        person = life.arrive(None)
        wallets = [life.connected(person, persona) for persona in PERSONAS]
        wait_until_calm(installation)
        sizes = sizes_of(installation)
        for wallet in wallets:
            caller.delete(f"/link-token/integrations/{wallet}", person)
        caller.post("/link-token/exit", person)
    return sizes


def code_mailed_in(installation: Installation) -> MailedCode:
    """Return who reads the mailbox, patiently: the database may be away."""
    newest = "SELECT text FROM mailbox_mails WHERE recipient = $1 ORDER BY id DESC LIMIT 1"

    def read(email: str) -> str:
        end = time.monotonic() + _MAIL_WITHIN_SECONDS
        while time.monotonic() < end:
            try:
                mails = installation.rows(newest, email)
            except (asyncpg.PostgresError, *GONE):
                mails = []
            for mail in mails:
                words: list[str] = mail["text"].split()
                return next(word for word in words if word.isdigit() and len(word) == 6)
            threading.Event().wait(0.1)
        message = f"no mail to {email} within {_MAIL_WITHIN_SECONDS} s"
        raise TimeoutError(message)

    return read


def _figures(
    installation: Installation, plan: Plan, trial: Trial, lasted: float, found: list[str]
) -> Figures:
    notes, ledger = trial.crowd.notes, trial.crowd.ledger
    recoveries = trial.stage.recoveries.seconds
    everything = [each for times in notes.milliseconds.values() for each in times]
    counts = {name: installation.rows(f"SELECT count(*) AS n FROM {name}")[0]["n"] for name in _TABLES}
    answers: dict[str, int] = {}
    for by_status in notes.answers.values():
        for status, count in by_status.items():
            answers[status] = answers.get(status, 0) + count
    return Figures(
        plan=plan,
        machine=describe(),
        lasted_seconds=round(lasted, 1),
        calls_per_second=round(len(everything) / lasted, 1),
        kills={victim: len(times) for victim, times in recoveries.items()},
        recovery_seconds={
            victim: parts_of(times, {"median": 0.5, "max": 1.0}) for victim, times in recoveries.items()
        },
        answers=dict(sorted(answers.items())),
        replayed=notes.replayed,
        milliseconds=parts_of(everything),
        sync_seconds=parts_of(ledger.sync_seconds),
        accesses={
            "given": len(ledger.accesses),
            "living": len(living(ledger)),
            "rotated": sum(bool(each.dead_tokens) for each in ledger.accesses),
            "revoked": sum(each.is_revoked for each in ledger.accesses),
            "erased": sum(each.is_erased for each in ledger.accesses),
            "accounts connected": sum(len(each.wallets) for each in ledger.accesses),
            "accounts taken back": len(ledger.removed),
            "people with an address": len(ledger.emails),
        },
        transactions_read=ledger.transactions_read,
        rows=counts,
        calls=[
            CallFigures(
                call=call, answers=dict(sorted(notes.answers[call].items())), milliseconds=parts_of(times)
            )
            for call, times in sorted(notes.milliseconds.items())
        ],
        violations=found,
    )


def parts_of(values: Sequence[float], parts: dict[str, float] | None = None) -> dict[str, float]:
    """Return the values that so large a part of all do not exceed: ``{"p50": …}``."""
    ordered = sorted(values)
    return {
        name: round(ordered[min(len(ordered) - 1, int(part * len(ordered)))], 1) if ordered else 0.0
        for name, part in (parts or _PARTS).items()
    }
