"""What the processes say about themselves: JSON log lines without secrets, and metrics for Prometheus."""

from kryptos.infra.telemetry.logs import configure_logging, logging_configuration
from kryptos.infra.telemetry.metrics import (
    Measure,
    database_pool_wait_seconds,
    database_unavailable_total,
    jobs_total,
    observe_request,
    provider_calls_total,
    registry,
    render_metrics,
    syncs_total,
)
from kryptos.infra.telemetry.redaction import REDACTED, redact_text, redacted

__all__ = [
    "REDACTED",
    "Measure",
    "configure_logging",
    "database_pool_wait_seconds",
    "database_unavailable_total",
    "jobs_total",
    "logging_configuration",
    "observe_request",
    "provider_calls_total",
    "redact_text",
    "redacted",
    "registry",
    "render_metrics",
    "syncs_total",
]
