"""The officer's decision on a company."""

from django import forms
from django.utils.translation import gettext_lazy as _

from web.fields import ParagraphField


class CompanyReviewForm(forms.Form):
    """`action` is the pressed button: approve or return; returning asks for a reason."""

    remarks = ParagraphField(
        label=_("Yang perlu diperbaiki"),
        required=False,
        max_length=2000,
        help_text=_("Hanya bila Anda mengembalikannya. Contoh: NIB tidak ditemukan di OSS; mohon diperiksa."),
    )
    action = forms.ChoiceField(choices=[("approve", ""), ("return", "")], widget=forms.HiddenInput)

    def clean(self) -> dict:
        data = super().clean()
        if data.get("action") == "return" and not data.get("remarks") and "remarks" not in self.errors:
            self.add_error("remarks", _("Tulis apa yang perlu diperbaiki, supaya perusahaan tahu."))
        return data
