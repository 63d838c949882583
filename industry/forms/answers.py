"""A form of one topic: it knows the answers that it showed, and keeps what was typed when they have changed."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from ikm.answers import fingerprint


class AnswersForm(forms.Form):
    """`names` are the answers, each a field of that name; `stored` are they as stored when the form is made."""

    names: ClassVar[tuple[str, ...]] = ()
    seen = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, files: Any = None, *, stored: Mapping[str, Any]):
        initial = {name: stored[name] for name in self.names}
        super().__init__(data, files, initial=initial | {"seen": fingerprint(initial)})

    @property
    def said(self) -> dict[str, Any]:
        """The cleaned answers, for the write function."""
        return {name: self.cleaned_data[name] for name in self.names}

    @property
    def was_seen(self) -> str | None:
        return self.cleaned_data["seen"] or None

    def accept_as_seen(self, stored: Mapping[str, Any]) -> None:
        """The page now shows `stored` beside what was typed: the next submit decides between the two."""
        self.data = self.data.copy()
        self.data["seen"] = fingerprint({name: stored[name] for name in self.names})
