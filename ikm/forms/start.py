""" "Ini usaha Anda?": four answers by which an existing profile is found, and which begin a new one."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from catalogue.choosing import WordField
from web.fields import LineField, NibField, PhoneField


class StartForm(forms.Form):
    name = LineField(
        label=_("Nama usaha"),
        max_length=160,
        help_text=_("Seperti pada NIB atau papan nama, contoh: CV Logam Jaya."),
    )
    area = WordField(
        "wilayah",
        label=_("Kelurahan atau desa tempat usaha"),
        help_text=_("Ketik namanya, lalu pilih. Contoh: Citangkil."),
    )
    whatsapp = PhoneField(label=_("Nomor WhatsApp usaha"), mobile=True, required=False)
    nib = NibField(label=_("NIB"), required=False, help_text=_("13 angka. Belum di tangan? Boleh menyusul."))

    def clean_area(self):
        area = self.cleaned_data["area"]
        if area is not None and area.level == "province":
            raise ValidationError(
                _("Pilih kota, kecamatan, atau kelurahan, bukan provinsi."), code="province"
            )
        return area


class ClaimForm(forms.Form):
    message = LineField(
        label=_("Apa hubungan Anda dengan usaha ini?"),
        required=False,
        max_length=500,
        help_text=_("Contoh: Saya pemiliknya, dulu didaftarkan petugas."),
    )
