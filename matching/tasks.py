from celery import shared_task

from matching import invitations, lists


@shared_task
def sweep() -> None:
    """A hint after each change, and the sweep of every 15 seconds."""
    lists.refresh()


@shared_task
def invite_due() -> None:
    """A hint when a buyer starts inviting by batches, and every hour of the working day."""
    invitations.run_due()
