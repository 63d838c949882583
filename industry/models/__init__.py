from industry.models.companies import Company
from industry.models.interests import Interest, NeedSight, Outcome, Question
from industry.models.needs import (
    Attachment,
    ConfidentialityPromise,
    DemandVersion,
    Need,
    PreferredCertificate,
    RequiredCertificate,
    RequiredProcess,
)

__all__ = [
    "Attachment",
    "Company",
    "ConfidentialityPromise",
    "DemandVersion",
    "Interest",
    "Need",
    "NeedSight",
    "Outcome",
    "PreferredCertificate",
    "Question",
    "RequiredCertificate",
    "RequiredProcess",
]
