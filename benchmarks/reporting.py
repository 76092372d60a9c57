"""The report: what was measured, in words and numbers, and which targets were met."""

import statistics
from collections.abc import Sequence

import msgspec
from rich.console import Console
from rich.table import Table

from benchmarks.measuring import Series
from benchmarks.running import Outcome, Writes

_CLEARLY = 1.1  # times the limit: what a busy machine does to a median from one run to the next

RATIO = 3.0
MEGABYTES = 120.0
READY_SECONDS = 2.0

WORDS = """\
[b]CPU[/b]: user and system time of all processes of a server, in microseconds per request; \
PostgreSQL's own is not in it.
[b]The cat_ check[/b]: the product's web process, on an endpoint that authenticates an access token and replies with a \
constant; userinfo reads the person's profile as well. [b]Its statement in plain ASGI[/b]: the same query on the \
product's held connections and nothing else, so what lies above it is ours.
[b]Floor[/b]: a bare Litestar application whose one GET returns the very same JSON from a dict, under the product's \
own granian settings. [b]Server alone[/b]: the same bytes from a plain ASGI function.
[b]Peer[/b]: the product's own statements in a bare asyncpg loop, on one prepared connection, with nothing around \
them; CPU of the client's process.
All of these take turns, so that a busy machine is busy for each of them."""


class Verdict(msgspec.Struct, frozen=True):
    """One target: its limit, and the median that was measured."""

    name: str
    limit: float
    measured: float

    @property
    def is_met(self) -> bool:
        """Whether the median is within the limit."""
        return self.measured <= self.limit

    @property
    def is_clearly_missed(self) -> bool:
        """Whether the median is further beyond the limit than a busy machine explains."""
        return self.measured > self.limit * _CLEARLY


def verdicts_of(outcome: Outcome) -> list[Verdict]:
    """Return the targets and how they were met."""
    ratios, ready = outcome.reads.ratios, outcome.ready_seconds
    return [
        Verdict("The cat_ check in units of the floor, CPU", RATIO, statistics.median(ratios)),
        Verdict("Web process after the load, MB resident", MEGABYTES, outcome.megabytes),
        Verdict("Program start to /readyz 200, seconds", READY_SECONDS, statistics.median(ready)),
    ]


def print_report(console: Console, outcome: Outcome, verdicts: Sequence[Verdict]) -> None:
    """Print the costs, the targets and what the words mean."""
    console.print(_costs(outcome), _targets(verdicts))
    console.print(
        f"Memory: {outcome.megabytes_idle:.0f} MB when ready, {outcome.megabytes:.0f} MB after the load. "
        f"CPU to ready: {statistics.median(outcome.ready_cpu_seconds):.2f} s in all processes."
    )
    console.print(WORDS)


def _costs(outcome: Outcome) -> Table:
    reads = outcome.reads
    floor = reads.litestar.median
    table = Table(title="Cost of a request")
    table.add_column("What")
    for heading in ("CPU µs", "least", "most", "× floor", "req/s", "SQL"):
        table.add_column(heading, justify="right")
    table.add_row(*_row("The cat_ check", reads.check, floor), "1")
    table.add_row(*_row("GET /api/v1/userinfo", reads.userinfo, floor), "2")
    table.add_row(*_row("Its statement in plain ASGI", reads.statement, floor), "1")
    table.add_row(*_row(f"Floor: bare Litestar, {reads.reply_bytes} bytes", reads.litestar, floor), "0")
    table.add_row(*_row("Server alone: plain ASGI", reads.asgi, floor), "0")
    authenticate = Series([each.authenticate_us for each in reads.peer])
    both = Series([each.both_us for each in reads.peer])
    table.add_row(*_row("Peer: asyncpg, the cat_ check", authenticate, floor), "1")
    table.add_row(*_row("Peer: asyncpg, check and profile", both, floor), "2", end_section=True)
    for name, writes in (
        ("POST /link-token", outcome.link_token),
        ("POST /token/exchange", outcome.exchange),
    ):
        table.add_row(*_row(name, writes.cost, floor), _statements(writes))
    return table


def _row(name: str, series: Series, floor: float) -> list[str]:
    costs, rates = series.microseconds, series.requests_per_second
    return [
        name,
        f"{series.median:.0f}",
        f"{min(costs):.0f}",
        f"{max(costs):.0f}",
        f"{series.median / floor:.2f}",
        f"{statistics.median(rates):.0f}" if rates else "",
    ]


def _statements(writes: Writes) -> str:
    return f"{writes.statements} + {writes.framing}"


def _targets(verdicts: Sequence[Verdict]) -> Table:
    table = Table(title="Targets")
    table.add_column("What")
    for heading in ("at most", "measured"):
        table.add_column(heading, justify="right")
    table.add_column("")
    for each in verdicts:
        said = "met" if each.is_met else "MISSED" if each.is_clearly_missed else "barely missed"
        table.add_row(each.name, f"{each.limit:g}", f"{each.measured:.2f}", said)
    return table
