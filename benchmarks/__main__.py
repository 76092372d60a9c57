"""``python -m benchmarks``: measure once, print a table, keep the numbers; fails when a target is clearly missed."""

import argparse
import sys
from pathlib import Path

import msgspec
from rich.console import Console

from benchmarks.reporting import Verdict, print_report, verdicts_of
from benchmarks.running import QUICK, Outcome, Plan, run

RESULTS = Path(__file__).parent / "results" / "latest.json"


class Kept(msgspec.Struct, frozen=True):
    """What is written to ``results/latest.json``."""

    outcome: Outcome
    verdicts: list[Verdict]


def main() -> int:
    """Run and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few requests: shows that it runs, not how fast")
    arguments = parser.parse_args()
    if sys.platform != "linux":
        parser.error("The CPU time of another process is read as Linux tells it; run this on Linux.")
    console = Console()
    with console.status("starting PostgreSQL") as status:
        outcome = run(QUICK if arguments.quick else Plan(), status.update)
    verdicts = verdicts_of(outcome)
    print_report(console, outcome, verdicts)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_bytes(msgspec.json.format(msgspec.json.encode(Kept(outcome, verdicts))))
    console.print(
        f"Written to {RESULTS.relative_to(Path.cwd()) if RESULTS.is_relative_to(Path.cwd()) else RESULTS}."
    )
    return int(any(each.is_clearly_missed for each in verdicts))


if __name__ == "__main__":
    sys.exit(main())
