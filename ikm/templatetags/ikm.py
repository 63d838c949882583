"""What is said of a workshop wherever it is named: how long ago its owner confirmed the profile."""

from datetime import date

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ikm import freshness

register = template.Library()


@register.filter
def confirmed_words(confirmed_on: date | None) -> str:
    """ "dipastikan 7 bulan lalu"; days within the first month."""
    age = freshness.freshness(confirmed_on, timezone.localdate())
    if age.state == freshness.NEVER:
        return _("belum pernah dipastikan")
    if age.months:
        words = ngettext("dipastikan %(count)d bulan lalu", "dipastikan %(count)d bulan lalu", age.months)
        return words % {"count": age.months}
    if age.days:
        words = ngettext("dipastikan %(count)d hari lalu", "dipastikan %(count)d hari lalu", age.days)
        return words % {"count": age.days}
    return _("dipastikan hari ini")


@register.simple_tag
def aged(confirmed_on: date | None) -> SafeString | str:
    """The same as a tag beside a name, for a profile that nobody confirmed for half a year; "" for a fresh one."""
    age = freshness.freshness(confirmed_on, timezone.localdate())
    if not age.is_shown:
        return ""
    tone = "bad" if age.state == freshness.LEFT else "wait"
    return format_html('<span class="tag tag-{}">{}</span>', tone, confirmed_words(confirmed_on))
