"""Pipeline: the one way from request to reply: limits, authentication, idempotency, handler, envelope, headers."""

import time
from http import HTTPStatus

import msgspec
import structlog
from litestar.response.base import Response

from kryptos.domains import clients, identity
from kryptos.domains.clients import InvalidClient
from kryptos.domains.connect import LinkSession
from kryptos.domains.grants import Access, InvalidToken
from kryptos.domains.identity import AccountSession, ManagementLinkInvalid, NotSignedIn
from kryptos.domains.privacy import ErasureNotFound
from kryptos.infra.database import Uow
from kryptos.infra.idempotency import Answer, IdempotentCall, replay_or_claim, store_answer
from kryptos.infra.rate_limits import Limit, RateLimitExceeded
from kryptos.infra.telemetry import observe_request
from kryptos.kernel.errors import InvalidInput, Kind, KryptosError, Unavailable
from kryptos.surfaces.http import authentication, limits
from kryptos.surfaces.http.addresses import caller_address, parse_networks
from kryptos.surfaces.http.bodies import decode_body, decode_query, encode
from kryptos.surfaces.http.calls import (
    AccountCall,
    AccountStream,
    AccountVisit,
    ClientCall,
    DataCall,
    DataChange,
    LinkCall,
    NetworkCall,
    OpenerCall,
    PublicCall,
)
from kryptos.surfaces.http.consent_centre import CSRF_HEADER, HomeSite, require_csrf_token
from kryptos.surfaces.http.endpoint import Auth, Endpoint, Family
from kryptos.surfaces.http.envelopes import STATUS, InternalError, error_body, family_of
from kryptos.surfaces.http.exchange import PUBLIC_ORIGIN, AnyRequest, Exchange, Rendered, Streamed
from kryptos.surfaces.http.page_safety import STRICT_TRANSPORT
from kryptos.surfaces.http.replies import (
    JSON,
    FinishedReply,
    Reply,
    allow_origin,
    cache_control,
    compress,
    rendered_reply,
    replayed_reply,
)
from kryptos.surfaces.http.request_ids import request_id_of
from kryptos.surfaces.http.services import Services

log = structlog.get_logger(__name__)

_KEY_CHARACTERS = 255
_GUESSES = (InvalidClient, InvalidToken, ManagementLinkInvalid, ErasureNotFound)
"""Wrong credentials; a revoked grant's token was right once, so an app that still sends it guesses nothing."""


class Pipeline:
    """Answers the requests of every endpoint of one web process."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._trusted_proxies = parse_networks(services.settings.trusted_proxies)
        self._home = HomeSite(services.settings.base_url)

    async def answer(self, endpoint: Endpoint, request: AnyRequest) -> FinishedReply:
        """Answer a request to an endpoint."""
        exchange = self.open(request)
        began = time.perf_counter()
        if endpoint.family is Family.ACCOUNT:
            exchange.allowed_origins = ()  # no page but our own, whoever has registered it
            exchange.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        try:
            reply = await self._run(endpoint, exchange)
            exchange.headers["Cache-Control"] = cache_control(endpoint)
            if endpoint.is_compressible:
                compress(exchange, reply)
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
        return Response(reply.body, status_code=reply.status, media_type=JSON, headers=exchange.headers)

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
        if endpoint.family is Family.ACCOUNT:
            self._home.require_own_page(exchange.received, is_reading=endpoint.method == "GET")
        try:
            if endpoint.auth is Auth.NONE:
                return await self._run_public(endpoint, exchange)
            if endpoint.is_streamed:
                return await self._run_streamed(endpoint, exchange)
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
        call = (
            AccountVisit(self._services, exchange, self._home)
            if endpoint.family is Family.ACCOUNT
            else PublicCall(self._services, exchange.origin)
        )
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
            rendered_reply(endpoint, exchange, result)
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
                return replayed_reply(exchange, replayed)
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
        transact = {
            Auth.CLIENT: self._as_client,
            Auth.LINK_TOKEN: self._as_widget,
            Auth.OPENER: self._as_opener,
            Auth.ACCOUNT: self._as_account,
        }[endpoint.auth]

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
            return replayed_reply(exchange, replayed)
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
            return replayed_reply(exchange, replayed)
        session = await authentication.authenticate_link_token(uow, token, key=key)
        exchange.allowed_origins = session.client.allowed_origins
        self._count(exchange, limits.SESSION_CALLS, owner)
        call = LinkCall(self._services, uow, session, token, key, exchange.path, exchange.address)
        return await _handle(endpoint, exchange, body, call, idempotent)

    async def _as_opener(self, endpoint: Endpoint, exchange: Exchange, _body: bytes, uow: Uow) -> Reply:
        token = authentication.link_token(exchange)
        outcome = await authentication.authenticate_opener(uow, token)
        exchange.allowed_origins = outcome.client.allowed_origins
        self._count(exchange, limits.OUTCOMES, uow.hash(token).hex())
        return Reply(endpoint.status, encode(await endpoint.handler(OpenerCall(outcome))))

    async def _as_account(self, endpoint: Endpoint, exchange: Exchange, body: bytes, uow: Uow) -> Reply:
        token, session = await self._account_session(exchange, uow)
        if endpoint.method != "GET":
            require_csrf_token(token, exchange.received.get(CSRF_HEADER))
        idempotent = self._idempotent_call(endpoint, exchange, body, owner=session.id, credential=token)
        if idempotent is not None and (replayed := await replay_or_claim(uow, idempotent)):
            return replayed_reply(exchange, replayed)
        call = AccountCall(self._services, uow, session, token, exchange, self._home)
        return await _handle(endpoint, exchange, body, call, idempotent)

    async def _run_streamed(self, endpoint: Endpoint, exchange: Exchange) -> Reply:
        """Send what takes long to make as it is made; nothing is sent before its first piece is there."""

        async def work(uow: Uow) -> AccountSession:
            return (await self._account_session(exchange, uow))[1]

        session = await self._services.database.execute(work, origin=exchange.origin)
        limits.take(self._services.limiter, limits.EXPORTS, session.user.id)
        streamed: Streamed = await endpoint.handler(AccountStream(self._services, session, exchange.origin))
        exchange.headers["Content-Disposition"] = f'attachment; filename="{streamed.file_name}"'
        if exchange.request.method == "HEAD":
            return Reply(endpoint.status, b"", streamed.pieces)
        return Reply(endpoint.status, await anext(streamed.pieces, b""), streamed.pieces)

    async def _account_session(self, exchange: Exchange, uow: Uow) -> tuple[str, AccountSession]:
        token = self._home.session_token(exchange.received)
        if token is None:
            raise NotSignedIn
        session = await identity.get_account_session(uow, token=token)
        self._count(exchange, limits.ACCOUNT_CALLS, session.id)
        return token, session

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
        exchange.headers.pop("Set-Cookie", None)  # of a session that was not kept
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
        if self._home.is_https:
            headers["Strict-Transport-Security"] = STRICT_TRANSPORT
        allow_origin(headers, exchange.received.get("origin"), exchange.allowed_origins or ())
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
    call: AccountCall | ClientCall | DataChange | LinkCall,
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
