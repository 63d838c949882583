from celery import shared_task

from matching import lists


@shared_task
def sweep() -> None:
    """A hint after each change, and the sweep of every 15 seconds."""
    lists.refresh()
