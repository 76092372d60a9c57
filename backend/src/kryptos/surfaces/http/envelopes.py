"""Error envelopes: one error, told in the words of the path family that was called (contract K-008, K-009)."""

from http import HTTPStatus

import msgspec

from kryptos.kernel.errors import Kind, KryptosError
from kryptos.surfaces.http.endpoint import Family

STATUS: dict[Kind, int] = {
    Kind.INVALID: HTTPStatus.BAD_REQUEST,
    Kind.UNAUTHENTICATED: HTTPStatus.UNAUTHORIZED,
    Kind.FORBIDDEN: HTTPStatus.FORBIDDEN,
    Kind.NOT_FOUND: HTTPStatus.NOT_FOUND,
    Kind.METHOD_NOT_ALLOWED: HTTPStatus.METHOD_NOT_ALLOWED,
    Kind.CONFLICT: HTTPStatus.CONFLICT,
    Kind.TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Kind.UNSUPPORTED_MEDIA: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    Kind.RATE_LIMITED: HTTPStatus.TOO_MANY_REQUESTS,
    Kind.UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
    Kind.INTERNAL: HTTPStatus.INTERNAL_SERVER_ERROR,
}

DATA_WORDS: dict[Kind, str] = {
    Kind.INVALID: "invalid_parameters",
    Kind.UNAUTHENTICATED: "unauthorized",
    Kind.FORBIDDEN: "forbidden",
    Kind.NOT_FOUND: "not_found",
    Kind.METHOD_NOT_ALLOWED: "method_not_allowed",
    Kind.CONFLICT: "conflict",
    Kind.TOO_LARGE: "payload_too_large",
    Kind.UNSUPPORTED_MEDIA: "unsupported_media_type",
    Kind.RATE_LIMITED: "rate_limit_exceeded",
    Kind.UNAVAILABLE: "service_unavailable",
    Kind.INTERNAL: "internal_server_error",
}
"""The Data API's own word for each kind of error."""

DATA_WORDS_BY_CODE = {"WALLET_NOT_FOUND": "wallet_not_found"}
"""Its more exact words (contract §1.19)."""

_DATA_PREFIXES = ("/api/", "/v1/")


class Detail(msgspec.Struct, kw_only=True):
    """One finding about one field; an empty path is the whole body."""

    code: str
    message: str
    path: list[str]
    expected: str | msgspec.UnsetType = msgspec.UNSET
    received: str | msgspec.UnsetType = msgspec.UNSET


class ConnectError(msgspec.Struct, kw_only=True):
    """Error of the Connect API; ``existing_wallet_id`` comes with ``DUPLICATE_CONNECTION`` alone."""

    success: bool = False
    error: str
    code: str
    request_id: str
    doc_url: str
    details: list[Detail] | msgspec.UnsetType = msgspec.UNSET
    retry_after: int | msgspec.UnsetType = msgspec.UNSET
    existing_wallet_id: str | msgspec.UnsetType = msgspec.UNSET


class DataError(msgspec.Struct, kw_only=True):
    """Error of the Data API."""

    error: str
    message: str
    details: list[Detail]
    code: str
    request_id: str
    doc_url: str
    retry_after: int | msgspec.UnsetType = msgspec.UNSET


class NotFound(KryptosError):
    """No such path."""

    code = "NOT_FOUND"
    kind = Kind.NOT_FOUND
    default_message = "There is nothing at this path. The reference page at /docs lists every endpoint."


class MethodNotAllowed(KryptosError):
    """The path exists, but not for this method."""

    code = "METHOD_NOT_ALLOWED"
    kind = Kind.METHOD_NOT_ALLOWED
    default_message = "This path does not take that method; the Allow header lists those it takes."


class PayloadTooLarge(KryptosError):
    """The body is larger than this server accepts."""

    code = "PAYLOAD_TOO_LARGE"
    kind = Kind.TOO_LARGE
    default_message = "The request body is larger than this server accepts."


class UnsupportedMediaType(KryptosError):
    """The body is not declared as JSON."""

    code = "UNSUPPORTED_MEDIA_TYPE"
    kind = Kind.UNSUPPORTED_MEDIA
    default_message = "Send the body as JSON, with `Content-Type: application/json`."


class InsufficientScope(KryptosError):
    """The grant does not cover what the endpoint reads."""

    code = "INSUFFICIENT_SCOPE"
    kind = Kind.FORBIDDEN
    default_message = (
        "Insufficient scopes. Required scopes not met: ask for them when creating the link token."
    )


class InternalError(KryptosError):
    """Something failed that should not have: the server's log has it under the request id."""


def family_of(path: str) -> Family:
    """Return the family whose envelope errors at this path use; the consent centre uses the Connect API's."""
    return Family.DATA if path.startswith(_DATA_PREFIXES) or path in {"/api", "/v1"} else Family.CONNECT


def error_body(
    error: KryptosError, *, family: Family, request_id: str, base_url: str
) -> ConnectError | DataError:
    """Return the error in the family's own shape."""
    details = [msgspec.convert({"path": [], **each}, Detail) for each in error.details]
    doc_url = f"{base_url}/docs#error-{error.code}"
    retry_after = error.retry_after_seconds if error.retry_after_seconds is not None else msgspec.UNSET
    if family is Family.DATA:
        return DataError(
            error=DATA_WORDS_BY_CODE.get(error.code, DATA_WORDS[error.kind]),
            message=error.message,
            details=details,
            code=error.code,
            request_id=request_id,
            doc_url=doc_url,
            retry_after=retry_after,
        )
    return ConnectError(
        error=error.message,
        code=error.code,
        request_id=request_id,
        doc_url=doc_url,
        details=details or msgspec.UNSET,
        retry_after=retry_after,
        existing_wallet_id=error.facts.get("existing_wallet_id", msgspec.UNSET),
    )
