"""How a page of ours looks and speaks: as its address asks for, else as the browser prefers."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LANGUAGES = ("en", "fr", "de", "pt", "sv", "es", "pl", "it")
THEMES = ("light", "dark", "auto")

_QUALITY = re.compile(r"q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Appearance:
    """How a page of ours looks and speaks."""

    language: str
    theme: str


def read_appearance(parameters: Sequence[tuple[str, str]], accept_language: str | None) -> Appearance:
    """Return language and theme: as asked for, else as the browser prefers; English and light where neither is ours."""
    given = dict(parameters)
    theme = given.get("theme", "")
    return Appearance(
        language=_language([given.get("lang", ""), *_preferred(accept_language or "")]),
        theme=theme if theme in THEMES else "light",
    )


def _language(wished: Iterable[str]) -> str:
    for tag in wished:
        language = tag.strip().lower().replace("_", "-").split("-", 1)[0]
        if language in LANGUAGES:
            return language
    return LANGUAGES[0]


def _preferred(header: str) -> list[str]:
    """Return the language tags of an Accept-Language header, the most wanted first (RFC 9110, section 12.5.4)."""
    ranked = []
    for part in header.split(",")[:20]:
        tag, _, parameter = part.partition(";")
        found = _QUALITY.fullmatch(parameter.strip())
        quality = float(found[1]) if found else 1.0
        if quality > 0:
            ranked.append((quality, tag))
    return [tag for _, tag in sorted(ranked, key=lambda each: -each[0])]
