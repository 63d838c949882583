"""A form of stored answers: it knows which version it showed, and can say two versions side by side."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _

from web.answers import fingerprint
from web.formats import long_date
from web.numbers import display


class AnswersForm(forms.Form):
    """`answers` are the names that it saves. `stored` holds what they are now; `seen` travels hidden."""

    answers: ClassVar[tuple[str, ...]] = ()
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, stored: Mapping[str, Any], **kwargs: Any):
        self.stored = {name: stored[name] for name in self.answers}
        initial = self.initial_answers() | {"seen": fingerprint(self.stored)} | kwargs.pop("initial", {})
        super().__init__(*args, initial=initial, **kwargs)

    def initial_answers(self) -> dict[str, Any]:
        return dict(self.stored)

    def given(self) -> dict[str, Any]:
        """What was answered, by the names that the write modules know."""
        return {name: self.cleaned_data[name] for name in self.answers}

    def seen_version(self) -> str:
        return self.cleaned_data["seen"]

    def two_versions(self) -> list[tuple[str, str, str]]:
        """(label, what is stored, what was typed) of the answers that differ; for a form whose answers were stale."""
        mine = self.given()
        return [
            (
                str(self.label_of(name)),
                self.in_words(name, self.stored[name]),
                self.in_words(name, mine[name]),
            )
            for name in self.answers
            if self.stored[name] != mine[name]
        ]

    def facts(self) -> list[dict[str, str]]:
        """What was typed, for a page that says why it was not saved (_facts.html)."""
        mine = self.given()
        return [
            {"label": str(self.label_of(name)), "value": self.in_words(name, mine[name])}
            for name in self.answers
            if name in self.fields
        ]

    def label_of(self, name: str) -> Any:
        return self.fields[name].label if name in self.fields else name

    def in_words(self, name: str, value: Any) -> str:
        """An answer as the two versions show it."""
        if value is None or value == "":
            return _("belum diisi")
        if isinstance(value, date):
            return long_date(value)
        if isinstance(value, int | Decimal):
            return display(value)
        choices = getattr(self.fields.get(name), "choices", None)
        return str(dict(choices).get(value, value)) if isinstance(choices, list) else str(value)
