"""Whether the web port is free, asked before anything else is started."""

import socket

from kryptos.infra.settings import Settings, variable_of
from kryptos.kernel.errors import Kind, KryptosError


class PortTaken(KryptosError):
    """Something else listens where the web server should."""

    code = "PORT_TAKEN"
    kind = Kind.CONFLICT


def require_free_port(settings: Settings) -> None:
    """Raise ``PortTaken`` unless the web port can be bound now.

    granian would not notice: on Linux its sockets share a port with any other that allows it.
    """
    require_free(settings.host, settings.port, choose_by=f"{variable_of('port')}=")


def require_free(host: str, port: int, *, choose_by: str) -> None:
    """Raise ``PortTaken`` unless the port can be bound now; ``choose_by`` is what to write before another number."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        message = (
            f"Port {port} on {host} cannot be used ({error.strerror}). Stop what listens there, or "
            f"choose another with {choose_by.rstrip('= ')}, for example {choose_by}{_another(port)}."
        )
        raise PortTaken(message) from error


def _another(port: int) -> int:
    return port + 1 if port < 65535 else port - 1
