"""The record of one workshop: it, its organisation, what it states, reviews and visits."""

from collections.abc import Iterable
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import record
from accounts.models import Organisation, User
from accounts.record import Change, Difference, Event, Names, Row, Source
from ikm.models import Certificate, Ikm, ProcessCapability, Product, Review, Visit

CHECKED = {"verified", "rejected"}
PROVEN = ("evidence", "method")
ORGANISATION = Source(
    Organisation,
    "pgh_obj_id",
    _("Identitas dan kontak"),
    (
        "name",
        "area_id",
        "address",
        "postcode",
        "nib",
        "npwp",
        "contact_name",
        "phone",
        "whatsapp",
        "email",
    ),
)


def _certificate_name(row: Row, names: Names) -> str:
    return f"{row['kind_id'].replace('-', ' ')} {row['number']}".strip()


SOURCES: dict[str, Source] = {
    "ikm": Source(
        Ikm,
        "pgh_obj_id",
        _("Profil"),
        ("status", *PROVEN, "legal_form", "about", "year_founded", "workers", "investment_band"),
    ),
    "organisation": ORGANISATION,
    "product": Source(
        Product,
        "ikm_id",
        _("Produk"),
        (
            "name",
            "category_id",
            "capacity_per_month",
            "committed_per_month",
            "unit_id",
            "pool",
            "unit_mass_kg",
            "lead_time_days",
            "min_order",
            "material",
            "photo_id",
            *PROVEN,
        ),
        lambda row, names: row["name"],
    ),
    "process": Source(
        ProcessCapability,
        "ikm_id",
        _("Proses"),
        ("process_id", "machines", *PROVEN),
        lambda row, names: row["process_id"].replace("-", " "),
    ),
    "certificate": Source(
        Certificate,
        "ikm_id",
        _("Sertifikat"),
        (
            "kind_id",
            "number",
            "issuer",
            "scope",
            "category_id",
            "for_company_id",
            "holders",
            "valid_from",
            "valid_until",
            "document_id",
            *PROVEN,
        ),
        _certificate_name,
    ),
}
# Reviews and visits are never changed: they are events by themselves.
NOTED = {
    noun: f"SELECT '{noun}', e.id, 'insert', e.{moment}::timestamptz, to_jsonb(e), e.officer_id::text, e.id"
    f" FROM {model._meta.db_table} e WHERE e.ikm_id = %s"
    for noun, model, moment in (("review", Review, "decided_at"), ("visit", Visit, "visited_on"))
}


def events_of(ikm: Ikm) -> list[Event]:
    """The whole record, oldest first. One statement."""
    parts = [
        (record.select(noun, source), ikm.organisation_id if noun == "organisation" else ikm.pk)
        for noun, source in SOURCES.items()
    ]
    return record.read([*parts, *((statement, ikm.pk) for statement in NOTED.values())])


def changes(events: list[Event], *, since: datetime | None = None) -> list[Change]:
    """What people should see of it, newest first."""
    return record.changes(events, SOURCES, since=since, noted=_noted)


def key_of(fact: models.Model) -> tuple[str, int]:
    """How events name a fact: its noun and its key."""
    return next(noun for noun, source in SOURCES.items() if source.model is type(fact)), fact.pk


def entered_by(user: User, events: Iterable[Event]) -> set[tuple[str, int]]:
    """The facts that this person stated first, whoever changed them since."""
    return {(e.noun, e.obj_id) for e in events if e.label == "insert" and e.actor == str(user.pk)}


def last_checks(events: Iterable[Event]) -> dict[tuple[str, int], Event]:
    """Per fact, what it was when an officer last had found it proven or not."""
    return {(e.noun, e.obj_id): e for e in events if e.row.get("evidence") in CHECKED}


def latest_of(events: Iterable[Event]) -> dict[tuple[str, int], Event]:
    return {(e.noun, e.obj_id): e for e in events}


def since_check(
    fact: models.Model, checks: dict[tuple[str, int], Event], latest: dict[tuple[str, int], Event]
) -> list[Difference]:
    """What was changed in a claim since an officer last decided on it; [] where nobody has yet."""
    seen, now = checks.get(key_of(fact)), latest.get(key_of(fact))
    if seen is None or now is None:
        return []
    found = record.differences(SOURCES[now.noun], seen.row, now.row, {})
    return [difference for difference in found if difference.column not in PROVEN]


def _noted(event: Event, names: Names) -> Change:
    by = record.who(event, names)
    if event.noun == "visit":
        return Change(str(_("Kunjungan")), "noted", event.at, by, text=event.row["note"])
    decision = dict(Review.Decision.choices)[event.row["decision"]]
    text = " · ".join(event.row["remarks"].values())
    return Change(f"{_('Tinjauan')}: {decision}", "noted", event.at, by, text=text)
