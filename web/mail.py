"""Mail as rows: queued in the transaction that causes it, sent once by a worker, tried again with back-off."""

import datetime
import hashlib
import logging

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.utils import timezone

from web.hints import hint
from web.models import OutgoingMail

logger = logging.getLogger(__name__)

# Waits after the first, second … failure; after the last one the mail is given up.
BACK_OFF = [datetime.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440)]
# So many failures in one run speak of the mail server, not of the mails: the next run tries again.
PATIENCE = 3
KEPT = datetime.timedelta(days=30)


def queue(key: str, to: str, subject: str, text: str, *, headers: dict[str, str] | None = None) -> bool:
    """A mail to one address, with the caller's transaction; False if `key` was queued before, then nothing is.

    `key` names the effect ("letter-7-signed:user-3"). The texts are plain, in the recipient's language already.
    `headers` go out beside those of every mail.
    """
    texts = {"to": to, "subject": " ".join(str(subject).split())[:200], "text": str(text)}
    is_new = OutgoingMail.objects.get_or_create(key=key, defaults=texts | {"headers": headers or {}})[1]
    if is_new:
        hint("web.tasks.send_mail")
    return is_new


def send_due(limit: int = 100) -> int:
    """Send what is due, at most `limit` mails; returns how many went out. Several workers may run it at once."""
    sent = failed = 0
    while sent + failed < limit and failed < PATIENCE:
        outcome = _send_next()
        if outcome is None:
            break
        sent, failed = (sent + 1, failed) if outcome else (sent, failed + 1)
    return sent


@transaction.atomic
def _send_next() -> bool | None:
    """True: one mail went out. False: one was tried in vain. None: nothing is due that no other worker holds."""
    # The row stays locked while the server is asked: a worker that is killed meanwhile leaves it due.
    mail = OutgoingMail.objects.due(timezone.now()).select_for_update(skip_locked=True).first()
    if mail is None:
        return None
    mail.attempts += 1
    try:
        get_connection(settings.DELIVERY_BACKEND).send_messages([message(mail)])
    except Exception as error:  # one mail that cannot be sent must not hold up the others
        mail.last_error = f"{type(error).__name__}: {error}".replace("\0", "")[:300]
        waits = BACK_OFF[mail.attempts - 1 : mail.attempts]
        level = logging.WARNING if waits else logging.ERROR  # given up: somebody has to look
        logger.log(level, "mail %s not sent (attempt %s): %s", mail.key, mail.attempts, mail.last_error)
        mail.next_try_at = timezone.now() + waits[0] if waits else None
    else:
        mail.sent_at, mail.next_try_at, mail.last_error = timezone.now(), None, ""
    mail.save(update_fields=["attempts", "sent_at", "next_try_at", "last_error"])
    return mail.sent_at is not None


def unsubscribing(address: str) -> dict[str, str]:
    """Headers by which a mail program ends such mails with one tap (RFC 8058): a POST to `address`, without log-in."""
    return {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def message(mail: OutgoingMail) -> EmailMessage:
    """The mail as it goes out. Its Message-ID follows from the key, so that a second copy can be told as one."""
    digest = hashlib.sha256(mail.key.encode()).hexdigest()[:32]
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip("> ")
    headers = {"Message-ID": f"<{digest}@{domain}>", "Auto-Submitted": "auto-generated", **mail.headers}
    return EmailMessage(mail.subject, mail.text, settings.DEFAULT_FROM_EMAIL, [mail.to], headers=headers)


def try_again(mail: OutgoingMail) -> None:
    """Put a mail that was given up back in the queue, with all its attempts; a sent one stays sent."""
    OutgoingMail.objects.given_up().filter(pk=mail.pk).update(attempts=0, next_try_at=timezone.now())
    hint("web.tasks.send_mail")


def forget_old() -> int:
    """Blank what was sent more than 30 days ago; the key stays, so that nothing is sent twice."""
    old = OutgoingMail.objects.filter(sent_at__lt=timezone.now() - KEPT).exclude(text="")
    return old.update(to="", subject="", text="", headers={})
