"""Metrics for Prometheus, for the operator's eyes only."""

import hmac
from ipaddress import ip_address

from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler

from kryptos.infra.queue import outbox_lag
from kryptos.infra.telemetry import outbox_lag_seconds, render_metrics
from kryptos.kernel.errors import Unavailable
from kryptos.surfaces.http.services import Services

_REFUSAL = (
    "Metrics are for this machine only. Elsewhere set KRYPTOS_METRICS_TOKEN and send it as a bearer token.\n"
)


def metrics_routes(services: Services) -> list[HTTPRouteHandler]:
    """Return ``/metrics``: open to this machine, elsewhere under the token that the operator set."""

    @get("/metrics", include_in_schema=False)
    async def metrics(request: Request[None, None, State]) -> Response[bytes]:
        if not _may_read(request, services.settings.metrics_token):
            return Response(_REFUSAL.encode(), status_code=403, media_type="text/plain; charset=utf-8")
        await _measure_outbox(services)
        return Response(render_metrics(), media_type="text/plain; version=0.0.4; charset=utf-8")

    return [metrics]


def _may_read(request: Request[None, None, State], token: str | None) -> bool:
    if token is not None:
        presented = request.headers.get("authorization", "")
        return hmac.compare_digest(presented.encode(), f"Bearer {token}".encode())
    is_forwarded = "x-forwarded-for" in request.headers or "forwarded" in request.headers
    try:
        return not is_forwarded and request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        return False


async def _measure_outbox(services: Services) -> None:
    try:
        lag = await services.database.execute(outbox_lag)
    except Unavailable:
        outbox_lag_seconds.set(float("nan"))
    else:
        outbox_lag_seconds.set(lag.total_seconds())
