"""The bench for looking at every component with long names, errors and empty states (demo and tests only)."""

from datetime import date

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET

from web.bars import Segment
from web.fields import DateField, QuantityField
from web.icons import DRAWINGS

LONG = "CV Rangka Cahaya Suralaya Perkasa Abadi Sejahtera Bersama (CONTOH)"
SEGMENTS = [
    Segment("kategori", 300, 300),
    Segment("proses", 150, 75),
    Segment("sertifikat", 200, 200),
    Segment("sertifikat yang diutamakan", 50, 0),
    Segment("kapasitas", 200, 0, unknown=True),
    Segment("waktu pengerjaan", 50, 31),
    Segment("jarak", 50, 50),
]
WHOLE = [s._replace(points=s.maximum, unknown=False) for s in SEGMENTS[:3]] + [Segment("kapasitas", 350, 281)]


class SampleForm(forms.Form):
    name = forms.CharField(
        label="Nama usaha", help_text="Seperti pada NIB atau papan nama, contoh: CV Logam Jaya."
    )
    capacity = QuantityField(
        label="Kapasitas, bila hanya ini yang dibuat",
        help_text="Perkiraan boleh. Contoh: 1.250",
        unit="kg",
        per_month=True,
    )
    place = forms.ChoiceField(
        label="Kecamatan", choices=[("", "Pilih kecamatan"), ("1", "Citangkil"), ("2", "Ciwandan")]
    )
    legal = forms.ChoiceField(
        label="Bentuk usaha",
        widget=forms.RadioSelect,
        choices=[("cv", "CV"), ("pt", "PT"), ("x", "Belum berbadan usaha")],
        help_text="Pilih satu.",
    )
    processes = forms.MultipleChoiceField(
        label="Proses yang dikerjakan",
        widget=forms.CheckboxSelectMultiple,
        choices=[
            ("las", "Las busur listrik (SMAW)"),
            ("bubut", "Bubut manual"),
            ("tekuk", "Tekuk pelat sampai 6 mm"),
        ],
        required=False,
    )
    founded = DateField(label="Mulai usaha", required=False)
    about = forms.CharField(label="Tentang usaha", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    proof = forms.FileField(
        label="Foto atau PDF sertifikat",
        required=False,
        help_text="Paling besar 10 MB. Foto diperkecil di ponsel Anda sebelum dikirim.",
        widget=forms.FileInput(attrs={"data-reduce": True, "accept": "image/*,application/pdf"}),
    )
    agree = forms.BooleanField(label="Saya setuju data usaha ini diperlihatkan kepada pembeli.")


ERRORS = (400, 403, 404, 409, 413, 429, 500, 503)
WITHOUT_REQUEST = {400, 500, 503}


@login_not_required
@require_GET
def styles(request: HttpRequest) -> HttpResponse:
    """`?salah=1` shows the form with its errors."""
    broken = "salah" in request.GET
    form = SampleForm({"capacity": "1,250", "place": ""} if broken else None)
    messages.success(request, "Perubahan disimpan. Kapasitas menunggu ditinjau lagi.")
    facts = [
        {
            "label": "Kapasitas",
            "value": "1.250 kg per bulan",
            "evidence": "verified",
            "detail": "dilihat di tempat, 3 Mei 2026",
        },
        {
            "label": "Sudah dijanjikan",
            "value": "400 kg per bulan",
            "evidence": "claimed",
            "source": "Diisi pemilik, 24 November 2026.",
        },
        {"label": "Sertifikat ISO 9001", "value": "CONTOH/ISO-9001/001", "evidence": "rejected"},
        {"label": "Berat satu batang", "value": ""},
    ]
    rows = [
        {
            "name": LONG,
            "area": "Citangkil",
            "score": "93,1",
            "capacity": "1.250,5",
            "standing": "qualified",
            "day": date(2026, 11, 3),
        },
        {
            "name": "UD Plafon Grogol",
            "area": "Grogol",
            "score": "62,0–82,0",
            "capacity": "800",
            "standing": "near",
            "day": date(2026, 9, 30),
        },
        {
            "name": "Bengkel Las Pak Haji",
            "area": "Pulo Merak",
            "score": "41,5",
            "capacity": "—",
            "standing": "partial",
            "day": date(2026, 1, 5),
        },
    ]
    return render(
        request,
        "dev/styles.html",
        {
            "form": form,
            "facts": facts,
            "rows": rows,
            "segments": SEGMENTS,
            "whole": WHOLE,
            "long": LONG,
            "page": Paginator(range(173), 20).page(2),
            "order": "-nilai",
            "icons": sorted(DRAWINGS),
        },
    )


@login_not_required
@require_GET
def error_page(request: HttpRequest, code: int) -> HttpResponse:
    """An error page as its reader gets it, with everything that it can show."""
    if code not in ERRORS:
        raise Http404
    mine = [{"label": "Kapasitas", "value": "1.250 kg per bulan"}, {"label": "Sudah dijanjikan", "value": ""}]
    theirs = [{"label": "Kapasitas", "value": "900 kg per bulan", "evidence": "claimed"}, mine[1]]
    context = {"mine": mine, "theirs": theirs, "changed_by": "Bu Ratna", "limit": "10 MB", "wait": "5 menit"}
    drawn_with = None if code in WITHOUT_REQUEST else request
    return HttpResponse(render_to_string(f"{code}.html", context, drawn_with), status=code)
