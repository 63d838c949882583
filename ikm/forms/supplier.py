"""What people say about a workshop that is not theirs, and what its owner shows of it."""

from collections.abc import Sequence

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ikm.models import Report
from ikm.visibility import SWITCHES
from web.fields import LineField, ParagraphField

WORDS: dict[str, Promise] = {
    "workers": _("Jumlah pekerja"),
    "investment_band": _("Nilai mesin, alat, dan modal"),
    "year_founded": _("Tahun mulai usaha"),
    "address": _("Alamat: jalan dan nomor"),
    "machines": _("Mesin pada setiap proses"),
    "photos": _("Foto produk"),
}


class ReportForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Apa yang tidak benar?"),
        choices=Report.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Pilih salah satu."), "invalid_choice": _("Pilih salah satu.")},
    )
    text = ParagraphField(
        label=_("Apa yang Anda ketahui?"),
        required=False,
        max_length=500,
        help_text=_(
            "Contoh: Sejak Agustus bengkelnya pindah ke Merak. Jangan tulis nomor telepon orang lain."
        ),
    )


class SettleForm(forms.Form):
    outcome = LineField(
        label=_("Apa yang dilakukan?"),
        max_length=500,
        help_text=_("Contoh: Pemilik ditelepon, usaha masih buka. Atau: Profil ditarik, usaha sudah tutup."),
    )


class NoteForm(forms.Form):
    note = LineField(label=_("Catatan"), required=False, max_length=300)


class VisibilityForm(forms.Form):
    """Ticked is shown."""

    shown = forms.MultipleChoiceField(
        label=_("Yang terlihat umum"),
        required=False,
        choices=[(name, WORDS[name]) for name in SWITCHES],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Pilih dari daftar ini.")},
    )

    def hidden(self) -> list[str]:
        return [name for name in SWITCHES if name not in self.cleaned_data["shown"]]

    @staticmethod
    def start(hidden: Sequence[str]) -> dict[str, list[str]]:
        return {"shown": [name for name in SWITCHES if name not in hidden]}
