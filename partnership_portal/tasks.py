from celery import shared_task

from partnership_portal import digests, own_data, reminders, retention


@shared_task
def remind() -> None:
    """Nightly: what is to be confirmed, what runs out, what ends."""
    reminders.run()


@shared_task
def tell_news() -> None:
    """Each morning: the digests of who hears daily, and of the others those that are due this week."""
    digests.run()


@shared_task
def export_own_data(pk: int) -> None:
    """A hint after each request for a large copy."""
    own_data.run(pk)


@shared_task
def sweep_exports() -> None:
    """Every minute: copies that no hint announced, or that lost their worker."""
    own_data.run_unfinished()


@shared_task
def keep_times() -> None:
    """Nightly: what has been kept long enough."""
    retention.run()
