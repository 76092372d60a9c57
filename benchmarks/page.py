"""The page of figures that are kept: what endurance and capacity were measured to be, as tables."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

MEASURED = Path(__file__).parent / "measured"

_KILLED = """\
Two web servers and two workers on one PostgreSQL, all on one machine with the load. Each of the five is killed with
SIGKILL in turn and started again, while people connect accounts and apps read, rotate, revoke and read again. A call is
repeated, with the same idempotency key, on either server until it is answered."""
_HOLDS = """\
**Nothing was violated.** Every acknowledged grant, token, account and removal stands, each once; dead tokens are
refused on both servers; every sync ended with exactly the rows of an undisturbed one; every audit chain verifies; every
answer was success or the documented 503."""
_FLOOR = """\
One web process; its callers and PostgreSQL on the same machine. The floor is a server that makes the one statement of
the token's check and replies with a constant as long as `userinfo`, measured in the same run, in turn. A journey is six
calls."""


def write_page() -> None:
    """Write ``measured/README.md`` from the files beside it."""
    parts = {"endurance": _endurance, "capacity": _capacity}
    lines = ["# Measured", "", "Written by the programs themselves: `make endurance` and `make capacity`."]
    for name, part in parts.items():
        path = MEASURED / f"{name}.json"
        if path.exists():
            lines += ["", *part(msgspec.json.decode(path.read_bytes()))]
    (MEASURED / "README.md").write_text("\n".join(lines) + "\n")


def _endurance(figures: Mapping[str, Any]) -> Iterator[str]:
    calls, recoveries = figures["calls"], figures["recovery_seconds"]
    yield from ("## Endurance: everything is killed in turn", "", _KILLED, "")
    yield (
        f"{figures['lasted_seconds']:.0f} s, {figures['plan']['threads']} people at once, {figures['machine']}: "
        f"{sum(figures['answers'].values())} calls, {figures['calls_per_second']} answered per second."
    )
    found = [f"- **Violated:** {each}" for each in dict.fromkeys(figures["violations"])]
    yield from ("", *(found or [_HOLDS]), "", *_remark(figures))
    yield from _table(
        ("Killed", "times", "working again after: median", "at most"),
        ([name, times, *_seconds(recoveries[name])] for name, times in figures["kills"].items()),
    )
    yield from _table(("Answer", "calls"), [*figures["answers"].items(), ("replayed", figures["replayed"])])
    yield from _table(
        ("Milliseconds of a call", "calls", *figures["milliseconds"]),
        [
            ["all", "", *figures["milliseconds"].values()],
            *(
                [_code(each["call"]), sum(each["answers"].values()), *each["milliseconds"].values()]
                for each in calls
            ),
        ],
    )
    yield "From connecting accounts to reading them, in seconds: "
    yield f"{', '.join(f'{name} {value}' for name, value in figures['sync_seconds'].items())}."
    yield ""
    rows = [*figures["accesses"].items(), ("transactions read", figures["transactions_read"])]
    yield from _table(("Ledger of what was acknowledged", ""), rows)
    yield from _table(("Rows in the database", ""), ((_code(name), n) for name, n in figures["rows"].items()))


def _capacity(figures: Mapping[str, Any]) -> Iterator[str]:
    yield from ("## Capacity: how much a machine takes", "", _FLOOR, "")
    yield f"{figures['connections']} connections, {figures['transactions']} transactions of one person, "
    yield f"{figures['machine']}."
    yield from ("", *_remark(figures))
    head = (
        "What",
        "per second",
        *(f"{name} ms" for name in figures["loads"][0]["milliseconds"]),
        "of the floor",
    )
    yield from _table(
        head,
        (
            [each["name"], each["per_second"], *each["milliseconds"].values(), f"{each['of_floor']:.0%}"]
            for each in figures["loads"]
        ),
    )


def _remark(figures: Mapping[str, Any]) -> list[str]:
    """Return what somebody wrote into the file beside the figures."""
    return [figures["remark"], ""] if "remark" in figures else []


def _table(head: tuple[str, ...], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' + '---:|' * (len(head) - 1)}"
    yield from (f"| {' | '.join(map(str, row))} |" for row in rows)
    yield ""


def _seconds(parts: Mapping[str, float]) -> list[str]:
    return [f"{each} s" for each in parts.values()]


def _code(text: str) -> str:
    return f"`{text}`"
