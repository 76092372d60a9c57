"""What the processes say about themselves: JSON log lines without secrets, and metrics for Prometheus."""

from kryptos.infra.telemetry.logs import configure_logging, logging_configuration
from kryptos.infra.telemetry.metrics import (
    database_unavailable_total,
    jobs_total,
    observe_request,
    outbox_lag_seconds,
    registry,
    render_metrics,
)
from kryptos.infra.telemetry.redaction import REDACTED, redact_text, redacted

__all__ = [
    "REDACTED",
    "configure_logging",
    "database_unavailable_total",
    "jobs_total",
    "logging_configuration",
    "observe_request",
    "outbox_lag_seconds",
    "redact_text",
    "redacted",
    "registry",
    "render_metrics",
]
