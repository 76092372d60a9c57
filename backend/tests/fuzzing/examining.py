"""One made-up call: who makes it, and what may never be in the reply."""

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import httpx
import requests
from requests.structures import CaseInsensitiveDict
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from tests.fuzzing.cast import Caller, Cast
from tests.support.openapi import ReplyValidator

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    unsupported_method,
]
INSIDES = re.compile(
    r"Traceback|\.py\b|site-packages|/src/kryptos|/tmp/|/home/|/root/|asyncpg|sqlalchemy|psycopg|litestar|granian|msgspec"
    r"|\b(?:SELECT|INSERT|UPDATE|DELETE)\b.*\b(?:FROM|INTO|SET)\b|0x[0-9a-f]{12}>",
    re.IGNORECASE,
)
"""What belongs to the inside of the server: no reply, whatever was asked, shows any of it."""

MADE_UP = {"X-Client-Id", "X-Client-Secret", "X-Widget-Key", "Idempotency-Key"}
"""Headers that may be left out, and whose made-up values are nearly always refused."""


def chance_of(case: Case[Any]) -> int:
    """Return a number that belongs to the case: the same case is always called in the same way."""
    shown = repr(
        (case.operation.label, case.method, case.path_parameters, case.query, case.body, case.headers)
    )
    return int.from_bytes(sha256(shown.encode("utf-8", "replace")).digest()[:16], "big")


def schemes_of(operation: Mapping[str, Any]) -> list[str]:
    """Return the names of the credentials that an operation takes."""
    return [name for each in operation.get("security", ()) for name in each]


def credentials_of(caller: Caller, case: Case[Any]) -> dict[str, str]:
    """Return the caller's credentials, without the page's token where the case is about a wrong one."""
    header = case.meta.components.get(ParameterLocation.HEADER) if case.meta is not None else None
    if header is None or header.mode is GenerationMode.POSITIVE:
        return caller.headers
    return {name: value for name, value in caller.headers.items() if name != "X-CSRF-Token"}


def lend(case: Case[Any], caller: Caller, chance: int) -> None:
    """Let the well-formed parts of a case get somewhere: values that exist, and no credentials that do not."""
    parts = case.meta.components if case.meta is not None else {}
    formed = {place for place, part in parts.items() if part.mode is GenerationMode.POSITIVE}
    lent = {name: value for bit, (name, value) in enumerate(caller.owns.items()) if chance >> bit & 3}
    if ParameterLocation.HEADER in formed and chance % 4:
        kept = {name: value for name, value in case.headers.items() if name not in MADE_UP}
        case.headers = CaseInsensitiveDict(kept)
    if ParameterLocation.PATH in formed:
        case.path_parameters = known_of(case.path_parameters, lent)
    if ParameterLocation.QUERY in formed:
        case.query = known_of(case.query, lent)
    if ParameterLocation.BODY in formed and isinstance(case.body, dict):
        case.body = known_of(case.body, lent)


def known_of(made_up: Mapping[str, object], lent: Mapping[str, str]) -> dict[str, Any]:
    """Return the same parameters, with values that exist where there are some."""
    return {name: lent.get(name, value) for name, value in made_up.items()}


def examine(case: Case[Any], cast: Cast, base_url: str, validator: ReplyValidator) -> None:
    """Make the call as one of those who might; raise when the reply is anything but documented."""
    chance = chance_of(case)
    schemes = schemes_of(case.operation.definition.raw)
    caller = cast.choose(schemes, chance, is_reading=case.method.upper() == "GET")
    lend(case, caller, chance >> 8)
    with requests.Session() as session:
        reply = case.call(base_url=base_url, session=session, headers=credentials_of(caller, case))
    case.validate_response(reply, checks=CHECKS)
    sent = reply.request
    read = {name: values[0] for name, values in reply.headers.items() if name.lower() != "content-encoding"}
    answered = httpx.Response(
        reply.status_code,
        headers=read,  # of the content as it was read: no longer compressed
        content=reply.content or b"",
        request=httpx.Request(sent.method or "", sent.url or ""),
    )
    validator.judge(answered)
    check_nothing_inside_is_shown(answered, sent=f"{sent.url} {sent.body!r}")


def check_nothing_inside_is_shown(reply: httpx.Response, *, sent: str) -> None:
    """Raise AssertionError when a body or a header shows something of the inside that was not in the call itself."""
    headers = [f"{name}: {value}" for name, value in reply.headers.items() if name != "server"]
    shown = [reply.text, *headers]
    for text in shown:
        for found in INSIDES.finditer(text):
            assert found.group() in sent, f"{reply.status_code} shows {found.group()!r}: {text[:300]}"
