"""News from the left, sent after commit: a hint to the workers. The sweeper finds what no hint announced."""

from django.dispatch import receiver

from ikm.signals import supply_changed
from industry.signals import demand_changed
from web.hints import hint


@receiver([supply_changed, demand_changed], dispatch_uid="matching")
def tell_workers(**_news) -> None:
    hint("matching.tasks.sweep")
