"""Lists with filters and sorted columns: which order was asked for, and which filters stand."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django import forms
from django.http import QueryDict


class Chip(NamedTuple):
    """An applied filter in words, and the address without it."""

    label: str
    url: str


def chosen_order(
    query: QueryDict, orders: Mapping[str, Sequence[str]], *, default: str
) -> tuple[str, list[str]]:
    """`?urut=nama` or `-nama` as (order, columns for order_by); anything unknown is `default`."""
    asked = query.get("urut", default)
    if asked.removeprefix("-") not in orders:
        asked = default
    first, *rest = orders[asked.removeprefix("-")]
    return asked, [f"-{first}" if asked.startswith("-") else first, *rest]


def applied(query: QueryDict, form: forms.Form) -> list[Chip]:
    """The filters that stand, each with the address that drops it."""
    chips = []
    for name, field in form.fields.items():
        value = form.cleaned_data.get(name) if form.is_valid() else None
        if not value:
            continue
        without = query.copy()
        without.pop(name, None)
        without.pop("page", None)
        words: dict = dict(getattr(field, "choices", ())) if isinstance(value, str) else {}
        word = words.get(value, value)
        chips.append(Chip(f"{field.label}: {word}", f"?{without.urlencode()}"))
    return chips
