"""A list that officer A brought in last week: a row was rejected, and one is a workshop that was there already."""

import csv
import io
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from ikm import duplicates
from ikm.models import Ikm, RegisterImport
from ikm.register import imports
from partnership_portal.seeding.register import Seeding

ROWS = (
    ("DAFTAR IKM LOGAM BINAAN (CONTOH)",),
    (
        "Nama Usaha",
        "Nama Pemilik",
        "NIB",
        "Alamat",
        "Kelurahan",
        "Kecamatan",
        "Telp/HP",
        "Produk",
        "Tenaga Kerja",
    ),
    (
        "UD Kanal Mekarsari (CONTOH)",
        "Pak Mekar (CONTOH)",
        "",
        "Jl. Contoh No. 7",
        "Mekarsari",
        "Pulomerak",
        "0812 0000 0870",
        "kanal c",
        "6",
    ),
    (
        "Bengkel Teralis Gerem (CONTOH)",
        "Bu Gerem (CONTOH)",
        "",
        "Jl. Contoh No. 8",
        "Gerem",
        "Grogol",
        "0812 0000 0871",
        "teralis, meja lipat",
        "4",
    ),
    ("UD Pelat Nomor (CONTOH)", "", "99887", "", "Jombang Wetan", "Jombang", "", "", ""),
)
DAYS_AGO = 5


def add_hygiene(seed: Seeding) -> None:
    officer = seed.officers[0]
    file = io.StringIO()
    csv.writer(file, delimiter=";").writerows(ROWS)
    upload = SimpleUploadedFile("daftar-ikm-binaan.csv", file.getvalue().encode())
    job = imports.start(upload, office=seed.office, by=officer)
    mapping = {int(index): name for index, name in job.mapping.items()}
    imports.settle_columns(job, mapping=mapping, words={}, replaces=False, by=officer)
    imports.apply(job, by=officer)
    imports.run(job.pk)
    _age(seed, job)
    duplicates.refresh()


def _age(seed: Seeding, job: RegisterImport) -> None:
    """As if it had been five days ago, which leaves time to undo it. The profiles keep their version."""
    job.refresh_from_db()
    for name in ("created_at", "begun_at", "started_at", "ended_at", "applied_at", "undo_until"):
        setattr(job, name, getattr(job, name) - timedelta(days=DAYS_AGO))
    job.save()
    Ikm.objects.filter(pk__in=job.rows.exclude(ikm=None).values("ikm")).update(
        created_at=seed.moment(DAYS_AGO)
    )
    for row in job.rows.exclude(ikm=None).select_related("ikm__supply_version"):
        row.version = row.ikm.supply_version.version
        row.save(update_fields=["version"])
