"""Rules of signing in: who may become a user, what an address looks like, how often a code may be asked for."""

import re
from datetime import timedelta
from typing import Literal

from kryptos.kernel.errors import InvalidInput

SignUp = Literal["open", "invite", "closed"]

CODE_DIGITS = 6
CODE_LIFETIME = timedelta(minutes=10)
CODE_TRIES = 5
SENDS = 3
SENDS_WINDOW = timedelta(minutes=15)
ACCOUNT_SESSION_LIFETIME = timedelta(days=30)
ACCOUNT_SESSION_IDLE = timedelta(hours=12)
"""How long an account session lasts in which nothing is done."""
SEEN_EVERY = timedelta(minutes=1)
"""How often at most it is written down that an account session is in use."""
LANGUAGES = ("en", "fr", "de", "pt", "sv", "es", "pl", "it")

_ADDRESS = re.compile(r"[^@\s\x00-\x1f,;<>\"]{1,64}@[^@\s\x00-\x1f,;<>\"]+\.[^@\s\x00-\x1f,;<>\".]{2,}")
_ADDRESS_CHARACTERS = 254  # RFC 5321, section 4.5.3.1.3


def normalise_email(text: str) -> str:
    """Return the address in the one form in which it is stored and compared; raise ``InvalidInput`` if it is none."""
    email = text.strip().lower()
    if len(email) > _ADDRESS_CHARACTERS or not _ADDRESS.fullmatch(email):
        finding = {"code": "invalid_email", "path": ["email"], "message": "Expected an e-mail address"}
        message = "That does not look like an e-mail address."
        raise InvalidInput(message, details=[finding])
    return email


def supported_language(language: str | None) -> str:
    """Return the language if we speak it, English otherwise; ``pt-BR`` counts as ``pt``."""
    primary = (language or "").split("-")[0].lower()
    return primary if primary in LANGUAGES else "en"
