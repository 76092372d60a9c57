"""Mail over SMTP (RFC 5321, RFC 6409)."""

import ipaddress
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import unquote, urlsplit

import aiosmtplib

from kryptos.infra.mail.contracts import Mail, MailRefused, MailUndelivered
from kryptos.infra.settings import SettingsWrong
from kryptos.kernel.clock import Clock
from kryptos.kernel.ids import RandomBytes, system_random, uuid7_hex

TIMEOUT_SECONDS = 10
_PORTS = {"smtp": 587, "smtps": 465}
_FORM = "KRYPTOS_SMTP_URL takes smtp://user:password@host:587 or smtps://user:password@host:465"
_PERMANENT = range(500, 600)
_NO_ADDRESS = (ValueError, IndexError, HeaderParseError)  # what the standard library's parser raises


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where mail is handed in."""

    host: str
    port: int
    is_tls_from_start: bool
    username: str | None = None
    password: str | None = field(default=None, repr=False)

    @classmethod
    def of_url(cls, url: str) -> "SmtpServer":
        """Return the server that a URL names; raise ``SettingsWrong`` saying what the setting takes."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port or _PORTS[parts.scheme]
        except (ValueError, KeyError) as error:
            raise SettingsWrong(_FORM) from error
        if not host or parts.path.strip("/") or parts.query or bool(parts.username) != bool(parts.password):
            raise SettingsWrong(_FORM)
        return cls(
            host=host,
            port=port,
            is_tls_from_start=parts.scheme == "smtps",
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
        )

    @property
    def must_start_tls(self) -> bool | None:
        """True: refuse a server without STARTTLS, lest a password cross a network in clear. None: use it if offered."""
        if self.is_tls_from_start:
            return False
        return True if self.password and not _is_this_machine(self.host) else None


class SmtpMailer:
    """Hands each mail to one SMTP server, over a connection of its own."""

    def __init__(
        self, server: SmtpServer, *, sender: str, clock: Clock, random_bytes: RandomBytes = system_random
    ) -> None:
        name, address = parseaddr(sender)
        try:
            self._sender = Address(name, addr_spec=address)
        except _NO_ADDRESS as error:
            message = "KRYPTOS_MAIL_FROM takes an address such as Kryptos Connect <no-reply@example.com>"
            raise SettingsWrong(message) from error
        self._server = server
        self._clock = clock
        self._random_bytes = random_bytes

    async def send(self, mail: Mail) -> None:
        """Return once the server has taken the mail; raise ``MailRefused`` or ``MailUndelivered``."""
        server = self._server
        try:
            await aiosmtplib.send(
                self._message(mail),
                sender=self._sender.addr_spec,
                recipients=[mail.to],
                hostname=server.host,
                port=server.port,
                username=server.username,
                password=server.password,
                use_tls=server.is_tls_from_start,
                start_tls=server.must_start_tls,
                local_hostname=self._sender.domain,
                timeout=TIMEOUT_SECONDS,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            if all(refused.code in _PERMANENT for refused in error.recipients):
                raise MailRefused from error
            raise MailUndelivered from error
        except (aiosmtplib.SMTPException, OSError) as error:
            reason = f"{MailUndelivered.default_message} It said: {type(error).__name__} {error}"
            raise MailUndelivered(reason) from error

    def _message(self, mail: Mail) -> EmailMessage:
        now = self._clock.now()
        message = EmailMessage()
        try:
            message["To"] = Address(addr_spec=mail.to)
        except _NO_ADDRESS as error:
            raise MailRefused from error
        message["From"] = self._sender
        message["Subject"] = mail.subject
        message["Date"] = format_datetime(now)
        message["Message-ID"] = f"<{uuid7_hex(now, self._random_bytes)}@{self._sender.domain}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834, section 5: no out-of-office answers
        message.set_content(mail.text)
        if mail.html is not None:
            message.add_alternative(mail.html, subtype="html")
        return message


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
