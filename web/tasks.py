from celery import shared_task

from web import limits, mail


@shared_task
def send_mail() -> None:
    """A hint after each queued mail, and the sweep of every 15 seconds."""
    mail.send_due()


@shared_task
def forget() -> None:
    """Nightly: what is no longer needed."""
    mail.forget_old()
    limits.forget_old()
