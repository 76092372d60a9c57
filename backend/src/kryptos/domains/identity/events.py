"""Facts that identity tells."""

from typing import ClassVar

from kryptos.infra.database import Event


class SignInCodeRequested(Event, frozen=True):
    """Somebody asked for a sign-in code; the worker makes and mails it."""

    name: ClassVar[str] = "sign_in_code_requested"
    challenge_id: str


class UserSuspended(Event, frozen=True):
    """A person, and every token for their data, is refused."""

    name: ClassVar[str] = "user.suspended"
    user_id: str


class UserResumed(Event, frozen=True):
    """A person may go on."""

    name: ClassVar[str] = "user.resumed"
    user_id: str
