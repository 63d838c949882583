from ikm.models.capabilities import Certificate, ProcessCapability, Product, Reservation
from ikm.models.directory import (
    DirectoryCounts,
    DirectoryEntry,
    DirectoryOffer,
    DirectoryPosting,
    DirectoryReading,
    DirectoryWord,
)
from ikm.models.duplicates import DuplicateCheck, DuplicatePair, Merge
from ikm.models.favourites import Favourite
from ikm.models.imports import ImportRow, RegisterImport
from ikm.models.profile import Ikm, InvestmentBand, Review, SupplyVersion, Visit
from ikm.models.reports import Report

__all__ = [
    "Certificate",
    "DirectoryCounts",
    "DirectoryEntry",
    "DirectoryOffer",
    "DirectoryPosting",
    "DirectoryReading",
    "DirectoryWord",
    "DuplicateCheck",
    "DuplicatePair",
    "Favourite",
    "Ikm",
    "ImportRow",
    "InvestmentBand",
    "Merge",
    "ProcessCapability",
    "Product",
    "RegisterImport",
    "Report",
    "Reservation",
    "Review",
    "SupplyVersion",
    "Visit",
]
