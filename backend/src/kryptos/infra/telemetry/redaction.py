"""No secret in a log: tokens, codes, credentials and passwords are replaced wherever they stand in a line."""

import re
from collections.abc import Mapping
from datetime import date, datetime

REDACTED = "[redacted]"

_TOKEN_PREFIXES = (
    "link", "public", "cat", "secret", "host", "wkey", "acct", "csrf", "chal", "manage", "ekey",
    "kryptos_live", "kryptos_test",
)  # fmt: skip
_SECRET_KEYS = re.compile(
    r"(?:.*[_-])?(?:authorization|cookie|password|passwd|passphrase|pepper|secret|token|api[_-]?key|(?:private|widget|hosted|management)[_-]?key)",
    re.IGNORECASE,
)
_CODE_KEYS = re.compile(r"(?:.*[_-])?(?:code|otp|pin)s?", re.IGNORECASE)
_CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")
_DEPTH = 8
_WHOLE_LIMIT = 2**63  # beyond it JSON readers lose digits

# A token is redacted from its first dozen characters on: a truncated one still narrows down the whole. A dozen letters
# that are all small may be words of ours (``public_token_exchanged``); a whole token is longer than any of them.
_IN_TEXT = (
    (
        re.compile(
            rf"({'|'.join(_TOKEN_PREFIXES)})_"
            r"(?:(?=[a-z_-]*[A-Z0-9])[A-Za-z0-9_-]{12,}|[A-Za-z0-9_-]{32,})"
        ),
        rf"\1_{REDACTED}",
    ),
    (re.compile(r"\b(Bearer|Basic|Token)(\s+)[A-Za-z0-9+/=._~-]{6,}", re.IGNORECASE), rf"\1\2{REDACTED}"),
    (re.compile(r"(?<=://)([^\s/?#:@\"']*):(?:[^\s/?#\"']*)(?=@)"), rf"\1:{REDACTED}"),
    (
        re.compile(
            r"\b(authorization|cookie|password|passphrase|pepper|client[_-]secret|secret|api[_-]?key|[a-z]+[_-]token)"
            r"(['\"]?\s*[=:]\s*['\"]?)(?!(?:Bearer|Basic|Token)\s)(?!\[redacted\])[^\s'\",;&}\]]+",
            re.IGNORECASE,
        ),
        rf"\1\2{REDACTED}",
    ),
    (re.compile(r"\b((?:code|otp|pin)['\"]?\s*[=:]\s*['\"]?)\d{6}(?!\d)", re.IGNORECASE), rf"\1{REDACTED}"),
)


def redact_text(text: str) -> str:
    """Return the text without secrets; a token keeps its prefix, so that one sees what it was."""
    for pattern, replacement in _IN_TEXT:
        text = pattern.sub(replacement, text)
    return text


def redacted(value: object, *, key: str = "", depth: int = 0) -> object:
    """Return a value without secrets that JSON can say: mappings and sequences deeply, anything else as its text."""
    if value is not None and not isinstance(value, bool) and _SECRET_KEYS.fullmatch(key):
        return REDACTED
    if depth < _DEPTH and isinstance(value, Mapping):
        return {
            _speakable(str(name)): redacted(each, key=str(name), depth=depth + 1)
            for name, each in value.items()
        }
    if depth < _DEPTH and isinstance(value, list | tuple | set | frozenset):
        return [redacted(each, key=key, depth=depth + 1) for each in value]
    return _redacted_scalar(value, key)


def _redacted_scalar(value: object, key: str) -> object:
    if isinstance(value, int | float | str) and _CODE_KEYS.fullmatch(key) and _CODE.search(str(value)):
        return _speakable(_CODE.sub(REDACTED, str(value)))
    if value is None or isinstance(value, float) or (isinstance(value, int) and abs(value) < _WHOLE_LIMIT):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    return _speakable(value if isinstance(value, str) else repr(value))


def _speakable(text: str) -> str:
    """Return redacted text that UTF-8 can say: a caller can send half a surrogate pair."""
    return redact_text(text).encode("utf-8", "backslashreplace").decode()
