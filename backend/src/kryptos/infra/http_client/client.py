"""HttpClient: asks upstreams and gives decoded JSON, or says why it could not."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from http import HTTPStatus
from types import TracebackType
from typing import Literal, Self

import httpx
import msgspec

from kryptos.infra.http_client.errors import AnswerTooLarge, AnswerTooLate, CouldNotLook, ProviderRefused
from kryptos.infra.http_client.retry_after import seconds_to_wait
from kryptos.infra.http_client.standing import Standing
from kryptos.infra.http_client.upstream import Upstream
from kryptos.infra.telemetry import provider_calls_total
from kryptos.kernel.clock import Clock
from kryptos.kernel.ids import RandomBytes

Sleep = Callable[[float], Awaitable[None]]

_DECODER = msgspec.json.Decoder(float_hook=Decimal)  # no number passes through a float
_FIRST_PAUSE_SECONDS = 0.5
_CONNECTIONS = 300
"""More than any search for chains asks at once: a request that waits for a connection loses time of its own."""
_KEPT_CONNECTIONS = 50
_REFUSALS = {
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.PAYMENT_REQUIRED,
    HTTPStatus.FORBIDDEN,
}
_OUTCOMES = {ProviderRefused: "refused", AnswerTooLate: "late", AnswerTooLarge: "too_large"}
_WORTH_REPEATING = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}


@dataclass(frozen=True, slots=True)
class Answer:
    """What an upstream said: its status, and its JSON with every fraction as a ``Decimal``."""

    status: int
    value: object


class _TryAgain(Exception):
    """One sending failed in a way that another may not."""

    def __init__(self, failure: CouldNotLook, *, wait_seconds: int | None = None) -> None:
        super().__init__(failure.message)
        self.failure = failure
        self.wait_seconds = wait_seconds


class HttpClient:
    """The one way out. Keeps connections, and a standing per upstream name; made once per process.

    ``sleep`` and ``chance`` are asyncio's and the machine's, or a test's. ``mounts`` are ends within this process, by
    the beginning of their URLs.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        sleep: Sleep,
        chance: RandomBytes,
        transport: httpx.AsyncBaseTransport | None = None,
        mounts: Mapping[str, httpx.AsyncBaseTransport] | None = None,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._chance = chance
        self._standings: dict[str, Standing] = {}
        # The machine's proxy and certificates are trusted as everywhere else on it (httpx's default).
        self._connections = httpx.AsyncClient(
            transport=transport,
            mounts=mounts,
            follow_redirects=False,
            limits=httpx.Limits(max_connections=_CONNECTIONS, max_keepalive_connections=_KEPT_CONNECTIONS),
            headers={"accept": "application/json", "user-agent": "kryptos-connect"},
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close every connection."""
        await self._connections.aclose()

    async def ask(
        self,
        upstream: Upstream,
        method: Literal["GET", "POST"],
        path: str = "",
        *,
        body: object = None,
        params: Mapping[str, str] | None = None,
        readable_statuses: frozenset[int] = frozenset(),
    ) -> Answer:
        """Send one request that only reads, as often as the upstream allows and needs.

        Any 2xx answer is returned, and so is one of ``readable_statuses``, if it is JSON. Everything else raises
        ``CouldNotLook`` or a kind of it.
        """
        standing = self._standings.setdefault(upstream.name, Standing(upstream))
        try:
            standing.admit(self._clock.now())
        except CouldNotLook:
            _count(upstream, "left_alone")
            raise
        request = self._request(upstream, method, path, body, params)
        try:
            answer = await self._with_patience(standing, upstream, request, readable_statuses)
        except _TryAgain as given_up:
            standing.failed(self._clock.now())
            _count(upstream, _outcome(given_up.failure))
            raise given_up.failure from given_up.__cause__
        except CouldNotLook as said_no:
            standing.succeeded()  # it says no, but it is there
            _count(upstream, _outcome(said_no))
            raise
        except BaseException:
            standing.abandoned()
            raise
        standing.succeeded()
        _count(upstream, "answered")
        return answer

    def _request(
        self, upstream: Upstream, method: str, path: str, body: object, params: Mapping[str, str] | None
    ) -> httpx.Request:
        try:
            return self._connections.build_request(
                method,
                upstream.base_url.rstrip("/") + path if path else upstream.base_url,
                content=None if body is None else msgspec.json.encode(body),
                params=params,
                headers={
                    **upstream.headers,
                    **({} if body is None else {"content-type": "application/json"}),
                },
                timeout=upstream.timeout_seconds,
            )
        except httpx.InvalidURL:
            message = f"The address of {upstream.name} is no URL: correct the setting."
        raise CouldNotLook(message)  # out of the handler: the other error's text holds the URL

    async def _with_patience(
        self,
        standing: Standing,
        upstream: Upstream,
        request: httpx.Request,
        readable_statuses: frozenset[int],
    ) -> Answer:
        for attempt in range(1, upstream.attempts + 1):
            wait = standing.book(self._clock.now()).total_seconds()
            if wait:
                await self._sleep(wait)
            try:
                return await self._send(upstream, request, readable_statuses)
            except _TryAgain as again:
                asked = again.wait_seconds
                is_too_long = asked is not None and asked > upstream.longest_wait_seconds
                if asked is not None and is_too_long:
                    standing.silence(asked, self._clock.now())
                if is_too_long or attempt == upstream.attempts:
                    raise
            await (self._sleep(asked) if asked else self.pause(attempt))
        raise AssertionError("an upstream is asked at least once")

    async def pause(self, attempt: int) -> None:
        """Sleep twice as long with each attempt, half of it by chance: callers that failed together part."""
        full = _FIRST_PAUSE_SECONDS * (1 << (attempt - 1))
        chance = int.from_bytes(self._chance(4), "big") / 2**32
        await self._sleep(full / 2 + full / 2 * chance)

    async def _send(
        self, upstream: Upstream, request: httpx.Request, readable_statuses: frozenset[int]
    ) -> Answer:
        try:
            async with asyncio.timeout(upstream.timeout_seconds):
                response = await self._connections.send(request, stream=True)
                try:
                    raw = await _read(upstream, response)
                finally:
                    await response.aclose()
        except (TimeoutError, httpx.TimeoutException) as error:
            message = f"{upstream.shown} did not answer within {upstream.timeout_seconds} s."
            raise _TryAgain(AnswerTooLate(message)) from error
        except httpx.HTTPError as error:
            message = f"{upstream.shown} could not be reached ({type(error).__name__})."
            raise _TryAgain(CouldNotLook(message)) from error
        return self._judged(upstream, response, raw, readable_statuses)

    def _judged(
        self, upstream: Upstream, response: httpx.Response, raw: bytes, readable_statuses: frozenset[int]
    ) -> Answer:
        status = response.status_code
        if response.is_success or status in readable_statuses:
            try:
                return Answer(status, _DECODER.decode(raw))
            except (msgspec.DecodeError, UnicodeDecodeError, ArithmeticError, RecursionError) as error:
                if response.is_success:
                    message = f"{upstream.shown} answered with something that is not JSON."
                    raise _TryAgain(CouldNotLook(message)) from error
        raise self._failure(upstream, response)

    def _failure(self, upstream: Upstream, response: httpx.Response) -> Exception:
        status = response.status_code
        wait = seconds_to_wait(response.headers.get("retry-after"), now=self._clock.now())
        if status in _REFUSALS:
            return ProviderRefused(
                f"{upstream.shown} refused the request (HTTP {status}): check its key and what its plan allows.",
                retry_after_seconds=wait,
            )
        if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return AnswerTooLarge(f"{upstream.shown} was asked for too much at once (HTTP {status}).")
        reason = "was asked too often" if status == HTTPStatus.TOO_MANY_REQUESTS else "answered with an error"
        failure = CouldNotLook(f"{upstream.shown} {reason} (HTTP {status}).", retry_after_seconds=wait)
        if status in _WORTH_REPEATING or response.is_server_error:
            return _TryAgain(failure, wait_seconds=wait)
        return failure


def _count(upstream: Upstream, outcome: str) -> None:
    provider_calls_total.labels(upstream.name, outcome).inc()


def _outcome(failure: CouldNotLook) -> str:
    return _OUTCOMES.get(type(failure), "failed")


async def _read(upstream: Upstream, response: httpx.Response) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for part in response.aiter_bytes():
        size += len(part)
        if size > upstream.answer_limit_bytes:
            raise AnswerTooLarge(
                f"{upstream.shown} answered with more than {upstream.answer_limit_bytes:,} bytes."
            )
        parts.append(part)
    return b"".join(parts)
