"""The sections that are answers of the profile and its organisation: identity, place, size, contact."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from catalogue.choosing import WordField
from ikm.forms.base import AnswersForm
from ikm.models import InvestmentBand
from web.fields import LineField, NibField, NpwpField, ParagraphField, PhoneField, WholeNumberField
from web.formats import NO_BREAK, mask_npwp, npwp, phone

LEGAL_FORMS = [
    ("Perorangan", _("Perorangan, belum berbadan usaha")),
    ("UD", _("UD")),
    ("CV", _("CV")),
    ("PT", _("PT")),
    ("KUB", _("Kelompok usaha bersama (KUB)")),
    ("Koperasi", _("Koperasi")),
]
MOST_WORKERS = 9_999
CHOOSE = {"required": _("Pilih salah satu."), "invalid_choice": _("Pilih salah satu dari daftar.")}


def typeable_phone(number: str) -> str:
    """As it is read aloud, and taken when it is typed so."""
    return phone(number).replace(NO_BREAK, " ")


def is_personal(digits: str) -> bool:
    """An NPWP of 16 digits without a leading 0 is a person's identity number (NIK)."""
    return len(digits) == 16 and not digits.startswith("0")


def shown_npwp(digits: str) -> str:
    """As pages and forms show it: a person's is masked."""
    return mask_npwp(digits) if is_personal(digits) else npwp(digits)


class KeptNpwpField(NpwpField):
    """Shows a person's number masked; left as it is shown, the stored number stays."""

    kept = ""

    def prepare_value(self, value: Any) -> Any:
        return shown_npwp(value) if value == self.kept else value

    def to_python(self, value: Any) -> str:
        if self.kept and str(value or "").split() == shown_npwp(self.kept).split():
            return self.kept
        return super().to_python(value)


class IdentityForm(AnswersForm):
    answers: ClassVar = ("name", "legal_form", "nib", "npwp", "year_founded", "about")

    name = LineField(
        label=_("Nama usaha"),
        max_length=160,
        help_text=_("Seperti pada NIB atau papan nama, contoh: CV Logam Jaya."),
    )
    legal_form = forms.ChoiceField(
        label=_("Bentuk usaha"), choices=LEGAL_FORMS, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    nib = NibField(
        label=_("NIB"), required=False, help_text=_("13 angka dari OSS. Belum di tangan? Boleh menyusul.")
    )
    npwp = KeptNpwpField(label=_("NPWP"), required=False, help_text=_("15 atau 16 angka. Boleh menyusul."))
    year_founded = WholeNumberField(label=_("Tahun mulai usaha"), required=False, min_value=1900)
    about = ParagraphField(
        label=_("Tentang usaha"),
        required=False,
        max_length=1000,
        help_text=_("Satu atau dua kalimat untuk pembeli, contoh: Roller dan rangka konveyor untuk curah."),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["npwp"].kept = self.stored["npwp"]
        known = [value for value, _label in LEGAL_FORMS]
        if (form := self.stored["legal_form"]) and form not in known:
            self.fields["legal_form"].choices = [(form, form), *LEGAL_FORMS]

    def clean_year_founded(self) -> int | None:
        year = self.cleaned_data["year_founded"]
        if year and year > timezone.localdate().year:
            raise ValidationError(_("Tahun ini belum tiba. Tulis tahun usaha Anda mulai."), code="future")
        return year

    def in_words(self, name: str, value: Any) -> str:
        if name == "npwp" and value:
            return shown_npwp(value)
        return str(value) if name == "year_founded" and value else super().in_words(name, value)


class PlaceForm(AnswersForm):
    answers: ClassVar = ("area", "address", "postcode")

    area = WordField(
        "wilayah",
        label=_("Kelurahan atau desa"),
        help_text=_("Ketik namanya, lalu pilih. Kecamatan atau kota juga boleh. Contoh: Citangkil."),
    )
    address = LineField(
        label=_("Alamat"),
        required=False,
        max_length=250,
        help_text=_("Jalan dan nomor, atau kampung dan RT/RW. Supaya pembeli dan petugas bisa datang."),
    )

    def clean_area(self):
        area = self.cleaned_data["area"]
        if area is not None and area.level == "province":
            raise ValidationError(
                _("Pilih kota, kecamatan, atau kelurahan, bukan provinsi."), code="province"
            )
        return area

    def given(self) -> dict[str, Any]:
        area = self.cleaned_data["area"]
        keeps = area.postcode or (self.stored["postcode"] if area == self.stored["area"] else "")
        return {"area": area, "address": self.cleaned_data["address"], "postcode": keeps}

    def label_of(self, name: str) -> Any:
        return _("Kode pos") if name == "postcode" else super().label_of(name)


class SizeForm(AnswersForm):
    answers: ClassVar = ("workers", "investment_band")

    workers = WholeNumberField(
        label=_("Berapa orang bekerja di sini?"),
        unit=_("orang"),
        max_value=MOST_WORKERS,
        help_text=_("Termasuk Anda dan pekerja harian yang tetap datang."),
    )
    investment_band = forms.ChoiceField(
        label=_("Berapa nilai mesin, alat, dan modal usaha?"),
        choices=[(value, capfirst(label)) for value, label in InvestmentBand.choices],
        widget=forms.RadioSelect,
        help_text=_("Tanpa tanah dan bangunan. Perkiraan boleh."),
        error_messages=CHOOSE,
    )


class ContactForm(AnswersForm):
    answers: ClassVar = ("contact_name", "whatsapp", "phone", "email")

    contact_name = LineField(label=_("Nama yang dihubungi"), max_length=120)
    whatsapp = PhoneField(label=_("Nomor WhatsApp"), mobile=True, required=False)
    phone = PhoneField(label=_("Telepon lain"), required=False)
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    consent = forms.BooleanField(error_messages={"required": _("Centang bila Anda setuju.")})

    def __init__(self, *args: Any, consented: bool, for_owner: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if consented:
            del self.fields["consent"]
            return
        self.fields["consent"].label = (
            _("Pemilik usaha sudah membaca dan menyetujui teks ini di hadapan saya.")
            if for_owner
            else _("Saya sudah membaca dan setuju.")
        )

    def initial_answers(self) -> dict[str, Any]:
        """Numbers as people read them aloud."""
        return self.stored | {name: typeable_phone(self.stored[name]) for name in ("whatsapp", "phone")}

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        # An entry that was refused is an answer that is being mended, not an absent one.
        if not any(found.get(name) or name in self.errors for name in ("whatsapp", "phone", "email")):
            self.add_error(
                "whatsapp",
                ValidationError(_("Isi WhatsApp, telepon, atau e-mail: salah satu saja cukup."), code="none"),
            )
        return found


class WithdrawForm(forms.Form):
    reason = LineField(
        label=_("Mengapa profil ini ditarik?"),
        max_length=300,
        help_text=_("Satu kalimat cukup, contoh: Bengkel pindah ke kota lain."),
    )
