"""Metrics for Prometheus, for the operator's eyes only."""

from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler

from kryptos.surfaces.http.services import Services
from kryptos.surfaces.http.watching import MEDIA_TYPE, REFUSAL, Watch, may_watch


def metrics_routes(services: Services) -> list[HTTPRouteHandler]:
    """Return ``/metrics``: open to this machine, elsewhere under the token that the operator set."""
    watch = Watch(services.database)

    @get("/metrics", include_in_schema=False)
    async def metrics(request: Request[None, None, State]) -> Response[bytes]:
        if not may_watch(
            peer=request.client.host if request.client is not None else None,
            authorization=request.headers.get("authorization", ""),
            is_forwarded="x-forwarded-for" in request.headers or "forwarded" in request.headers,
            token=services.settings.metrics_token,
        ):
            return Response(REFUSAL.encode(), status_code=403, media_type="text/plain; charset=utf-8")
        return Response(await watch.render(), media_type=MEDIA_TYPE)

    return [metrics]
