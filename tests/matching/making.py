"""Small facts for examples: each maker gives something that fits the others, with the differences named by the test."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from matching.facts import CertificateRecord, Ikm, Need, Offer, Policy, ProcessRecord, Vocabulary
from matching.pair import explain

DATA = Path(__file__).resolve().parents[2] / "catalogue" / "data"
VOCABULARY = Vocabulary.from_csv(DATA)
POLICY = Policy()
AS_OF = date(2026, 11, 24)
START, END = date(2027, 1, 1), date(2027, 6, 30)


def need(**values):
    return Need(
        **{
            "ref": "N1",
            "company": "C1",
            "category": "reng-baja-ringan",
            "quantity": Decimal(100),
            "basis": "month",
            "unit": "batang",
            "start": START,
            "end": END,
            "area": "36.72",
            **values,
        }
    )


def offer(**values):
    return Offer(
        **{
            "ref": "P1",
            "category": "reng-baja-ringan",
            "unit": "batang",
            "capacity_per_month": Decimal(200),
            "evidence": "verified",
            **values,
        }
    )


def ikm(*offers, **values):
    return Ikm(
        **{"ref": "I1", "area": "36.72.03", "evidence": "verified", "offers": offers or (offer(),), **values}
    )


def certificate(kind="iso-9001", **values):
    return CertificateRecord(kind, **{"evidence": "verified", "valid_until": date(2027, 12, 31), **values})


def process(slug="las-gmaw", evidence="verified"):
    return ProcessRecord(slug, evidence)


def match(wanted=None, workshop=None, which=0, policy=POLICY, as_of=AS_OF):
    """The match of one offer of a workshop, or None."""
    workshop = workshop or ikm()
    return explain(wanted or need(), workshop, workshop.offers[which], VOCABULARY, policy, as_of)
