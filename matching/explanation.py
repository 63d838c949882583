"""One match as a table: asked, offered, points of maximum, reason, and the stored facts it rests on.

The sums under the table are the score. The page is computed from the facts of now; a kept list may still say another
number for a moment.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from django.utils.translation import gettext as _

from accounts.models import Evidence, Fact
from ikm.models import Certificate, Ikm
from industry.models import Need
from matching.advice import Advice, advise, best_of
from matching.fulfilment import Source
from matching.names import Names
from matching.pair import Match, Part, candidates
from matching.ranking import representative
from matching.records import Records
from matching.rows import Mark, axis
from matching.snapshot import need_facts
from matching.stale import Inputs
from matching.wording import CRITERIA as CRITERION_NAMES
from matching.wording import Held, Wording, capitalised, place, segments
from web import formats
from web.bars import Segment


class Proof(NamedTuple):
    """A stored fact: what it is, its evidence, and who saw it when, or since when it is claimed."""

    what: str
    evidence: str
    source: str


class Line(NamedTuple):
    """One criterion. `points` "30,0" or, where unknown, "0,0–20,0"; `proofs` of the facts behind it."""

    criterion: str
    label: str
    asked: str
    offered: str
    points: str
    maximum: str
    unknown: bool
    is_full: bool
    reasons: list[str]
    proofs: list[Proof]


@dataclass(frozen=True)
class Explanation:
    """The best offer of a workshop for a need, and its other candidate offers."""

    need: Need
    ikm: Ikm
    match: Match
    others: list["Explanation"]
    records: Records
    names: Names
    inputs: Inputs
    for_owner: bool

    @property
    def wording(self) -> Wording:
        return Wording(self.names, for_owner=self.for_owner)

    @cached_property
    def lines(self) -> list[Line]:
        return [self._line(part) for part in self.match.parts]

    def _line(self, part: Part) -> Line:
        finding, wording = part.finding, self.wording
        points = formats.points(part.points)
        return Line(
            part.criterion,
            capitalised(CRITERION_NAMES[part.criterion]),
            wording.asked(finding, part.criterion, self.need.area),
            wording.offered(finding, part.criterion, self.ikm.organisation.area),
            formats.points_range(0, part.maximum) if part.unknown else points,
            formats.points(part.maximum),
            part.unknown,
            part.points == part.maximum,
            wording.reasons(part, self.match),
            [self.proof(source) for source in sources(part)],
        )

    def proof(self, source: Source) -> Proof:
        row = self.records.row(source)
        return Proof(self._what(source, row), row.evidence, source_of(row))

    def _what(self, source: Source, row: Fact) -> str:
        if source.kind == "offer":
            return str(row)
        if source.kind == "process":
            return self.names.process(source.slug)
        if source.kind == "nib":
            return _("NIB %(number)s") % {"number": source.number}
        if isinstance(row, Certificate):
            return ", ".join(filter(None, [self.names.kind(source.slug), row.number, row.issuer, row.scope]))
        return _("identitas dan tempat usaha")

    @property
    def score(self) -> str:
        return formats.points_range(self.match.low, self.match.high)

    @property
    def maximum(self) -> str:
        return formats.points(sum(part.maximum for part in self.match.parts))

    @property
    def evidence(self) -> str:
        return formats.points(self.match.evidence)

    @property
    def evidence_percent(self) -> int | None:
        return self.match.entry().evidence_percent

    @property
    def segments(self) -> list[Segment]:
        return segments(self.match.entry())

    @property
    def axis(self) -> list[Mark]:
        return axis(self.segments)

    @property
    def product(self) -> str:
        return str(self.records.products[self.match.offer.identity])

    @property
    def missing(self) -> list[str]:
        return self.wording.missing(self.match)

    @property
    def held(self) -> list[Held]:
        return self.wording.held(self.match)

    @property
    def before_start(self) -> str:
        return self.wording.before_start(self.match.before_start)

    @property
    def place(self) -> str:
        return place(self.ikm.organisation.area)

    @cached_property
    def advice(self) -> Advice | None:
        step = best_of(self.match, self.inputs.vocabulary)
        return advise(step, self.match, self.names, for_owner=self.for_owner) if step else None


def explain(
    need: Need,
    ikm: Ikm,
    *,
    inputs: Inputs,
    names: Names,
    for_owner: bool,
    records: Records | None = None,
) -> Explanation | None:
    """`need` with its conditions, `ikm` with organisation, area and who checked it. None: no candidate."""
    wanted = need_facts(need)
    if wanted is None:
        return None
    records = records or Records.of(ikm)
    found = candidates(wanted, records.facts, inputs.vocabulary, inputs.weights, inputs.as_of)
    if not found:
        return None
    entries = [match.entry() for match in found]
    best = found[entries.index(representative(entries))]

    def told(match: Match, others: list[Explanation]) -> Explanation:
        return Explanation(need, ikm, match, others, records, names, inputs, for_owner)

    rest = sorted(
        (m for m in found if m is not best), key=lambda m: (m.entry().rank_key, m.offer.ref, m.offer.identity)
    )
    return told(best, [told(match, []) for match in rest])


def sources(part: Part) -> list[Source]:
    """The facts behind a criterion: for each process or certificate the record that decided, also one that fails."""
    if part.finding.requirements:
        found = (source for r in part.finding.requirements for source in r.sources[:1])
        return list({(source.kind, source.key): source for source in found}.values())
    return list(part.finding.sources)


def source_of(row: Fact) -> str:
    """ "dokumen asli dilihat, Petugas A, 3 Mei 2026", or since when it is claimed."""
    if row.evidence == Evidence.CLAIMED:
        return _("diubah %(day)s") % {"day": formats.long_date(row.changed_at)}
    who = row.checked_by.name if row.checked_by else ""
    said = ", ".join(filter(None, [row.get_method_display(), who, formats.long_date(row.checked_on)]))
    return said + (" " + _("(petugas yang sama memasukkan dan memeriksanya)") if row.same_person else "")
