"""The report: what was measured, in words and numbers, and which targets were met."""

import statistics
from collections.abc import Sequence

import msgspec
from rich.console import Console
from rich.table import Table

from benchmarks import tables
from benchmarks.running import Outcome

_CLEARLY = 1.1  # times the limit: what a busy machine does to a median from one run to the next

RATIO = 3.0
MEGABYTES = 120.0
READY_SECONDS = 2.0
DIALOG_MILLISECONDS = 100.0
USABLE_MILLISECONDS = 500.0
TIMES_PEER = 1.25
KEY_MILLISECONDS = 50.0

WORDS = """\
[b]CPU[/b]: user and system time of all processes of a server, per request; PostgreSQL's own is not in it.
[b]The cat_ check[/b]: the product's web process, on an endpoint that authenticates an access token and replies with a \
constant; userinfo reads the person's profile as well. [b]Its statement in plain ASGI[/b]: the same query on the \
product's held connections and nothing else, so what lies above it is ours.
[b]Floor[/b]: a bare Litestar application whose one GET returns JSON of as many bytes from a dict, under the product's \
own granian settings. [b]Server alone[/b]: the same bytes from a plain ASGI function.
[b]Peer[/b]: the product's own statements in a bare asyncpg loop, on one prepared connection, with nothing around \
them; CPU of the client's process.
All of these take turns, so that a busy machine is busy for each of them.
[b]Syncing[/b]: a worker's own runner and handlers on a real database; providers are the sandbox's ends in the same \
process, whose CPU is taken off where it says so. [b]A search[/b] asks real sockets, one port per chain, all served by \
one process beside it.
[b]From the click[/b]: Chromium without a window, page and frame slowed down alike, nothing cached; the moment after \
the first picture with the dialog, and with the first screen's main button enabled. Milliseconds are of this machine \
at this hour: only the ratios compare. The peer is bundled by Vite; its host asks for a link token and its frame for \
the session, as the widget does. [b]A key[/b]: queries typed letter by letter, in a fresh page each round; the target \
takes the middle round of the slowest key. No typo search in common use is installed here, so its peer is the \
textbook's whole Levenshtein table for every word."""


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
    holdings, searches = outcome.holdings.ratios, outcome.detections
    widget, opened = outcome.widget, outcome.widget.openings.widget
    return [
        Verdict("The cat_ check in units of the floor, CPU", RATIO, statistics.median(ratios)),
        Verdict("Holdings in units of the floor, CPU", RATIO, statistics.median(holdings)),
        Verdict("Web process after the load, MB resident", MEGABYTES, outcome.megabytes),
        Verdict("Program start to /readyz 200, seconds", READY_SECONDS, statistics.median(ready)),
        Verdict("Page statements that are no plain index scan", 0, len(outcome.pages.wrong_plans)),
        Verdict(
            "Search for chains, the dead refusing, seconds",
            searches.budget_seconds,
            statistics.median(each.seconds for each in searches.refusing),
        ),
        Verdict(
            "Living chains that a search missed",
            0,
            statistics.median(each.missed for each in searches.silent),
        ),
        Verdict("Click to usable widget in units of the peer", TIMES_PEER, widget.times_peer),
        Verdict("Click to dialog, slow CPU, ms", DIALOG_MILLISECONDS, statistics.median(opened.dialog)),
        Verdict(
            "Click to usable widget, slow CPU, ms", USABLE_MILLISECONDS, statistics.median(opened.usable)
        ),
        Verdict("Slowest key of a search, slow CPU, ms", KEY_MILLISECONDS, widget.searches.slowest),
    ]


def print_report(console: Console, outcome: Outcome, verdicts: Sequence[Verdict]) -> None:
    """Print the costs, the targets and what the words mean."""
    for table in (
        tables.requests(outcome),
        tables.pages(outcome.pages),
        tables.plans(outcome.pages),
        tables.wallets(outcome.syncs),
        tables.searches(outcome.detections),
        tables.openings(outcome.widget),
        tables.keys(outcome.widget),
    ):
        console.print(table)
    console.print(_many_wallets(outcome))
    console.print(
        f"Memory: {outcome.megabytes_idle:.0f} MB when ready, {outcome.megabytes:.0f} MB after the load, "
        f"{outcome.megabytes_after_pages:.0f} MB after the pages. "
        f"CPU to ready: {statistics.median(outcome.ready_cpu_seconds):.2f} s in all processes."
    )
    console.print(_targets(verdicts), WORDS)


def _many_wallets(outcome: Outcome) -> str:
    syncs = outcome.syncs
    ours = syncs.cpu_seconds - syncs.ends_cpu_seconds
    return (
        f"One worker, {syncs.many} wallets at once: {syncs.per_minute:.0f} wallets per minute ({syncs.seconds:.1f} s, "
        f"{ours:.1f} s of CPU and {syncs.ends_cpu_seconds:.1f} s of the sandbox's ends); per wallet "
        f"{syncs.transactions / syncs.many:.0f} transactions, {syncs.calls / syncs.many:.0f} calls, "
        f"{syncs.statements / syncs.many:.0f} statements. Resident memory {syncs.megabytes_before:.0f} MB before, "
        f"{syncs.megabytes_peak:.0f} MB at its peak. "
        f"Ended as {', '.join(f'{count} {status}' for status, count in syncs.by_status.items())}."
    )


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
