"""A frozen list as pages, PDF and workbook read it: the content of a Selection in one language.

All three say the same numbers because they take them from here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Evidence
from industry.models import Interest
from matching.facts import STANDINGS
from matching.freezing import LANGUAGES
from matching.models import Choice
from web import formats
from web.bars import Segment
from web.templatetags.face import STANDINGS as SAID

BY_REQUIREMENT = frozenset(["process", "certification", "preference"])


def in_language(content: Any, language: str) -> Any:
    """The content with one language's texts."""
    if isinstance(content, dict):
        if content.keys() == set(LANGUAGES):
            return content[language]
        return {name: in_language(inner, language) for name, inner in content.items()}
    if isinstance(content, list):
        return [in_language(inner, language) for inner in content]
    return content


@dataclass(frozen=True)
class Proof:
    what: str
    evidence: str
    source: str

    @property
    def said(self) -> str:
        """ "ISO 9001, 12/QMS, Lembaga Contoh: terperiksa, dokumen asli dilihat, Petugas A, 3 Mei 2026"."""
        return f"{self.what}: {Evidence(self.evidence).label}, {self.source}"


@dataclass(frozen=True)
class Part:
    """One criterion of a row; points in tenths."""

    criterion: str
    label: str
    points: int
    maximum: int
    unknown: bool
    asked: str
    offered: str
    reasons: list[str]
    proofs: list[Proof]

    @property
    def points_said(self) -> str:
        return formats.points_range(0, self.maximum) if self.unknown else formats.points(self.points)

    @property
    def maximum_said(self) -> str:
        return formats.points(self.maximum)

    @property
    def offered_and_why(self) -> str:
        """Reasons that go requirement by requirement say what is offered."""
        offered = "" if self.criterion in BY_REQUIREMENT else self.offered
        return ". ".join(filter(None, [offered, " ".join(self.reasons)]))


@dataclass(frozen=True)
class Decision:
    """About a workshop of the shortlist; `verdict` "" until it is decided."""

    verdict: str
    reason: str
    words: str
    by: str
    at: datetime | None

    @property
    def is_chosen(self) -> bool:
        return self.verdict == Choice.Verdict.CHOSEN

    @property
    def verdict_said(self) -> str:
        return str(Choice.Verdict(self.verdict).label) if self.verdict else ""

    @property
    def reason_said(self) -> str:
        return str(Choice.Reason(self.reason).label) if self.reason else ""

    @property
    def why(self) -> str:
        """ "kapasitas bebasnya cukup: 300 pcs per bulan"; for another reason the person's words alone."""
        if self.reason == Choice.Reason.OTHER:
            return self.words
        return ": ".join(filter(None, [self.reason_said, self.words]))


@dataclass(frozen=True)
class Row:
    ikm: int
    name: str
    place: str
    product: str
    rank: str
    standing: str
    proven: bool
    low: int
    high: int
    evidence: int
    interest: str
    missing: list[str]
    before_start: str
    parts: list[Part]
    decision: Decision | None = None

    @property
    def key(self) -> str:
        """As a form says it."""
        return str(self.ikm)

    @property
    def score(self) -> str:
        return formats.points_range(self.low, self.high)

    @property
    def maximum_said(self) -> str:
        return formats.points(sum(part.maximum for part in self.parts))

    @property
    def evidence_percent(self) -> int | None:
        """As the buyer's list says it (matching.ranking.Entry)."""
        return self.evidence * 100 // self.low if self.low else None

    @property
    def standing_said(self) -> str:
        """ "Memenuhi syarat · terperiksa", "Kurang satu", "Kurang 3 hal"."""
        if len(self.missing) > 1:
            n = len(self.missing)
            return ngettext("Kurang %(n)d hal", "Kurang %(n)d hal", n) % {"n": n}
        return str(SAID["near" if self.missing else "proven" if self.proven else "qualified"])

    @property
    def interest_said(self) -> str:
        return str(Interest.Status(self.interest).label) if self.interest else ""

    @property
    def qualifies(self) -> bool:
        return self.standing == STANDINGS[0]

    @property
    def unknown(self) -> list[str]:
        return [part.label for part in self.parts if part.unknown]

    @property
    def segments(self) -> list[Segment]:
        return [Segment(part.label, part.maximum, part.points, part.unknown) for part in self.parts]


@dataclass(frozen=True)
class Frozen:
    """`told` is a content in one language; `decisions` by key of the IKM, those of a draft, else the content's own."""

    told: Mapping[str, Any]
    decisions: Mapping[int, Decision]

    @classmethod
    def of(cls, content: Mapping[str, Any], language: str, decisions: Mapping[int, Decision] | None = None):
        told = in_language(content, language)
        return cls(told, decisions_of(told) if decisions is None else decisions)

    @property
    def day(self) -> date:
        return date.fromisoformat(self.told["day"])

    @property
    def need(self) -> Mapping[str, Any]:
        return self.told["need"]

    @property
    def company(self) -> Mapping[str, Any]:
        return self.told["company"]

    @property
    def policy_said(self) -> str:
        """ "versi 1 (30/15/20/5/20/5/5)"."""
        policy = self.told["policy"]
        weights = "/".join(str(weight) for weight in policy["weights"])
        return _("versi %(version)d (bobot %(weights)s)") % {"version": policy["version"], "weights": weights}

    @property
    def edition(self) -> int:
        return self.told["edition"]

    @property
    def counts(self) -> Mapping[str, int]:
        return self.told["counts"]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def left_out(self) -> int:
        """Candidates that are counted only."""
        return self.total - len(self.rows)

    @property
    def criteria(self) -> list[Mapping[str, Any]]:
        return self.told["criteria"]

    @cached_property
    def rows(self) -> list[Row]:
        return list(self._rows())

    def _rows(self) -> Iterator[Row]:
        labels = {each["criterion"]: each["label"] for each in self.criteria}
        for said in self.told["rows"]:
            parts = [
                Part(
                    **{**part, "proofs": [Proof(**proof) for proof in part["proofs"]]},
                    label=labels[part["criterion"]],
                )
                for part in said["parts"]
            ]
            plain = {name: value for name, value in said.items() if name not in {"ref", "parts"}}
            yield Row(**plain, parts=parts, decision=self.decisions.get(said["ikm"]))

    @cached_property
    def shortlist(self) -> list[Row]:
        return [row for row in self.rows if row.decision]

    @property
    def chosen(self) -> list[Row]:
        return [row for row in self.shortlist if row.decision.is_chosen]

    @property
    def undecided(self) -> list[Row]:
        return [row for row in self.shortlist if not row.decision.verdict]

    @property
    def record(self) -> Mapping[str, Any]:
        """Number, who decided and when; of a final record only."""
        return self.told["record"]

    @property
    def decided_at(self) -> datetime:
        return timezone.localtime(datetime.fromisoformat(self.record["decided_at"]))


def decisions_of(told: Mapping[str, Any]) -> dict[int, Decision]:
    return {
        said["ikm"]: Decision(
            said["verdict"], said["reason"], said["words"], said["by"], datetime.fromisoformat(said["at"])
        )
        for said in told.get("choices", ())
    }
