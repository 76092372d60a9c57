"""Child processes of one command: started together, watched, stopped in order."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
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
    """A program as a process: it writes to its own log and ends when we do.

    Without ``environment`` it has ours. A stranger's program may be several processes, such as a package manager and
    what that runs, so all of them are asked to end (``is_group``); ours stop their own in order.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        log: Path,
        *,
        environment: Mapping[str, str] | None = None,
        is_group: bool = False,
    ) -> None:
        self.name = name
        self.log = log
        self._is_group = is_group
        descriptor = open_log(log)
        try:
            self._process = subprocess.Popen(  # noqa: S603 - this very program, or what the operator named
                launched(command, death_signal=signal.SIGTERM),
                stdin=subprocess.DEVNULL,
                stdout=descriptor,
                stderr=descriptor,
                env=environment,
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
            if self._is_group:
                os.killpg(self._process.pid, signal.SIGTERM)
            else:
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


def own(command: str) -> list[str]:
    """Return how one of our own commands is run: ``serve``, ``worker``."""
    return [sys.executable, "-m", "kryptos.entrypoints.cli", command]


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
