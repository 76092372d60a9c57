"""Routes of the consent centre's page: ``/account``, its files, and words at every other path beneath it."""

import time
from http import HTTPStatus

import structlog
from litestar import Request, Response
from litestar.datastructures import State
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from kryptos.infra.telemetry import observe_request
from kryptos.kernel.errors import KryptosError
from kryptos.surfaces.http import limits
from kryptos.surfaces.http.appearance import read_appearance
from kryptos.surfaces.http.built_pages import BuiltPages, file_reply, reading
from kryptos.surfaces.http.consent_centre import ACCOUNT_PATH
from kryptos.surfaces.http.notices import Notice, failed, render
from kryptos.surfaces.http.page_builds import ACCOUNT_FOLDER, ACCOUNT_NOT_BUILT, find_template
from kryptos.surfaces.http.page_safety import PERMISSIONS_POLICY, STRICT_TRANSPORT
from kryptos.surfaces.http.pipeline import Pipeline
from kryptos.surfaces.http.services import Services

log = structlog.get_logger(__name__)

AnyRequest = Request[None, None, State]
_HTML = "text/html"  # the framework adds the charset of every text
_THEME = "auto"
_PAGE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": PERMISSIONS_POLICY,
    "X-Content-Type-Options": "nosniff",
    # For browsers that know no frame-ancestors: nobody frames the page, whose buttons end access (RFC 7034).
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",  # nor does the back button show it after signing out
}
_FILE_HEADERS = {"Cross-Origin-Resource-Policy": "same-origin", "X-Content-Type-Options": "nosniff"}

_NOT_BUILT = Notice(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "ACCOUNT_PAGE_NOT_BUILT",
    "The consent centre is not ready on this server",
    "Nothing is wrong with your accounts. Please tell the people who run this server.",
    f"{ACCOUNT_NOT_BUILT[0].upper()}{ACCOUNT_NOT_BUILT[1:]}.",
    "make widget",
)
_NOT_FOUND = Notice(
    HTTPStatus.NOT_FOUND,
    "NOT_FOUND",
    "There is nothing at this address",
    "The page where you see and end every app's access is at /account on this server.",
    "The consent centre is one page. What it calls is under /account/api, told in the reference at /docs.",
)


def account_page_routes(services: Services, pipeline: Pipeline) -> list[HTTPRouteHandler]:
    """Return the page, its files, and words for people who mistyped its address."""
    shown = _Page(services, pipeline, BuiltPages(ACCOUNT_FOLDER))
    if find_template(ACCOUNT_FOLDER) is None:
        log.warning("account_page_not_built", message=ACCOUNT_NOT_BUILT)

    async def page(request: AnyRequest) -> Response[bytes]:
        return shown.page(request)

    async def asset(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
        found = shown.built.asset(name.removeprefix("/"))
        if found is None:
            raise NotFoundException
        return file_reply(found, request.headers.get("accept-encoding", ""), _FILE_HEADERS)

    async def nothing(rest: FromPath[str]) -> Response[bytes]:
        if rest.split("/")[1:2] == ["api"]:  # programs are answered in the API's envelope
            raise NotFoundException
        return shown.noticed(_NOT_FOUND)

    return [
        reading(ACCOUNT_PATH)(page),
        reading(f"{ACCOUNT_PATH}/assets/{{name:path}}")(asset),
        reading(f"{ACCOUNT_PATH}/{{rest:path}}")(nothing),
    ]


class _Page:
    """The page, or words in its place."""

    def __init__(self, services: Services, pipeline: Pipeline, built: BuiltPages) -> None:
        self.built = built
        self._services = services
        self._pipeline = pipeline
        is_https = services.settings.base_url.startswith("https://")
        self._headers = _PAGE_HEADERS | ({"Strict-Transport-Security": STRICT_TRANSPORT} if is_https else {})

    def page(self, request: AnyRequest) -> Response[bytes]:
        """Answer ``/account``."""
        began = time.perf_counter()
        try:
            limits.take(self._services.limiter, limits.PUBLIC_CALLS, self._pipeline.open(request).address)
        except KryptosError as error:
            reply = self.noticed(failed(error))
        else:
            reply = self._found(request)
        observe_request(
            method=request.method,
            path_template=ACCOUNT_PATH,
            status=reply.status_code or HTTPStatus.OK,
            seconds=time.perf_counter() - began,
        )
        return reply

    def noticed(self, notice: Notice) -> Response[bytes]:
        """Answer in words."""
        wait = notice.retry_after_seconds
        return Response(
            render(notice, theme=_THEME),
            status_code=int(notice.status),
            headers=self._headers | ({"Retry-After": str(wait)} if wait is not None else {}),
            media_type=_HTML,
        )

    def _found(self, request: AnyRequest) -> Response[bytes]:
        query, accepted = request.query_params.multi_items(), request.headers.get("accept-language")
        content = self.built.page(read_appearance(list(query), accepted).language, _THEME)
        if content is None:
            return self.noticed(_NOT_BUILT)
        return Response(content, headers=self._headers, media_type=_HTML)
