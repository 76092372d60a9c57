"""Facts that identity tells."""

from typing import ClassVar

from kryptos.infra.database import Event


class SignInCodeRequested(Event, frozen=True):
    """Somebody asked for a sign-in code; the worker makes and mails it."""

    name: ClassVar[str] = "sign_in_code_requested"
    challenge_id: str
