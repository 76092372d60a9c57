"""PostgreSQL's own programs as we run them: where to connect, and the password, in their environment alone.

What stands on a command line can be read by everybody on the machine.
"""

import signal
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO
from urllib.parse import parse_qsl, unquote, urlsplit

from kryptos.infra.postgres.binaries import program
from kryptos.infra.processes import launched
from kryptos.infra.settings import foreign_environment
from kryptos.infra.telemetry import redact_text

_VARIABLES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "database": "PGDATABASE",
    "passfile": "PGPASSFILE",
    "sslmode": "PGSSLMODE",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcrl": "PGSSLCRL",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
    "krbsrvname": "PGKRBSRVNAME",
    "gsslib": "PGGSSLIB",
    "application_name": "PGAPPNAME",
}
"""Parameters of a URL and libpq's variable for each (PostgreSQL, libpq, environment variables)."""
_LAST_WORDS = 3


def connection_variables(url: str) -> dict[str, str]:
    """Return libpq's environment variables for a database URL; what libpq does not know is a setting of the server."""
    parts = urlsplit(url)
    credentials, _, places = parts.netloc.rpartition("@")
    user, has_password, password = credentials.partition(":")
    hosts, ports = [], []
    for place in filter(None, places.split(",")):
        host, port = _split_port(place)
        hosts.append(unquote(host))
        ports.append(port)
    found = {"PGCONNECT_TIMEOUT": "10", "PGAPPNAME": "kryptos backup", "PGCLIENTENCODING": "UTF8"}
    given = {
        "PGHOST": ",".join(hosts),
        "PGPORT": ",".join(ports) if any(ports) else "",
        "PGUSER": unquote(user),
        "PGPASSWORD": unquote(password) if has_password else "",
        "PGDATABASE": unquote(parts.path.removeprefix("/")),
    }
    found |= {name: value for name, value in given.items() if value}
    options = []
    for name, value in parse_qsl(parts.query):
        if name in _VARIABLES:
            found[_VARIABLES[name]] = value
        else:
            escaped = value.replace("\\", "\\\\").replace(" ", "\\ ")
            options.append(f"-c {name}={escaped}")
    if options:
        found["PGOPTIONS"] = " ".join(options)
    return found


def _split_port(place: str) -> tuple[str, str]:
    if place.startswith("["):  # an IPv6 address: [::1]:5432
        host, _, port = place[1:].partition("]")
        return host, port.removeprefix(":")
    host, _, port = place.partition(":")
    return host, port


class Program:
    """One of PostgreSQL's programs at work; what it complains of is kept for ``complaint``. It ends when we do."""

    def __init__(
        self,
        name: str,
        *arguments: str,
        url: str | None = None,
        stdin: int = subprocess.DEVNULL,
        stdout: int = subprocess.DEVNULL,
    ) -> None:
        self.name = name
        self._complaints: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `stop`
        variables = connection_variables(url) if url is not None else {}
        self._process = subprocess.Popen(  # noqa: S603 - a program of the wheel
            launched([program(name), *arguments], death_signal=signal.SIGKILL),
            env=foreign_environment(**variables, LC_MESSAGES="C"),
            stdin=stdin,
            stdout=stdout,
            stderr=self._complaints,
            cwd=Path("/"),
        )

    @property
    def stdin(self) -> IO[bytes]:
        """What the program reads."""
        return _given(self._process.stdin)

    @property
    def stdout(self) -> IO[bytes]:
        """What the program writes."""
        return _given(self._process.stdout)

    def wait(self) -> bool:
        """Wait for the program's end and say whether it succeeded."""
        return self._process.wait() == 0

    def stop(self) -> None:
        """End the program if it still runs, and close what leads to it."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        for each in (self._process.stdin, self._process.stdout, self._complaints):
            if each is not None:
                try:
                    each.close()
                except BrokenPipeError:  # what was not read any more is of no use
                    continue

    def complaint(self) -> str:
        """Return the last words of a program that failed, without secrets."""
        self._complaints.seek(0)
        lines = [line for line in self._complaints.read().decode("utf-8", "replace").splitlines() if line]
        told = " ".join(lines[-_LAST_WORDS:]).removeprefix(f"{self.name}: ").removeprefix("error: ")
        return redact_text(told) or f"{self.name} ended with status {self._process.returncode}"


def run(name: str, *arguments: str) -> str:
    """Run a program that needs no database, and return what it says."""
    words: Sequence[str | Path] = [program(name), *arguments]
    done = subprocess.run(words, capture_output=True, text=True, check=True)  # noqa: S603 - a program of the wheel
    return done.stdout.strip()


def _given(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        message = "the program was started without this pipe"
        raise ValueError(message)
    return stream
