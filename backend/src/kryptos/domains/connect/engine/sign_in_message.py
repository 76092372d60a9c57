"""Sign-in messages: the texts by which a wallet signs that an account is its person's; written and read strictly.

EVM: ERC-4361, section "ABNF Message Format". Solana: the same lines, as the Wallet Standard's feature
``solana:signIn`` composes them: without a statement there is one blank line less, and every field may be left out.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from kryptos.catalog import checksum_address, recognise_address

WalletFamily = Literal["evm", "solana"]

_LONGEST = 4096
"""Letters of the longest text that is looked at; ours have a few hundred."""
_WORDS: Mapping[WalletFamily, str] = {"evm": "Ethereum", "solana": "Solana"}

# RFC 3986, appendix A; a domain has no user information, which makes one host look like another.
_PLAIN = r"A-Za-z0-9\-._~"
_SUB_DELIMITERS = r"!$&'()*+,;="
_URI = rf"[A-Za-z][A-Za-z0-9+.\-]*:[{_PLAIN}{_SUB_DELIMITERS}:/?#\[\]@%]+"
_DOMAIN = rf"(?:[{_PLAIN}]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{{1,5}})?"
_STATEMENT = rf"[{_PLAIN}{_SUB_DELIMITERS}:/?#\[\]@ ]+"
_CHAIN_ID: Mapping[WalletFamily, str] = {"evm": r"[0-9]{1,77}", "solana": r"[A-Za-z0-9:_\-]{1,64}"}
# RFC 3339, section 5.6.
_TIME = r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+\-]\d\d:\d\d)"

_FIELDS: tuple[tuple[str, str, str], ...] = (
    ("uri", "URI", _URI),
    ("version", "Version", "1"),
    ("chain_id", "Chain ID", ""),
    ("nonce", "Nonce", r"[A-Za-z0-9]{8,128}"),
    ("issued_at", "Issued At", _TIME),
    ("expiration_time", "Expiration Time", _TIME),
    ("not_before", "Not Before", _TIME),
    ("request_id", "Request ID", rf"(?:[{_PLAIN}{_SUB_DELIMITERS}:@]|%[0-9A-Fa-f]{{2}})*"),
)
"""Fields in their one order: name here, name in the text, form."""
_TIMES = ("issued_at", "expiration_time", "not_before")
_REQUIRED_OF_EVM = ("uri", "version", "chain_id", "nonce", "issued_at")


class NotASignInMessage(ValueError):
    """The text is no sign-in message, or its fields make none; says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInMessage:
    """The fields of a message, as they are written in it: two are equal if and only if their texts are."""

    family: WalletFamily
    domain: str
    address: str
    scheme: str | None = None
    """Of the domain; ERC-4361 alone has it."""
    statement: str | None = None
    uri: str | None = None
    version: str | None = None
    chain_id: str | None = None
    nonce: str | None = None
    issued_at: str | None = None
    expiration_time: str | None = None
    not_before: str | None = None
    request_id: str | None = None
    resources: tuple[str, ...] | None = None


def build(message: SignInMessage) -> str:
    """Return the text of a message; raise ``NotASignInMessage`` for fields that make none."""
    text = _text(message)
    if parse(text) != message:
        raise NotASignInMessage("a field holds what belongs into another")
    return text


def parse(text: str) -> SignInMessage:
    """Return the fields of a text; raise ``NotASignInMessage`` for any that differs from the format by a letter."""
    if len(text) > _LONGEST:
        raise NotASignInMessage("the text is too long")
    for family, pattern in _PATTERNS.items():
        if found := pattern.fullmatch(text):
            return _read(family, found.groupdict())
    raise NotASignInMessage("the text is not in the format of sign-in messages")


def _read(family: WalletFamily, given: dict[str, str | None]) -> SignInMessage:
    listed = given.pop("resources")
    resources = None if listed is None else tuple(each.removeprefix("- ") for each in listed.split("\n")[1:])
    message = SignInMessage(
        family=family,
        domain=given.pop("domain") or "",
        address=given.pop("address") or "",
        resources=resources,
        **given,
    )
    _check(message)
    return message


def is_same(one: SignInMessage, other: SignInMessage) -> bool:
    """Say whether two messages mean the same: instants may be written in different ways, all else is equal."""
    return _timeless(one) == _timeless(other) and all(
        _instant(getattr(one, name)) == _instant(getattr(other, name)) for name in _TIMES
    )


def _timeless(message: SignInMessage) -> SignInMessage:
    return replace(message, issued_at=None, expiration_time=None, not_before=None)


def _instant(written: str | None) -> datetime | None:
    return None if written is None else datetime.fromisoformat(written.upper())


def _text(message: SignInMessage) -> str:
    scheme = "" if message.scheme is None else f"{message.scheme}://"
    words = _WORDS[message.family]
    lines = [f"{scheme}{message.domain} wants you to sign in with your {words} account:", message.address]
    if message.statement is not None:
        lines += ["", message.statement]
    elif message.family == "evm":
        lines += [""]
    fields = [
        f"{title}: {value}" for name, title, _ in _FIELDS if (value := getattr(message, name)) is not None
    ]
    if message.resources is not None:
        fields += ["Resources:", *(f"- {each}" for each in message.resources)]
    return "\n".join([*lines, *(["", *fields] if fields else [])])


def _check(message: SignInMessage) -> None:
    """Check what no pattern can: the address's checksum, and that the days and hours exist."""
    readings = [each for each in recognise_address(message.address) if each.family == message.family]
    is_canonical = message.family != "evm" or message.address == checksum_address(message.address)
    if not readings or not is_canonical:
        raise NotASignInMessage("the address is none, or its capitals are not those of its checksum")
    for name in _TIMES:
        written = getattr(message, name)
        try:
            _instant(written)
        except ValueError:
            raise NotASignInMessage(f"{name} is no point in time") from None


def _pattern(family: WalletFamily) -> re.Pattern[str]:
    is_evm = family == "evm"
    # In Solana's text only its words tell a statement from a field.
    no_field = rf"(?!Resources:|(?:{'|'.join(title for _, title, _ in _FIELDS)}): )"
    parts = [
        r"(?:(?P<scheme>[A-Za-z][A-Za-z0-9+.\-]*)://)?" if is_evm else "",
        rf"(?P<domain>{_DOMAIN}) wants you to sign in with your {_WORDS[family]} account:\n",
        "(?P<address>[0-9A-Za-z]{32,44})",
        rf"\n\n(?:(?P<statement>{_STATEMENT})\n)?"
        if is_evm
        else rf"(?:\n\n{no_field}(?P<statement>{_STATEMENT}))?",
    ]
    fields = [
        _field(name, title, form or _CHAIN_ID[family], is_required=is_evm and name in _REQUIRED_OF_EVM)
        for name, title, form in _FIELDS
    ]
    rest = "".join(fields) + rf"(?:\nResources:(?P<resources>(?:\n- {_URI})*))?"
    # ERC-4361 always has fields; the text of the Wallet Standard ends without a blank line where it has none.
    parts += [rest] if is_evm else [rf"(?:\n(?=\n){rest})?"]
    return re.compile("".join(parts))


def _field(name: str, title: str, form: str, *, is_required: bool) -> str:
    line = rf"\n{title}: (?P<{name}>{form})"
    return line if is_required else f"(?:{line})?"


_PATTERNS: Mapping[WalletFamily, re.Pattern[str]] = {"evm": _pattern("evm"), "solana": _pattern("solana")}
