"""Reading the record of changes: who changed which row when, and what it was before and after, in words.

An app says which of its rows belong together (`Source`); one statement reads them all.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple, cast

from django.apps import apps
from django.db import connection, models
from django.utils.functional import Promise
from django.utils.translation import gettext

from accounts.models import User
from catalogue.models import Area
from web.formats import long_date, mask_npwp
from web.numbers import display

Names = Mapping[tuple[str, Any], str]
Row = Mapping[str, Any]


class Source(NamedTuple):
    """Rows of `model` that are recorded. `column` of the record leads to the thing that the page is about."""

    model: type[models.Model]
    column: str
    word: Promise
    # Columns that people are shown, in this order; the rest of a row is book-keeping.
    shown: tuple[str, ...]
    # What tells one row of this kind from another ("Pagar lipat"); "" where there is one only.
    name: Callable[[Row, Names], str] = lambda row, names: ""


@dataclass(frozen=True)
class Event:
    """One row of the record: what the row was after (at a delete: before) the change."""

    noun: str
    obj_id: int
    label: str
    at: datetime
    row: dict[str, Any]
    actor: str


@dataclass(frozen=True)
class Difference:
    column: str
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """What happened to one row at one moment. `happened` is added, changed, retired, removed or noted."""

    name: str
    happened: str
    at: datetime
    by: str
    differences: tuple[Difference, ...] = ()
    text: str = ""


def select(noun: str, source: Source) -> str:
    """The part of `read` for one source; takes the key that `column` must equal."""
    table = apps.get_model(f"{source.model._meta.app_label}.{source.model.__name__}Event")._meta.db_table
    return (
        f"SELECT '{noun}', e.pgh_obj_id, e.pgh_label, e.pgh_created_at, to_jsonb(e), "
        f"coalesce(c.metadata->>'actor', ''), e.pgh_id FROM {table} e "
        f"LEFT JOIN pghistory_context c ON c.id = e.pgh_context_id WHERE e.{source.column} = %s"
    )


def read(parts: Iterable[tuple[str, int]]) -> list[Event]:
    """Events of all parts (a SELECT like that of `select`, and its key), oldest first. One statement."""
    statements, keys = zip(*parts, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(statements) + " ORDER BY 4, 7", keys)
        return [
            Event(noun, obj_id, label, at, json.loads(row, parse_float=Decimal), actor)
            for noun, obj_id, label, at, row, actor, _pgh_id in cursor.fetchall()
        ]


def changes(
    events: list[Event],
    sources: Mapping[str, Source],
    *,
    since: datetime | None = None,
    noted: Callable[[Event, Names], Change | None] = lambda event, names: None,
) -> list[Change]:
    """What people should see of the record, newest first; steps that changed nothing shown are left out.

    `noted` words the events that are of no source. At most two statements, for the names of people and areas.
    """
    names = names_in(events)
    before: dict[tuple[str, int], Row] = {}
    found = []
    for event in events:
        old = before.get((event.noun, event.obj_id), {})
        before[event.noun, event.obj_id] = event.row
        if since is not None and event.at <= since:
            continue
        source = sources.get(event.noun)
        change = _change(event, source, old, names) if source else noted(event, names)
        if change:
            found.append(change)
    return found[::-1]


def differences(source: Source, old: Row, new: Row, names: Names) -> Iterator[Difference]:
    """What differs between two states of a row, in words, among the columns that are shown."""
    for column in source.shown:
        if old.get(column) != new.get(column):
            field = cast("models.Field", source.model._meta.get_field(column.removesuffix("_id")))
            before, after = (said(field, row.get(column), names) for row in (old, new))
            yield Difference(column, str(field.verbose_name), before, after)


def said(field: models.Field, value: Any, names: Names) -> str:
    """A stored value in words."""
    if value in (None, ""):
        return gettext("kosong")
    if field.choices:
        return str(dict(field.choices).get(value, value))
    if field.name in {"photo", "document"}:
        return gettext("berkas %(number)s") % {"number": value}
    if field.is_relation:
        return names.get((field.attname, value), str(value).replace("-", " "))
    if field.name == "npwp":
        return mask_npwp(value)
    if isinstance(field, models.DateField):
        return long_date(date.fromisoformat(value[:10]))
    if isinstance(field, (models.DecimalField, models.IntegerField)) and field.name != "year_founded":
        return display(Decimal(value))
    return str(value)


def names_in(events: Iterable[Event]) -> Names:
    """Names of the persons and areas in the record. Other words are read from their slugs."""
    people = {int(event.actor) for event in events if event.actor.isdigit()}
    areas = {event.row["area_id"] for event in events if event.row.get("area_id")}
    found = {("user", str(user.pk)): str(user) for user in User.objects.filter(pk__in=people)}
    if len(areas) > 1:
        found |= {("area_id", area.pk): area.name for area in Area.objects.filter(pk__in=areas)}
    return found


def who(event: Event, names: Names) -> str:
    """The name of whoever did it: a person, "impor", or "sistem" where nobody stood behind it."""
    if event.actor in {"", "anonymous"}:
        return gettext("sistem")
    if event.actor == "import":
        return gettext("impor")
    if event.actor == "link":
        return gettext("lewat tautan")
    if event.actor == "sample":
        return gettext("data contoh")
    return names.get(("user", event.actor), event.actor)


def _change(event: Event, source: Source, old: Row, names: Names) -> Change | None:
    happened = {"insert": "added", "update": "changed", "delete": "removed"}[event.label]
    if happened == "changed" and event.row.get("retired_at") and not old.get("retired_at"):
        happened = "retired"
    differing = tuple(differences(source, old, event.row, names)) if happened == "changed" else ()
    if happened == "changed" and not differing:
        return None
    name = source.name(event.row, names)
    title = f"{source.word}: {name}" if name else str(source.word)
    return Change(title, happened, event.at, who(event, names), differing)
