"""The host app beside the demo: where it listens, what it is told, and its process."""

import shlex
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path

from kryptos.entrypoints.children import Child
from kryptos.entrypoints.demo_person import DemoFacts
from kryptos.infra.ports import PortTaken, require_free
from kryptos.infra.settings import Settings, foreign_environment
from kryptos.kernel.errors import Kind, KryptosError

APP_VARIABLES = ("KRYPTOS_BASE_URL", "KRYPTOS_CLIENT_ID", "KRYPTOS_CLIENT_SECRET")
"""What a host app is told, beside HOST and PORT; an app of one's own does well to read the same."""

_HOST = "127.0.0.1"
_CONNECT_SECONDS = 1.0


class AppNotFound(KryptosError):
    """What is to be run as the host app is no program of this machine."""

    code = "APP_NOT_FOUND"
    kind = Kind.INVALID


@dataclass(frozen=True, kw_only=True)
class HostApp:
    """An app on its port: run by us when there is a ``command``, by its developer when there is none."""

    command: str | None
    port: int

    @property
    def address(self) -> str:
        """Where a person opens it."""
        return f"http://localhost:{self.port}"

    @property
    def origins(self) -> tuple[str, ...]:
        """The origins its pages may have."""
        return (self.address, f"http://{_HOST}:{self.port}")

    @property
    def redirect_uri(self) -> str:
        """Where the hosted page may lead back to."""
        return f"{self.address}/callback"

    def require_startable(self, settings: Settings) -> None:
        """Raise, before anything is started, when its port is taken or its program does not exist."""
        if self.command is None:
            return
        self._words()
        if self.port == settings.port:
            message = (
                f"Port {self.port} is the server's own. Choose another for the app with --app-port, for example "
                f"--app-port {self.port + 1 if self.port < 65535 else self.port - 1}."
            )
            raise PortTaken(message)
        require_free(_HOST, self.port, choose_by="--app-port ")

    def start(self, facts: DemoFacts, logs: Path) -> Child:
        """Run the command; the secret is in its environment and nowhere that other people of the machine can look."""
        given = zip(APP_VARIABLES, (facts.base_url, facts.client_id, facts.client_secret), strict=True)
        return Child(
            "app",
            self._words(),
            logs / "app.log",
            environment=foreign_environment(HOST=_HOST, PORT=str(self.port), **dict(given)),
            is_group=True,
        )

    def is_ready(self) -> bool:
        """Say whether its port answers."""
        try:
            socket.create_connection((_HOST, self.port), _CONNECT_SECONDS).close()
        except OSError:
            return False
        return True

    def _words(self) -> list[str]:
        try:
            program, *arguments = shlex.split(self.command or "")
        except ValueError as error:
            message = f"--app {self.command!r} cannot be read as a command: {str(error).lower()}."
            raise AppNotFound(message) from error
        found = shutil.which(program)
        if found is None:
            message = f"--app begins with {program!r}: no such program is here. Give its path, or install it."
            raise AppNotFound(message)
        return [found, *arguments]
