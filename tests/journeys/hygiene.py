"""Imports, pairs and merges in every state that a page shows, beside those of the sample register."""

import csv
import io
from types import SimpleNamespace

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from ikm import duplicates, merging
from ikm.models import DuplicatePair, Ikm, RegisterImport
from ikm.profiles import start_profile
from ikm.register import imports

HEADER = ("Nama Usaha", "NIB", "Kelurahan", "Kecamatan", "Telp", "Produk")
ROWS = (
    ("CV Baru Sekali", "0220001234567", "Citangkil", "Citangkil", "0812 3456 7001", "pagar, alat aneh"),
    ("CV Pendek", "12345", "", "Jombang", "8.52348e+010", ""),
)


def brought(found: SimpleNamespace, *, settled: bool) -> RegisterImport:
    file = io.StringIO()
    csv.writer(file, delimiter=";").writerows([HEADER, *ROWS])
    upload = SimpleUploadedFile("daftar.csv", file.getvalue().encode())
    officer = found.people["officer"]
    job = imports.start(upload, office=found.office, by=officer)
    if settled:
        mapping = {int(index): name for index, name in job.mapping.items()}
        job = imports.settle_columns(job, mapping=mapping, words={}, replaces=False, by=officer)
    return job


def add_hygiene(found: SimpleNamespace) -> None:
    officer, office = found.people["officer"], found.office
    found.past_import = RegisterImport.objects.get(phase="applied")
    found.new_import, found.checked_import = (brought(found, settled=settled) for settled in (False, True))
    found.running_import = brought(found, settled=True)
    RegisterImport.objects.filter(pk=found.running_import.pk).update(
        state="running", ended_at=None, started_at=timezone.now(), done=1
    )
    found.pair = DuplicatePair.objects.of_office(office).waiting().first()
    found.told_apart = told_apart(found)
    twice, once = drafted(found, "Dua Kali"), drafted(found, "CV Dua Kali Dua")
    found.merge = merging.merge(twice, into=once, by=officer, office=office)


def drafted(found: SimpleNamespace, name: str) -> Ikm:
    return start_profile(by=found.people["officer"], name=name, role=None, area=found.office.area)


def told_apart(found: SimpleNamespace) -> DuplicatePair:
    first, second = sorted(
        (drafted(found, "UD Serupa"), drafted(found, "CV Serupa Juga")), key=lambda ikm: ikm.pk
    )
    pair = DuplicatePair.objects.create(first=first, second=second, score=45, reasons=["same_name"])
    return duplicates.tell_apart(pair, by=found.people["officer"])
