"""Numbers, money, points, working days and contacts in templates: thin names over web.formats."""

import datetime
from decimal import Decimal

from django import template

from web import formats

register = template.Library()

register.filter("money", formats.money)
register.filter("percent_points", formats.points)
register.filter("points_range", formats.points_range)
register.filter("npwp", formats.npwp)
register.filter("mask_npwp", formats.mask_npwp)
register.filter("phone", formats.phone)
register.filter("wa_link", formats.wa_link)
register.filter("long_date", formats.long_date)


@register.filter
def quantity(value: Decimal | int | None, unit: object = "") -> str:
    """{{ need.quantity|quantity:need.unit }} → 1.250,5 kg"""
    return formats.quantity(value, str(unit))


@register.filter
def age(since: datetime.date | datetime.datetime | None, today: datetime.date | None = None) -> str:
    """{{ profile.submitted_at|age }} → 3 hari kerja"""
    return formats.age(since, today) if since else ""


@register.filter
def due(on: datetime.date | datetime.datetime | None, today: datetime.date | None = None) -> str:
    """{{ letter.answer_by|due }} → 3 hari kerja lagi"""
    return formats.due(on, today) if on else ""
