"""Bodies and queries: JSON to Struct and back, strictly, with findings that name the field.

Litestar's own decoding is not used: it would pass decimals through floats and take "7" for 7.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, TypeVar

import msgspec

from kryptos.kernel.errors import InvalidInput
from kryptos.surfaces.http.envelopes import UnsupportedMediaType

Form = TypeVar("Form", bound=msgspec.Struct)

_ENCODER = msgspec.json.Encoder(decimal_format="number")
_AT = re.compile(r"^(?P<what>.*?)(?: - at `\$?\.?(?P<path>[^`]*)`)?$", re.DOTALL)
_EXPECTED = re.compile(r"Expected `(?P<expected>[^`]+)`(?:, got `(?P<received>[^`]+)`)?")
_NUL = "\x00"
_LEVELS = 64
"""Of nesting in a field that takes any JSON: far from where reading it again would exhaust the stack."""


def encode(value: object) -> bytes:
    """Return compact JSON; decimals are written from their own digits."""
    return _ENCODER.encode(value)


def decode_body(raw: bytes, form: type[Form], *, content_type: str | None) -> Form:
    """Return the body as ``form``; an empty one counts as ``{}``. Raises ``InvalidInput``, ``UnsupportedMediaType``."""
    if not raw.strip():
        raw = b"{}"
    elif (content_type or "").split(";")[0].strip().lower() != "application/json":
        raise UnsupportedMediaType
    try:
        body: Form = _decoder(form).decode(raw)
    except msgspec.ValidationError as error:
        raise _finding(str(error), "The request body does not have the documented form.") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        message = "The request body is not valid JSON."
        detail = {"code": "invalid_json", "message": str(error)[:200], "path": []}
        raise InvalidInput(message, details=[detail]) from error
    _check_texts(body)
    return body


def decode_query(pairs: Iterable[tuple[str, str]], form: type[Form]) -> Form:
    """Return the query string as ``form``; raises ``InvalidInput``."""
    try:
        query = msgspec.convert(dict(pairs), form, strict=False)
    except msgspec.ValidationError as error:
        raise _finding(str(error), "Invalid query parameters") from error
    _check_texts(query)
    return query


def _check_texts(form: msgspec.Struct) -> None:
    """PostgreSQL stores no NUL in text; say so here, with the field's name, instead of failing there."""
    for field, value in msgspec.structs.asdict(form).items():
        for text, level in _texts_of(value):
            if level > _LEVELS:
                what = f"At most {_LEVELS} levels of nesting are accepted"
                raise _finding(f"{what} - at `$.{field}`", f"{what}.")
            if _NUL in text:
                what = "Text without NUL characters is needed"
                raise _finding(f"{what} - at `$.{field}`", "NUL characters are not accepted.")


def _texts_of(value: object) -> Iterator[tuple[str, int]]:
    """Yield all text inside a decoded JSON value with its level of nesting; empty text for what is no text."""
    waiting = [(value, 0)]
    while waiting:
        each, level = waiting.pop()
        if isinstance(each, dict):
            waiting += [(part, level + 1) for pair in each.items() for part in pair]
        elif isinstance(each, list | tuple):
            waiting += [(part, level + 1) for part in each]
        yield each if isinstance(each, str) else "", level


def _finding(text: str, message: str) -> InvalidInput:
    found = _AT.match(text)
    what, path = (found["what"], found["path"]) if found else (text, None)
    detail: dict[str, Any] = {
        "code": "invalid_type" if "Expected" in what else "invalid_value",
        "path": path.split(".") if path else [],
        "message": what,
    }
    if typed := _EXPECTED.search(what):
        detail |= {name: each for name, each in typed.groupdict().items() if each}
    return InvalidInput(message, details=[detail])


@cache
def _decoder(form: type[Form]) -> msgspec.json.Decoder[Form]:
    return msgspec.json.Decoder(form)
