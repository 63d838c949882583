"""The few questions about a company."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue.choosing import WordField
from ikm.forms.base import AnswersForm
from industry.models import Company
from web.fields import LineField, NibField, NpwpField, ParagraphField, PhoneField

OF_COMPANY = ("sector", "about")


def name_field() -> LineField:
    return LineField(
        max_length=160,
        label=_("Nama perusahaan"),
        help_text=_("Seperti pada NIB. Contoh: PT Baja Selat Sunda."),
    )


def sector_field() -> LineField:
    return LineField(
        max_length=80, label=_("Bidang usaha"), help_text=_("Contoh: pabrik baja, pelabuhan, konstruksi.")
    )


def area_field() -> WordField:
    return WordField(
        "wilayah",
        label=_("Di wilayah mana?"),
        help_text=_("Kecamatan, kota, atau kode pos lokasi pabrik atau kantor. Contoh: Citangkil."),
    )


class StartForm(forms.Form):
    name = name_field()
    sector = sector_field()
    area = area_field()


class ClaimForm(forms.Form):
    message = LineField(
        label=_("Apa pekerjaan Anda di perusahaan ini?"),
        max_length=500,
        help_text=_("Contoh: staf pengadaan, kantor Citangkil."),
    )


class CompanyForm(AnswersForm):
    """A topic of a stored company."""

    def __init__(self, data: Any = None, *, company: Company):
        self.company = company
        organisation = company.organisation
        stored = {
            name: getattr(company if name in OF_COMPANY else organisation, name) for name in self.answers
        }
        super().__init__(data, stored=stored)
        if "area" in self.fields:
            self.fields["area"].initial = organisation.area_id


class IdentityForm(CompanyForm):
    answers: ClassVar = ("name", "sector", "about", "nib", "npwp")

    name = name_field()
    sector = sector_field()
    about = ParagraphField(
        max_length=1000,
        label=_("Tentang perusahaan"),
        required=False,
        help_text=_("Apa yang dibuat, dan barang logam apa yang sering dibeli."),
    )
    nib = NibField(
        label="NIB", required=False, help_text=_("13 angka dari OSS. Mempercepat tinjauan, boleh menyusul.")
    )
    npwp = NpwpField(label="NPWP", required=False, help_text=_("15 atau 16 angka. Boleh menyusul."))


class PlaceForm(CompanyForm):
    answers: ClassVar = ("area", "address")

    area = area_field()
    address = LineField(
        max_length=250, label=_("Alamat"), help_text=_("Contoh: Jl. Industri No. 1, Citangkil.")
    )


class ContactForm(CompanyForm):
    answers: ClassVar = ("contact_name", "phone", "email")

    contact_name = LineField(
        max_length=120,
        label=_("Nama yang dihubungi"),
        help_text=_("Biasanya orang pengadaan. Terbuka bagi IKM hanya setelah saling berminat."),
    )
    phone = PhoneField(label=_("Telepon"), required=False, help_text=_("Contoh: 0254 391 234."))
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=254,
        error_messages={"invalid": _("Alamat e-mail ini tidak lengkap. Contoh: nama@perusahaan.co.id.")},
    )

    def clean(self) -> dict[str, Any]:
        if not self.errors and not (self.cleaned_data["phone"] or self.cleaned_data["email"]):
            self.add_error("phone", _("Isi telepon atau e-mail, supaya Anda dapat dihubungi."))
        return self.cleaned_data
