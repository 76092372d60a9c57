"""Logging: one JSON line per event on stderr, ours and every library's, without secrets."""

import logging
import logging.config
from typing import Any

import msgspec
import structlog
from structlog.typing import EventDict, WrappedLogger

from kryptos.infra.settings import Settings
from kryptos.infra.telemetry.redaction import redacted

_TOLD_BY_US = {
    # Each would say at length what one line of ours says already, or what concerns nobody in operation.
    "alembic.runtime.plugins": "WARNING",
    "sqlalchemy": "WARNING",
    "asyncio": "WARNING",
    "httpx": "WARNING",
    "httpcore": "WARNING",
}


def configure_logging(settings: Settings) -> None:
    """Send every log line of this process through our renderer; called once, first of all, by each entry point."""
    logging.config.dictConfig(logging_configuration(settings))
    structlog.configure(
        processors=[*_shared_processors(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def logging_configuration(settings: Settings) -> dict[str, Any]:
    """Return the standard library's logging configuration; plain data, so that granian can hand it to its workers."""
    level = settings.log_level.upper()
    quiet = {name: {"level": quietest, "propagate": True} for name, quietest in _TOLD_BY_US.items()}
    ours = {
        name: {"handlers": [], "level": level, "propagate": True} for name in ("_granian", "granian.access")
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": f"{__name__}.JsonLines"}},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stderr"}
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": quiet | ours,
    }


class JsonLines(structlog.stdlib.ProcessorFormatter):
    """Renders a record as one JSON object: time, level, event, then whatever the event says."""

    def __init__(self) -> None:
        super().__init__(
            foreign_pre_chain=_shared_processors(),
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                _as_json,
            ],
        )


def _shared_processors() -> list[structlog.typing.Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]


def _as_json(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    """Render the event without secrets; an event that cannot be rendered must not take its caller down."""
    first = {name: event[name] for name in ("timestamp", "level", "event") if name in event}
    try:
        return msgspec.json.encode(redacted({**first, **event})).decode()
    except (TypeError, ValueError, RecursionError) as error:
        return msgspec.json.encode(
            {"level": "error", "event": "log_line_lost", "reason": str(error)}
        ).decode()
