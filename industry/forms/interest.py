"""What passes between a buyer and a workshop: interest, reasons, next steps, questions, outcomes."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from industry import contact_news, interests
from industry.models import Interest, Need, Outcome
from web.fields import DateField, LineField, ParagraphField, QuantityField

Reason = Interest.Reason


class InterestForm(forms.Form):
    """The workshop's yes. The number is in the need's unit and basis."""

    quantity = QuantityField(
        label=_("Berapa yang sanggup Anda kerjakan?"),
        above=0,
        required=False,
        help_text=_("Boleh kurang dari yang diminta."),
    )
    message = ParagraphField(
        max_length=1000,
        label=_("Pesan untuk pembeli"),
        required=False,
        help_text=_("Contoh: pernah membuat barang ini untuk pabrik lain, mulai bisa bulan depan."),
    )

    def __init__(self, *args: Any, need: Need, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["quantity"]
        field.unit = need.unit.symbol if need.unit else ""
        field.per_month = need.basis == Need.Basis.MONTH


class ReasonForm(forms.Form):
    """A no with its reason. `action` names which: decline, refuse or end."""

    reason = forms.ChoiceField(
        label=_("Kenapa?"), widget=forms.RadioSelect, error_messages={"required": _("Pilih alasannya.")}
    )
    words = LineField(
        max_length=500,
        label=_("Keterangan"),
        required=False,
        help_text=_("Satu kalimat sudah cukup. Pihak lain membacanya."),
    )

    def __init__(self, *args: Any, action: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [(one.value, one.label) for one in interests.REASONS[action]]

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("reason") == Reason.OTHER and said.get("words") == "":
            self.add_error("words", ValidationError(_("Tuliskan alasannya."), code="words"))
        return said


def in_half_a_year() -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=180)


class StepForm(forms.Form):
    """The next step that two in talks have agreed."""

    what = forms.ChoiceField(
        label=_("Apa langkah berikutnya?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Pilih langkahnya.")},
    )
    whose = forms.ChoiceField(
        label=_("Giliran siapa?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Pilih salah satu.")},
    )
    due_on = DateField(
        label=_("Paling lambat"),
        earliest=timezone.localdate,
        latest=in_half_a_year,
        help_text=_("Keduanya melihat tanggal ini di beranda."),
    )

    def __init__(self, *args: Any, interest: Interest, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = [
            (str(number), _now(words)) for number, words in enumerate(contact_news.STEPS, 1)
        ]
        self.fields["whose"].choices = [
            (interests.BUYER, str(interest.need.company)),
            (interests.WORKSHOP, str(interest.organisation)),
        ]

    def clean_what(self) -> str:
        """The msgid of the step."""
        return contact_news.STEPS[int(self.cleaned_data["what"]) - 1]


class QuestionForm(forms.Form):
    text = ParagraphField(
        max_length=500,
        label=_("Pertanyaan Anda"),
        help_text=_("Jangan tulis nama usaha atau nomor telepon: IKM lain ikut membaca jawabannya."),
    )


class AnswerForm(forms.Form):
    text = ParagraphField(
        max_length=1000,
        label=_("Jawaban"),
        help_text=_("Semua IKM yang berminat atau diundang membacanya, tanpa nama penanya."),
    )


class WorkshopOutcomeForm(forms.Form):
    """What became of it, by the workshop's word."""

    bought = forms.ChoiceField(
        label=_("Apakah jadi dibeli dari Anda?"),
        widget=forms.RadioSelect,
        choices=[("ya", _("Ya")), ("tidak", _("Tidak"))],
        error_messages={"required": _("Pilih salah satu.")},
    )
    quantity = QuantityField(
        label=_("Berapa seluruhnya?"),
        above=0,
        required=False,
        help_text=_("Untuk seluruh jangka waktu kebutuhan ini. Diisi bila jadi."),
    )

    def __init__(self, *args: Any, need: Need, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["quantity"].unit = need.unit.symbol if need.unit else ""

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("bought") == "ya" and said.get("quantity") is None and "quantity" not in self.errors:
            self.add_error("quantity", ValidationError(_("Isi jumlahnya."), code="quantity"))
        if said.get("bought") == "tidak":
            said["quantity"] = None
        return said


class BuyerOutcomeForm(forms.Form):
    """One quantity per workshop that was in contact, and one for elsewhere; empty: nothing bought there."""

    def __init__(self, *args: Any, need: Need, candidates: list[Interest], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.candidates = candidates
        unit = need.unit.symbol if need.unit else ""
        for one in candidates:
            self.fields[f"ikm{one.organisation_id}"] = QuantityField(
                label=str(one.organisation), unit=unit, required=False, min_value=0
            )
        self.fields["lain"] = QuantityField(label=_("Di tempat lain"), unit=unit, required=False, min_value=0)

    @property
    def bought(self) -> dict[int | None, Any]:
        """Quantity by organisation, None for elsewhere; a zero is nothing."""
        said = {
            one.organisation_id: self.cleaned_data.get(f"ikm{one.organisation_id}") or None
            for one in self.candidates
        }
        return {**said, None: self.cleaned_data.get("lain") or None}


def initial_outcome(outcomes: list[Outcome]) -> dict[str, Any]:
    """The buyer's own words so far, for the form."""
    return {
        f"ikm{one.organisation_id}" if one.organisation_id else "lain": one.quantity
        for one in outcomes
        if one.side == Outcome.Side.BUYER
    }
