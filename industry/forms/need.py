"""The questions about a need, one topic a form."""

import datetime
from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalogue.choosing import UnitField, WordField
from ikm.forms.base import AnswersForm
from industry import needs
from industry.models import Attachment, Need
from web.fields import DateField, LineField, MoneyField, ParagraphField, QuantityField, WholeNumberField
from web.formats import quantity

LONGEST_YEARS = 10


def in_years(years: int) -> Callable[[], datetime.date]:
    """Today in so many years."""

    def day() -> datetime.date:
        today = timezone.localdate()
        return today.replace(year=today.year + years, day=min(today.day, 28))

    return day


def start_field() -> DateField:
    return DateField(
        label=_("Mulai dibutuhkan"),
        help_text=_("Hari pertama barang dibutuhkan."),
        earliest=in_years(-LONGEST_YEARS),
        latest=in_years(LONGEST_YEARS),
        error_messages={"latest": _("Paling lama sepuluh tahun dari sekarang: %(limit)s.")},
    )


def end_field() -> DateField:
    return DateField(
        label=_("Sampai"),
        help_text=_("Hari terakhir pengiriman."),
        earliest=timezone.localdate,
        latest=in_years(LONGEST_YEARS),
        error_messages={
            "earliest": _("Tanggal ini sudah lewat. Paling awal hari ini, %(limit)s."),
            "latest": _("Paling lama sepuluh tahun dari sekarang: %(limit)s."),
        },
    )


def check_period(form: forms.Form) -> None:
    """The end does not lie before the start; said at the end."""
    start, end = form.cleaned_data.get("start"), form.cleaned_data.get("end")
    if start and end and end < start:
        form.add_error(
            "end", ValidationError(_("Sampai harus sama dengan atau sesudah mulai."), code="order")
        )


class NeedForm(AnswersForm):
    """A topic of a stored need, or of one that is still to be drafted (an unsaved Need)."""

    def __init__(self, data: Any = None, *, need: Need):
        super().__init__(data, stored=needs.stored_answers(need, self.answers))
        self.need = need


class WhatForm(NeedForm):
    answers: ClassVar = needs.WHAT

    title = LineField(
        max_length=160,
        label=_("Judul kebutuhan"),
        help_text=_("Seperti Anda menyebutnya dalam surat pesanan. Contoh: Roller konveyor diameter 89 mm."),
    )
    category = WordField(
        "kategori",
        label=_("Barang atau jasa apa?"),
        help_text=_("Kata sehari-hari boleh: pacul, reng galvalum, jasa bubut."),
    )
    spec = ParagraphField(
        max_length=5000,
        label=_("Spesifikasi"),
        required=False,
        help_text=_("Ukuran, bahan, toleransi, standar. Gambar dapat dilampirkan nanti."),
    )

    def __init__(self, data: Any = None, *, need: Need):
        super().__init__(data, need=need)
        self.fields["category"].initial = need.category_id


class NewNeedForm(WhatForm):
    """The first topic of a need that does not exist yet. `ref` makes a double submit one need."""

    ref = forms.RegexField(r"^[2-9A-HJKMNP-Z]{10}$", widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, need: Need):
        super().__init__(data, need=need)
        self.initial["ref"] = need.ref


class AmountForm(NeedForm):
    answers: ClassVar = needs.AMOUNT

    basis = forms.ChoiceField(
        label=_("Jumlahnya dihitung"),
        widget=forms.RadioSelect,
        choices=[("month", _("per bulan")), ("total", _("seluruhnya, untuk seluruh waktu"))],
    )
    quantity = QuantityField(label=_("Jumlah"), above=0, help_text=_("Contoh: 200 atau 1.250,5."))
    unit = UnitField(label=_("Satuan"))
    unit_mass_kg = QuantityField(
        label=_("Berat satu satuan"),
        unit="kg",
        units=("kilo", "kilogram"),
        above=0,
        required=False,
        help_text=_(
            "Berat satu potong, batang, lembar, set, atau meter. "
            "Dengan itu penawaran dalam satuan lain dapat dibandingkan."
        ),
    )
    use_typical = forms.BooleanField(required=False)
    start = start_field()
    end = end_field()

    def __init__(self, data: Any = None, *, need: Need):
        super().__init__(data, need=need)
        self.fields["unit"].offer(need.unit)
        category = need.category
        if need.unit_id is None and category is not None:
            self.initial["unit"] = category.default_unit_id
        typical = category.typical_unit_mass_kg if category else None
        if typical is None or need.unit_mass_kg is not None:
            del self.fields["use_typical"]
        else:
            self.fields["use_typical"].label = _("Pakai perkiraan katalog: %(mass)s per %(unit)s") % {
                "mass": quantity(typical, "kg"),
                "unit": category.default_unit.symbol,
            }
            self.fields["use_typical"].help_text = _("Hanya dipakai bila Anda menyetujuinya.")

    def clean(self) -> dict[str, Any]:
        check_period(self)
        unit, mass = self.cleaned_data.get("unit"), self.cleaned_data.get("unit_mass_kg")
        if unit is not None and unit.dimension == "time":
            self.cleaned_data["unit_mass_kg"] = None
        elif mass is None and self.cleaned_data.get("use_typical") and "unit_mass_kg" not in self.errors:
            self.cleaned_data["unit_mass_kg"] = self.need.category.typical_unit_mass_kg
        return self.cleaned_data


class PlaceForm(NeedForm):
    answers: ClassVar = needs.PLACE

    area = WordField(
        "wilayah",
        label=_("Dikirim ke wilayah mana?"),
        help_text=_("Kecamatan, kota, kabupaten, atau kode pos. Contoh: Citangkil."),
    )
    delivery_address = LineField(
        max_length=250,
        label=_("Alamat kirim"),
        required=False,
        help_text=_("Gudang, gerbang, atau nama penerima."),
    )

    def __init__(self, data: Any = None, *, need: Need):
        super().__init__(data, need=need)
        self.fields["area"].initial = need.area_id
        if need.area_id is None and need.is_draft:
            self.initial["area"] = need.company.organisation.area_id


class TermsForm(NeedForm):
    answers: ClassVar = needs.TERMS

    material_terms = forms.ChoiceField(
        label=_("Bahan baku"),
        widget=forms.RadioSelect,
        choices=[*Need.MaterialTerms.choices, ("", _("belum ditentukan"))],
        required=False,
        help_text=_("IKM sering kesulitan membeli bahan di muka. Kepastian bahan menambah peminat."),
    )
    payment_days = WholeNumberField(
        label=_("Dibayar dalam"),
        unit=_("hari"),
        units=("hari", "days"),
        max_value=3650,
        required=False,
        help_text=_("Sejak barang dan tagihan diterima. Contoh: 30."),
    )
    value_idr = MoneyField(
        label=_("Perkiraan nilai seluruhnya"),
        required=False,
        help_text=_("Untuk seluruh jangka waktu, tanpa PPN. Hanya Anda dan Dinas yang melihatnya."),
    )
    allow_pooling = forms.BooleanField(
        label=_("Boleh dipenuhi beberapa IKM bersama-sama"),
        required=False,
        help_text=_("Bila satu bengkel tidak sanggup semuanya, beberapa bengkel dapat berbagi."),
    )


class AttachmentForm(forms.Form):
    file = forms.FileField(
        label=_("Gambar atau PDF"),
        help_text=_("Gambar paling besar 10 MB, PDF 5 MB. Gambar diperkecil sebelum dikirim."),
        widget=forms.FileInput(attrs={"data-reduce": True, "accept": "image/*,application/pdf"}),
        error_messages={"required": _("Pilih berkasnya."), "empty": _("Berkas ini kosong.")},
    )
    visibility = forms.ChoiceField(
        label=_("Siapa yang boleh melihat?"),
        widget=forms.RadioSelect,
        choices=Attachment.Visibility.choices,
        initial=Attachment.Visibility.PUBLIC,
    )


class CloseForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Kenapa ditutup?"),
        widget=forms.RadioSelect,
        choices=Need.CloseReason.choices,
        error_messages={"required": _("Pilih alasannya.")},
    )


class PeriodForm(forms.Form):
    """New dates, for a copy or for reopening."""

    ref = forms.RegexField(r"^[2-9A-HJKMNP-Z]{10}$", required=False, widget=forms.HiddenInput)
    start = start_field()
    end = end_field()

    def clean(self) -> dict[str, Any]:
        check_period(self)
        return self.cleaned_data
