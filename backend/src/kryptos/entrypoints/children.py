"""Child processes of one command: started together, watched, stopped in order."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from kryptos.infra.processes import last_lines, launched, open_log
from kryptos.kernel.errors import Kind, KryptosError

_GRACE_SECONDS = 20.0


class ChildDied(KryptosError):
    """A process that everything else needs has ended by itself; the message bears the end of its log."""

    code = "CHILD_DIED"
    kind = Kind.UNAVAILABLE


class Child:
    """One ``kryptos`` command as a process: it writes to its own log and ends when we do."""

    def __init__(self, name: str, command: str, log: Path) -> None:
        self.name = name
        self.log = log
        descriptor = open_log(log)
        try:
            self._process = subprocess.Popen(  # noqa: S603 - this very program
                launched(
                    [sys.executable, "-m", "kryptos.entrypoints.cli", command], death_signal=signal.SIGTERM
                ),
                stdin=subprocess.DEVNULL,
                stdout=descriptor,
                stderr=descriptor,
                start_new_session=True,  # Ctrl-C reaches us alone, and we stop the children in order
            )
        finally:
            os.close(descriptor)

    def require_alive(self) -> None:
        """Raise ``ChildDied`` when the process has ended."""
        status = self._process.poll()
        if status is not None:
            raise ChildDied(died(f"The {self.name} process", status, self.log))

    def stop(self) -> None:
        """Ask the process to finish what it is doing, and wait for that."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(_GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill()
                self._process.wait()

    def kill(self) -> None:
        """End the process and all that it started, at once.

        Called by signal handlers too, which may have interrupted ``stop``: it must not ask ``subprocess`` anything,
        for the interrupted call may hold its lock.
        """
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)


def died(who: str, status: int | None, log: Path) -> str:
    """Say who ended, how, and what was last in its log."""
    how = (
        f"with exit status {status}"
        if status is None or status >= 0
        else f"by {signal.Signals(-status).name}"
    )
    how = "by itself" if status is None else how
    lines = last_lines(log)
    return f"{who} ended {how}, so everything was stopped. The end of {log}:\n{lines or '(nothing)'}"
