"""Servers under measurement: started, waited for, asked for their CPU time and memory, stopped."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from kryptos.infra.processes import last_lines, launched, open_log

ROOT = Path(__file__).parents[1]
_OK = 200
_POLL_SECONDS = 0.005
_PATIENCE_SECONDS = 60
_CPUCLOCK_SCHED = 2


class ServerFailed(Exception):
    """A server did not come up."""


@dataclass(frozen=True, slots=True)
class _Answer:
    content: bytes
    tag: str


class Server:
    """A web server as its main process and that process's workers."""

    def __init__(
        self,
        module: str,
        *arguments: str,
        environment: Mapping[str, str],
        log: Path,
        ready_path: str,
        ready_headers: Mapping[str, str] | None = None,
    ) -> None:
        self.port = free_port()
        self.ready_seconds = 0.0
        self._log = log
        self._ready_path = ready_path
        self._ready_headers = ready_headers or {}
        command: Sequence[str] = [sys.executable, "-m", module, *arguments]
        descriptor = open_log(log)
        self._began = time.perf_counter()
        self._process = subprocess.Popen(
            launched(command, death_signal=signal.SIGTERM),
            stdin=subprocess.DEVNULL,
            stdout=descriptor,
            stderr=descriptor,
            cwd=ROOT,
            env={**os.environ, **environment, "KRYPTOS_PORT": str(self.port)},
        )
        os.close(descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait(_PATIENCE_SECONDS)

    def wait_until_ready(self) -> None:
        """Return at the first 200 of the readiness path; ``ready_seconds`` then says how long that took."""
        while not self._is_ready():
            if self._process.poll() is not None or time.perf_counter() - self._began > _PATIENCE_SECONDS:
                raise ServerFailed(
                    f"The server did not become ready. The end of its log:\n{last_lines(self._log)}"
                )
            time.sleep(_POLL_SECONDS)
        self.ready_seconds = time.perf_counter() - self._began

    def get(self, path: str, headers: Mapping[str, str]) -> bytes:
        """Return the body of a GET; raise ``ServerFailed`` for any status but 200."""
        return self._call("GET", path, headers).content

    def tag(self, path: str, headers: Mapping[str, str]) -> str:
        """Return the ETag of the answer to a GET; raise ``ServerFailed`` as ``get`` does."""
        return self._call("GET", path, headers).tag

    def post(self, path: str, headers: Mapping[str, str], body: bytes) -> bytes:
        """Return the body of the answer to a POST; raise ``ServerFailed`` for any status but 200."""
        return self._call("POST", path, headers, body).content

    def cpu_seconds(self) -> float:
        """Return the CPU time, user and system, that all processes of the server have used so far."""
        return sum(map(_cpu_seconds, self._family()))

    def megabytes(self) -> float:
        """Return the resident memory of the largest process, which is the worker that answers."""
        return max(map(_megabytes, self._family()))

    def _family(self) -> list[int]:
        """Return the main process and its descendants."""
        parents: dict[int, int] = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    stat = (entry / "stat").read_text()
                except OSError:
                    continue
                parents[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
        family = {self._process.pid}
        while fresh := {pid for pid, parent in parents.items() if parent in family} - family:
            family |= fresh
        return sorted(family)

    def _is_ready(self) -> bool:
        try:
            self.get(self._ready_path, self._ready_headers)
        except (OSError, http.client.HTTPException, ServerFailed):
            return False
        return True

    def _call(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None = None) -> _Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, body=body, headers=dict(headers))
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        if answer.status != _OK:
            raise ServerFailed(f"{method} {path} answered {answer.status}: {content[:500]!r}")
        return _Answer(content, answer.headers.get("ETag", ""))


def _cpu_seconds(pid: int) -> float:
    """Read the process's CPU clock, to the nanosecond (clock_getcpuclockid(3)); /proc would round to 10 ms."""
    return time.clock_gettime((~pid << 3) | _CPUCLOCK_SCHED)


def _megabytes(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    kilobytes = next(line.split()[1] for line in lines if line.startswith("VmRSS:"))
    return int(kilobytes) * 1024 / 1_000_000


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
