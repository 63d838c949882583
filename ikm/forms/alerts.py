"""Forms of saved searches and of "Kabar berkala"."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import DigestChoice, SavedSearch
from catalogue.choosing import WordField
from web.fields import LineField


class SaveSearchForm(forms.Form):
    name = LineField(
        label=_("Nama pencarian"), max_length=80, help_text=_("Supaya Anda mengenalinya dalam surat.")
    )


class DigestForm(forms.Form):
    """Cleaned to `rhythm` and to the keys of the searches that are on."""

    rhythm = forms.ChoiceField(
        label=_("Seberapa sering?"),
        choices=DigestChoice.Rhythm.choices,
        widget=forms.RadioSelect,
        help_text=_("Satu surat untuk semuanya. Tidak ada yang baru, tidak ada surat."),
    )
    searches_on = forms.MultipleChoiceField(
        label=_("Pencarian yang dikabarkan"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, searches: Iterable[SavedSearch], **kwargs: Any):
        super().__init__(*args, **kwargs)
        found = list(searches)
        self.fields["searches_on"].choices = [(str(search.pk), search.name) for search in found]
        self.fields["searches_on"].initial = [str(search.pk) for search in found if search.is_on]
        if not found:
            del self.fields["searches_on"]

    def clean_searches_on(self) -> list[int]:
        return [int(key) for key in self.cleaned_data["searches_on"]]


class FollowForm(forms.Form):
    category = WordField(
        "kategori",
        label=_("Kategori barang"),
        help_text=_("Tulis dengan kata sehari-hari, lalu pilih. Contoh: cangkul."),
    )
