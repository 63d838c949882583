"""Forms about own data: what is asked, what the office answers, and the name that confirms a deletion."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from web.fields import LineField, ParagraphField

SELF = "akun"


class RequestForm(forms.Form):
    text = ParagraphField(label=_("Apa yang Anda minta?"), max_length=2000)

    def __init__(self, *args: Any, help_text: str = "", **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["text"].help_text = help_text


class AnswerForm(forms.Form):
    decision = forms.ChoiceField(
        label=_("Jawaban"),
        widget=forms.RadioSelect,
        choices=[("done", _("Sudah dikerjakan")), ("refused", _("Ditolak"))],
    )
    answer = ParagraphField(
        label=_("Kata-kata untuk pemohon"),
        max_length=2000,
        required=False,
        help_text=_("Apa yang diperiksa atau diubah. Bila ditolak: alasannya, dan apa yang bisa dilakukan."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("decision") == "refused" and not cleaned.get("answer"):
            self.add_error("answer", gettext("Tulis alasannya, dan apa yang bisa dilakukan pemohon."))
        return cleaned


class NameForm(forms.Form):
    """The name of what is deleted, typed: the one act that nothing brings back."""

    name = LineField(label=_("Ketik nama untuk memastikan"), max_length=160)

    def __init__(self, *args: Any, wanted: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.wanted = wanted
        self.fields["name"].help_text = wanted
        self.fields["name"].widget.attrs |= {"autocomplete": "off", "autocapitalize": "none"}

    def clean_name(self) -> str:
        typed = self.cleaned_data["name"]
        if typed.casefold() != " ".join(self.wanted.split()).casefold():
            raise ValidationError(gettext("Namanya tidak sama. Ketik: %(name)s") % {"name": self.wanted})
        return typed


class DeletionForm(NameForm):
    text = ParagraphField(
        label=_("Alasan"), max_length=2000, required=False, help_text=_("Tidak wajib menurut hukum.")
    )
    field_order = ("text", "name")


def subject_of(person: User, organisation: Organisation | None) -> str:
    """What is to be deleted, by the name that is typed to confirm it."""
    return str(organisation) if organisation is not None else person.name
