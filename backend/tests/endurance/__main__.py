"""``python -m tests.endurance``: run it for so long, write the figures down; fails when anything does not hold."""

import argparse
import sys
from pathlib import Path

import msgspec

from benchmarks.page import MEASURED, write_page
from tests.endurance.running import Plan, run
from tests.support.installation import durable_cluster, installed


def main() -> int:
    """Run and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.endurance", description=__doc__)
    parser.add_argument("--seconds", type=float, default=600, help="how long things are killed; default 600")
    parser.add_argument("--pause", type=float, default=3, help="seconds between a recovery and the next kill")
    parser.add_argument("--threads", type=int, default=6, help="people at once")
    parser.add_argument("--to", type=Path, default=MEASURED / "endurance.json", help="file of the figures")
    given = parser.parse_args()
    plan = Plan(seconds=given.seconds, pause_seconds=given.pause, threads=given.threads)
    with durable_cluster() as cluster, installed(cluster) as installation:
        figures = run(cluster, installation, plan)
    given.to.parent.mkdir(exist_ok=True)
    given.to.write_bytes(msgspec.json.format(msgspec.json.encode(figures)) + b"\n")
    write_page()
    for each in figures.violations or ["Everything holds."]:
        sys.stdout.write(f"{each}\n")
    return int(bool(figures.violations))


if __name__ == "__main__":
    sys.exit(main())
