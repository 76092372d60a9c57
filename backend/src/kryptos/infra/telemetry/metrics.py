"""Metrics of this process, in one registry of ours; ``/metrics`` renders it."""

from functools import cache

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

registry = CollectorRegistry()

_http_requests_total = Counter(
    "http_requests_total", "Requests answered", ["method", "path_template", "status"], registry=registry
)
_http_request_seconds = Histogram(
    "http_request_seconds",
    "Time from request to answer",
    ["method", "path_template"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
    registry=registry,
)
database_unavailable_total = Counter(
    "database_unavailable_total", "Times that the database could not be reached", registry=registry
)
jobs_total = Counter("jobs_total", "Starts of jobs that ended, by how", ["job", "outcome"], registry=registry)
outbox_lag_seconds = Gauge(
    "outbox_lag_seconds", "Age of the oldest event that no worker has taken up", registry=registry
)


_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def observe_request(*, method: str, path_template: str, status: int, seconds: float) -> None:
    """Count one answered request. ``path_template`` is the route, never the path: a path may hold ids or tokens."""
    count, duration = _of_route(method if method in _METHODS else "other", path_template, status)
    count.inc()
    duration.observe(seconds)


@cache  # finding a metric by its labels costs more than counting; routes, methods and statuses are few
def _of_route(method: str, path_template: str, status: int) -> tuple[Counter, Histogram]:
    return (
        _http_requests_total.labels(method, path_template, str(status)),
        _http_request_seconds.labels(method, path_template),
    )


def render_metrics() -> bytes:
    """Return every metric in the text format of Prometheus."""
    return generate_latest(registry)
