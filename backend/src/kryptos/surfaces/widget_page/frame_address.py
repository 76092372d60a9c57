"""The addresses of frame and app page: who frames it, for which app; every value is checked here."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_ORIGIN = re.compile(r"https?://(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?", re.ASCII)
_ORIGIN_CHARACTERS = 300
_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{1,128}", re.ASCII)
_DIGEST = re.compile(r"[0-9a-fA-F]{64}", re.ASCII)
_VERSION = re.compile(r"[0-9]{1,4}", re.ASCII)


@dataclass(frozen=True, slots=True)
class AppAddress:
    """The address of a native app's page in the documented form; exactly one of the two is given."""

    client_id: str | None
    token_digest: bytes | None


@dataclass(frozen=True, slots=True)
class FrameAddress(AppAddress):
    """A frame's address in the documented form."""

    origin: str


@dataclass(frozen=True, slots=True)
class WrongAddress:
    """An address of another form; ``origin`` is the one in it where that at least can be read."""

    problem: str
    origin: str | None = None


def read_frame_address(parameters: Sequence[tuple[str, str]]) -> FrameAddress | WrongAddress:
    """Return what a frame's address says; a parameter given twice is refused, for pages would read the other one."""
    given = dict(parameters)
    origin = given.get("origin", "")
    is_origin = len(origin) <= _ORIGIN_CHARACTERS and _ORIGIN.fullmatch(origin) is not None
    wrong_origin = (
        "The parameter origin must be the framing page's location.origin, such as https://app.example.com. Pages "
        "without an origin of their own (files, sandboxed frames) open the hosted page instead, native apps "
        "/connect/app."
    )
    problem = next(_problems(parameters), None) if is_origin else wrong_origin
    if problem is not None:
        return WrongAddress(problem, origin if is_origin else None)
    return FrameAddress(*_named(given), origin)


def read_app_address(parameters: Sequence[tuple[str, str]]) -> AppAddress | WrongAddress:
    """Return what the address of a native app's page says; an origin in it means nothing."""
    problem = next(_problems(parameters), None)
    return AppAddress(*_named(dict(parameters))) if problem is None else WrongAddress(problem)


def _named(given: dict[str, str]) -> tuple[str | None, bytes | None]:
    client_id = given.get("client_id")
    return client_id, None if client_id else bytes.fromhex(given["s"])


def _problems(parameters: Sequence[tuple[str, str]]) -> Iterator[str]:
    given = dict(parameters)
    if len(given) < len(parameters):
        yield "A parameter of this address is given twice."
    if "client_id" in given:
        if not _CLIENT_ID.fullmatch(given["client_id"]):
            yield "The parameter client_id has a value that no client id has."
    elif "s" not in given:
        yield "The parameter client_id is missing, or s: the SHA-256 of the link token, in 64 hexadecimal digits."
    elif not _DIGEST.fullmatch(given["s"]):
        yield "The parameter s must be the SHA-256 of the link token, in 64 hexadecimal digits."
    if not _VERSION.fullmatch(given.get("v", "1")):
        yield "The parameter v must be the version of the widget's messages, such as 1."
