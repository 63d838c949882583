from datetime import datetime

from django import template

from accounts import data_requests

register = template.Library()


@register.filter
def clock(due_at: datetime) -> str:
    """ "sisa 41 jam" or "lewat 5 jam"."""
    return data_requests.clock(due_at)
