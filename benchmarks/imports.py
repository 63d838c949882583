"""How long an office waits for its list: preview of 1,000 rows, 10,000 rows applied, against entering row by row.

    ./portal bench imports [--preview 1000] [--rows 10000] [--baseline 500]

The list is made up, with product words, telephones and wrong cells. The baseline enters `--baseline` rows as the usual
loop does (look for the NIB, create, product by product) with the portal's own functions for one profile. Seconds of the
wall clock; the last line is one JSON object.
"""

import argparse
import csv
import io
import json
import os
import resource
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnership_portal.settings")

import django  # noqa: E402

django.setup()

from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402

from accounts.models import Membership, Organisation, User  # noqa: E402
from accounts.organisations import create_organisation  # noqa: E402
from catalogue.models import Area, Category  # noqa: E402
from ikm import duplicates  # noqa: E402
from ikm.models import DuplicatePair, Ikm, Product, RegisterImport  # noqa: E402
from ikm.register import imports  # noqa: E402

HEADER = ["No", "Nama Usaha", "Pemilik", "NIB", "Alamat", "Kelurahan", "Kecamatan", "Telp", "Produk", "TK"]
FORMS = ("CV", "UD", "PT", "")
FIRST = ("Pagar", "Golok", "Kanopi", "Roller", "Bubut", "Tempa", "Teralis", "Cangkul")
SECOND = ("Jaya", "Abadi", "Makmur", "Sentosa", "Barokah", "Mandiri")
PRODUCTS = (
    "pagar",
    "golok",
    "kanopi",
    "roller konveyor",
    "cangkul",
    "meja lipat",
    "teralis, pagar",
    "alat aneh",
)


class Rows:
    """Rows of a list; every hundredth has a wrong NIB, every fiftieth a telephone that a spreadsheet has eaten."""

    def __init__(self, office: Organisation):
        villages = Area.objects.current().filter(level="village", code__startswith=f"{office.area_id}.")
        self.villages = list(villages.select_related("parent"))

    def row(self, number: int) -> list[str]:
        village = self.villages[number % len(self.villages)]
        name = f"{FORMS[number % 4]} {FIRST[number % 8]} {SECOND[number % 6]} {number}".strip()
        nib = "12345" if number % 100 == 99 else f"{number + 10**12:013d}"
        phone = "8.52348e+010" if number % 50 == 49 else f"0812{number:08d}"
        product = PRODUCTS[number % len(PRODUCTS)]
        cells = [name, f"Pemilik {number}", nib, f"Jl. Raya {number}", village.name, village.parent.name]
        return [str(number), *cells, phone, product, str(number % 40)]

    def upload(self, numbers: range) -> SimpleUploadedFile:
        file = io.StringIO()
        csv.writer(file, delimiter=";").writerows([HEADER, *map(self.row, numbers)])
        return SimpleUploadedFile("daftar.csv", file.getvalue().encode())


def timed(what) -> float:
    begun = time.perf_counter()
    what()
    return time.perf_counter() - begun


def preview(rows: Rows, numbers: range, office: Organisation, by: User) -> RegisterImport:
    """Upload, guessed columns and verdicts: all that an officer waits for."""
    job = imports.start(rows.upload(numbers), office=office, by=by)
    mapping = {int(index): name for index, name in job.mapping.items()}
    job = imports.settle_columns(job, mapping=mapping, words={}, replaces=False, by=by)
    if job.is_active:
        imports.run(job.pk)
        job.refresh_from_db()
    return job


def one_by_one(rows: Rows, numbers: range, office: Organisation, by: User) -> None:
    """The usual loop over the rows."""
    pagar = Category.objects.select_related("default_unit").get(pk="pagar-besi")
    for number in numbers:
        _no, name, owner, nib, address, village, _district, _phone, product, workers = rows.row(number)
        if len(nib) != 13 or Organisation.objects.filter(nib=nib).exists():
            continue
        area = Area.objects.filter(name=village, code__startswith=f"{office.area_id}.").first()
        organisation = create_organisation(
            kind="ikm", name=name, by=None, area=area, nib=nib, address=address, contact_name=owner
        )
        ikm = Ikm.objects.create(
            organisation=organisation, entered_by=by, changed_by=by, workers=int(workers)
        )
        Product.objects.create(ikm=ikm, name=product, category=pagar, unit_id="m", changed_by=by)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    for name, default in (("preview", 1_000), ("rows", 10_000), ("baseline", 500)):
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args(argv)
    office = create_organisation(
        kind="dinas", name="Dinas Ukur", area=Area.objects.get(code="36.72"), by=None
    )
    by = User.objects.create_user(name="Petugas Ukur", email="ukur@contoh.example")
    Membership.objects.create(user=by, organisation=office, role="officer")
    rows = Rows(office)
    jobs: list[RegisterImport] = []
    looked = timed(lambda: preview(rows, range(options.preview), office, by))
    print(f"preview of {options.preview:,} rows {looked:.2f} s", flush=True)
    checked = timed(lambda: jobs.append(preview(rows, range(options.rows), office, by)))
    print(f"preview of {options.rows:,} rows {checked:.2f} s: {jobs[0].counts}", flush=True)
    imports.apply(jobs[0], by=by)
    applied = timed(lambda: imports.run(jobs[0].pk))
    written = Ikm.objects.filter(organisation__reviewing_office=office).count()
    print(f"{written:,} profiles applied {applied:.2f} s", flush=True)
    compared = timed(duplicates.refresh)
    print(f"compared {compared:.2f} s: {DuplicatePair.objects.count():,} pairs", flush=True)
    first = 10 * options.rows
    slow = timed(lambda: one_by_one(rows, range(first, first + options.baseline), office, by))
    each, each_slow = applied / max(1, written), slow / options.baseline
    print(f"row by row {each_slow * 1000:.2f} ms, in blocks {each * 1000:.2f} ms a row", flush=True)
    imports.undo(jobs[0], by=by)
    undone = timed(lambda: imports.run(jobs[0].pk))
    print(f"undone {undone:.2f} s", flush=True)
    print(
        json.dumps(
            {
                "preview_rows": options.preview,
                "preview_s": round(looked, 2),
                "rows": options.rows,
                "preview_all_s": round(checked, 2),
                "applied_s": round(applied, 2),
                "undone_s": round(undone, 2),
                "compared_s": round(compared, 2),
                "ratio_row_by_row": round(each_slow / each, 1),
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            }
        )
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
