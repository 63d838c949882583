"""Proofs: what the paper says, and a picture of it."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from catalogue.models import Category, CertificateKind
from ikm.certificates import companies
from ikm.forms.base import AnswersForm
from ikm.models import Certificate
from web.fields import DateField, LineField, WholeNumberField

# Kinds as owners look for them; a domain that is not named here stands under the last one.
DOMAINS: dict[str, Promise] = {
    "quality": _("Mutu dan uji"),
    "product": _("SNI produk"),
    "welding": _("Pengelasan"),
    "local-content": _("Kandungan dalam negeri (TKDN)"),
    "safety": _("Keselamatan kerja"),
    "contractor-safety": _("Keselamatan di lokasi pembeli"),
    "environment": _("Lingkungan"),
    "licence": _("Izin dan pajak"),
}


def kinds_by_domain() -> list[tuple[str, list[CertificateKind]]]:
    """Kinds that an owner may state; the NIB is part of the identity."""
    found: dict[str, list[CertificateKind]] = {domain: [] for domain in DOMAINS}
    for kind in CertificateKind.objects.current().exclude(slug="nib"):
        found.setdefault(kind.domain, []).append(kind)
    return [(str(DOMAINS.get(domain, domain)), kinds) for domain, kinds in found.items() if kinds]


class CertificateForm(AnswersForm):
    answers: ClassVar = (
        "number",
        "issuer",
        "valid_from",
        "valid_until",
        "scope",
        "category",
        "for_company",
        "holders",
    )

    for_company = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("Dari perusahaan mana?"),
        required=False,
        empty_label=_("Pilih perusahaan"),
    )
    number = LineField(
        label=_("Nomor"), required=False, max_length=80, help_text=_("Seperti tertulis di sertifikat.")
    )
    issuer = LineField(label=_("Penerbit"), required=False, max_length=160)
    valid_from = DateField(label=_("Berlaku sejak"), required=False)
    valid_until = DateField(label=_("Berlaku sampai"), required=False)
    holders = WholeNumberField(
        label=_("Berapa orang memegangnya?"), required=False, unit=_("orang"), min_value=1, max_value=999
    )
    category = forms.ModelChoiceField(
        Category.objects.none(),
        label=_("Untuk produk mana?"),
        required=False,
        empty_label=_("Semua produk saya"),
    )
    scope = LineField(
        label=_("Lingkup"),
        required=False,
        max_length=200,
        help_text=_("Pekerjaan yang disebut di sertifikat."),
    )
    document = forms.FileField(
        label=_("Foto atau PDF sertifikat"),
        required=False,
        max_length=200,
        help_text=_("Foto sampai 10 MB (diperkecil di ponsel Anda), atau PDF sampai 5 MB."),
        widget=forms.FileInput(attrs={"data-reduce": True, "accept": "image/*,application/pdf"}),
    )

    def __init__(self, *args: Any, kind: CertificateKind, categories: list[Category], **kwargs: Any):
        self.kind = kind
        super().__init__(*args, **kwargs)
        keys = {category.pk for category in categories} | {getattr(self.stored["category"], "pk", None)}
        self.fields["category"].queryset = Category.objects.filter(pk__in=keys - {None})
        self.fields["for_company"].queryset = companies()
        if kind.issuer_hint:
            self.fields["issuer"].help_text = _("Biasanya: %(issuer)s.") % {"issuer": kind.issuer_hint}
        if kind.per_buyer:
            self.fields["for_company"].required = True
            self.fields["for_company"].help_text = _(
                "Sertifikat ini hanya berlaku pada perusahaan yang menerbitkannya."
            )
        else:
            del self.fields["for_company"]
        if kind.holder != "person":
            del self.fields["holders"]
        if not categories and self.stored["category"] is None:
            del self.fields["category"]
        self.fields["valid_until"].help_text = (
            _("Tanpa tanggal akhir, sertifikat ini belum dihitung.")
            if kind.validity_months
            else _("Kosongkan bila berlaku terus.")
        )

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        first, last = found.get("valid_from"), found.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", ValidationError(_("Harus sesudah tanggal mulai."), code="order"))
        return found

    def given(self) -> dict[str, Any]:
        given = {name: self.cleaned_data.get(name, self.stored[name]) for name in self.answers}
        return given | {"holders": given["holders"] or 1}


def blank_answers() -> dict[str, Any]:
    """What a certificate that does not exist yet has stored."""
    blank = Certificate()
    return {
        name: None if name in {"category", "for_company"} else getattr(blank, name)
        for name in CertificateForm.answers
    }
