from accounts.models.alerts import CategoryFollow, DigestChoice, ReminderPolicy, SavedSearch, Told
from accounts.models.facts import Document, Evidence, Fact, Method
from accounts.models.follow_ups import FollowUp
from accounts.models.notices import Notification
from accounts.models.organisations import (
    Claim,
    Consent,
    Introduction,
    Invitation,
    Membership,
    Organisation,
)
from accounts.models.people import EntryCard, User
from accounts.models.requests import DataExport, DataRequest

__all__ = [
    "CategoryFollow",
    "Claim",
    "Consent",
    "DataExport",
    "DataRequest",
    "DigestChoice",
    "Document",
    "EntryCard",
    "Evidence",
    "Fact",
    "FollowUp",
    "Introduction",
    "Invitation",
    "Membership",
    "Method",
    "Notification",
    "Organisation",
    "ReminderPolicy",
    "SavedSearch",
    "Told",
    "User",
]
