"""What a need says, in templates: thin names over industry.topics."""

from django import template
from django.utils import timezone

from industry import topics
from industry.models import Need

register = template.Library()

register.filter("amount", topics.amount)
register.filter("period", topics.period)
register.filter("amount_in_words", topics.amount_in_words)


@register.filter
def is_past(need: Need) -> bool:
    """Its last day lies before today."""
    return need.end is not None and need.end < timezone.localdate()
