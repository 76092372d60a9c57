"""Pipeline: the one way from request to reply: limits, authentication, idempotency, handler, envelope, headers."""

import time
from dataclasses import dataclass
from http import HTTPStatus

import msgspec
import structlog
from litestar.response.base import Response
from litestar.types import Receive, Scope, Send

from kryptos.domains import clients
from kryptos.domains.clients import InvalidClient
from kryptos.domains.connect import LinkSession
from kryptos.domains.grants import Access, InvalidToken
from kryptos.infra.database import Uow
from kryptos.infra.idempotency import Answer, IdempotentCall, replay_or_claim, store_answer
from kryptos.infra.rate_limits import Limit, RateLimitExceeded
from kryptos.infra.telemetry import observe_request
from kryptos.kernel.errors import InvalidInput, Kind, KryptosError, Unavailable
from kryptos.surfaces.http import authentication, limits
from kryptos.surfaces.http.addresses import caller_address, parse_networks
from kryptos.surfaces.http.bodies import decode_body, decode_query, encode
from kryptos.surfaces.http.calls import ClientCall, DataCall, DataChange, LinkCall, NetworkCall, PublicCall
from kryptos.surfaces.http.endpoint import Auth, Endpoint, Family
from kryptos.surfaces.http.envelopes import STATUS, InternalError, error_body, family_of
from kryptos.surfaces.http.exchange import PUBLIC_ORIGIN, AnyRequest, Exchange, Rendered
from kryptos.surfaces.http.request_ids import request_id_of
from kryptos.surfaces.http.services import Services

log = structlog.get_logger(__name__)

_JSON = "application/json"
_KEY_CHARACTERS = 255
_EXPOSED = "ETag, X-Request-Id, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Idempotent-Replayed"
_GUESSES = (InvalidClient, InvalidToken)
"""Wrong credentials; a revoked grant's token was right once, so an app that still sends it guesses nothing."""


@dataclass(slots=True)
class Reply:
    """What is sent back."""

    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class FinishedReply:
    """A reply with its headers, sent as it is: the framework's own response builds every header anew."""

    reply: Reply
    headers: dict[str, str]
    is_head: bool

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Send the reply; to HEAD, the headers of a GET without its content (RFC 9110, section 9.3.2)."""
        body = self.reply.body
        headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in self.headers.items()]
        if self.reply.status != HTTPStatus.NOT_MODIFIED:
            headers += [(b"content-type", _JSON.encode()), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": self.reply.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if self.is_head else body, "more_body": False})


class Pipeline:
    """Answers the requests of every endpoint of one web process."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._trusted_proxies = parse_networks(services.settings.trusted_proxies)
        self._is_https = services.settings.base_url.startswith("https://")

    async def answer(self, endpoint: Endpoint, request: AnyRequest) -> FinishedReply:
        """Answer a request to an endpoint."""
        exchange = self.open(request)
        began = time.perf_counter()
        try:
            reply = await self._run(endpoint, exchange)
            exchange.headers["Cache-Control"] = _cache_control(endpoint)
        except KryptosError as error:
            reply = await self._refusal_in_browser(exchange, error)
        except Exception:
            log.exception("request_failed", path_template=endpoint.path, request_id=exchange.request_id)
            reply = await self._refusal_in_browser(exchange, InternalError())
        self._finish(endpoint.path, exchange, reply, began)
        return FinishedReply(reply, exchange.headers, is_head=request.method == "HEAD")

    def refuse(self, request: AnyRequest, error: KryptosError, headers: dict[str, str]) -> Response[bytes]:
        """Answer a request that reached no endpoint."""
        exchange, began = self.open(request), time.perf_counter()
        exchange.headers |= headers
        reply = self._refusal(exchange, error)
        self._finish("(none)", exchange, reply, began)
        return Response(reply.body, status_code=reply.status, media_type=_JSON, headers=exchange.headers)

    def open(self, request: AnyRequest) -> Exchange:
        """Begin with a request: find out whose it is."""
        peer = request.scope["client"][0] if request.scope["client"] else ""
        return Exchange(
            request=request,
            request_id=request_id_of(request.scope),
            # Proxies may add a line of their own: the caller's lines come first and are the least to be believed.
            address=caller_address(
                peer, ",".join(request.headers.getall("x-forwarded-for", [])), self._trusted_proxies
            )
            if self._trusted_proxies
            else peer,
        )

    async def _run(self, endpoint: Endpoint, exchange: Exchange) -> Reply:
        if endpoint.auth is Auth.NONE and endpoint.method == "GET":
            return await self._run_public(endpoint, exchange)
        self._check_failures(exchange)
        try:
            if endpoint.auth is Auth.NONE:
                return await self._run_public(endpoint, exchange)
            if endpoint.auth is Auth.ACCESS_TOKEN:
                return await self._run_data(endpoint, exchange)
            if endpoint.is_networked:
                return await self._run_networked(endpoint, exchange)
            return await self._run_in_transaction(endpoint, exchange)
        except _GUESSES:
            self._services.limiter.take(limits.FAILED_AUTHENTICATIONS, exchange.address)
            raise

    async def _run_public(self, endpoint: Endpoint, exchange: Exchange) -> Reply:
        is_reading = endpoint.method == "GET"
        exchange.allowed_origins = (PUBLIC_ORIGIN,) if is_reading else ()
        self._count(exchange, limits.PUBLIC_CALLS, exchange.address)
        body = b"" if is_reading else await exchange.body(self._services.settings.body_limit_bytes)
        call = PublicCall(self._services, exchange.origin)
        result = await endpoint.handler(call, *_arguments(endpoint, exchange, body))
        return Reply(endpoint.status, encode(result))

    async def _run_data(self, endpoint: Endpoint, exchange: Exchange) -> Reply:
        access = await authentication.authenticate_access_token(exchange, self._services, endpoint=endpoint)
        self._count(exchange, limits.GRANT_CALLS, access.grant_id)
        if endpoint.is_mutating:
            reply = await self._change_data(endpoint, exchange, access)
            self._note(endpoint, exchange, access, rows=None)
            return reply
        call = DataCall(self._services, access, exchange.path)
        if endpoint.query is None:
            result = await endpoint.handler(call)
        else:
            pairs = exchange.request.query_params.multi_items()
            result = await endpoint.handler(call, decode_query(pairs, endpoint.query))
        reply = (
            _rendered(endpoint, exchange, result)
            if isinstance(result, Rendered)
            else Reply(endpoint.status, encode(result))
        )
        has_content = reply.body and exchange.request.method != "HEAD"
        rows = endpoint.count_rows(result) if has_content and endpoint.count_rows is not None else None
        self._note(endpoint, exchange, access, rows=rows)
        return reply

    def _note(self, endpoint: Endpoint, exchange: Exchange, access: Access, *, rows: int | None) -> None:
        """Note a data call that succeeded, for the person whose data it is."""
        self._services.access_notes.note_access(
            access,
            at=self._services.clock.now(),
            endpoint=endpoint.path,
            rows=rows,
            request_id=exchange.request_id,
        )

    async def _change_data(self, endpoint: Endpoint, exchange: Exchange, access: Access) -> Reply:
        body = await exchange.body(self._services.settings.body_limit_bytes)
        token = authentication.access_token(exchange)
        idempotent = self._idempotent_call(endpoint, exchange, body, owner=access.grant_id, credential=token)

        async def work(uow: Uow) -> Reply:
            if idempotent is not None and (replayed := await replay_or_claim(uow, idempotent)):
                return _replayed(exchange, replayed)
            call = DataChange(self._services, uow, access, exchange.path)
            return await _handle(endpoint, exchange, body, call, idempotent)

        return await self._services.database.execute(work, origin=exchange.origin)

    async def _run_networked(self, endpoint: Endpoint, exchange: Exchange) -> Reply:
        body = await exchange.body(self._services.settings.body_limit_bytes)
        token, key = authentication.link_token(exchange), authentication.widget_key(exchange)

        async def work(uow: Uow) -> LinkSession:
            return await authentication.authenticate_link_token(uow, token, key=key)

        session = await self._services.database.execute(work, origin=exchange.origin)
        exchange.allowed_origins = session.client.allowed_origins
        self._count(exchange, limits.SESSION_CALLS, self._services.database.hasher.hash(token).hex())
        call = NetworkCall(self._services, session)
        result = await endpoint.handler(call, *_arguments(endpoint, exchange, body))
        return Reply(endpoint.status, encode(result))

    async def _run_in_transaction(self, endpoint: Endpoint, exchange: Exchange) -> Reply:
        body = (
            b"" if endpoint.method == "GET" else await exchange.body(self._services.settings.body_limit_bytes)
        )
        transact = self._as_client if endpoint.auth is Auth.CLIENT else self._as_widget

        async def work(uow: Uow) -> Reply:
            return await transact(endpoint, exchange, body, uow)

        return await self._services.database.execute(work, origin=exchange.origin)

    async def _as_client(self, endpoint: Endpoint, exchange: Exchange, body: bytes, uow: Uow) -> Reply:
        credentials = authentication.client_credentials(
            exchange, body=body if endpoint.takes_body_credentials else b""
        )
        client = await authentication.authenticate_client(uow, credentials)
        exchange.allowed_origins = client.allowed_origins
        self._count(exchange, limits.CLIENT_CALLS, client.id)
        call = ClientCall(self._services, uow, client, exchange.path)
        idempotent = self._idempotent_call(
            endpoint, exchange, body, owner=client.id, credential=credentials.client_secret
        )
        if idempotent is not None and (replayed := await replay_or_claim(uow, idempotent)):
            return _replayed(exchange, replayed)
        return await _handle(endpoint, exchange, body, call, idempotent)

    async def _as_widget(self, endpoint: Endpoint, exchange: Exchange, body: bytes, uow: Uow) -> Reply:
        token, key = authentication.link_token(exchange), authentication.widget_key(exchange)
        owner = uow.hash(token).hex()
        # Sealed under both: whoever holds the link token alone is not told again what its person was told.
        sealed_under = f"{token} {key}" if key else token
        idempotent = self._idempotent_call(endpoint, exchange, body, owner=owner, credential=sealed_under)
        if idempotent is not None and (replayed := await replay_or_claim(uow, idempotent)):
            # Before the token is looked at: a completed session's token is used up, its answer is not.
            self._count(exchange, limits.SESSION_CALLS, owner)
            return _replayed(exchange, replayed)
        session = await authentication.authenticate_link_token(uow, token, key=key)
        exchange.allowed_origins = session.client.allowed_origins
        self._count(exchange, limits.SESSION_CALLS, owner)
        call = LinkCall(self._services, uow, session, token, key, exchange.path, exchange.address)
        return await _handle(endpoint, exchange, body, call, idempotent)

    def _idempotent_call(
        self, endpoint: Endpoint, exchange: Exchange, body: bytes, *, owner: str, credential: str
    ) -> IdempotentCall | None:
        key = exchange.header("Idempotency-Key") if endpoint.is_mutating else None
        if key is None:
            return None
        if not 0 < len(key) <= _KEY_CHARACTERS:
            message = f"An Idempotency-Key has 1 to {_KEY_CHARACTERS} characters."
            raise InvalidInput(message)
        content = b"\n".join((endpoint.method.encode(), exchange.request.url.path.encode(), body))
        return IdempotentCall(scope=owner, key=key, credential=credential, content=content)

    def _count(self, exchange: Exchange, limit: Limit, key: str) -> None:
        """Count a call and tell its caller how many are left, also when there are none."""
        verdict = self._services.limiter.take(limit, key)
        exchange.headers |= limits.headers_of(verdict)
        if not verdict.is_allowed:
            raise RateLimitExceeded(retry_after_seconds=verdict.retry_after_seconds)

    def _check_failures(self, exchange: Exchange) -> None:
        wait_seconds = self._services.limiter.wait_seconds(limits.FAILED_AUTHENTICATIONS, exchange.address)
        if wait_seconds:
            message = (
                "Too many calls with wrong credentials came from this address. Check them, then try again."
            )
            raise RateLimitExceeded(message, retry_after_seconds=wait_seconds)

    async def _refusal_in_browser(self, exchange: Exchange, error: KryptosError) -> Reply:
        if exchange.allowed_origins is None and "origin" in exchange.received:
            exchange.allowed_origins = await self._registered_origin(exchange.received["origin"])
        return self._refusal(exchange, error)

    def _refusal(self, exchange: Exchange, error: KryptosError) -> Reply:
        family = family_of(exchange.request.url.path)
        body = error_body(
            error, family=family, request_id=exchange.request_id, base_url=self._services.settings.base_url
        )
        if error.retry_after_seconds is not None:
            exchange.headers["Retry-After"] = str(error.retry_after_seconds)
        if error.kind is Kind.UNAUTHENTICATED and family is Family.DATA:  # RFC 6750, section 3
            is_presented = "authorization" in exchange.received
            exchange.headers["WWW-Authenticate"] = (
                'Bearer error="invalid_token"' if is_presented else "Bearer"
            )
        exchange.headers["Cache-Control"] = "no-store"
        return Reply(STATUS[error.kind], encode(body))

    async def _registered_origin(self, origin: str) -> tuple[str, ...]:
        """Let a registered app read why nobody was authenticated; anybody else's page reads nothing."""

        async def work(uow: Uow) -> bool:
            return await clients.is_registered_origin(uow, origin=origin)

        try:
            return (origin,) if await self._services.database.execute(work) else ()
        except Unavailable:
            return ()

    def _finish(self, path_template: str, exchange: Exchange, reply: Reply, began: float) -> None:
        """Add the headers that every reply has, count it and log it."""
        request, headers = exchange.request, exchange.headers
        headers["X-Content-Type-Options"] = "nosniff"
        if self._is_https:
            headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        _allow_origin(headers, exchange.received.get("origin"), exchange.allowed_origins or ())
        seconds = time.perf_counter() - began
        observe_request(
            method=request.method, path_template=path_template, status=reply.status, seconds=seconds
        )
        if reply.status >= HTTPStatus.BAD_REQUEST or request.method != "GET":
            log.info(
                "request",
                method=request.method,
                path_template=path_template,
                status=reply.status,
                milliseconds=round(seconds * 1000, 1),
                request_id=exchange.request_id,
            )


async def _handle(
    endpoint: Endpoint,
    exchange: Exchange,
    body: bytes,
    call: ClientCall | DataChange | LinkCall,
    idempotent: IdempotentCall | None,
) -> Reply:
    result = await endpoint.handler(call, *_arguments(endpoint, exchange, body))
    reply = Reply(endpoint.status, encode(result))
    if idempotent is not None:
        await store_answer(call.uow, idempotent, Answer(reply.status, reply.body))
    return reply


def _arguments(endpoint: Endpoint, exchange: Exchange, body: bytes) -> list[msgspec.Struct]:
    arguments: list[msgspec.Struct] = []
    if endpoint.body is not None:
        arguments.append(decode_body(body, endpoint.body, content_type=exchange.received.get("content-type")))
    if endpoint.query is not None:
        arguments.append(decode_query(exchange.request.query_params.multi_items(), endpoint.query))
    return arguments


def _rendered(endpoint: Endpoint, exchange: Exchange, rendered: Rendered) -> Reply:
    """Return the body, or that it has not changed since the caller got it (RFC 9110, section 13.1.2)."""
    tag = f'"{rendered.tag}"'
    exchange.headers["ETag"] = tag
    known = [
        each.strip().removeprefix("W/") for each in exchange.received.get("if-none-match", "").split(",")
    ]
    if tag in known or "*" in known:
        return Reply(HTTPStatus.NOT_MODIFIED, b"")
    return Reply(endpoint.status, rendered.body)


def _cache_control(endpoint: Endpoint) -> str:
    if endpoint.is_cacheable:
        return "public, max-age=300"
    # A tagged reply may be kept by its caller, who asks each time whether it still holds.
    return "private, no-cache" if endpoint.is_tagged else "no-store"


def _replayed(exchange: Exchange, answer: Answer) -> Reply:
    exchange.headers["Idempotent-Replayed"] = "true"
    return Reply(answer.status, answer.body)


def _allow_origin(headers: dict[str, str], origin: str | None, allowed: tuple[str, ...]) -> None:
    """Say who may read the reply; always, for a cache may hand to a browser what it got from a server."""
    if PUBLIC_ORIGIN in allowed:
        headers["Access-Control-Allow-Origin"] = PUBLIC_ORIGIN
        headers["Access-Control-Expose-Headers"] = _EXPOSED
        return
    headers["Vary"] = "Origin"
    if origin is not None and origin in allowed:
        headers["Access-Control-Allow-Origin"] = origin
        headers["Access-Control-Expose-Headers"] = _EXPOSED
