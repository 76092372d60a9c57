"""Real processes in tests: what a person would start, kill and look for afterwards."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def wait_until(holds: Callable[[], object], *, what: str, timeout_seconds: float = 30.0) -> None:
    """Return once ``holds()`` is true; fail the test saying ``what`` never came to be."""
    end = time.monotonic() + timeout_seconds
    while not holds():
        if time.monotonic() > end:
            pytest.fail(f"not within {timeout_seconds:.0f} s: {what}")
        time.sleep(0.02)


def is_running(pid: int) -> bool:
    """Say whether a process exists and is not a zombie that nobody has collected."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in {"Z", "X"}


def processes_mentioning(text: str) -> dict[int, str]:
    """Return the running processes, other than this one, whose command line contains ``text``."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            continue
        if text in line and is_running(int(entry.name)):
            found[int(entry.name)] = line
    return found


def descendants_of(pid: int) -> set[int]:
    """Return the processes that ``pid`` started, and those that they started, and so on."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError):
                continue
    found = {pid}
    while fresh := {child for child, parent in parents.items() if parent in found} - found:
        found |= fresh
    return found - {pid}


def environment(**settings: str) -> dict[str, str]:
    """Return this environment with ``KRYPTOS_*`` settings: ``data_dir="/…"`` becomes ``KRYPTOS_DATA_DIR``."""
    return {**os.environ, **{f"KRYPTOS_{name.upper()}": value for name, value in settings.items()}}


@contextmanager
def python(
    program: str, *arguments: str, cwd: Path | str | None = None, **settings: str
) -> Iterator[subprocess.Popen[str]]:
    """Run ``python -c program`` or, for a program without spaces, ``python -m program``; it ends with the block."""
    flag = "-c" if " " in program or "\n" in program else "-m"
    process = subprocess.Popen(
        [sys.executable, flag, program, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
        cwd=cwd,
        env=environment(**settings),
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
        process.communicate()
