"""What was changed on a workshop, by whom, when, before and after: read from the record of the database."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from catalogue.models import Area
from ikm.models import Certificate, Ikm, ProcessCapability, Product, Review, Visit
from web.formats import long_date, mask_npwp
from web.numbers import display

# Noun -> (model, column of its record that leads to the workshop, word).
SOURCES: dict[str, tuple[type[models.Model], str, Promise]] = {
    "ikm": (Ikm, "pgh_obj_id", _("Profil")),
    "organisation": (Organisation, "pgh_obj_id", _("Identitas dan kontak")),
    "product": (Product, "ikm_id", _("Produk")),
    "process": (ProcessCapability, "ikm_id", _("Proses")),
    "certificate": (Certificate, "ikm_id", _("Sertifikat")),
}
WORDS = {noun: source[2] for noun, source in SOURCES.items()} | {
    "review": _("Tinjauan"),
    "visit": _("Kunjungan"),
}
# What people are shown, in this order; the rest of a row is book-keeping.
SHOWN = {
    "ikm": "status evidence method legal_form about year_founded workers investment_band latitude longitude",
    "organisation": "name area_id address postcode nib npwp contact_name phone whatsapp email",
    "product": "name category_id capacity_per_month committed_per_month unit_id pool unit_mass_kg"
    " lead_time_days min_order material photo_id evidence method",
    "process": "process_id machines evidence method",
    "certificate": "kind_id number issuer scope category_id for_company_id holders valid_from valid_until"
    " document_id evidence method",
}
CHECKED = {"verified", "rejected"}


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
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """What happened to one row at one moment. `happened` is added, changed, retired, removed or noted."""

    noun: str
    obj_id: int
    name: str
    happened: str
    at: datetime
    by: str
    differences: tuple[Difference, ...]
    text: str = ""


def events_of(ikm: Ikm) -> list[Event]:
    """The whole record of the workshop, oldest first: it, its organisation, its facts, reviews and visits.

    One statement. Reviews and visits are never changed: they are events by themselves.
    """
    parts, values = [], []
    for noun, (model, column, _word) in SOURCES.items():
        table = apps.get_model(f"{model._meta.app_label}.{model.__name__}Event")._meta.db_table
        parts.append(
            f"SELECT '{noun}', e.pgh_obj_id, e.pgh_label, e.pgh_created_at, to_jsonb(e), "
            f"coalesce(c.metadata->>'actor', ''), e.pgh_id FROM {table} e "
            f"LEFT JOIN pghistory_context c ON c.id = e.pgh_context_id WHERE e.{column} = %s"
        )
        values.append(ikm.organisation_id if noun == "organisation" else ikm.pk)
    for noun, model, day in (("review", Review, "decided_at"), ("visit", Visit, "visited_on")):
        parts.append(
            f"SELECT '{noun}', e.id, 'insert', e.{day}::timestamptz, to_jsonb(e), e.officer_id::text, "
            f"e.id FROM {model._meta.db_table} e WHERE e.ikm_id = %s"
        )
        values.append(ikm.pk)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts) + " ORDER BY 4, 7", values)
        return [
            Event(noun, obj_id, label, at, json.loads(row, parse_float=Decimal), actor)
            for noun, obj_id, label, at, row, actor, _pgh_id in cursor.fetchall()
        ]


def key_of(fact: models.Model) -> tuple[str, int]:
    """How events name a fact: its noun and its key."""
    return next(noun for noun, source in SOURCES.items() if source[0] is type(fact)), fact.pk


def entered_by(user: User, events: Iterable[Event]) -> set[tuple[str, int]]:
    """The facts that this person stated first, whoever changed them since."""
    return {(e.noun, e.obj_id) for e in events if e.label == "insert" and e.actor == str(user.pk)}


def last_checks(events: Iterable[Event]) -> dict[tuple[str, int], Event]:
    """Per fact, what it was when an officer last had found it proven or not."""
    return {(e.noun, e.obj_id): e for e in events if e.row.get("evidence") in CHECKED}


def since_check(fact: models.Model, checks: dict[tuple[str, int], Event], latest: dict) -> list[Difference]:
    """What was changed in a claim since an officer last decided on it; [] where nobody has yet."""
    seen, now = checks.get(key_of(fact)), latest.get(key_of(fact))
    if seen is None or now is None:
        return []
    found = _differences(now.noun, seen.row, now.row, {})
    return [difference for name, difference in found if name not in {"evidence", "method"}]


def latest_of(events: Iterable[Event]) -> dict[tuple[str, int], Event]:
    return {(e.noun, e.obj_id): e for e in events}


def changes(events: list[Event], *, since: datetime | None = None) -> list[Change]:
    """What people should see of the record, newest first; steps that changed nothing shown are left out."""
    names = _names(events)
    before: dict[tuple[str, int], dict] = {}
    found = []
    for event in events:
        old = before.get((event.noun, event.obj_id), {})
        before[event.noun, event.obj_id] = event.row
        if since is not None and event.at <= since:
            continue
        if change := _change(event, old, names):
            found.append(change)
    return found[::-1]


def _change(event: Event, old: dict, names: dict) -> Change | None:
    happened = {"insert": "added", "update": "changed", "delete": "removed"}[event.label]
    if event.noun in {"review", "visit"}:
        happened = "noted"
    if happened == "changed" and event.row.get("retired_at") and not old.get("retired_at"):
        happened = "retired"
    differences = ()
    if happened == "changed":
        differences = tuple(d for _name, d in _differences(event.noun, old, event.row, names))
        if not differences:
            return None
    by = names.get(("user", event.actor)) or {"": gettext("sistem"), "import": gettext("impor")}.get(
        event.actor, event.actor
    )
    return Change(
        event.noun, event.obj_id, _title(event, names), happened, event.at, by, differences, _text(event)
    )


def _text(event: Event) -> str:
    """What an officer wrote at a review or a visit."""
    if event.noun == "review":
        return " · ".join(event.row["remarks"].values())
    return event.row["note"] if event.noun == "visit" else ""


def _title(event: Event, names: dict) -> str:
    row = event.row
    if event.noun == "product":
        detail = row["name"]
    elif event.noun == "process":
        detail = names.get(("process_id", row["process_id"]), row["process_id"])
    elif event.noun == "review":
        detail = str(dict(Review.Decision.choices)[row["decision"]])
    elif event.noun == "certificate":
        detail = f"{names.get(('kind_id', row['kind_id']), row['kind_id'])} {row['number']}".strip()
    else:
        return str(WORDS[event.noun])
    return f"{WORDS[event.noun]}: {detail}"


def _differences(noun: str, old: dict, new: dict, names: dict) -> Iterator[tuple[str, Difference]]:
    model = SOURCES[noun][0]
    for name in SHOWN[noun].split():
        if old.get(name) != new.get(name):
            field = model._meta.get_field(name.removesuffix("_id"))
            before, after = (_said(field, row.get(name), names) for row in (old, new))
            yield name, Difference(str(field.verbose_name), before, after)


def _said(field: models.Field, value: Any, names: dict) -> str:
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
        return long_date(date.fromisoformat(value))
    if isinstance(field, (models.DecimalField, models.IntegerField)) and field.name != "year_founded":
        return display(Decimal(value))
    return str(value)


def _names(events: list[Event]) -> dict[tuple[str, Any], str]:
    """Names of the persons and areas in the record: at most two statements. Other words are slugs."""
    people = {int(e.actor) for e in events if e.actor.isdigit()}
    areas = {e.row["area_id"] for e in events if e.noun == "organisation"} - {None}
    found = {("user", str(u.pk)): str(u) for u in User.objects.filter(pk__in=people)}
    if len(areas) > 1:
        found |= {("area_id", a.pk): a.name for a in Area.objects.filter(pk__in=areas)}
    return found
