"""Each process loads only what it needs: start-up time and memory are part of what the product promises."""

import json
import subprocess
import sys

import pytest

from tests.architecture.source_tree import REPOSITORY

ALWAYS_HEAVY = frozenset({"matplotlib", "numpy", "pandas", "pytest", "web3"})

FORBIDDEN: dict[str, frozenset[str]] = {
    # Exchange libraries are the worker's alone (~100 MB and seconds); migrations run before a web process starts.
    "web": ALWAYS_HEAVY | {"alembic", "ccxt"},
    "worker": ALWAYS_HEAVY,
    "cli": ALWAYS_HEAVY | {"ccxt"},
}
"""Entry point -> what its import alone must not load."""


def existing_entry_points() -> list[str]:
    """Return the entry points that are written already."""
    folder = REPOSITORY / "backend/src/kryptos/entrypoints"
    names = {path.stem if path.is_file() else path.name for path in folder.iterdir()}
    return sorted(names & FORBIDDEN.keys())


@pytest.mark.parametrize("name", existing_entry_points())
def test_import_loads_nothing_heavy(name: str) -> None:
    program = f"import json, sys, kryptos.entrypoints.{name}; print(json.dumps(sorted(sys.modules)))"
    run = subprocess.run(  # noqa: PLW1510 - the assertion below shows what went wrong
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60
    )
    assert run.returncode == 0, run.stderr
    loaded = {module.partition(".")[0] for module in json.loads(run.stdout)}
    heavy = sorted(loaded & FORBIDDEN[name])
    assert not heavy, (
        f"kryptos.entrypoints.{name} loads {', '.join(heavy)} when imported: load it where it is used, "
        "in the process that needs it (`python -X importtime` shows who imports it)"
    )
