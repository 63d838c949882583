"""News of changed workshops, sent after commit: a hint to the workers. The sweeper finds what no hint announced."""

from django.dispatch import receiver

from ikm.signals import supply_changed
from web.hints import hint


@receiver(supply_changed, dispatch_uid="ikm.directory")
def tell_workers(**_news) -> None:
    hint("ikm.tasks.refresh_directory")
