"""What ``kryptos doctor`` can say about one thing it looked at."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How a thing is: ``wrong`` must be put right, ``warning`` may be meant so."""

    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: how something is and, unless it is well, what to do."""

    verdict: Verdict
    text: str


def ok(text: str) -> Finding:
    """Return a finding that all is well."""
    return Finding(Verdict.OK, text)


def warning(text: str) -> Finding:
    """Return a finding that may be meant so."""
    return Finding(Verdict.WARNING, text)


def wrong(text: str) -> Finding:
    """Return a finding that must be put right."""
    return Finding(Verdict.WRONG, text)
