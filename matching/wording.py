"""The codes of the rule in words: to a buyer about a workshop (third person), to an owner about her own (second).

`Wording(names)` speaks to the buyer, `Wording(names, for_owner=True)` to the owner. Every reason code of
matching.pair and matching.fulfilment has its words here; steps have theirs in matching.advice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from catalogue.models import Area, Unit
from matching import facts
from matching.capacity import between
from matching.fulfilment import Requirement, Source
from matching.names import Names
from matching.pair import Finding, Match, Part, Quantity
from matching.ranking import Entry
from web import formats
from web.bars import Segment
from web.templatetags.face import STANDINGS

CRITERIA: dict[str, Promise] = {
    "category": gettext_lazy("kategori"),
    "process": gettext_lazy("proses"),
    "certification": gettext_lazy("sertifikat wajib"),
    "preference": gettext_lazy("sertifikat diutamakan"),
    "capacity": gettext_lazy("kapasitas"),
    "lead_time": gettext_lazy("waktu pengerjaan"),
    "proximity": gettext_lazy("jarak"),
}
# (criterion, reason): about a workshop, to its owner.
REASONS: dict[tuple[str, str], tuple[Promise, Promise]] = {
    ("category", "same"): (
        gettext_lazy("Menawarkan barang yang diminta."),
        gettext_lazy("Anda menawarkan barang yang diminta."),
    ),
    ("category", "under"): (
        gettext_lazy("%(offered)s termasuk %(asked)s."),
        gettext_lazy("%(offered)s Anda termasuk %(asked)s."),
    ),
    ("category", "family"): (
        gettext_lazy("Menawarkan %(offered)s secara umum; yang diminta lebih khusus."),
        gettext_lazy("Anda menawarkan %(offered)s secara umum; yang diminta lebih khusus."),
    ),
    ("category", "sibling"): (
        gettext_lazy("Menawarkan barang lain dari kelompok yang sama."),
        gettext_lazy("Anda menawarkan barang lain dari kelompok yang sama."),
    ),
    ("category", "process_route"): (
        gettext_lazy("Menguasai semua proses yang diminta, tetapi belum menawarkan %(asked)s."),
        gettext_lazy("Anda menguasai semua proses yang diminta, tetapi belum menawarkan %(asked)s."),
    ),
    ("process", "none_recorded"): (
        gettext_lazy("Belum mencatat satu proses pun, jadi belum diketahui."),
        gettext_lazy("Anda belum mencatat satu proses pun, jadi belum diketahui."),
    ),
    ("capacity", "sufficient"): (
        gettext_lazy("Kapasitas bebasnya cukup."),
        gettext_lazy("Kapasitas bebas Anda cukup."),
    ),
    ("capacity", "part_of"): (
        gettext_lazy("Kapasitas bebasnya %(percent)d %% dari yang diminta."),
        gettext_lazy("Kapasitas bebas Anda %(percent)d %% dari yang diminta."),
    ),
    ("capacity", "nothing_free"): (
        gettext_lazy("Kapasitasnya sudah terpakai semua."),
        gettext_lazy("Kapasitas Anda sudah terpakai semua."),
    ),
    ("capacity", "other_product"): (
        gettext_lazy("Belum bisa dibandingkan: kapasitasnya disebut untuk barang lain."),
        gettext_lazy("Belum bisa dibandingkan: kapasitas Anda disebut untuk barang lain."),
    ),
    ("capacity", "not_stated"): (
        gettext_lazy("Belum bisa dibandingkan: kapasitasnya belum diisi."),
        gettext_lazy("Belum bisa dibandingkan: kapasitas Anda belum diisi."),
    ),
    ("capacity", "not_convertible"): (
        gettext_lazy("Belum bisa dibandingkan: %(why)s."),
        gettext_lazy("Belum bisa dibandingkan: %(why)s."),
    ),
    ("capacity", "reserved_unknown"): (
        gettext_lazy("Belum bisa dibandingkan: janji dalam surat lain belum terhitung."),
        gettext_lazy("Belum bisa dibandingkan: janji Anda dalam surat lain belum terhitung."),
    ),
    ("lead_time", "within"): (
        gettext_lazy("Selesai dalam batas waktu."),
        gettext_lazy("Anda selesai dalam batas waktu."),
    ),
    ("lead_time", "longer"): (
        gettext_lazy("%(more)d hari lebih lama dari batas."),
        gettext_lazy("%(more)d hari lebih lama dari batas."),
    ),
    ("lead_time", "not_stated"): (
        gettext_lazy("Waktu pengerjaannya belum diisi."),
        gettext_lazy("Waktu pengerjaan Anda belum diisi."),
    ),
    ("lead_time", "other_product"): (
        gettext_lazy("Belum diketahui: waktunya disebut untuk barang lain."),
        gettext_lazy("Belum diketahui: waktu Anda disebut untuk barang lain."),
    ),
    ("proximity", "near"): (
        gettext_lazy("Satu kota atau kabupaten dengan tempat kirim."),
        gettext_lazy("Anda satu kota atau kabupaten dengan tempat kirim."),
    ),
    ("proximity", "same_province"): (
        gettext_lazy("Satu provinsi dengan tempat kirim."),
        gettext_lazy("Anda satu provinsi dengan tempat kirim."),
    ),
    ("proximity", "far"): (
        gettext_lazy("Di luar provinsi tempat kirim."),
        gettext_lazy("Anda di luar provinsi tempat kirim."),
    ),
    ("proximity", "area_missing"): (
        gettext_lazy("Belum diketahui: wilayahnya belum diisi."),
        gettext_lazy("Belum diketahui: wilayahnya belum diisi."),
    ),
}
# A process or kind of certificate asked for, by the reason of the requirement.
REQUIREMENTS: dict[str, Promise] = {
    "met": gettext_lazy("%(name)s: ada%(until)s."),
    "met_by_other": gettext_lazy("%(name)s: terpenuhi oleh %(other)s%(until)s."),
    "ends_before_start": gettext_lazy("%(name)s: berakhir %(day)s, sebelum pekerjaan mulai."),
    "ended": gettext_lazy("%(name)s: sudah berakhir %(day)s."),
    "not_yet_valid": gettext_lazy("%(name)s: belum mulai berlaku."),
    "no_end_date": gettext_lazy("%(name)s: tanggal akhirnya belum diisi, jadi belum dihitung."),
    "other_company": gettext_lazy("%(name)s: dari perusahaan lain, tidak berlaku di sini."),
    "other_category": gettext_lazy("%(name)s: berlaku untuk barang lain."),
    "rejected": gettext_lazy("%(name)s: buktinya ditolak Dinas."),
    "absent": gettext_lazy("%(name)s: belum ada."),
    "none_recorded": gettext_lazy("%(name)s: belum diketahui."),
}
# Beside a name that is missing, where there is a record that does not count.
WHY_MISSING: dict[str, Promise] = {
    "ends_before_start": gettext_lazy("berakhir %(day)s, sebelum mulai"),
    "ended": gettext_lazy("sudah berakhir %(day)s"),
    "not_yet_valid": gettext_lazy("belum mulai berlaku"),
    "no_end_date": gettext_lazy("tanggal akhir belum diisi"),
    "other_company": gettext_lazy("dari perusahaan lain"),
    "other_category": gettext_lazy("untuk barang lain"),
    "rejected": gettext_lazy("ditolak Dinas"),
}


class Held(NamedTuple):
    """A certificate asked for that counts. `warning`: what its end means for the need."""

    name: str
    evidence: str
    until: str
    warning: str = ""


@dataclass(frozen=True)
class Wording:
    names: Names
    for_owner: bool = False

    def reasons(self, part: Part, match: Match) -> list[str]:
        """Why a criterion has its points; a line for each process or certificate asked for."""
        finding = part.finding
        if finding.requirements and finding.reason != "none_recorded":
            return [self.requirement(r) for r in finding.requirements]
        text = REASONS[part.criterion, finding.reason][self.for_owner]
        return [capitalised(str(text) % self._params(part, match))]

    def _params(self, part: Part, match: Match) -> Mapping[str, object]:
        finding = part.finding
        if part.criterion == "category":
            asked, offered = str(finding.asked), str(finding.offered)
            return {"asked": self.names.category_said(asked), "offered": self.names.category_said(offered)}
        if finding.reason == "not_convertible":
            return {"why": self.why_not_convertible(match)}
        if part.criterion == "capacity":
            return {"percent": int((finding.share or 0) * 100)}
        if finding.reason == "longer":
            return {"more": match.offer.lead_time_days - match.need.max_lead_time_days}
        return {}

    def why_not_convertible(self, match: Match) -> str:
        """What keeps the two units apart: a weight that nobody stated, or units that never meet."""
        asked, offered = self.names.units[match.need.unit], self.names.units[match.offer.unit]
        way = between(facts_of(asked), facts_of(offered))
        if way is None:
            units = {"asked": str(asked), "offered": str(offered)}
            return _("%(offered)s dan %(asked)s tidak bisa saling dihitung") % units
        lacks_own = way[0] == "offered" or (way[0] == "both" and match.offer.unit_mass_kg is None)
        unit = self.names.unit((offered if lacks_own else asked).base)
        return _("berat satu %(unit)s belum disebut") % {"unit": unit}

    def requirement(self, requirement: Requirement) -> str:
        best = requirement.sources[0] if requirement.sources else None
        words = {
            "name": self.names.requirement(requirement.slug),
            "other": self.names.requirement(best.slug) if best else "",
            "day": formats.long_date(best.valid_until) if best else "",
            "until": self.until(best) if best else "",
        }
        return str(REQUIREMENTS[requirement.reason]) % words

    def until(self, source: Source) -> str:
        """ ", berlaku sampai 3 Mei 2027", said behind a certificate; "" for a process and what has no end."""
        if source.kind != "certificate" or source.valid_until is None:
            return ""
        day = {"day": formats.long_date(source.valid_until)}
        if source.ends_before_end:
            return _(", berlaku sampai %(day)s, sebelum kebutuhan selesai") % day
        return _(", berlaku sampai %(day)s") % day

    def missing(self, match: Match) -> list[str]:
        """What is missing, each with the reason where there is a record of it."""
        by_slug = {r.slug: r for r in match.requirements}
        return [self.missing_one(slug, match.need.category, by_slug.get(slug)) for slug in match.missing]

    def missing_of(self, entry: Entry, category: str) -> list[str]:
        """The same of a kept row whose facts are not at hand."""
        return [self.missing_one(slug, category) for slug in entry.missing]

    def missing_one(self, slug: str, category: str, requirement: Requirement | None = None) -> str:
        if slug == "category":
            return _("belum menawarkan %(category)s") % {"category": self.names.category_said(category)}
        if slug == "process":
            return _("belum mencatat prosesnya")
        name = self.names.requirement(slug)
        if requirement is None or requirement.reason not in WHY_MISSING:
            return name
        day = formats.long_date(requirement.sources[0].valid_until)
        return f"{name} ({str(WHY_MISSING[requirement.reason]) % {'day': day}})"

    def held(self, match: Match) -> list[Held]:
        """The certificates asked for that count, those that gate first; one that fulfils two of them once."""
        found = []
        for criterion in ("certification", "preference"):
            part = match.by_criterion.get(criterion)
            for r in part.finding.requirements if part else ():
                if r.met:
                    found.append(self._held(r))
        return list(dict.fromkeys(found))

    def _held(self, requirement: Requirement) -> Held:
        best = requirement.sources[0]
        until = _("sampai %(day)s") % {"day": formats.long_date(best.valid_until)} if best.valid_until else ""
        warning = _("berakhir sebelum kebutuhan selesai") if best.ends_before_end else ""
        return Held(self.names.kind(best.slug), best.evidence, until, warning)

    def before_start(self, slugs: tuple[str, ...]) -> str:
        """ "CSMS": what only the buyer can issue, asked for before the work begins."""
        return ", ".join(self.names.kind(slug) for slug in slugs)

    # --- What stands in the columns of the table

    def asked(self, finding: Finding, criterion: str, area: Area | None = None) -> str:
        if criterion == "category":
            return self.names.category(str(finding.asked))
        if criterion == "capacity":
            return per_month(self.names.amount(finding.asked))
        if criterion == "lead_time":
            return _("paling lama %(days)s") % {"days": days(finding.asked)}
        if criterion == "proximity":
            return place(area) or _("belum disebut")
        return self._listed(finding.asked)

    def offered(self, finding: Finding, criterion: str, area: Area | None = None) -> str:
        if criterion == "category":
            return self.names.category(str(finding.offered))
        if criterion == "capacity":
            return self._free(finding)
        if criterion == "lead_time":
            return _("belum disebut") if finding.offered is None else days(finding.offered)
        if criterion == "proximity":
            return place(area) or _("belum disebut")
        return self._listed(finding.offered) or _("belum ada")

    def _listed(self, slugs: tuple[str, ...]) -> str:
        return ", ".join(self.names.requirement(slug) for slug in slugs)

    def _free(self, finding: Finding) -> str:
        """Free per month in the need's unit and, where that differs, in the workshop's own."""
        own = finding.params["free"]
        if own is None:
            return _("belum disebut")
        said = self.names.amount(Quantity(own, finding.params["unit"]))
        if finding.offered is not None and finding.params["unit"] != finding.offered.unit:
            said = _("%(own)s = %(converted)s") % {
                "own": said,
                "converted": self.names.amount(finding.offered),
            }
        return _("bebas %(amount)s") % {"amount": per_month(said)}


def facts_of(unit: Unit) -> facts.Unit:
    return facts.Unit(unit.slug, unit.dimension, Fraction(unit.factor_to_base), unit.base)


def capitalised(text: object) -> str:
    said = str(text)
    return said[:1].upper() + said[1:]


def standing(match_or_entry: Match | Entry) -> str:
    """ "Memenuhi syarat · terperiksa", "Kurang satu", "Kurang 3 hal"."""
    missing = len(match_or_entry.missing)
    if missing > 1:
        return ngettext("Kurang %(n)d hal", "Kurang %(n)d hal", missing) % {"n": missing}
    return str(STANDINGS["near" if missing else "proven" if match_or_entry.proven else "qualified"])


def per_month(amount: str) -> str:
    return _("%(amount)s per bulan") % {"amount": amount}


def days(number: int) -> str:
    return ngettext("%(n)d hari", "%(n)d hari", number) % {"n": number}


def place(area: Area | None, beside: Area | None = None) -> str:
    """ "Citangkil, Kota Cilegon"; beside a place in the same regency just "Citangkil"."""
    if area is None:
        return ""
    regency = area
    while regency.level not in {"regency", "province"}:
        regency = regency.parent
    if regency == area or (beside is not None and beside.regency_code == area.regency_code):
        return area.name
    return f"{area.name}, {regency.name}"


def segments(entry: Entry) -> list[Segment]:
    """The match bar of a row."""
    return [
        Segment(str(CRITERIA[criterion]), pair[1], pair[0], criterion in entry.unknown)
        for criterion, pair in zip(facts.CRITERIA, entry.points, strict=True)
        if pair is not None
    ]
