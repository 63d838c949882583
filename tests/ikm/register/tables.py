"""Tables as offices keep them, made for the tests: titles above, numbers that a spreadsheet has eaten, wrong rows."""

import csv
import io
from collections.abc import Sequence

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

HEADER = [
    "No",
    "Nama Usaha",
    "Nama Pemilik",
    "NIB",
    "Alamat",
    "Kelurahan",
    "Kecamatan",
    "Telp/HP",
    "Produk",
    "TK",
]
ROWS: list[list[object]] = [
    "1|CV Pagar Jaya|Budi|0220001234567|Jl. Raya Anyer 1|Citangkil|Citangkil|0812 3456 7001|pagar|5".split(
        "|"
    ),
    "2|UD Golok Sakti|Siti|9120001234568|Kp. Baru RT 02/03|Kotabumi|Purwakarta|081234567002|golok|3".split(
        "|"
    ),
    "3|Bengkel Las Barokah|Umar||||Jombang||kanopi, meja lipat|".split("|"),
]


def xlsx(*rows: Sequence[object], name: str = "daftar.xlsx") -> SimpleUploadedFile:
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(list(row))
    file = io.BytesIO()
    workbook.save(file)
    return SimpleUploadedFile(name, file.getvalue())


def table(
    *rows: Sequence[object], delimiter: str = ";", encoding: str = "utf-8", name: str = "daftar.csv"
) -> SimpleUploadedFile:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter).writerows(rows)
    return SimpleUploadedFile(name, file.getvalue().encode(encoding))
