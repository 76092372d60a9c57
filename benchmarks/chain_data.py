"""What reading chain data costs: holdings as they are rendered, and pages of a long history."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial

import msgspec

from benchmarks import floor
from benchmarks.accounts import add_history, add_holdings
from benchmarks.measuring import Load, Series, cost_of, series_of
from benchmarks.peer import PeerCost, Statement
from benchmarks.plans import Plan, compiled, explain
from benchmarks.seeding import Person
from benchmarks.servers import Server
from benchmarks.stand import Stand, get, take_turns
from kryptos.domains.clients import Mode
from kryptos.domains.ledger.contracts import Order, TransactionFilter
from kryptos.domains.ledger.service.pages import count_statement, page_statement

HOLDINGS = "/api/v1/holdings"
TRANSACTIONS = "/api/v1/transactions"
PAGE_INDEX = "transactions_page_idx"
_PAGE = 1_000
_CONNECTIONS = 8
_PAGE_CONNECTIONS = 4


class Holdings(msgspec.Struct, frozen=True, kw_only=True):
    """The cost of ``GET /api/v1/holdings`` while nothing changes, and of what stands beside it."""

    reply_bytes: int
    whole: Series
    unchanged: Series
    """The 304 to a caller who has the reply already."""
    litestar: Series
    peer: Series

    @property
    def ratios(self) -> list[float]:
        """The cost in units of the bare Litestar reply of as many bytes, round by round."""
        return ratios_of(self.whole, self.litestar)


class Pages(msgspec.Struct, frozen=True, kw_only=True):
    """The cost of a page of a long history, and of what stands beside it."""

    transactions: int
    page: int
    reply_bytes: int
    whole: Series
    litestar: Series
    peer: Series
    plans: list[Plan]

    @property
    def wrong_plans(self) -> list[Plan]:
        """Plans of pages that are more than one range of the page's index, and counts that look at rows."""
        return [
            each
            for each in self.plans
            if not (each.is_index_only if each.name.startswith("count") else each.is_scan_of(PAGE_INDEX))
        ]


def ratios_of(ours: Series, bare: Series) -> list[float]:
    """Return what one series is in units of another, round by round."""
    return [each / unit for each, unit in zip(ours.microseconds, bare.microseconds, strict=True)]


def measure_holdings(
    stand: Stand, web: Server, people: Sequence[Person], *, rounds: int, reads: int
) -> Holdings:
    """Measure holdings that are rendered, those of many people in turn."""
    stand.tell(f"connecting accounts for {len(people)} people")
    asyncio.run(add_holdings(stand.url, people))
    tokens = [each.access_token for each in people]
    reply = web.get(HOLDINGS, _bearer(tokens[0]))
    tags = [web.tag(HOLDINGS, _bearer(each)) for each in tokens]
    whole = Load([get(HOLDINGS, each) for each in tokens], connections=_CONNECTIONS)
    unchanged = Load(
        [get(HOLDINGS, each, If_None_Match=tag) for each, tag in zip(tokens, tags, strict=True)],
        connections=_CONNECTIONS,
        status=304,
    )
    constant = Load([get(floor.PATH, tokens[0])], connections=_CONNECTIONS)
    hashes = [stand.hasher.hash(each).hex() for each in tokens]
    with ExitStack() as stack:
        litestar = stack.enter_context(stand.constant("litestar", reply, tokens[0], of="holdings"))
        found = take_turns(
            rounds,
            {
                "whole": _warm(web, whole, reads),
                "unchanged": _warm(web, unchanged, reads),
                "litestar": _warm(litestar, constant, reads),
                "peer": partial(_peer, stand, "holdings", hashes, reads),
            },
            lambda number: stand.tell(f"reading holdings, round {number} of {rounds}"),
        )
    return Holdings(reply_bytes=len(reply), **{name: series_of(each) for name, each in found.items()})


def measure_pages(
    stand: Stand, web: Server, person: Person, *, transactions: int, rounds: int, reads: int
) -> Pages:
    """Measure pages at both ends and in the middle of a long history."""
    stand.tell(f"writing a history of {transactions} transactions")
    asyncio.run(add_history(stand.url, person, transactions))
    places = [(order, offset) for offset in (0, transactions // 2) for order in Order]
    pages: dict[str, Statement] = {
        f"{order} from {offset}": compiled(
            page_statement(
                person.workspace_id, Mode.PRODUCTION, TransactionFilter(), order, limit=_PAGE, offset=offset
            )
        )
        for order, offset in places
    }
    count = compiled(count_statement(person.workspace_id, Mode.PRODUCTION, TransactionFilter()))
    token = person.access_token
    paths = [f"{TRANSACTIONS}?limit={_PAGE}&order={order}&offset={offset}" for order, offset in places]
    reply = web.get(paths[0], _bearer(token))
    whole = Load([get(path, token) for path in paths], connections=_PAGE_CONNECTIONS)
    constant = Load([get(floor.PATH, token)], connections=_PAGE_CONNECTIONS)
    with ExitStack() as stack:
        litestar = stack.enter_context(stand.constant("litestar", reply, token, of="pages"))
        found = take_turns(
            rounds,
            {
                "whole": _warm(web, whole, reads),
                "litestar": _warm(litestar, constant, reads),
                "peer": partial(_peer, stand, "statements", list(pages.values()), reads),
            },
            lambda number: stand.tell(f"reading pages, round {number} of {rounds}"),
        )
    return Pages(
        transactions=transactions,
        page=_PAGE,
        reply_bytes=len(reply),
        plans=explain(stand.url, {**pages, "count of all": count}),
        **{name: series_of(each) for name, each in found.items()},
    )


def _warm(server: Server, load: Load, reads: int) -> Callable[[], tuple[float, float]]:
    load.send(server, reads)
    return partial(cost_of, server, load, reads)


def _peer(stand: Stand, name: str, given: object, reads: int) -> tuple[float, float]:
    cost = stand.ask("benchmarks.peer", stand.url, name, str(reads), given=given, kind=PeerCost)
    return cost.microseconds, cost.per_second


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
