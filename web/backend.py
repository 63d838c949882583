"""Django's EMAIL_BACKEND: what other packages send through Django becomes rows of web.mail too."""

import uuid
from collections.abc import Sequence
from email.utils import parseaddr

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from web import mail


class EmailBackend(BaseEmailBackend):
    """Queues the plain text, once for each recipient. Attachments are refused: this portal mails links."""

    @transaction.atomic
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            if message.attachments:
                raise ValueError("mail with attachments is not sent; mail a link")
            # Whoever calls django.core.mail twice means two mails; who wants one calls web.mail.queue with a key.
            occasion = uuid.uuid4()
            for number, address in enumerate(message.recipients()):
                to = parseaddr(address)[1]
                mail.queue(f"django:{occasion}:{number}", to, str(message.subject), str(message.body))
        return len(email_messages)
