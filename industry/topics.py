"""The topics of a need in the order of the questions, and what each says, in words for a page."""

from collections.abc import Iterable
from typing import NamedTuple

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from catalogue.choosing import describe_area
from industry.models import Need
from web import formats
from web.numbers import in_words


class Topic(NamedTuple):
    slug: str
    title: Promise
    # Names of `needs.COMPULSORY` that this topic asks for.
    asks: frozenset[str]


WHAT, AMOUNT, PLACE, CONDITIONS, TERMS, ATTACHMENTS = TOPICS = (
    Topic("barang", gettext_lazy("Apa yang dibutuhkan?"), frozenset(["category"])),
    Topic("jumlah", gettext_lazy("Berapa dan kapan?"), frozenset(["quantity", "unit", "start", "end"])),
    Topic("tempat", gettext_lazy("Dikirim ke mana?"), frozenset(["area"])),
    Topic("syarat", gettext_lazy("Apa syaratnya?"), frozenset()),
    Topic("ketentuan", gettext_lazy("Bahan dan pembayaran"), frozenset()),
    Topic("lampiran", gettext_lazy("Gambar dan dokumen"), frozenset()),
)


def url_of(need: Need, topic: Topic) -> str:
    """The page that asks for this topic. The conditions are asked beside their live counts."""
    if topic is CONDITIONS:
        return reverse("matching:need_conditions", args=[need.pk])
    if topic is ATTACHMENTS:
        return reverse("industry:attachments", args=[need.pk])
    return reverse("industry:need_topic", args=[need.pk, topic.slug])


def url_after(need: Need, topic: Topic) -> str:
    """Where Continue leads: a draft goes on to the next topic, the last and an open need to the page of the need."""
    following = TOPICS[TOPICS.index(topic) + 1 :]
    if need.is_draft and following:
        return url_of(need, following[0])
    return reverse("industry:need", args=[need.pk])


def first_missing(missing: Iterable[str]) -> Topic | None:
    """The topic that asks for the first of what is missing."""
    names = set(missing)
    return next((topic for topic in TOPICS if topic.asks & names), None)


def amount(need: Need) -> str:
    """ "200 pcs per bulan", "10 ton seluruhnya"; "" while it is not said."""
    if need.quantity is None or need.unit is None:
        return ""
    said = formats.quantity(need.quantity, need.unit.symbol)
    per_month = need.basis == Need.Basis.MONTH
    return (_("%(amount)s per bulan") if per_month else _("%(amount)s seluruhnya")) % {"amount": said}


def amount_in_words(need: Need) -> str:
    """The amount read out and reckoned over: "Tiga unit. 3 unit sampai 31 Maret 2027 = 1 unit per bulan"."""
    unit, quantity, monthly, months = need.unit, need.quantity, need.quantity_per_month, need.months
    if unit is None or quantity is None:
        return ""
    per_month = need.basis == Need.Basis.MONTH
    name = unit.name.split(" (")[0]
    spelled = f"{in_words(quantity, get_language() or 'id')} {name[:1].lower()}{name[1:]}"
    if per_month:
        spelled = _("%(amount)s per bulan") % {"amount": spelled}
    spelled = f"{spelled[:1].upper()}{spelled[1:]}."
    if monthly is None or months is None:
        return spelled
    words = {
        "amount": formats.quantity(quantity, unit.symbol),
        "end": formats.long_date(need.end),
        "months": in_months(months),
        "monthly": formats.quantity(monthly, unit.symbol),
        "total": formats.quantity(quantity * months, unit.symbol),
    }
    if per_month:
        return f"{spelled} " + _("%(amount)s per bulan selama %(months)s = %(total)s") % words
    reckoned = _("%(amount)s sampai %(end)s = %(monthly)s per bulan") % words
    if monthly * months != quantity:
        reckoned += " " + _("(dibulatkan ke atas)")
    return f"{spelled} {reckoned}"


def in_months(number: int) -> str:
    return ngettext("%(n)d bulan", "%(n)d bulan", number) % {"n": number}


def period(need: Need) -> str:
    """ "1 Januari 2027 sampai 30 Juni 2027 (6 bulan)"."""
    if need.months is None:
        return ""
    return _("%(start)s sampai %(end)s (%(months)s)") % {
        "start": formats.long_date(need.start),
        "end": formats.long_date(need.end),
        "months": in_months(need.months),
    }


def place(need: Need) -> str:
    """ "Kecamatan Citangkil, Kota Cilegon, Banten"."""
    return ", ".join(filter(None, describe_area(need.area))) if need.area else ""


def days(number: int | None) -> str:
    return ngettext("%(n)d hari", "%(n)d hari", number) % {"n": number} if number is not None else ""


def fact(label: str, value: str, in_words: str = "", *, lines: bool = False) -> dict[str, object]:
    """As templates/_facts.html reads it; `lines`: the value has line breaks of its own."""
    return {"label": label, "value": value, "in_words": in_words, "lines": lines}


def said_of(need: Need, topic: Topic, *, within_company: bool) -> list[dict[str, object]]:
    """What a need says on a topic. Its value and the exact address are for the company and its office."""
    return SAID[topic.slug](need, within_company)


def _said_of_what(need: Need, within_company: bool) -> list[dict[str, object]]:
    category = need.category
    where = str(category.parent) if category and category.level == 3 else ""
    return [
        fact(_("Judul"), need.title),
        fact(_("Barang atau jasa"), str(category) if category else "", where),
        fact(_("Spesifikasi"), need.spec, lines=True),
    ]


def _said_of_amount(need: Need, within_company: bool) -> list[dict[str, object]]:
    mass = formats.quantity(need.unit_mass_kg, "kg")
    facts = [
        fact(_("Jumlah"), amount(need), amount_in_words(need)),
        fact(_("Waktu"), period(need)),
    ]
    return facts + ([fact(_("Berat satu satuan"), mass)] if mass else [])


def _said_of_place(need: Need, within_company: bool) -> list[dict[str, object]]:
    facts = [fact(_("Wilayah kirim"), place(need))]
    return facts + ([fact(_("Alamat kirim"), need.delivery_address)] if within_company else [])


def _said_of_conditions(need: Need, within_company: bool) -> list[dict[str, object]]:
    none = _("tidak ada")
    return [
        fact(_("Sertifikat wajib"), _joined(need.required_certificates.all()) or none),
        fact(_("Sertifikat diutamakan"), _joined(need.preferred_certificates.all()) or none),
        fact(_("Proses wajib"), _joined(need.required_processes.all()) or none),
        fact(_("Waktu pengerjaan paling lama"), days(need.max_lead_time_days) or _("bebas")),
    ]


def _said_of_terms(need: Need, within_company: bool) -> list[dict[str, object]]:
    undecided = _("belum ditentukan")
    facts = [
        fact(_("Bahan baku"), need.get_material_terms_display() if need.material_terms else undecided),
        fact(_("Dibayar dalam"), days(need.payment_days) or undecided),
        fact(_("Beberapa IKM bersama-sama"), _("boleh") if need.allow_pooling else _("tidak")),
    ]
    return facts + ([fact(_("Perkiraan nilai"), formats.money(need.value_idr))] if within_company else [])


def _joined(words: Iterable[object]) -> str:
    return ", ".join(str(word) for word in words)


SAID = {
    WHAT.slug: _said_of_what,
    AMOUNT.slug: _said_of_amount,
    PLACE.slug: _said_of_place,
    CONDITIONS.slug: _said_of_conditions,
    TERMS.slug: _said_of_terms,
}
