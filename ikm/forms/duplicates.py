"""Two profiles side by side: which one goes on, and whose answer stands where they differ."""

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ikm import merging
from ikm.forms.profile import shown_npwp
from ikm.models import Ikm
from web.formats import phone

FIRST, SECOND = "first", "second"
FIELD = "isi_"


class Side:
    """One of the two as the page shows it. `people`, `facts` and `is_older` say which should go on."""

    def __init__(self, key: str, ikm: Ikm, people: list[Any], facts: int):
        self.key, self.ikm, self.people, self.facts = key, ikm, people, facts

    @property
    def weight(self) -> tuple[bool, bool, int, int]:
        return bool(self.people), self.ikm.status == "approved", self.facts, -self.ikm.pk

    @property
    def name(self) -> str:
        return self.ikm.organisation.name


class MergeForm(forms.Form):
    """The likelier survivor is chosen: it has people, is approved, holds more, or is older."""

    survivor = forms.ChoiceField(
        label=gettext_lazy("Profil yang diteruskan"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Pilih profil yang diteruskan."),
            "invalid_choice": gettext_lazy("Pilih profil yang diteruskan."),
        },
    )

    def __init__(self, *args: Any, first: Side, second: Side, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.sides = {FIRST: first, SECOND: second}
        best = max(self.sides, key=lambda key: self.sides[key].weight)
        survivor = self.fields["survivor"]
        survivor.choices = [
            (
                key,
                _("%(name)s (terdaftar lebih dulu)") % {"name": side.name}
                if key == self.older
                else side.name,
            )
            for key, side in self.sides.items()
        ]
        survivor.initial = best
        for name in self.differing:
            shown = {key: in_words(name, merging.value(side.ikm, name)) for key, side in self.sides.items()}
            filled = [key for key in shown if shown[key]]
            self.fields[f"{FIELD}{name}"] = forms.ChoiceField(
                label=merging.FIELDS[name],
                choices=[(key, text or _("kosong")) for key, text in shown.items()],
                widget=forms.RadioSelect,
                initial=best if best in filled else filled[0],
                error_messages={
                    "required": _("Pilih isi yang dipakai."),
                    "invalid_choice": _("Pilih isi yang dipakai."),
                },
            )

    @property
    def older(self) -> str:
        return min(self.sides, key=lambda key: self.sides[key].ikm.created_at)

    @cached_property
    def differing(self) -> list[str]:
        first, second = (side.ikm for side in self.sides.values())
        return [
            name
            for name in merging.FIELDS
            if (merging.value(first, name) or "") != (merging.value(second, name) or "")
        ]

    @cached_property
    def equal(self) -> list[tuple[Any, str]]:
        """What both say, in words."""
        ikm = self.sides[FIRST].ikm
        said = (
            (merging.FIELDS[n], in_words(n, merging.value(ikm, n)))
            for n in merging.FIELDS
            if n not in self.differing
        )
        return [(label, text) for label, text in said if text]

    @property
    def field_rows(self) -> list[forms.BoundField]:
        return [self[f"{FIELD}{name}"] for name in self.differing]

    @property
    def chosen(self) -> tuple[Ikm, Ikm]:
        """Survivor and the one that goes on in it."""
        key = self.cleaned_data["survivor"]
        return self.sides[key].ikm, self.sides[SECOND if key == FIRST else FIRST].ikm

    @property
    def take(self) -> list[str]:
        """Fields in which the answer of the other one stands."""
        survivor = self.cleaned_data["survivor"]
        return [name for name in self.differing if self.cleaned_data[f"{FIELD}{name}"] != survivor]


def in_words(name: str, value: Any) -> str:
    """An answer as the page shows it; a person's NPWP is masked."""
    if value in ("", None):
        return ""
    if name == "npwp":
        return shown_npwp(value)
    if name in {"phone", "whatsapp"}:
        return phone(value)
    if name == "investment_band":
        return str(dict(Ikm._meta.get_field("investment_band").choices).get(value, value))
    if name == "area":
        return ", ".join(each.name for each in (value, value.parent) if each)
    return str(value)
