"""Routes: endpoints as Litestar handlers, and Litestar's own errors in our envelopes."""

from collections.abc import Sequence

import structlog
from litestar import Request
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.response.base import Response
from litestar.types import ASGIApp, ExceptionHandlersMap

from kryptos.kernel.errors import InvalidInput, Kind, KryptosError
from kryptos.surfaces.http.endpoint import Endpoint
from kryptos.surfaces.http.envelopes import (
    STATUS,
    InternalError,
    MethodNotAllowed,
    NotFound,
    PayloadTooLarge,
    UnsupportedMediaType,
)
from kryptos.surfaces.http.pipeline import Pipeline

log = structlog.get_logger(__name__)

_BY_STATUS: dict[int, type[KryptosError]] = {
    STATUS[Kind.NOT_FOUND]: NotFound,
    STATUS[Kind.METHOD_NOT_ALLOWED]: MethodNotAllowed,
    STATUS[Kind.TOO_LARGE]: PayloadTooLarge,
    STATUS[Kind.UNSUPPORTED_MEDIA]: UnsupportedMediaType,
    STATUS[Kind.INVALID]: InvalidInput,
}


def route_of(endpoint: Endpoint, pipeline: Pipeline) -> HTTPRouteHandler:
    """Return the Litestar handler of an endpoint; a GET answers HEAD as well."""

    async def handle(request: Request[None, None, State]) -> ASGIApp:
        return await pipeline.answer(endpoint, request)

    handler = HTTPRouteHandler(
        [_litestar_path(path) for path in (endpoint.path, *endpoint.aliases)],
        http_method=["GET", "HEAD"] if endpoint.method == "GET" else [endpoint.method],
        status_code=endpoint.status,
        include_in_schema=False,
        opt={"endpoint": endpoint},
    )
    return handler(handle)


def routes_of(endpoints: Sequence[Endpoint], pipeline: Pipeline) -> list[HTTPRouteHandler]:
    """Return the handlers of many endpoints."""
    return [route_of(endpoint, pipeline) for endpoint in endpoints]


def exception_handlers(pipeline: Pipeline) -> ExceptionHandlersMap:
    """Return handlers for what fails before an endpoint is reached: no such path, no such method."""

    def refuse(request: Request[None, None, State], error: Exception) -> Response[bytes]:
        status = error.status_code if isinstance(error, HTTPException) else STATUS[Kind.INTERNAL]
        known = _BY_STATUS.get(status, InternalError)
        if known is InternalError:
            log.error("request_failed", exc_info=error)
        headers = error.headers if isinstance(error, HTTPException) else None
        return pipeline.refuse(request, known(), dict(headers or {}))

    return {Exception: refuse}


def _litestar_path(path: str) -> str:
    """Return an OpenAPI path in Litestar's form: ``/x/{id}`` → ``/x/{id:str}``."""
    return path.replace("}", ":str}")
