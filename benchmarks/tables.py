"""The tables of the report: numbers, each beside what it is measured against."""

import statistics
from collections.abc import Sequence
from itertools import chain

from rich.table import Table

from benchmarks.chain_data import Pages
from benchmarks.detecting import Detections, Search
from benchmarks.measuring import Series
from benchmarks.running import Outcome, Writes
from benchmarks.syncing import Syncs
from benchmarks.widget import WidgetTimes, in_units_of, spread

_SHOWN_QUERY = 12


def requests(outcome: Outcome) -> Table:
    """Return what requests cost, each beside the floor of as many bytes."""
    reads, holdings = outcome.reads, outcome.holdings
    table = _table("Cost of a request", "CPU µs", "least", "most", "× floor", "req/s", "SQL")
    floor = reads.litestar.median
    table.add_row(*_row("The cat_ check", reads.check, floor), "1")
    table.add_row(*_row("GET /api/v1/userinfo", reads.userinfo, floor), "2")
    table.add_row(*_row("Its statement in plain ASGI", reads.statement, floor), "1")
    table.add_row(*_row(f"Floor: bare Litestar, {reads.reply_bytes} bytes", reads.litestar, floor), "0")
    table.add_row(*_row("Server alone: plain ASGI", reads.asgi, floor), "0")
    table.add_row(*_row("Peer: asyncpg, the cat_ check", reads.peer_check, floor), "1")
    table.add_row(
        *_row("Peer: asyncpg, check and profile", reads.peer_userinfo, floor), "2", end_section=True
    )
    for name, writes in (
        ("POST /link-token", outcome.link_token),
        ("POST /token/exchange", outcome.exchange),
    ):
        table.add_row(
            *_row(name, writes.cost, floor), _statements(writes), end_section=name.endswith("exchange")
        )
    floor = holdings.litestar.median
    table.add_row(*_row("GET /api/v1/holdings, rendered", holdings.whole, floor), "2")
    table.add_row(*_row("The same, 304 Not Modified", holdings.unchanged, floor), "2")
    table.add_row(*_row(f"Floor: bare Litestar, {holdings.reply_bytes} bytes", holdings.litestar, floor), "0")
    table.add_row(*_row("Peer: asyncpg, check and rendering", holdings.peer, floor), "2")
    return table


def pages(found: Pages) -> Table:
    """Return what a page costs."""
    title = (
        f"A page of {found.page} out of {found.transactions} transactions, {found.reply_bytes / 1000:.0f} kB"
    )
    table = _table(title, "CPU ms", "least", "most", "× floor", "pages/s")
    floor = found.litestar.median
    for name, series in (
        ("GET /api/v1/transactions", found.whole),
        ("Floor: bare Litestar, as many bytes", found.litestar),
        ("Peer: asyncpg, the page's statement", found.peer),
    ):
        costs = series.microseconds
        table.add_row(
            name,
            *(f"{each / 1000:.1f}" for each in (series.median, min(costs), max(costs))),
            f"{series.median / floor:.2f}",
            f"{statistics.median(series.requests_per_second):.0f}",
        )
    return table


def plans(found: Pages) -> Table:
    """Return how PostgreSQL answers the statements of a page."""
    table = _table("Plans (EXPLAIN ANALYZE)", "ms", "planning", "blocks", "heap fetches", "")
    for each in found.plans:
        table.add_row(
            each.name,
            f"{each.milliseconds:.1f}",
            f"{each.planning_milliseconds:.1f}",
            str(each.buffers),
            str(each.heap_fetches),
            " ← ".join(each.nodes),
        )
    return table


def wallets(found: Syncs) -> Table:
    """Return what syncing one wallet of each kind costs the worker."""
    table = _table("First sync of a wallet", "transactions", "calls", "and again", "SQL", "CPU ms", "peak kB")
    for each in found.wallets:
        table.add_row(
            f"{each.persona} ({each.status})",
            str(each.transactions),
            str(each.calls),
            str(each.again_calls),
            str(each.statements),
            f"{each.cpu_milliseconds:.0f}",
            f"{each.peak_kilobytes:.0f}",
        )
    return table


def searches(found: Detections) -> Table:
    """Return how long searches for the chains of an address take."""
    title = f"Search over {found.chains} EVM chains, {found.dead} dead, within {found.budget_seconds:g} s"
    table = _table(title, "seconds", "least", "most", "CPU s", "missed")
    for name, done in (
        ("The dead refuse", found.refusing),
        ("The same again, connected", found.refusing_again),
        ("Half of the dead are silent", found.silent),
    ):
        table.add_row(name, *_search_row(done))
    return table


def openings(found: WidgetTimes) -> Table:
    """Return how long the widget takes from the click, each page beside the empty one and React's."""
    title = f"From the click, CPU {found.rate:g}× slower (a loop in the frame: {found.slowdown:.1f}×), ms"
    table = _table(title, "dialog", "IQR", "× floor", "usable", "IQR", "× floor", "× peer")
    floor, peer = found.openings.empty, found.openings.react
    for name, each in (
        ("The widget", found.openings.widget),
        ("Floor: an empty page, no SDK", floor),
        ("Peer: React 19, after the same two calls", peer),
        ("React 19 with nothing to ask", found.openings.static),
    ):
        table.add_row(
            name,
            f"{statistics.median(each.dialog):.0f}",
            f"{spread(each.dialog):.0f}",
            f"{in_units_of(floor.dialog, each.dialog):.2f}",
            f"{statistics.median(each.usable):.0f}",
            f"{spread(each.usable):.0f}",
            f"{in_units_of(floor.usable, each.usable):.2f}",
            f"{in_units_of(peer.usable, each.usable):.2f}",
        )
    return table


def keys(found: WidgetTimes) -> Table:
    """Return what the keys of a search cost, beside a bare scan and the textbook's."""
    title = f"A key of a search over {found.searches.entries} providers, CPU {found.rate:g}× slower, ms"
    table = _table(title, "median", "worst", "floor: includes", "worst", "peer: Levenshtein", "worst")
    for query, times in found.searches.queries.items():
        shown = query if len(query) <= _SHOWN_QUERY else f"{query[:_SHOWN_QUERY]}…"
        row = [
            f"{value:.2f}"
            for each in (times.ours, times.includes, times.levenshtein)
            for value in (statistics.median(chain(*each)), max(chain(*each)))
        ]
        table.add_row(shown, *row)
    return table


def _search_row(done: Sequence[Search]) -> list[str]:
    seconds = [each.seconds for each in done]
    return [
        *(f"{each:.2f}" for each in (statistics.median(seconds), min(seconds), max(seconds))),
        f"{statistics.median(each.cpu_seconds for each in done):.2f}",
        str(max(each.missed for each in done)),
    ]


def _table(title: str, *headings: str) -> Table:
    table = Table(title=title)
    table.add_column("What")
    for heading in headings:
        table.add_column(heading, justify="right" if heading else "left")
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
