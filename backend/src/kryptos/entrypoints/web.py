"""The web process: every HTTP surface on one port."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp

from kryptos.entrypoints.outside import open_http, open_registry
from kryptos.infra.database import Database
from kryptos.infra.database.reader import Reader
from kryptos.infra.http_client.public_web import PublicWeb
from kryptos.infra.mail import can_mail
from kryptos.infra.processes import die_with_server
from kryptos.infra.rate_limits import RateLimiter
from kryptos.infra.secrets import load_token_hasher
from kryptos.infra.settings import Settings, SettingsWrong, load_settings
from kryptos.infra.telemetry import configure_logging
from kryptos.kernel.clock import Clock, SystemClock
from kryptos.kernel.ids import system_random
from kryptos.surfaces.account_api import connections as account_connections
from kryptos.surfaces.account_api import grants as account_grants
from kryptos.surfaces.account_api import personal_data
from kryptos.surfaces.account_api import session as account_session
from kryptos.surfaces.account_api import sign_in as account_sign_in
from kryptos.surfaces.account_page.routes import account_page_routes
from kryptos.surfaces.connect_api import (
    app_logo,
    backend,
    connections,
    guests,
    names,
    ownership,
    providers,
    receipts,
    resync,
    widget,
)
from kryptos.surfaces.data_api import health as data_health
from kryptos.surfaces.data_api import holdings, integrations, transactions, userinfo
from kryptos.surfaces.http.access_notes import AccessNotes
from kryptos.surfaces.http.app_logos import app_logo_routes
from kryptos.surfaces.http.endpoint import Endpoint
from kryptos.surfaces.http.logos import logo_routes
from kryptos.surfaces.http.notices import notice_routes
from kryptos.surfaces.http.pipeline import Pipeline
from kryptos.surfaces.http.preflight import Preflight
from kryptos.surfaces.http.request_ids import RequestIds
from kryptos.surfaces.http.routes import exception_handlers, routes_of
from kryptos.surfaces.http.services import Services
from kryptos.surfaces.http.shortcut import Shortcut
from kryptos.surfaces.operations.health import health_routes
from kryptos.surfaces.operations.mailbox import mailbox_routes
from kryptos.surfaces.operations.metrics import metrics_routes
from kryptos.surfaces.operations.reference import reference_routes
from kryptos.surfaces.widget_page.routes import widget_page_routes

log = structlog.get_logger(__name__)

ENDPOINTS: tuple[Endpoint, ...] = (
    *backend.ENDPOINTS,
    *widget.ENDPOINTS,
    *guests.ENDPOINTS,
    *connections.ENDPOINTS,
    *ownership.ENDPOINTS,
    *names.ENDPOINTS,
    *app_logo.ENDPOINTS,
    *providers.ENDPOINTS,
    *resync.ENDPOINTS,
    *receipts.ENDPOINTS,
    *data_health.ENDPOINTS,
    *userinfo.ENDPOINTS,
    *holdings.ENDPOINTS,
    *transactions.ENDPOINTS,
    *integrations.ENDPOINTS,
    *account_sign_in.ENDPOINTS,
    *account_session.ENDPOINTS,
    *account_grants.ENDPOINTS,
    *account_connections.ENDPOINTS,
    *personal_data.ENDPOINTS,
)
"""Every documented operation of the product."""

_FLUSH_SECONDS = 1


def create_app() -> ASGIApp:
    """Return the application of a web process that a server started; settings come from the environment."""
    die_with_server()
    settings = load_settings()
    configure_logging(settings)
    return assemble(open_services(settings))


def open_services(settings: Settings, *, clock: Clock | None = None) -> Services:
    """Return what requests need; nothing is connected before the first use."""
    if settings.database_url is None:
        message = (
            "The web process needs KRYPTOS_DATABASE_URL; `kryptos serve` sets it for the embedded database."
        )
        raise SettingsWrong(message)
    clock = clock or SystemClock()
    http = open_http(clock=clock, random_bytes=system_random)
    return Services(
        settings=settings,
        clock=clock,
        random_bytes=system_random,
        database=Database(
            settings.database_url,
            clock=clock,
            hasher=load_token_hasher(settings),
            pool_size=settings.database_pool,
        ),
        reader=Reader(settings.database_url, size=settings.database_readers),
        limiter=RateLimiter(monotonic=time.monotonic, factor=settings.rate_limit_factor),
        http=http,
        public_web=PublicWeb(),
        registry=open_registry(settings, http),
        can_mail=can_mail(settings),
        access_notes=AccessNotes(system_random),
    )


def assemble(services: Services) -> ASGIApp:
    """Return the application over its services."""
    pipeline = Pipeline(services)
    handlers: list[HTTPRouteHandler] = [
        *routes_of(ENDPOINTS, pipeline),
        *health_routes(services),
        *metrics_routes(services),
        *mailbox_routes(services),
        *reference_routes(ENDPOINTS, base_url=services.settings.base_url),
        *logo_routes(),
        *app_logo_routes(services),
        *widget_page_routes(services, pipeline),
        *account_page_routes(services, pipeline),
        *notice_routes(),
    ]

    @asynccontextmanager
    async def lifespan(_app: Litestar) -> AsyncIterator[None]:
        flushing = asyncio.create_task(_keep_flushing(services))
        log.info("web_ready", base_url=services.settings.base_url, environment=services.settings.environment)
        try:
            yield
        finally:
            flushing.cancel()
            with suppress(asyncio.CancelledError):
                await flushing
            await services.access_notes.flush(services.database)
            services.access_notes.give_up()
            await services.http.close()
            await services.reader.close()
            await services.database.close()
            log.info("web_stopped")

    app = Litestar(
        route_handlers=handlers,
        exception_handlers=exception_handlers(pipeline),
        lifespan=[lifespan],
        openapi_config=None,
        logging_config=None,
        request_max_body_size=None,  # the pipeline bounds bodies itself
    )
    answering = Preflight(Shortcut(app, ENDPOINTS, pipeline), services.database)
    return RequestIds(answering, random_bytes=services.random_bytes)


async def _keep_flushing(services: Services) -> None:
    """Write who read what every second; what happened in the last second before a crash is not known."""
    while True:
        await asyncio.sleep(_FLUSH_SECONDS)
        await services.access_notes.flush(services.database)
