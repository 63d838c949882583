from celery import shared_task

from partnership_portal import reminders


@shared_task
def remind() -> None:
    """Nightly: what is to be confirmed, what runs out, what ends."""
    reminders.run()
