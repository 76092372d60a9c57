"""What a killed owner left running: found, told to stop, waited for, so that two servers never write the same files."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)
_IMMEDIATE_AFTER_SECONDS = 20.0
_KILL_AFTER_SECONDS = 30.0


def end_leftovers(data: Path, *, timeout_seconds: float = 40.0) -> bool:
    """End every server process that still works in ``data``; return whether none is left.

    Only the holder of the cluster's lock may call this: whatever still runs has lost its owner. A postmaster is asked
    for a fast shutdown, then an immediate one; processes whose postmaster was killed notice that themselves.
    """
    begun = time.monotonic()
    is_told: set[signal.Signals] = set()
    while processes := _processes_in(data):
        passed = time.monotonic() - begun
        if passed > timeout_seconds:
            return False
        for wanted, after_seconds in (
            (signal.SIGINT, 0.0),
            (signal.SIGQUIT, _IMMEDIATE_AFTER_SECONDS),
            (signal.SIGKILL, _KILL_AFTER_SECONDS),
        ):
            if passed >= after_seconds and wanted not in is_told:
                is_told.add(wanted)
                log.info("postgres_leftover_told_to_stop", pids=processes, signal=wanted.name)
                postmaster = recorded_pid(data)
                everyone = wanted is not signal.SIGINT
                _send(wanted, [pid for pid in processes if everyone or pid == postmaster])
        time.sleep(0.05)
    _forget_reused_pid(data)
    return True


def recorded_pid(data: Path) -> int | None:
    """Return the process id in ``postmaster.pid``; whether that process is a postmaster is another question."""
    try:
        return int((data / "postmaster.pid").read_text().partition("\n")[0])
    except (FileNotFoundError, ValueError):
        return None


def _forget_reused_pid(data: Path) -> None:
    """Remove ``postmaster.pid`` if its number now belongs to a stranger: PostgreSQL would refuse to start.

    In any other case the file stays, for PostgreSQL's own check of shared memory that is still in use.
    """
    pid = recorded_pid(data)
    if pid is None:
        return
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return
    except PermissionError:
        pass
    (data / "postmaster.pid").unlink(missing_ok=True)


def _send(wanted: signal.Signals, pids: list[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, wanted)


def _processes_in(data: Path) -> list[int]:
    """Return the server processes of the cluster: each has the data directory as its working directory."""
    if Path("/proc/self/comm").exists():
        place = str(data.resolve())
        return [
            int(entry.name)
            for entry in Path("/proc").iterdir()
            if entry.name.isdigit() and _works_in(entry, place)
        ]
    pid = recorded_pid(data)
    if pid is None:
        return []
    listing = subprocess.run(  # noqa: S603 - the system's own
        ["/bin/ps", "-p", str(pid), "-o", "command="], capture_output=True, text=True, check=False
    )
    return [pid] if str(data) in listing.stdout else []


def _works_in(entry: Path, place: str) -> bool:
    try:
        return (entry / "comm").read_text().strip() == "postgres" and str((entry / "cwd").readlink()) == place
    except OSError:  # gone meanwhile, a zombie, or another user's
        return False
