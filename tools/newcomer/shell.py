"""Terminals of the newcomer: one in which something runs until Ctrl-C, one into which blocks are pasted."""

import os
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

_READY_WITHIN_SECONDS = 900  # the first run installs and builds everything
_PASTED_WITHIN_SECONDS = 120
_ALONE_WITHIN_SECONDS = 3600
_STOPS_WITHIN_SECONDS = 60
_LOOK_EVERY_SECONDS = 0.1
_MARK = "__newcomer__"


@dataclass(frozen=True)
class Step:
    """What was done, how long it took, what went wrong (nothing: an empty text), and what was to be read."""

    words: str
    seconds: float
    problem: str
    output: str


def run_alone(text: str, folder: Path, environment: dict[str, str]) -> tuple[str, str]:
    """Run commands in a bash of their own; return what went wrong, and the output."""
    done = subprocess.run(
        ["bash", "-e", "-c", text],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=_ALONE_WITHIN_SECONDS,
    )
    return (f"exit status {done.returncode}" if done.returncode else ""), done.stdout


class Terminal:
    """A bash whose output goes into a file that is read while it runs."""

    def __init__(self, words: list[str], folder: Path, environment: dict[str, str], stdin: int) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the terminal
        self.process = subprocess.Popen(
            words,
            cwd=folder,
            env=environment,
            stdin=stdin,
            stdout=self._file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def said(self) -> str:
        """Return everything that was printed so far."""
        size = os.fstat(self._file.fileno()).st_size
        return os.pread(self._file.fileno(), size, 0).decode("utf-8", "replace")

    def wait_for(self, words: str, seconds: float = _READY_WITHIN_SECONDS) -> tuple[str, str]:
        """Return once it says these words; what went wrong, and the output."""
        end = time.monotonic() + seconds
        while words not in self.said():
            if self.process.poll() is not None:
                return f"it ended with exit status {self.process.returncode}", self.said()
            if time.monotonic() > end:
                return f"it did not say {words!r} within {seconds:.0f} s", self.said()
            time.sleep(_LOOK_EVERY_SECONDS)
        return "", self.said()


class Running(Terminal):
    """The first terminal: what runs in it runs until Ctrl-C."""

    def __init__(self, text: str, folder: Path, environment: dict[str, str]) -> None:
        super().__init__(["bash", "-e", "-c", text], folder, environment, subprocess.DEVNULL)

    def interrupt(self) -> tuple[str, str]:
        """Press Ctrl-C: everything in the terminal gets the signal."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGINT)
        try:
            self.process.wait(_STOPS_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            return f"it did not stop within {_STOPS_WITHIN_SECONDS} s", self.said()
        return "", self.said()


class Shell(Terminal):
    """The second terminal: what is pasted into it shares its variables, as in one bash."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        reading, self._keyboard = os.pipe()
        super().__init__(["bash"], folder, environment, reading)
        os.close(reading)
        self._number = 0

    def paste(self, text: str) -> tuple[str, str]:
        """Paste a block and wait until it is done; return what went wrong, and what it printed."""
        self._number += 1
        before = len(self.said())
        mark = f"{_MARK}{self._number}:"
        typed = f'{text}\necho "{mark}$?:"\n'.encode()
        os.write(self._keyboard, typed)
        problem, output = self.wait_for(mark, _PASTED_WITHIN_SECONDS)
        output, _, status = output[before:].partition(mark)
        if not problem and status.partition(":")[0] != "0":
            problem = f"exit status {status.partition(':')[0]}"
        return problem, output

    def close(self) -> None:
        """Close the terminal."""
        os.close(self._keyboard)
        self.process.wait()
