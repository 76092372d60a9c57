"""Metrics of this process, or of all processes of a web server together, in the text format of Prometheus.

What a process counts is here; what the database knows is measured when somebody asks (``Measure``). Labels come from
short lists of ours or of the catalogue: never a person, an id, an address or a path.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

PREFIX = "kryptos_"
registry = CollectorRegistry()

_http_requests_total = Counter(
    f"{PREFIX}http_requests_total",
    "Requests answered",
    ["method", "path_template", "status"],
    registry=registry,
)
_http_request_seconds = Histogram(
    f"{PREFIX}http_request_seconds",
    "Time from request to answer",
    ["method", "path_template"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
    registry=registry,
)
database_unavailable_total = Counter(
    f"{PREFIX}database_unavailable_total",
    "Transactions and reads that were refused because the database could not be reached",
    registry=registry,
)
database_pool_wait_seconds = Histogram(
    f"{PREFIX}database_pool_wait_seconds",
    "Time that a transaction or a read waited for a connection of this process",
    ["pool"],
    buckets=(0.001, 0.01, 0.1, 1, 10),
    registry=registry,
)
jobs_total = Counter(
    f"{PREFIX}jobs_total", "Starts of jobs that ended, by how", ["job", "outcome"], registry=registry
)
syncs_total = Counter(
    f"{PREFIX}syncs_total",
    "Readings of a connected account that ended, by the status they left",
    ["status"],
    registry=registry,
)
provider_calls_total = Counter(
    f"{PREFIX}provider_calls_total",
    "Questions to servers of others, repetitions counted once, by what came of them",
    ["upstream", "outcome"],
    registry=registry,
)

_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that was measured just now: a number, or one for each that its label may say."""

    name: str
    about: str
    reading: float | Mapping[str, float]
    label: str = ""


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


def render_metrics(measures: Iterable[Measure] = (), *, shared: Path | None = None) -> bytes:
    """Return what was counted, and what was measured, as text.

    ``shared`` is where the processes of one server count together; without it this process tells of itself.
    """
    if shared is None:
        counted = generate_latest(registry)
    else:
        together = CollectorRegistry()
        MultiProcessCollector(together, str(shared))  # type: ignore[no-untyped-call]
        counted = generate_latest(together)
    measured = CollectorRegistry()
    measured.register(_Measured(measures))
    return counted + generate_latest(measured)


class _Measured(Collector):
    def __init__(self, measures: Iterable[Measure]) -> None:
        self._measures = tuple(measures)

    def collect(self) -> Iterator[Metric]:
        for each in self._measures:
            family = GaugeMetricFamily(
                PREFIX + each.name, each.about, labels=[each.label] if each.label else None
            )
            readings = each.reading if isinstance(each.reading, Mapping) else {"": each.reading}
            for label, reading in readings.items():
                family.add_metric([label] if each.label else [], reading)
            yield family
