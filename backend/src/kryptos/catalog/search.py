"""Search: what a person types, found in spite of typing errors, over all rows in a few milliseconds."""

import re
import unicodedata
from functools import cache

import msgspec

from kryptos.catalog.providers import PROVIDERS, Provider

_LONG_QUERY = 100
_MOST_WORDS = 8
"""Nobody types more; what is pasted beyond it is not looked at."""


class _Entry(msgspec.Struct, frozen=True):
    """What a provider is found by: whole names without spaces, their words, and the symbol of its asset."""

    position: int
    titles: tuple[str, ...]
    aliases: tuple[str, ...]
    words: tuple[str, ...]
    symbol: str


def search_providers(text: str, limit: int = 20) -> tuple[Provider, ...]:
    """Return the providers that a text can mean, the likeliest first; of equals, in the order of the list.

    A whole name beats a beginning, a beginning beats a part, and words with a typing error come last: one error in
    words of four to six letters, two in longer ones (an error is a letter too few, too many, wrong or swapped).
    """
    words = _words(text[:_LONG_QUERY])
    if not words:
        return PROVIDERS[:limit]
    whole = "".join(words)
    likes = [_errors_by_word(word) for word in dict.fromkeys(words[:_MOST_WORDS])]
    scored = [
        (score, entry.position) for entry in _entries() if (score := _score(entry, whole, likes)) is not None
    ]
    return tuple(PROVIDERS[position] for _, position in sorted(scored)[:limit])


_WITH_ERRORS = 10


def _score(entry: _Entry, whole: str, likes: list[dict[str, int]]) -> int | None:
    """Return how badly a provider fits, 0 for exactly; None if it does not."""
    names = (*entry.titles, *entry.aliases)
    fits = (
        whole in names,
        whole == entry.symbol,
        any(name.startswith(whole) for name in entry.titles),
        any(name.startswith(whole) for name in entry.aliases),
    )
    if True in fits:
        return fits.index(True)
    fewest = [min((like[word] for word in entry.words if word in like), default=None) for like in likes]
    errors = [each for each in fewest if each is not None]
    if len(errors) == len(fewest):
        return len(fits) if sum(errors) == 0 else _WITH_ERRORS + sum(errors)
    return len(fits) + 1 if len(whole) > 2 and any(whole in name for name in names) else None


def _errors_by_word(word: str) -> dict[str, int]:
    """Return all words that begin like a given one, with the errors between: too unlike ones are left out."""
    allowed = 0 if len(word) < 4 else 1 if len(word) < 7 else 2
    mask = _mask(word)
    found: dict[str, int] = {}
    for other, other_mask in _vocabulary():
        # Letters that the other lacks cost an error each: most words fall here, without being compared.
        if len(other) < len(word) - allowed or (mask & ~other_mask).bit_count() > allowed:
            continue
        errors = 0 if other.startswith(word) else _distance(word, other[: len(word) + allowed])
        if errors <= allowed:
            found[other] = errors
    return found


def _distance(one: str, two: str) -> int:
    """Return the errors between a word and the likest beginning of another.

    Optimal string alignment: Damerau-Levenshtein, where no letter takes part in two swaps. The last line of the table
    has the distance to each beginning.
    """
    before: list[int] = []
    above = list(range(len(two) + 1))
    for row, letter in enumerate(one, 1):
        line = [row]
        for column, other in enumerate(two, 1):
            cost = min(above[column] + 1, line[-1] + 1, above[column - 1] + (letter != other))
            is_swap = row > 1 and column > 1 and letter == two[column - 2] and one[row - 2] == other
            line.append(min(cost, before[column - 2] + 1) if is_swap else cost)
        before, above = above, line
    return min(above)


@cache
def _vocabulary() -> tuple[tuple[str, int], ...]:
    """Return every word once, with its letters."""
    words = dict.fromkeys(word for entry in _entries() for word in entry.words)
    return tuple((word, _mask(word)) for word in words)


@cache
def _entries() -> tuple[_Entry, ...]:
    return tuple(_entry(position, provider) for position, provider in enumerate(PROVIDERS))


def _entry(position: int, provider: Provider) -> _Entry:
    names = [_words(name) for name in (provider.public_name, provider.id, *provider.aliases)]
    # Two words may be typed as one: whole names count as words as well.
    words = dict.fromkeys(word for name in names for word in (*name, "".join(name)))
    return _Entry(
        position=position,
        titles=tuple("".join(name) for name in names[:2]),
        aliases=tuple("".join(name) for name in names[2:]),
        words=tuple(words),
        symbol="".join(_words(provider.symbol or "")),
    )


def _words(text: str) -> list[str]:
    """Return a text's words without accents and capitals."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return re.findall(r"[a-z0-9]+", "".join(each for each in plain if not unicodedata.combining(each)))


def _mask(word: str) -> int:
    """Return a bit for each letter and digit that a word has."""
    mask = 0
    for letter in word:
        mask |= 1 << int(letter, 36)
    return mask
