"""Which mailer an installation uses."""

from kryptos.infra.database import Database
from kryptos.infra.mail.contracts import Mailer
from kryptos.infra.mail.mailbox import MailboxMailer
from kryptos.infra.mail.smtp import SmtpMailer, SmtpServer
from kryptos.infra.settings import Settings
from kryptos.kernel.clock import Clock


def can_mail(settings: Settings) -> bool:
    """Say whether mail goes anywhere: where it does not, signing in by mail is not offered."""
    return settings.mailbox or settings.smtp_url is not None


def mailer_of(settings: Settings, *, database: Database, clock: Clock) -> Mailer | None:
    """Return what sends mail, the mailbox before SMTP, or None; raise ``SettingsWrong`` for what cannot be used."""
    if settings.mailbox:
        return MailboxMailer(database)
    if settings.smtp_url is not None:
        return SmtpMailer(SmtpServer.of_url(settings.smtp_url), sender=settings.mail_from, clock=clock)
    return None
