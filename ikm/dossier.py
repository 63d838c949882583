"""Everything a workshop states, on one page for the officer: grouped by question, with what may be decided."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import consent
from accounts.models import Consent, Document, Evidence, Fact, Organisation, User
from ikm import changes, lifecycle, reviews, sections
from ikm.models import Certificate, Ikm, ProcessCapability, Product
from web.formats import long_date, mask_npwp, phone, quantity

# Question -> the sections of the task list that answer it.
QUESTIONS: tuple[tuple[Promise, tuple[str, ...]], ...] = (
    (_("Siapa, dan di mana?"), ("identity", "place")),
    (_("Seberapa besar?"), ("size",)),
    (_("Apa yang dibuat, berapa sanggup?"), ("products",)),
    (_("Bagaimana dibuat?"), ("processes",)),
    (_("Apa buktinya?"), ("certificates",)),
    (_("Siapa yang dihubungi?"), ("contact",)),
)


class Stated(NamedTuple):
    label: str
    value: str


@dataclass
class Row:
    """One fact: what it states, what is known of it, and whether this officer may decide on it."""

    fact: Fact
    key: str
    title: str
    stated: list[Stated]
    since: list[changes.Difference]
    why_not: str = ""
    same_person: bool = False
    is_new: bool = False
    is_stale: bool = False
    # Filled by the form: its bound fields by name.
    fields: dict[str, Any] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        return reviews.fingerprint(self.fact)

    @property
    def is_product(self) -> bool:
        return isinstance(self.fact, Product)

    @property
    def is_settled(self) -> bool:
        """Somebody has decided already; deciding again is the exception."""
        return self.fact.evidence != Evidence.CLAIMED

    @property
    def is_touched(self) -> bool:
        return any(field.errors for field in self.fields.values()) or bool(self.fields["found"].value())

    @property
    def ticks(self) -> list[tuple[Any, str]]:
        """Seeing a product does not verify its number: both are asked for."""
        return [
            (self.fields["thing"], gettext("Produk dilihat")),
            (self.fields["capacity"], gettext("Kapasitas diperiksa")),
        ]

    @property
    def document(self) -> Document | None:
        return self.fact.photo if self.is_product else getattr(self.fact, "document", None)

    @property
    def document_url(self) -> str:
        name = "ikm:product_photo" if self.is_product else "ikm:certificate_file"
        return reverse(name, args=[self.fact.ikm_id, self.fact.pk]) if self.document else ""


@dataclass
class Group:
    question: str
    sections: list[sections.Section]
    rows: list[Row]
    stated: list[Stated]
    empty: str = ""
    remarks: list[Any] = field(default_factory=list)


def for_review(ikms: QuerySet[Ikm]) -> QuerySet[Ikm]:
    """With what the page reads of the row, in one statement."""
    agreed = Consent.objects.in_force().filter(
        organisation=OuterRef("organisation"), text_version=consent.TEXT_VERSION
    )
    return ikms.select_related(
        "organisation__area__parent__parent",
        "organisation__reviewing_office",
        "supply_version",
        "checked_by",
        "changed_by",
        "entered_by",
        "submitted_by",
    ).annotate(has_consent=Exists(agreed))


class Dossier:
    """What `by` of `office` sees of a workshop fetched by `for_review`."""

    def __init__(self, ikm: Ikm, *, by: User, office: Organisation):
        self.ikm, self.by, self.office = ikm, by, office
        self.events = changes.events_of(ikm)
        self._checks = changes.last_checks(self.events)
        self._latest = changes.latest_of(self.events)
        self._stated = changes.entered_by(by, self.events)
        self.facts: list[Fact] = [
            ikm,
            *ikm.products.current().select_related("category", "unit", "photo", "checked_by", "changed_by"),
            *ikm.processes.current().select_related("process", "checked_by", "changed_by"),
            *ikm.certificates.current().select_related(
                "kind", "category", "for_company", "document", "checked_by", "changed_by"
            ),
        ]
        self.in_the_way = reviews.stands_in_the_way(ikm, self.facts, by=by, stated=self._stated)
        self.rows = [self._row(fact) for fact in self.facts]

    @property
    def version(self) -> int:
        version = getattr(self.ikm, "supply_version", None)
        return version.version if version else 0

    @property
    def is_checkable(self) -> bool:
        return self.ikm.status in reviews.CHECKABLE

    @property
    def steps(self) -> tuple[str, ...]:
        """What the table lets an officer do now: approve, return."""
        return lifecycle.PROFILE.actions(self.ikm.status, roles={"officer"})

    @property
    def may_approve(self) -> bool:
        return not self.in_the_way or self.office.allows_same_person

    @cached_property
    def looked_at(self):
        """When an officer last looked at all of it: at the approval or since."""
        looks = [e.at for e in self.events if e.noun == "review" and e.row["decision"] in {"approve", "seen"}]
        return max([self.ikm.approved_at, *looks]) if self.ikm.approved_at else None

    @property
    def waits_again(self) -> list[Row]:
        """Claims that were changed or added after an officer last looked."""
        return [row for row in self.rows if row.is_new]

    @property
    def open_count(self) -> int:
        """How many facts nobody has proven or disproven."""
        return sum(fact.evidence == Evidence.CLAIMED for fact in self.facts)

    @property
    def may_mark_seen(self) -> bool:
        waits = [row.fact for row in self.rows if row.fact.evidence == Evidence.CLAIMED]
        return self.office.allows_same_person or not reviews.own_entries(waits, by=self.by)

    @cached_property
    def last_return(self) -> changes.Event | None:
        returned = [e for e in self.events if e.noun == "review" and e.row["decision"] == "return"]
        return returned[-1] if returned else None

    @property
    def last_remarks(self) -> list[tuple[str, str]]:
        remarks = self.last_return.row["remarks"] if self.last_return else {}
        return [
            (str(section.title), remarks[section.slug])
            for section in sections.SECTIONS
            if section.slug in remarks
        ]

    @cached_property
    def history(self) -> list[changes.Change]:
        return changes.changes(self.events)

    @cached_property
    def groups(self) -> list[Group]:
        return [self._group(str(question), slugs) for question, slugs in QUESTIONS]

    def _group(self, question: str, slugs: tuple[str, ...]) -> Group:
        model = {
            "identity": Ikm,
            "products": Product,
            "processes": ProcessCapability,
            "certificates": Certificate,
        }
        rows = [row for row in self.rows if type(row.fact) is model.get(slugs[0])]
        stated = {"size": self._size, "contact": self._contact}.get(slugs[0], list)()
        empty = {
            "products": gettext("Belum ada produk."),
            "processes": gettext("Tidak ada proses yang dinyatakan."),
            "certificates": gettext("Tidak ada sertifikat yang dinyatakan."),
        }.get(slugs[0], "")
        return Group(question, [sections.BY_SLUG[slug] for slug in slugs], rows, stated, empty)

    def _row(self, fact: Fact) -> Row:
        noun, pk = changes.key_of(fact)
        describe: dict[str, Callable] = {
            "ikm": self._identity,
            "product": product,
            "process": process,
            "certificate": certificate,
        }
        title, stated = describe[noun](fact)
        own = bool(reviews.own_entries([fact], by=self.by, stated=self._stated))
        claimed = fact.evidence == Evidence.CLAIMED
        return Row(
            fact,
            f"{noun}-{pk}",
            title,
            [Stated(str(label), value) for label, value in stated],
            changes.since_check(fact, self._checks, self._latest) if claimed else [],
            why_not="" if not own or self.office.allows_same_person else why_not(fact, self.by),
            same_person=own,
            is_new=bool(
                claimed and self.ikm.is_published and self.looked_at and fact.changed_at > self.looked_at
            ),
        )

    def _identity(self, ikm: Ikm) -> tuple[str, list]:
        of = ikm.organisation
        area = of.area
        place = ", ".join(each.name for each in (area, area.parent) if each) if area else ""
        return gettext("Identitas dan tempat usaha"), [
            (_("Nama"), of.name),
            (_("Bentuk usaha"), ikm.legal_form),
            ("NIB", of.nib),
            ("NPWP", mask_npwp(of.npwp)),
            (_("Berdiri"), str(ikm.year_founded or "")),
            (_("Alamat"), " ".join(filter(None, [of.address, of.postcode]))),
            (_("Wilayah"), place),
        ]

    def _size(self) -> list[Stated]:
        workers = "" if self.ikm.workers is None else quantity(self.ikm.workers, gettext("orang"))
        return [
            Stated(gettext("Pekerja"), workers),
            Stated(gettext("Investasi tanpa tanah dan bangunan"), self.ikm.get_investment_band_display()),
        ]

    def _contact(self) -> list[Stated]:
        of = self.ikm.organisation
        return [
            Stated(gettext("Nama"), of.contact_name),
            Stated(gettext("WhatsApp"), phone(of.whatsapp)),
            Stated(gettext("Telepon"), phone(of.phone)),
            Stated(gettext("E-mail"), of.email),
            Stated(
                gettext("Persetujuan data"), gettext("ada") if self.ikm.has_consent else gettext("belum ada")
            ),
        ]


def why_not(fact: Fact, by: User) -> str:
    if fact.changed_by_id == by.pk:
        return gettext("Anda yang terakhir mengubahnya; petugas lain harus memeriksa.")
    return gettext("Anda yang memasukkan; petugas lain harus memeriksa.")


def product(fact: Product) -> tuple[str, list]:
    per_month = gettext("%(quantity)s per bulan")

    def monthly(value):
        return "" if value is None else per_month % {"quantity": quantity(value, fact.unit.symbol)}

    days = fact.lead_time_days
    return fact.name, [
        (_("Kategori"), str(fact.category)),
        (_("Kapasitas"), monthly(fact.capacity_per_month)),
        (_("Sudah terpakai"), monthly(fact.committed_per_month)),
        (_("Dikerjakan tim"), fact.pool),
        (_("Berat satuan"), quantity(fact.unit_mass_kg, "kg")),
        (_("Waktu pengerjaan"), "" if days is None else quantity(days, gettext("hari"))),
        (_("Pesanan terkecil"), quantity(fact.min_order, fact.unit.symbol)),
        (_("Bahan"), fact.material),
    ]


def process(fact: ProcessCapability) -> tuple[str, list]:
    return str(fact.process), [(_("Mesin"), fact.machines)]


def certificate(fact: Certificate) -> tuple[str, list]:
    until = long_date(fact.valid_until)
    return str(fact.kind), [
        (_("Nomor"), fact.number),
        (_("Penerbit"), fact.issuer),
        (_("Lingkup"), fact.scope),
        (_("Berlaku"), " – ".join(filter(None, [long_date(fact.valid_from), until]))),
        (_("Untuk kategori"), str(fact.category or "")),
        (_("Untuk perusahaan"), str(fact.for_company or "")),
        (_("Pemegang"), quantity(fact.holders, gettext("orang")) if fact.holders > 1 else ""),
    ]
