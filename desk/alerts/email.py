"""E-mail, over a mail server that somebody named (it may be this machine's own)."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, getaddresses, make_msgid
from typing import Final

from bulletin.config import AlertSettings
from desk.alerts.channel import UndeliveredError
from desk.alerts.message import Message
from desk.alerts.posting import cut_off


@dataclass(frozen=True, slots=True)
class Email:
    name: str = "email"
    longest: int = 200_000

    def in_use(self, settings: AlertSettings) -> bool:
        return bool(settings.email_to and settings.smtp_host)

    def send(self, message: Message, settings: AlertSettings, now: datetime) -> None:
        host = settings.smtp_host
        try:
            letter = letter_of(message, settings, now)
            with _server(settings) as server, cut_off(lambda: server.sock, settings.timeout):
                if settings.smtp_security == "starttls":
                    server.starttls(context=ssl.create_default_context())
                if settings.smtp_user:
                    server.login(settings.smtp_user, settings.smtp_password)
                refused = server.send_message(letter)
        except smtplib.SMTPResponseException as error:
            raise UndeliveredError(f"{host} answered {error.smtp_code}.", "See the mail server's log.") from error
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise UndeliveredError(
                f"{host} took no mail ({type(error).__name__}).", "Try `gongbao alerts test`."
            ) from error
        if refused:
            raise UndeliveredError(f"{host} refused {len(refused)} of the addresses.", "Correct alerts.email_to.")


def letter_of(message: Message, settings: AlertSettings, now: datetime) -> EmailMessage:
    """Marked as made by a machine (RFC 3834), so that nobody's absence notice answers it."""
    letter = EmailMessage()
    letter["Subject"] = message.subject
    letter["From"] = settings.email_from or settings.email_to.partition(",")[0].strip()
    letter["To"] = ", ".join(address for _, address in getaddresses([settings.email_to]))
    letter["Date"] = format_datetime(now)
    letter["Message-ID"] = make_msgid("gongbao", settings.smtp_host)
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(message.text, cte="base64")
    return letter


def _server(settings: AlertSettings) -> smtplib.SMTP:
    if settings.smtp_security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(settings.smtp_host, settings.smtp_port, timeout=settings.timeout, context=context)
    return smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=settings.timeout)


CHANNEL: Final = Email()
