"""The web server: granian in front of the web application, in as many processes as the settings ask for."""

from granian.constants import HTTPModes, Interfaces, Loops
from granian.log import LogLevels
from granian.server import Server

from kryptos.infra.ports import require_free_port
from kryptos.infra.settings import Settings, let_look_up_names
from kryptos.infra.telemetry import logging_configuration

APPLICATION = "kryptos.entrypoints.web:create_app"
_GRACE_SECONDS = 15
_NAME_LOOKUPS_AT_ONCE = 32


def serve_web(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT, then finish the calls under way and return.

    The application reads its settings from the environment, in each worker process; it also ties the worker's life to
    this process (``die_with_server``).
    """
    require_free_port(settings)
    # Four unless told otherwise, and a search for chains asks for hundreds.
    let_look_up_names(at_once=_NAME_LOOKUPS_AT_ONCE)
    Server(
        APPLICATION,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        factory=True,
        workers=settings.web_processes,
        loop=Loops.auto,
        http=HTTPModes.http1,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=_GRACE_SECONDS,
        log_level=LogLevels(settings.log_level),
        log_dictconfig=logging_configuration(settings),
        log_access=False,
    ).serve()
