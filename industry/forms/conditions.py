"""What a workshop must hold: certificates, processes, the longest lead time."""

from collections.abc import Iterable
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalogue.models import CertificateKind, Process
from ikm.forms.base import AnswersForm
from industry.models import Need
from industry.needs import LINKS, stored_answers
from web.fields import WholeNumberField

# In the order in which buyers ask for them; the first stands open.
DOMAINS: dict[str, Promise] = {
    "quality": _("Mutu"),
    "welding": _("Las"),
    "safety": _("Keselamatan kerja"),
    "contractor-safety": _("Keselamatan kontraktor"),
    "environment": _("Lingkungan"),
    "product": _("Standar produk (SNI)"),
    "local-content": _("Kandungan dalam negeri"),
    "licence": _("Izin usaha"),
}
OTHER_DOMAIN = _("Lainnya")


class Group(NamedTuple):
    label: Any
    rows: list[Any]
    is_open: bool


class Row(NamedTuple):
    word: Any
    is_required: bool
    is_preferred: bool


class WordsField(forms.ModelMultipleChoiceField):
    """Some words of the catalogue."""

    widget = forms.CheckboxSelectMultiple
    default_error_messages = {
        "list": _("Pilih dari daftar."),
        "invalid_choice": _("“%(value)s” tidak ada dalam daftar. Pilih yang lain."),
        "invalid_pk_value": _("“%(pk)s” tidak ada dalam daftar. Pilih yang lain."),
    }


def usable(stored: Iterable[str]) -> Q:
    """Words that may be chosen: a retired one only where it is stored."""
    return Q(retired_on=None) | Q(pk__in=list(stored))


class ConditionsForm(AnswersForm):
    """For `set_conditions(need, by=…, seen=form.seen_version(), **form.given())`.

    Drawn by industry/_conditions.html.
    """

    answers: ClassVar = (
        "required_certificates",
        "preferred_certificates",
        "required_processes",
        "max_lead_time_days",
    )

    required_certificates = WordsField(
        CertificateKind.objects.all(), label=_("Sertifikat wajib"), required=False
    )
    preferred_certificates = WordsField(
        CertificateKind.objects.all(), label=_("Sertifikat diutamakan"), required=False
    )
    required_processes = WordsField(
        Process.objects.filter(level=2),
        label=_("Proses wajib"),
        required=False,
        help_text=_(
            "Hanya proses yang harus dikuasai bengkel sendiri. Kosongkan bila cara membuatnya bebas."
        ),
    )
    max_lead_time_days = WholeNumberField(
        label=_("Waktu pengerjaan paling lama"),
        unit=_("hari"),
        units=("hari", "days"),
        min_value=1,
        max_value=3650,
        required=False,
        help_text=_("Dari pesanan sampai barang pertama. Contoh: 21."),
    )

    def __init__(self, data: Any = None, *, need: Need):
        stored = stored_answers(need, self.answers)
        super().__init__(data, stored=stored)
        self.need = need
        kinds = [*stored["required_certificates"], *stored["preferred_certificates"]]
        for name in ("required_certificates", "preferred_certificates"):
            self.fields[name].queryset = CertificateKind.objects.filter(usable(kinds))
        processes = usable(stored["required_processes"])
        self.fields["required_processes"].queryset = Process.objects.filter(processes, level=2)

    def two_versions(self) -> list[tuple[str, str, str]]:
        """As for other forms; words stand as their names."""
        stored, typed = dict(self.stored), dict(self.cleaned_data)
        for name in LINKS:
            words = self.fields[name].queryset.in_bulk()
            stored[name], typed[name] = {words[key] for key in stored[name]}, set(typed[name])
        return [
            (
                str(self.fields[name].label),
                self.in_words(name, stored[name]),
                self.in_words(name, typed[name]),
            )
            for name in self.answers
            if stored[name] != typed[name]
        ]

    def in_words(self, name: str, value: Any) -> str:
        if name in LINKS:
            return ", ".join(sorted(map(str, value))) or gettext("tidak ada")
        return super().in_words(name, value)

    def _chosen(self, name: str) -> set[str]:
        """Keys ticked now: as typed, else as stored."""
        value = self[name].value()
        return {str(key) for key in value} if isinstance(value, list | tuple) else set()

    @property
    def certificate_groups(self) -> list[Group]:
        """Certificates by domain; those with a tick stand open, and the first."""
        required, preferred = self._chosen("required_certificates"), self._chosen("preferred_certificates")
        groups: dict[str, list[Row]] = {domain: [] for domain in (*DOMAINS, "")}
        for kind in self.fields["required_certificates"].queryset:
            row = Row(kind, kind.pk in required, kind.pk in preferred)
            groups[kind.domain if kind.domain in DOMAINS else ""].append(row)
        return [
            Group(
                DOMAINS.get(domain, OTHER_DOMAIN),
                rows,
                not i or any(row.is_required or row.is_preferred for row in rows),
            )
            for i, (domain, rows) in enumerate(groups.items())
            if rows
        ]

    @property
    def process_groups(self) -> list[Group]:
        """Processes: first those that are common for the category, then the others by their group."""
        chosen = self._chosen("required_processes")
        category = self.need.category
        typical = set(category.typical_processes.values_list("pk", flat=True)) if category else set()
        first, others = [], {}
        for process in self.fields["required_processes"].queryset.select_related("parent"):
            row = Row(process, process.pk in chosen, False)
            if process.pk in typical:
                first.append(row)
            else:
                others.setdefault(process.parent, []).append(row)
        groups = [Group(_("Lazim untuk barang ini"), first, True)] if first else []
        return groups + [
            Group(parent, rows, any(row.is_required for row in rows)) for parent, rows in others.items()
        ]
