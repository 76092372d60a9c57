"""``kryptos demo`` as a person runs it: started, read until it is ready, stopped with nothing left."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.processes import descendants_of, is_running, processes_mentioning, python, wait_until

KRYPTOS = "kryptos.entrypoints.cli"


class Demo:
    """A running demo and what it has printed so far."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.printed: list[str] = []

    def read_until(self, text: str) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.printed.append(line)
            if text in line:
                return
        errors = self.process.stderr.read() if self.process.stderr else ""
        pytest.fail(f"the demo ended before {text!r}:\n{''.join(self.printed)}\n{errors}")

    def child(self, command: str) -> int:
        family = descendants_of(self.process.pid)
        ending = f"{KRYPTOS} {command} "
        return min(pid for pid, line in processes_mentioning(ending).items() if pid in family)


@contextmanager
def running(directory: Path, port: int, *options: str, **settings: str) -> Iterator[Demo]:
    """Run the demo until it is ready, and see that the block ends with none of its processes left."""
    with python(KRYPTOS, "demo", *options, data_dir=str(directory), port=str(port), **settings) as process:
        demo = Demo(process)
        demo.read_until("Ctrl-C stops everything")
        family = descendants_of(process.pid)
        yield demo
        if process.poll() is None:
            process.terminate()
            assert process.wait(30) == 0
    wait_until(lambda: not any(map(is_running, family)), what="the demo's processes are gone")
