"""The review page as one form: a decision per fact, remarks per section, the day of a visit."""

from collections.abc import Mapping

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from accounts.models import Evidence, Fact, Method
from ikm.dossier import Dossier, Row
from ikm.models import Ikm
from ikm.sections import SECTIONS
from web.fields import DateField, ParagraphField

VERIFIED = (Evidence.VERIFIED.value, _("Terperiksa"))
REJECTED = (Evidence.REJECTED.value, _("Ditolak"))
METHODS = [("", _("seperti pilihan di atas")), *Method.choices]


class ReviewForm(forms.Form):
    """Bound or not, it hangs its fields on the rows of the dossier. Nothing chosen for a fact leaves it as it is."""

    visited_on = DateField(
        label=_("Tanggal kunjungan"),
        required=False,
        latest=timezone.localdate,
        help_text=_("Isi bila Anda datang ke bengkelnya."),
    )
    method = forms.ChoiceField(
        label=_("Cara memeriksa"),
        choices=[("", _("pilih per hal")), *Method.choices],
        required=False,
        help_text=_("Berlaku untuk semua yang Anda nyatakan terperiksa, kecuali dipilih lain di sana."),
    )
    note = ParagraphField(label=_("Catatan kunjungan"), required=False, max_length=2000)

    def __init__(self, *args, dossier: Dossier, **kwargs):
        super().__init__(*args, **kwargs)
        self.dossier = dossier
        self.fields["method"].widget.attrs["class"] = "form-select"
        self.rows = {row.key: row for row in dossier.rows if dossier.is_checkable and not row.why_not}
        for row in self.rows.values():
            self._add_row(row)
        for section in SECTIONS:
            self.fields[f"remark-{section.slug}"] = ParagraphField(
                label=_("Catatan untuk bagian “%(section)s”") % {"section": section.title},
                required=False,
                max_length=1000,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        for group in dossier.groups:
            group.remarks = [self[f"remark-{section.slug}"] for section in group.sections]

    def _add_row(self, row: Row) -> None:
        thing = {"thing": row.title}
        added = {
            "found": forms.ChoiceField(
                label=row.title, choices=choices_for(row.fact), required=False, widget=forms.RadioSelect
            )
        }
        if row.is_product:
            added["thing"] = forms.BooleanField(label=_("Produk dilihat: %(thing)s") % thing, required=False)
            added["capacity"] = forms.BooleanField(
                label=_("Kapasitas diperiksa: %(thing)s") % thing, required=False
            )
        added["method"] = forms.ChoiceField(
            label=_("Cara memeriksa: %(thing)s") % thing,
            choices=METHODS,
            required=False,
            widget=forms.Select(attrs={"class": "form-select"}),
        )
        for name, field in added.items():
            self.fields[f"{row.key}-{name}"] = field
        row.fields = {name: self[f"{row.key}-{name}"] for name in added}

    def clean(self) -> dict:
        data = super().clean()
        for row in self.rows.values():
            self._clean_row(row, data)
        if self.action == "return" and not self.remarks:
            self.add_error(
                f"remark-{SECTIONS[0].slug}",
                _("Tulis paling sedikit satu catatan tentang apa yang perlu diubah."),
            )
        return data

    def _clean_row(self, row: Row, data: dict) -> None:
        found = data.get(f"{row.key}-found")
        ticks = [name for name in ("thing", "capacity") if data.get(f"{row.key}-{name}")]
        if found != Evidence.VERIFIED:
            if len(ticks) == 2:
                self.add_error(
                    f"{row.key}-found", _("Anda mencentang keduanya. Pilih “Terperiksa”, atau hapus centang.")
                )
            return
        if row.is_product:
            self._clean_product(row, ticks)
        method = data.get(f"{row.key}-method") or data.get("method")
        if not method:
            self.add_error(
                f"{row.key}-method", _("Pilih cara memeriksanya, di sini atau di atas untuk semua.")
            )
        elif method == Method.VISIT and not data.get("visited_on") and "visited_on" not in self.errors:
            self.add_error("visited_on", _("Anda memilih “kunjungan”. Isi tanggal kunjungannya."))

    def _clean_product(self, row: Row, ticks: list[str]) -> None:
        if row.fact.capacity_per_month is None:
            self.add_error(
                f"{row.key}-found",
                _(
                    "Kapasitas belum diisi, jadi produk ini belum bisa dinyatakan terperiksa. Minta pemilik mengisinya."
                ),
            )
        elif len(ticks) < 2:
            name = "capacity" if "thing" in ticks else "thing"
            self.add_error(
                f"{row.key}-{name}",
                _("Centang keduanya. Melihat produk belum berarti memeriksa kapasitasnya."),
            )

    @property
    def action(self) -> str:
        """What the pressed button asks for beside the checks: approve, return, seen, or check alone."""
        asked = self.data.get("action", "check") if self.is_bound else "check"
        return asked if asked in {"approve", "return", "seen"} else "check"

    @property
    def remarks(self) -> dict[str, str]:
        said = {section.slug: self.cleaned_data.get(f"remark-{section.slug}", "") for section in SECTIONS}
        return {slug: text for slug, text in said.items() if text}

    @property
    def decisions(self) -> dict[Fact, tuple[str, str]]:
        """What was chosen, for reviews.decide."""
        chosen = {}
        for key, row in self.rows.items():
            found = self.cleaned_data.get(f"{key}-found")
            if found:
                own = self.cleaned_data.get(f"{key}-method")
                general = self.cleaned_data.get("method") if found == Evidence.VERIFIED else ""
                chosen[row.fact] = (found, "" if found == Evidence.CLAIMED else own or general)
        return chosen

    @property
    def opened_at(self):
        """When the page was drawn that this form was filled on; None where that is not said."""
        try:
            moment = parse_datetime(self.data.get("opened", ""))
        except ValueError:
            return None
        return moment if moment and timezone.is_aware(moment) else None

    def mark_stale(self) -> bool:
        """Whether something that was decided is no longer what the page showed; marks those rows."""
        for key, row in self.rows.items():
            if self.data.get(f"{key}-found"):
                row.is_stale = self.data.get(f"{key}-seen") != row.fingerprint
        gone = [name for name in chosen_in(self.data) if name not in self.rows]
        whole = self.action != "check" and self.data.get("version") != str(self.dossier.version)
        return whole or bool(gone) or any(row.is_stale for row in self.rows.values())


def choices_for(fact: Fact) -> list[tuple[str, object]]:
    """Three states; the first leaves the fact as it is. An identity is never "not proven": its claim stays."""
    if fact.evidence == Evidence.CLAIMED:
        return [("", _("Belum diperiksa")), VERIFIED, *([] if isinstance(fact, Ikm) else [REJECTED])]
    keep = ("", _("Tetap terperiksa") if fact.evidence == Evidence.VERIFIED else _("Tetap ditolak"))
    back = (Evidence.CLAIMED.value, _("Kembali menurut pengakuan"))
    if fact.evidence == Evidence.REJECTED:
        return [keep, VERIFIED, back]
    again = (Evidence.VERIFIED.value, _("Terperiksa sekali lagi"))
    return [keep, again, *([] if isinstance(fact, Ikm) else [REJECTED]), back]


def chosen_in(data: Mapping[str, str]) -> list[str]:
    """Keys of the facts that a filled form decides on, also of those that are gone or were never this officer's."""
    return [name.removesuffix("-found") for name in data if name.endswith("-found") and data[name]]
