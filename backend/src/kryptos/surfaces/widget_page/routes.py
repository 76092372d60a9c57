"""Routes of the widget: ``/connect`` in a frame, ``/connect/app`` in a native app, ``/connect/l/<session>``; files."""

import time
from collections.abc import Awaitable, Sequence
from http import HTTPStatus

import structlog
from litestar import Request, Response
from litestar.datastructures import State
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from kryptos.domains import connect
from kryptos.infra.telemetry import observe_request
from kryptos.kernel.errors import KryptosError
from kryptos.surfaces.http import limits
from kryptos.surfaces.http.appearance import read_appearance
from kryptos.surfaces.http.built_pages import BuiltPages, file_reply, reading
from kryptos.surfaces.http.envelopes import InternalError
from kryptos.surfaces.http.notices import Notice, failed, render
from kryptos.surfaces.http.page_builds import NOT_BUILT, WIDGET_FOLDER, find_template
from kryptos.surfaces.http.pipeline import Pipeline
from kryptos.surfaces.http.services import Services
from kryptos.surfaces.widget_page import notices
from kryptos.surfaces.widget_page.frame_address import (
    AppAddress,
    FrameAddress,
    WrongAddress,
    read_app_address,
    read_frame_address,
)
from kryptos.surfaces.widget_page.page_headers import file_headers, page_headers

log = structlog.get_logger(__name__)

AnyRequest = Request[None, None, State]
_HTML = "text/html"  # the framework adds the charset of every text


def widget_page_routes(services: Services, pipeline: Pipeline) -> list[HTTPRouteHandler]:
    """Return the pages and the files that they are made of."""
    built = BuiltPages(WIDGET_FOLDER)
    pages = _Pages(services, pipeline, built)
    headers = file_headers(services.settings.walletconnect_relay)
    if find_template(built.folder) is None:
        log.warning("widget_not_built", message=NOT_BUILT)

    async def frame(request: AnyRequest) -> Response[bytes]:
        return await pages.frame(request)

    async def app(request: AnyRequest) -> Response[bytes]:
        return await pages.app(request)

    async def hosted(request: AnyRequest, session_id: FromPath[str]) -> Response[bytes]:
        return await pages.hosted(request, session_id)

    async def asset(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
        found = built.asset(name.removeprefix("/"))
        if found is None:
            raise NotFoundException
        return file_reply(found, request.headers.get("accept-encoding", ""), headers)

    return [
        reading("/connect")(frame),
        reading("/connect/app")(app),
        reading("/connect/l/{session_id:str}")(hosted),
        reading("/connect/assets/{name:path}")(asset),
    ]


class _Pages:
    """The three pages."""

    def __init__(self, services: Services, pipeline: Pipeline, built: BuiltPages) -> None:
        self._services = services
        self._pipeline = pipeline
        self._built = built
        self._is_https = services.settings.base_url.startswith("https://")

    async def frame(self, request: AnyRequest) -> Response[bytes]:
        """Answer ``/connect``: the widget, framed by the origins that the app's client has registered."""
        address = read_frame_address(list(request.query_params.multi_items()))
        finding = self._find_origins(request, address)
        return await self._answer(request, "/connect", finding, claimed=address.origin)

    async def app(self, request: AnyRequest) -> Response[bytes]:
        """Answer ``/connect/app``: the widget in a native app's WebView, which nobody may frame."""
        finding = self._find_nobody(request, read_app_address(list(request.query_params.multi_items())))
        return await self._answer(request, "/connect/app", finding, is_in_app=True)

    async def hosted(self, request: AnyRequest, session_id: str) -> Response[bytes]:
        """Answer ``/connect/l/<session>``: the widget as a page of its own, which nobody may frame."""
        finding = self._find_hosted(request, session_id)
        return await self._answer(request, "/connect/l/{session_id}", finding)

    async def _find_origins(
        self, request: AnyRequest, address: FrameAddress | WrongAddress
    ) -> Sequence[str] | Notice:
        """Return the origins that may frame the page, or why it does not run."""
        if isinstance(address, WrongAddress):
            return notices.wrong_address(address.problem)
        app = await self._find_app(request, address)
        if isinstance(app, Notice):
            return app
        if address.origin not in app.allowed_origins:
            log.info("frame_blocked", client_id=app.client_id, origin=address.origin)
            return notices.origin_not_registered(app, address.origin)
        return app.allowed_origins

    async def _find_nobody(
        self, request: AnyRequest, address: AppAddress | WrongAddress
    ) -> Sequence[str] | Notice:
        """Return that no origin may frame a native app's page, or why it does not run."""
        if isinstance(address, WrongAddress):
            return notices.wrong_address(address.problem)
        app = await self._find_app(request, address)
        return app if isinstance(app, Notice) else ()

    async def _find_app(self, request: AnyRequest, address: AppAddress) -> connect.FramedApp | Notice:
        self._count(request)
        app = await connect.find_framed_app(
            self._services.reader, client_id=address.client_id, token_digest=address.token_digest
        )
        if app is None:
            return notices.client_unknown(is_token=address.client_id is None)
        if app.is_suspended:
            return notices.client_suspended(app.name)
        return app

    async def _find_hosted(self, request: AnyRequest, session_id: str) -> Sequence[str] | Notice:
        """Return that no origin may frame a session's hosted page, or why it does not run."""
        self._count(request)
        page = await connect.find_hosted_page(
            self._services.reader,
            session_id=session_id.replace("\x00", "\ufffd"),
            now=self._services.clock.now(),
        )
        if page is None:
            return notices.hosted_unknown()
        return notices.hosted_closed(page) if page.has_ended or page.is_suspended else ()

    def _count(self, request: AnyRequest) -> None:
        limits.take(self._services.limiter, limits.PUBLIC_CALLS, self._pipeline.open(request).address)

    async def _answer(
        self,
        request: AnyRequest,
        path_template: str,
        finding: Awaitable[Sequence[str] | Notice],
        *,
        claimed: str | None = None,
        is_in_app: bool = False,
    ) -> Response[bytes]:
        """Answer with the page for the origins that were found, or with a notice for the origin that says it asks."""
        began = time.perf_counter()
        found = await _or_notice(finding, path_template)
        look = read_appearance(
            list(request.query_params.multi_items()), request.headers.get("accept-language")
        )
        content = self._built.page(look.language, look.theme)
        if content is not None and not isinstance(found, Notice):
            reply = Response(content, headers=self._headers(found), media_type=_HTML)
        else:
            notice = found if isinstance(found, Notice) else notices.not_built()
            reply = self._noticed(notice, theme=look.theme, origin=claimed, is_in_app=is_in_app)
        observe_request(
            method=request.method,
            path_template=path_template,
            status=reply.status_code or HTTPStatus.OK,
            seconds=time.perf_counter() - began,
        )
        return reply

    def _noticed(self, notice: Notice, *, theme: str, origin: str | None, is_in_app: bool) -> Response[bytes]:
        headers = self._headers((origin,) if origin else ())
        if notice.retry_after_seconds is not None:
            headers["Retry-After"] = str(notice.retry_after_seconds)
        content = render(notice, theme=theme, origin=origin, is_in_app=is_in_app)
        return Response(content, status_code=int(notice.status), headers=headers, media_type=_HTML)

    def _headers(self, ancestors: Sequence[str]) -> dict[str, str]:
        return page_headers(ancestors, is_https=self._is_https)


async def _or_notice(
    finding: Awaitable[Sequence[str] | Notice], path_template: str
) -> Sequence[str] | Notice:
    """Return what was found; whatever goes wrong, there are words in its place."""
    try:
        return await finding
    except KryptosError as error:
        return failed(error)
    except Exception:
        log.exception("request_failed", path_template=path_template)
        return failed(InternalError())
