"""The single step that would lift a match, in words, with what it would bring and where it is done."""

from typing import NamedTuple

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.models import CertificateKind
from matching.facts import Vocabulary
from matching.names import Names, short
from matching.pair import Match, Quantity
from matching.steps import BUYER, Step, steps
from matching.wording import days, per_month, standing
from web.formats import points_range

# action: what a workshop would do, and what to tell its owner.
STEPS: dict[str, tuple[Promise, Promise]] = {
    "obtain_certificate": (
        gettext_lazy("IKM ini memperoleh %(kind)s"),
        gettext_lazy("Peroleh %(kind)s"),
    ),
    "renew_certificate": (
        gettext_lazy("IKM ini memperpanjang %(kind)s"),
        gettext_lazy("Perpanjang %(kind)s"),
    ),
    "state_valid_until": (
        gettext_lazy("IKM ini mengisi tanggal akhir %(kind)s"),
        gettext_lazy("Isi tanggal akhir %(kind)s"),
    ),
    "record_process": (
        gettext_lazy("IKM ini mencatat proses %(process)s"),
        gettext_lazy("Catat proses %(process)s, bila Anda menguasainya"),
    ),
    "offer_category": (
        gettext_lazy("IKM ini menawarkan %(category)s"),
        gettext_lazy("Tambahkan produk %(category)s, bila Anda mengerjakannya"),
    ),
    "state_capacity": (
        gettext_lazy("IKM ini mengisi kapasitasnya"),
        gettext_lazy("Isi kapasitas Anda; %(capacity)s mencukupi"),
    ),
    "raise_capacity": (
        gettext_lazy("IKM ini menaikkan kapasitasnya menjadi %(capacity)s"),
        gettext_lazy("Naikkan kapasitas menjadi %(capacity)s"),
    ),
    "state_unit_mass": (
        gettext_lazy("IKM ini mengisi berat satu %(unit)s"),
        gettext_lazy("Isi berat satu %(unit)s"),
    ),
    "state_lead_time": (
        gettext_lazy("IKM ini mengisi waktu pengerjaannya"),
        gettext_lazy("Isi waktu pengerjaan Anda; %(days)s mencukupi"),
    ),
    "shorten_lead_time": (
        gettext_lazy("IKM ini memendekkan waktu pengerjaan menjadi %(days)s"),
        gettext_lazy("Pendekkan waktu pengerjaan menjadi %(days)s"),
    ),
    "state_area": (
        gettext_lazy("IKM ini mengisi wilayahnya"),
        gettext_lazy("Isi wilayah usaha Anda"),
    ),
    "verify_offer": (
        gettext_lazy("Dinas memeriksa produk dan kapasitas ini"),
        gettext_lazy("Minta Dinas memeriksa produk dan kapasitas ini"),
    ),
    "verify_ikm": (
        gettext_lazy("Dinas memeriksa identitas dan tempat usaha ini"),
        gettext_lazy("Minta Dinas memeriksa identitas dan tempat usaha Anda"),
    ),
    "verify_process": (
        gettext_lazy("Dinas memeriksa proses %(process)s"),
        gettext_lazy("Minta Dinas memeriksa proses %(process)s"),
    ),
    "verify_certificate": (
        gettext_lazy("Dinas memeriksa %(kind)s"),
        gettext_lazy("Minta Dinas memeriksa %(kind)s"),
    ),
}
# A certificate that only the buyer issues: to the buyer, to the owner.
FROM_BUYER = (
    gettext_lazy("Anda menilai dan menerbitkan %(kind)s bagi IKM ini"),
    gettext_lazy("Minta %(kind)s kepada pembeli"),
)
# Where an owner does it: the section of her profile, or the page of the product.
SECTIONS = {
    "obtain_certificate": "certificates",
    "renew_certificate": "certificates",
    "state_valid_until": "certificates",
    "record_process": "processes",
    "state_area": "place",
}
PRODUCT_PAGES = {
    "state_capacity": "ikm:product",
    "raise_capacity": "ikm:product",
    "state_unit_mass": "ikm:product_details",
    "state_lead_time": "ikm:product_details",
    "shorten_lead_time": "ikm:product_details",
}


def best_of(match: Match, vocabulary: Vocabulary) -> Step | None:
    """The best step that pages can lead to: a weight of the need's unit is asked of the buyer, not of a workshop."""
    for step in steps(match, vocabulary):
        if step.action != "state_unit_mass" or vocabulary.units[match.offer.unit].dimension != "mass":
            return step
    return None


class Advice(NamedTuple):
    """`result` is what the match would become, `standing` where that changes; `url` where the owner does it; `kind` the
    certificate to get."""

    text: str
    result: str
    standing: str = ""
    url: str = ""
    kind: CertificateKind | None = None

    @property
    def kind_name(self) -> str:
        return short(self.kind.name) if self.kind else ""


def advise(step: Step, match: Match, names: Names, *, for_owner: bool = False) -> Advice:
    texts = FROM_BUYER if step.who == BUYER else STEPS[step.action]
    text = str(texts[for_owner]) % words(step, match, names)
    kind = names.kinds.get(str(step.params.get("kind", "")))
    lifted = standing(step.match) if standing(step.match) != standing(match) else ""
    return Advice(text, result(step, match), lifted, url(step, match) if for_owner else "", kind)


def words(step: Step, match: Match, names: Names) -> dict[str, str]:
    said = step.params
    return {
        "kind": names.kind(said["kind"]) if "kind" in said else "",
        "process": names.process(said["process"]) if "process" in said else "",
        "category": names.category_said(said["category"]) if "category" in said else "",
        "capacity": per_month(names.amount(Quantity(said["capacity"], said["unit"])))
        if "capacity" in said
        else "",
        "days": days(said["days"]) if "days" in said else "",
        "unit": weighed_unit(match, names) if step.action == "state_unit_mass" else "",
    }


def weighed_unit(match: Match, names: Names) -> str:
    """Of which one the weight would settle the conversion."""
    asked, offered = names.units[match.need.unit], names.units[match.offer.unit]
    return names.unit((asked if offered.is_mass else offered).base)


def result(step: Step, match: Match) -> str:
    """ "Memenuhi syarat, nilai 93,1"; where only the evidence grows, how far."""
    after = step.match
    if (after.group, after.low, after.high) == (match.group, match.low, match.high) and after.low:
        return _("bukti naik menjadi %(percent)d %%") % {"percent": after.evidence * 100 // after.low}
    said = {"standing": standing(after), "score": points_range(after.low, after.high)}
    if step.up_to:
        said["score"] = points_range(after.high, after.high)
        return _("%(standing)s, nilai sampai %(score)s") % said
    return _("%(standing)s, nilai %(score)s") % said


def url(step: Step, match: Match) -> str:
    ikm, product = match.ikm.identity, match.offer.identity
    if step.action in SECTIONS and step.who != BUYER:
        return reverse("ikm:section", args=[ikm, SECTIONS[step.action]])
    if step.action in PRODUCT_PAGES:
        return reverse(PRODUCT_PAGES[step.action], args=[ikm, product])
    if step.action == "offer_category":
        return new_product_url(ikm, match.need.category)
    return ""


def new_product_url(ikm: object, category: str) -> str:
    return f"{reverse('ikm:product_new', args=[ikm])}?kategori={category}"
