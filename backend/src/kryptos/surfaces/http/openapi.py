"""The OpenAPI 3.1 document, built from the endpoints: what is served is what is described."""

from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Any

import msgspec

from kryptos.infra.idempotency import IdempotencyMismatch
from kryptos.infra.rate_limits import RateLimitExceeded
from kryptos.kernel.errors import InvalidInput, KryptosError, Unavailable
from kryptos.surfaces.http.authentication import FAILURES, SCHEMES, SECURITY_SCHEMES
from kryptos.surfaces.http.consent_centre import CSRF_HEADER, CrossSiteRefused, CsrfTokenWrong
from kryptos.surfaces.http.endpoint import Auth, Endpoint, Family
from kryptos.surfaces.http.envelopes import (
    STATUS,
    ConnectError,
    DataError,
    InternalError,
    MethodNotAllowed,
    NotFound,
    PayloadTooLarge,
    UnsupportedMediaType,
)

Json = dict[str, Any]

_ERROR_TYPES: dict[Family, type[msgspec.Struct]] = {
    Family.CONNECT: ConnectError,
    Family.DATA: DataError,
    Family.ACCOUNT: ConnectError,
}
API_VERSION = "1.0.0"
"""Version of the documented API, not of this program (contract K-240)."""

_DECIMAL: Json = {"type": "number"}
"""Decimals are written as JSON numbers, from their own digits (the encoder's ``decimal_format``)."""

_REF = "#/components/schemas/{name}"


def errors_of(endpoint: Endpoint) -> list[type[KryptosError]]:
    """Return every way in which a call to the endpoint can fail, each once."""
    errors = [*FAILURES[endpoint.auth], *endpoint.errors]
    if endpoint.body is not None:
        errors += [InvalidInput, PayloadTooLarge, UnsupportedMediaType]
    if endpoint.query is not None or endpoint.auth is not Auth.NONE:
        errors.append(InvalidInput)  # a header of the wrong form
    if endpoint.is_mutating:
        errors.append(IdempotencyMismatch)
    if endpoint.family is Family.ACCOUNT:
        errors.append(CrossSiteRefused)
    if endpoint.needs_csrf_token:
        errors.append(CsrfTokenWrong)
    return list(dict.fromkeys([*errors, RateLimitExceeded, Unavailable, InternalError]))


def errors_by_code(endpoints: Iterable[Endpoint]) -> dict[str, list[type[KryptosError]]]:
    """Return every error that any call can meet, by code and in its order; one code may come with several statuses."""
    by_code: dict[str, list[type[KryptosError]]] = {}
    met: list[type[KryptosError]] = [NotFound, MethodNotAllowed]
    for endpoint in endpoints:
        met += errors_of(endpoint)
    for error in dict.fromkeys(met):
        by_code.setdefault(error.code, []).append(error)
    return dict(sorted(by_code.items()))


def build_document(
    endpoints: Sequence[Endpoint], *, version: str = API_VERSION, base_url: str | None = None
) -> Json:
    """Return the whole document; ``base_url`` is where this server is reached, left out of the committed file."""
    components, schema_of = _schemas(endpoints)
    paths: Json = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint, schema_of)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Kryptos Connect",
            "version": version,
            "summary": "Share wallets, exchanges and files with an app, with explicit, scoped, revocable consent.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        **({"servers": [{"url": base_url}]} if base_url else {}),
        "tags": [
            {"name": Family.CONNECT.value, "description": "Connecting: link tokens, the widget, grants."},
            {"name": Family.DATA.value, "description": "Reading a user's data with an access token."},
            {"name": Family.ACCOUNT.value, "description": "The consent centre: what its page calls."},
        ],
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": SECURITY_SCHEMES},
    }


def _operation(endpoint: Endpoint, schema_of: dict[type, Json]) -> Json:
    operation: Json = {
        "operationId": endpoint.handler.__name__,
        "tags": [endpoint.family.value],
        "summary": endpoint.summary,
        "description": endpoint.description,
        "security": SCHEMES[endpoint.auth],
        "responses": {
            str(int(endpoint.status)): {
                "description": "Done",
                "headers": {"X-Request-Id": {"schema": {"type": "string"}}},
                "content": {"application/json": {"schema": schema_of[endpoint.reply]}},
            },
            **({"304": _NOT_MODIFIED} if endpoint.is_tagged else {}),
            **_refusals(endpoint, schema_of),
        },
    }
    if endpoint.scope is not None:
        operation["description"] += f"\n\nNeeds the scope `{endpoint.scope}`."
    parameters = [*_path_parameters(endpoint), *_query_parameters(endpoint)]
    if endpoint.is_mutating:
        parameters.append(_IDEMPOTENCY_KEY)
    if endpoint.auth is Auth.LINK_TOKEN:
        parameters.append(_WIDGET_KEY)
    if endpoint.needs_csrf_token:
        parameters.append(_CSRF_TOKEN)
    if endpoint.auth is Auth.ACCESS_TOKEN:
        parameters += _CLIENT_HEADERS
    if endpoint.is_tagged:
        parameters.append(_IF_NONE_MATCH)
    if parameters:
        operation["parameters"] = parameters
    if endpoint.body is not None:
        content = {"application/json": {"schema": schema_of[endpoint.body]}}
        is_required = any(field.required for field in msgspec.structs.fields(endpoint.body))
        operation["requestBody"] = {"required": is_required, "content": content}
    return operation


_IDEMPOTENCY_KEY: Json = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Any text of your own. Within 24 hours the same call with the same key gets the first one's answer.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
}

_WIDGET_KEY: Json = {
    "name": "X-Widget-Key",
    "in": "header",
    "required": False,
    "description": "What signing in returned. Without it, whoever signed in by mail is not seen by this call.",
    "schema": {"type": "string"},
}

_CSRF_TOKEN: Json = {
    "name": CSRF_HEADER,
    "in": "header",
    "required": True,
    "description": "The session's `csrf_token`, which signing in and reading the session return.",
    "schema": {"type": "string"},
}

_IF_NONE_MATCH: Json = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of a reply that the caller still has: 304 says that it holds.",
    "schema": {"type": "string"},
}
_NOT_MODIFIED: Json = {
    "description": "Not Modified: the reply whose ETag was sent still holds.",
    "headers": {"ETag": {"schema": {"type": "string"}}},
}

_CLIENT_HEADERS: list[Json] = [
    {
        "name": name,
        "in": "header",
        "required": False,
        "description": "May be left out unless the client demands it; when sent it must be the token's client.",
        "schema": {"type": "string"},
    }
    for name in ("X-Client-Id", "X-Client-Secret")
]


def _refusals(endpoint: Endpoint, schema_of: dict[type, Json]) -> Json:
    by_status: dict[int, list[type[KryptosError]]] = {}
    for error in errors_of(endpoint):
        by_status.setdefault(int(STATUS[error.kind]), []).append(error)
    schema = schema_of[_ERROR_TYPES[endpoint.family]]
    return {
        str(status): {
            "description": f"{HTTPStatus(status).phrase}: "
            + ", ".join(dict.fromkeys(f"`{error.code}`" for error in errors)),
            "content": {"application/json": {"schema": schema}},
        }
        for status, errors in sorted(by_status.items())
    }


def _path_parameters(endpoint: Endpoint) -> list[Json]:
    names = [part[1:-1] for part in endpoint.path.split("/") if part.startswith("{")]
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]


def _query_parameters(endpoint: Endpoint) -> list[Json]:
    if endpoint.query is None:
        return []
    (reference,), components = msgspec.json.schema_components([endpoint.query], ref_template=_REF)
    schema = components[reference["$ref"].rsplit("/", 1)[-1]]
    required = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": each}
        for name, each in schema["properties"].items()
    ]


def _schemas(endpoints: Iterable[Endpoint]) -> tuple[Json, dict[type, Json]]:
    """Return the components, and for each type how to refer to it."""
    types: list[type] = [ConnectError, DataError]
    for endpoint in endpoints:
        types += [each for each in (endpoint.reply, endpoint.body) if each is not None and each not in types]
    references, components = msgspec.json.schema_components(types, ref_template=_REF)
    renamed = {name: _plain_name(name) for name in components}
    return (
        {renamed[name]: _with_names(schema, renamed) for name, schema in components.items()},
        {each: _with_names(reference, renamed) for each, reference in zip(types, references, strict=True)},
    )


def _plain_name(name: str) -> str:
    """Return a component name that reads well: ``Success_LinkTokenOut_`` → ``SuccessLinkTokenOut``."""
    return "".join(part for part in name.replace("[", "_").replace("]", "_").split("_") if part)


def _with_names(schema: Any, renamed: dict[str, str]) -> Any:  # noqa: ANN401  # any JSON
    if isinstance(schema, dict):
        changed = {key: _with_names(value, renamed) for key, value in schema.items()}
        if "$ref" in changed:
            prefix, _, name = str(changed["$ref"]).rpartition("/")
            changed["$ref"] = f"{prefix}/{renamed.get(name, name)}"
        if changed.get("format") == "decimal":
            return _DECIMAL
        if "title" in changed and changed["title"] in renamed:
            changed["title"] = renamed[changed["title"]]
        return changed
    return [_with_names(each, renamed) for each in schema] if isinstance(schema, list) else schema
