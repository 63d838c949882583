"""`{% load accounts %}`: what the pages of log-in and account need beyond their context."""

from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.utils.http import urlencode

from accounts import sample
from accounts.adapter import door_of

register = template.Library()


@register.simple_tag
def sample_logins() -> dict[str, Any]:
    """The sample log-ins and their one-time code; nothing outside the demo and the tests."""
    if not settings.IS_SAMPLE:
        return {}
    return {"logins": sample.LOGINS, "code": sample.current_code()}


@register.simple_tag(takes_context=True)
def carried_door(context: Context) -> str:
    """The door of the start page that this log-in came through, "" for none."""
    return door_of(context["request"])


@register.simple_tag(takes_context=True)
def carried_query(context: Context) -> str:
    """What a link between log-in and sign-up carries along, as a query with its question mark; or nothing."""
    request = context["request"]
    pairs = {"untuk": door_of(request), "next": request.POST.get("next") or request.GET.get("next") or ""}
    query = urlencode({key: value for key, value in pairs.items() if value})
    return f"?{query}" if query else ""
