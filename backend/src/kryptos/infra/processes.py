"""Child processes that end with us, however we end."""

import multiprocessing
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from kryptos.infra import launch
from kryptos.infra.launch import die_with_parent

__all__ = ["die_with_parent", "die_with_server", "last_lines", "launched", "open_log"]

_LOG_LIMIT_BYTES = 10_000_000
_TAIL_BYTES = 8_000


def launched(
    command: Sequence[str | Path],
    *,
    death_signal: signal.Signals,
    identity: str = "same",
    directory: Path = Path("/"),
) -> list[str]:
    """Return the command that runs ``command`` so that it gets ``death_signal`` when we die; see ``launch``."""
    launcher = [sys.executable, "-I", "-S", str(launch.__file__)]
    return [*launcher, str(os.getpid()), str(int(death_signal)), identity, str(directory), *map(str, command)]


def die_with_server() -> None:
    """Let this worker process of the web server be killed when the server's main process dies.

    granian's workers outlive a killed main process and would keep its port. SIGKILL, since a worker that has not yet
    begun to serve still has the main process's handlers and would swallow anything milder; what it was doing is a
    transaction, which rolls back. Does nothing in a process that no server started.
    """
    server = multiprocessing.parent_process()
    if server is not None and server.pid is not None:
        die_with_parent(signal.SIGKILL, server.pid)


def open_log(path: Path) -> int:
    """Open a log file for appending and return its descriptor; a file past 10 MB starts anew."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    if os.fstat(descriptor).st_size > _LOG_LIMIT_BYTES:
        os.ftruncate(descriptor, 0)
    return descriptor


def last_lines(path: Path, count: int = 12) -> str:
    """Return the last lines of a log file, or an empty text when there is none."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - _TAIL_BYTES))
            text = file.read().decode("utf-8", "replace")
    except FileNotFoundError:
        return ""
    return "\n".join(text.splitlines()[-count:])
