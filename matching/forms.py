"""What a buyer fills in for a selection record."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matching import selections
from matching.frozen import Frozen, Row
from matching.models import Choice
from web.answers import fingerprint
from web.fields import LineField

NOT_ALLOWED = {
    "reason": gettext_lazy("Pilih alasan yang sesuai dengan keputusan tentang %(name)s."),
    "words": gettext_lazy("Tulis mengapa, dengan kata Anda sendiri, tentang %(name)s."),
}


class SeenForm(forms.Form):
    """It knows what was stored when its page was made."""

    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)


class ShortlistForm(SeenForm):
    ikm = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Daftar pendek"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Centang paling sedikit satu IKM."),
            "invalid_choice": gettext_lazy("Pilih dari daftar ini."),
        },
    )

    def __init__(self, data: Any = None, *, frozen: Frozen, stored: dict[str, Any]):
        super().__init__(data, initial={"ikm": stored["shortlist"], "seen": fingerprint(stored)})
        self.fields["ikm"].choices = [(row.ikm, row.name) for row in frozen.rows]

    def clean_ikm(self) -> list[int]:
        chosen = self.cleaned_data["ikm"]
        if len(chosen) > selections.LONGEST_SHORTLIST:
            message = _("Paling banyak %(most)d IKM; Anda mencentang %(n)d.")
            params = {"most": selections.LONGEST_SHORTLIST, "n": len(chosen)}
            raise ValidationError(message, params=params)
        return chosen

    def ticked(self) -> set[str]:
        """Keys as texts, of what stands ticked on the page."""
        return {str(key) for key in self["ikm"].value() or ()}


class DecisionsForm(SeenForm):
    """Verdict, reason and words for each row of the shortlist; rows without a verdict are left for later."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, frozen: Frozen, stored: dict[str, Any]):
        super().__init__(data, initial={"seen": fingerprint(stored)})
        self.rows = frozen.shortlist
        for row in self.rows:
            self._ask(row)

    def _ask(self, row: Row) -> None:
        decision = row.decision
        self.fields[f"verdict-{row.ikm}"] = forms.ChoiceField(
            label=_("Keputusan tentang %(name)s") % {"name": row.name},
            choices=Choice.Verdict.choices,
            widget=forms.RadioSelect,
            required=False,
            initial=decision.verdict,
        )
        self.fields[f"reason-{row.ikm}"] = forms.ChoiceField(
            label=_("Alasan"), choices=reasons(), required=False, initial=decision.reason
        )
        self.fields[f"words-{row.ikm}"] = LineField(
            label=_("Keterangan"),
            max_length=500,
            required=False,
            initial=decision.words,
            help_text=_("Contoh: penawaran Rp1.250.000 per unit, contoh barang diterima 12 November."),
        )

    def asked(self) -> list[tuple[Row, list[Any]]]:
        """Each row with its fields, for the page. A row may wait, yet verdict and reason are no matter of taste: they
        are shown without "(opsional)"."""
        for row in self.rows:
            self.fields[f"verdict-{row.ikm}"].required = self.fields[f"reason-{row.ikm}"].required = True
        return [(row, [self[f"{name}-{row.ikm}"] for name in selections.DECISION]) for row in self.rows]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for row in self.rows:
            said = self.said(row)
            if said["verdict"] or any(said.values()):
                self._check(row, said)
        return data

    def _check(self, row: Row, said: dict[str, str]) -> None:
        if not said["verdict"]:
            self.add_error(f"verdict-{row.ikm}", _("Pilih: dipilih atau tidak dipilih."))
            return
        try:
            selections.check(said, qualifies=row.qualifies)
        except selections.NotAllowed as refused:
            self.add_error(f"{refused.code}-{row.ikm}", NOT_ALLOWED[refused.code] % {"name": row.name})

    def said(self, row: Row) -> dict[str, str]:
        return {name: self.cleaned_data.get(f"{name}-{row.ikm}") or "" for name in selections.DECISION}

    def given(self) -> dict[int, dict[str, str]]:
        """By key of the IKM, of those that are decided."""
        found = {row.ikm: self.said(row) for row in self.rows}
        return {ikm: said for ikm, said in found.items() if said["verdict"]}


def reasons() -> list[Any]:
    label = dict(Choice.Reason.choices)
    return [
        ("", _("Pilih alasan")),
        (_("Bila dipilih"), [(code, label[code]) for code in Choice.FOR]),
        (_("Bila tidak dipilih"), [(code, label[code]) for code in Choice.AGAINST]),
    ]


class CompareForm(forms.Form):
    """A file that came back, to be compared with what was issued."""

    LARGEST = 20 * 1024 * 1024
    file = forms.FileField(
        label=gettext_lazy("Berkas PDF atau Excel"),
        error_messages={
            "required": gettext_lazy("Pilih berkasnya dulu."),
            "empty": gettext_lazy("Berkas ini kosong."),
        },
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > self.LARGEST:
            raise ValidationError(_("Berkas ini terlalu besar: bukan berkas dari portal."))
        return file
