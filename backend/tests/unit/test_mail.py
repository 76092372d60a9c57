"""Mail goes out over SMTP as RFC 5321 and 3834 have it, or is kept in the mailbox; what goes wrong is told apart."""

import asyncio
import email
import email.message
import email.policy
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from kryptos.infra.database import Database, Uow
from kryptos.infra.mail import (
    MAILS_KEPT,
    Mail,
    MailboxMailer,
    MailRefused,
    MailUndelivered,
    SmtpMailer,
    SmtpServer,
    can_mail,
    list_mails,
    mailer_of,
)
from kryptos.infra.settings import Settings, SettingsWrong
from tests.support.clock import ManualClock
from tests.support.queue import open_database

MAIL = Mail(
    to="zoe@example.com",
    subject="123456 är din kod",
    text="Hej, żółw\n",
    html="<p>Hej</p>",
)
SENDER = "Kryptos Connect <no-reply@kryptos.example>"


class Postbox:
    """What a server was handed."""

    def __init__(self) -> None:
        self.messages: list[email.message.EmailMessage] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.logins: list[tuple[bytes, bytes]] = []

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address.startswith("unknown"):
            return "550 5.1.1 No such user"
        if address.startswith("busy"):
            return "450 4.2.1 Try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        parsed = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(parsed, email.message.EmailMessage)
        self.messages.append(parsed)
        self.envelopes.append((envelope.mail_from, envelope.rcpt_tos))
        return "250 OK"

    def authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"p@ss/word", handled=False)


@asynccontextmanager
async def smtp_server(postbox: Postbox, **options: Any) -> AsyncIterator[int]:
    """Run a server and give its port."""

    def answer() -> SMTP:
        return SMTP(postbox, authenticator=postbox.authenticate, **options)

    server = await asyncio.get_running_loop().create_server(answer, "127.0.0.1", 0)
    async with server:
        port: int = server.sockets[0].getsockname()[1]
        yield port


def mailer(url: str) -> SmtpMailer:
    return SmtpMailer(SmtpServer.of_url(url), sender=SENDER, clock=ManualClock())


async def test_a_mail_arrives_with_both_texts_and_says_that_nobody_wrote_it() -> None:
    postbox = Postbox()
    async with smtp_server(postbox) as port:
        await mailer(f"smtp://127.0.0.1:{port}").send(MAIL)
    (message,) = postbox.messages
    assert postbox.envelopes == [("no-reply@kryptos.example", [MAIL.to])]
    assert message["From"] == SENDER
    assert message["To"] == MAIL.to
    assert message["Subject"] == MAIL.subject
    assert message["Date"] == "Wed, 01 Jan 2020 12:00:00 +0000"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].endswith("@kryptos.example>")
    plain, page = message.get_body(["plain"]), message.get_body(["html"])
    assert plain is not None
    assert plain.get_content().splitlines() == MAIL.text.splitlines()
    assert page is not None
    assert page.get_content().strip() == MAIL.html


async def test_credentials_of_the_url_are_used() -> None:
    postbox = Postbox()
    async with smtp_server(postbox, auth_require_tls=False) as port:
        await mailer(f"smtp://me%40home:p%40ss%2Fword@127.0.0.1:{port}").send(MAIL)
        with pytest.raises(MailUndelivered, match="KRYPTOS_SMTP_URL"):
            await mailer(f"smtp://me%40home:wrong@127.0.0.1:{port}").send(MAIL)
    assert set(postbox.logins) == {(b"me@home", b"p@ss/word"), (b"me@home", b"wrong")}
    assert len(postbox.messages) == 1


async def test_an_address_that_does_not_exist_is_refused_and_a_busy_server_is_not_the_end() -> None:
    async with smtp_server(Postbox()) as port:
        sender = mailer(f"smtp://127.0.0.1:{port}")
        with pytest.raises(MailRefused):
            await sender.send(Mail(to="unknown@example.com", subject="s", text="t"))
        with pytest.raises(MailUndelivered):
            await sender.send(Mail(to="busy@example.com", subject="s", text="t"))
        with pytest.raises(MailRefused):
            await sender.send(Mail(to="group:a@example.com", subject="s", text="t"))


async def test_a_server_that_is_not_there_is_undelivered_mail(unused_tcp_port: int) -> None:
    with pytest.raises(MailUndelivered):
        await mailer(f"smtp://127.0.0.1:{unused_tcp_port}").send(MAIL)


async def test_a_header_cannot_be_smuggled_in() -> None:
    postbox = Postbox()
    mail = Mail(to="a@example.com", subject="hello\nBcc: b@example.com", text="t")
    async with smtp_server(postbox) as port:
        with pytest.raises(ValueError, match="linefeed"):
            await mailer(f"smtp://127.0.0.1:{port}").send(mail)
    assert postbox.messages == []


@pytest.fixture
def self_signed(tmp_path: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = tmp_path / "server.pem"
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


async def test_a_certificate_that_nobody_vouches_for_is_not_accepted(self_signed: ssl.SSLContext) -> None:
    postbox = Postbox()
    async with smtp_server(postbox, tls_context=self_signed) as port:
        with pytest.raises(MailUndelivered, match="CERTIFICATE_VERIFY_FAILED"):
            await mailer(f"smtp://127.0.0.1:{port}").send(MAIL)
    assert postbox.messages == []


@pytest.mark.parametrize(
    ("url", "must_start_tls", "port"),
    [
        ("smtp://mail.example.com", None, 587),
        ("smtp://me:pw@mail.example.com:25", True, 25),
        ("smtp://me:pw@localhost:25", None, 25),
        ("smtp://me:pw@127.0.0.1:25", None, 25),
        ("smtps://me:pw@mail.example.com", False, 465),
    ],
)
def test_a_password_never_crosses_a_network_in_clear(
    url: str, must_start_tls: bool | None, port: int
) -> None:
    server = SmtpServer.of_url(url)
    assert (server.must_start_tls, server.port) == (must_start_tls, port)
    assert server.is_tls_from_start == url.startswith("smtps")
    assert "pw" not in repr(server)


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.com",
        "http://mail.example.com",
        "smtp://",
        "smtp://me@host",
        "smtp://h:99999",
        "smtp://h/x",
    ],
)
def test_an_unusable_url_names_the_setting(url: str) -> None:
    with pytest.raises(SettingsWrong, match="KRYPTOS_SMTP_URL"):
        SmtpServer.of_url(url)


def test_an_unusable_sender_names_the_setting() -> None:
    with pytest.raises(SettingsWrong, match="KRYPTOS_MAIL_FROM"):
        SmtpMailer(SmtpServer.of_url("smtp://h"), sender="nobody at all <", clock=ManualClock())


@pytest_asyncio.fixture(loop_scope="session")
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = open_database(database_url)
    yield opened
    await opened.close()


async def test_the_mailbox_keeps_the_latest_mails(database: Database) -> None:
    box = MailboxMailer(database)
    for number in range(MAILS_KEPT + 5):
        await box.send(Mail(to="a@example.com", subject=str(number), text="t"))
    kept = await database.execute(list_mails)
    assert len(kept) == MAILS_KEPT

    async def latest(uow: Uow) -> object:
        return (await list_mails(uow, limit=1))[0].mail

    assert await database.execute(latest) == kept[0].mail


async def test_the_settings_choose_the_mailer(database: Database) -> None:
    def choose(settings: Settings) -> object:
        chosen = mailer_of(settings, database=database, clock=ManualClock())
        assert can_mail(settings) == (chosen is not None)
        return type(chosen)

    assert choose(Settings()) is type(None)
    assert choose(Settings(smtp_url="smtp://h")) is SmtpMailer
    assert choose(Settings(smtp_url="smtp://h", mailbox=True)) is MailboxMailer
