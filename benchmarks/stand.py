"""The stand: the database, the environment and the ways to start what is measured on it."""

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import msgspec

from benchmarks import floor
from benchmarks.servers import ROOT, Server
from kryptos.infra.postgres import Cluster
from kryptos.infra.secrets import TokenHasher

Tell = Callable[[str], None]
Told = TypeVar("Told")


@dataclass(frozen=True, slots=True)
class Stand:
    """What every measurement works with."""

    directory: Path
    cluster: Cluster
    environment: dict[str, str] = field(repr=False)
    hasher: TokenHasher = field(repr=False)
    tell: Tell

    @property
    def url(self) -> str:
        """Where the database is."""
        return self.cluster.url()

    @contextmanager
    def web(self) -> Iterator[Server]:
        """Run the product's web server."""
        with Server(
            "kryptos.entrypoints.cli",
            "serve",
            environment=self.environment,
            log=self.directory / "web.log",
            ready_path="/readyz",
        ) as server:
            server.wait_until_ready()
            yield server

    @contextmanager
    def constant(self, name: str, reply: bytes, token: str, *, of: str = "userinfo") -> Iterator[Server]:
        """Run one of ``floor``'s applications, which replies with a constant."""
        document = self.directory / f"{of}-{name}.json"
        document.write_bytes(reply)
        with Server(
            "benchmarks.floor",
            name,
            environment={**self.environment, floor.REPLY_VARIABLE: str(document)},
            log=self.directory / f"{of}-{name}.log",
            ready_path=floor.PATH,
            ready_headers={"Authorization": f"Bearer {token}"},
        ) as server:
            server.wait_until_ready()
            yield server

    def ask(self, module: str, *arguments: str, given: object = None, kind: type[Told]) -> Told:
        """Run a module of ours in a process of its own, and return the value that it prints."""
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            input=msgspec.json.encode(given),
            stdout=subprocess.PIPE,
            cwd=ROOT,
            check=True,
        )
        return msgspec.json.decode(done.stdout, type=kind)


def get(path: str, token: str, **headers: str) -> str:
    """Return a whole GET request."""
    more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\nAuthorization: Bearer {token}\r\n{more}\r\n"


def post(path: str, headers: dict[str, str], body: bytes) -> str:
    """Return a whole POST request."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n{lines}"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body.decode()}"
    )


def take_turns(
    rounds: int, subjects: dict[str, Callable[[], tuple[float, float]]], tell: Callable[[int], None]
) -> dict[str, Sequence[tuple[float, float]]]:
    """Measure every subject once in every round."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in subjects}
    for number in range(rounds):
        tell(number + 1)
        for name, measure in subjects.items():
            found[name].append(measure())
    return {name: tuple(each) for name, each in found.items()}
