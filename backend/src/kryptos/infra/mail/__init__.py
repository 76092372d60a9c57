"""Mail: sent over SMTP, or kept in a mailbox of ours that demos and tests can read."""

from kryptos.infra.mail.contracts import Mail, Mailer, MailRefused, MailUndelivered
from kryptos.infra.mail.mailbox import (
    MAILS_KEPT,
    KeptMail,
    MailboxMailer,
    erase_mails,
    export_mails,
    list_mails,
    prune_mails,
)
from kryptos.infra.mail.mailers import can_mail, mailer_of
from kryptos.infra.mail.smtp import SmtpMailer, SmtpServer

__all__ = [
    "MAILS_KEPT",
    "KeptMail",
    "Mail",
    "MailRefused",
    "MailUndelivered",
    "MailboxMailer",
    "Mailer",
    "SmtpMailer",
    "SmtpServer",
    "can_mail",
    "erase_mails",
    "export_mails",
    "list_mails",
    "mailer_of",
    "prune_mails",
]
