"""Which record fulfils which process or kind of certificate, and why another does not. Pure: no Django.

`requirement(...)` gives, for one slug that a need asks for, the records that reach it (`Source`, best first), whether
it is met, whether a verified record meets it, and otherwise the code of the nearest reason.
"""

from dataclasses import dataclass
from datetime import date

from matching.facts import NIB, REJECTED, VERIFIED, CertificateRecord, Ikm, Key, Need, Offer, Vocabulary

# Why a record does not count, the nearest miss first: pages show the first that applies.
NEAREST = (
    "ends_before_start",
    "ended",
    "not_yet_valid",
    "no_end_date",
    "other_company",
    "other_category",
    "rejected",
)


@dataclass(frozen=True, slots=True)
class Source:
    """One fact behind a part. `kind`: offer | process | certificate | nib | ikm.

    `state`: counts, or a code of NEAREST; `slug`: its own word, which may be another than the one asked for."""

    kind: str
    slug: str
    evidence: str
    key: Key | None = None
    number: str | None = None
    valid_until: date | None = None
    state: str = "counts"
    ends_before_end: bool = False

    @property
    def counts(self) -> bool:
        return self.state == "counts"

    @property
    def verified(self) -> bool:
        return self.counts and self.evidence == VERIFIED


@dataclass(frozen=True, slots=True)
class Requirement:
    """One process or kind asked for. `gates`: unmet, it stands among what is missing.

    `reason`: met | met_by_other (a process or kind that satisfies it) | a code of NEAREST | absent | none_recorded."""

    slug: str
    gates: bool
    reason: str
    sources: tuple[Source, ...] = ()

    @property
    def met(self) -> bool:
        return any(s.counts for s in self.sources)

    @property
    def verified(self) -> bool:
        return any(s.verified for s in self.sources)


def certificate_state(
    record: CertificateRecord, offer: Offer, need: Need, vocabulary: Vocabulary, as_of: date, on: date
) -> str:
    """ "counts" or the code of what keeps the record from counting for this offer and need on `on`."""
    kind = vocabulary.kinds[record.kind]
    if record.evidence == REJECTED:
        return "rejected"
    if record.category is not None and not vocabulary.lies_in(offer.category, record.category):
        return "other_category"
    if record.for_company != need.company if record.for_company is not None else kind.per_buyer:
        return "other_company"
    if record.valid_from is not None and record.valid_from > as_of:
        return "not_yet_valid"
    if record.valid_until is None:
        return "counts" if kind.validity_months is None else "no_end_date"
    if record.valid_until < on:
        return "ended" if record.valid_until < as_of else "ends_before_start"
    return "counts"


def certificate_sources(
    slug: str, ikm: Ikm, offer: Offer, need: Need, vocabulary: Vocabulary, as_of: date, on: date
) -> list[Source]:
    """Every record that reaches `slug`, counting or not."""
    found = [
        Source(
            "certificate",
            record.kind,
            record.evidence,
            record.key,
            record.number,
            record.valid_until,
            certificate_state(record, offer, need, vocabulary, as_of, on),
            record.valid_until is not None and record.valid_until < need.end,
        )
        for record in ikm.certificates
        if slug in vocabulary.kind_fulfils[record.kind]
    ]
    if ikm.nib and slug in vocabulary.kind_fulfils.get(NIB, ()):
        found.append(Source("nib", NIB, ikm.evidence, ikm.key, ikm.nib))
    return found


def process_sources(slug: str, ikm: Ikm, vocabulary: Vocabulary) -> list[Source]:
    return [
        Source(
            "process",
            record.process,
            record.evidence,
            record.key,
            state="rejected" if record.evidence == REJECTED else "counts",
        )
        for record in ikm.processes
        if slug in vocabulary.process_fulfils[record.process]
    ]


def requirement(slug: str, gates: bool, found: list[Source]) -> Requirement:
    """Verified before claimed, the record of the very kind before one that satisfies it, the later end first."""

    def place(source: Source) -> tuple:
        nearness = -1 if source.counts else NEAREST.index(source.state)
        lasts = date.max if source.valid_until is None else source.valid_until
        return nearness, not source.verified, source.slug != slug, -lasts.toordinal()

    sources = tuple(sorted(found, key=place))
    if not sources:
        return Requirement(slug, gates, "absent")
    best = sources[0]
    met = "met" if best.slug == slug else "met_by_other"
    return Requirement(slug, gates, met if best.counts else best.state, sources)


def process_requirements(
    processes: tuple[str, ...], ikm: Ikm, vocabulary: Vocabulary
) -> tuple[Requirement, ...]:
    """Per required process. Where the IKM has recorded none at all, each is unknown: reason `none_recorded`."""
    if all(record.evidence == REJECTED for record in ikm.processes):
        return tuple(Requirement(slug, True, "none_recorded") for slug in processes)
    return tuple(requirement(slug, True, process_sources(slug, ikm, vocabulary)) for slug in processes)


def kind_requirements(
    kinds: tuple[str, ...],
    gates: bool,
    ikm: Ikm,
    offer: Offer,
    need: Need,
    vocabulary: Vocabulary,
    as_of: date,
    on: date,
) -> tuple[Requirement, ...]:
    return tuple(
        requirement(slug, gates, certificate_sources(slug, ikm, offer, need, vocabulary, as_of, on))
        for slug in kinds
    )
