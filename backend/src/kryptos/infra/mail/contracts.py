"""What a mail is, what sends it, and what can go wrong."""

from dataclasses import dataclass
from typing import Protocol

from kryptos.kernel.errors import Kind, KryptosError


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to one person, in plain text and, optionally, the same in simple HTML. Its text is never logged."""

    to: str
    subject: str
    text: str
    html: str | None = None

    def __repr__(self) -> str:
        return "Mail(…)"


class Mailer(Protocol):
    """Anything that can send a mail."""

    async def send(self, mail: Mail) -> None:
        """Return once the mail is in other hands; raise ``MailRefused`` or ``MailUndelivered``."""


class MailRefused(KryptosError):
    """The address cannot receive mail: trying again is of no use."""

    code = "MAIL_REFUSED"
    kind = Kind.INVALID
    default_message = "The mail server does not accept this address."


class MailUndelivered(KryptosError):
    """The mail server could not be reached or would not take the mail now; it may in a while."""

    code = "MAIL_UNDELIVERED"
    kind = Kind.UNAVAILABLE
    default_message = "The mail server did not take the mail. Check KRYPTOS_SMTP_URL."
