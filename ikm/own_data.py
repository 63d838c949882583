"""What this app holds of a workshop (accounts.own_data)."""

from django.utils.translation import gettext_lazy as _

from accounts.own_data import Holding
from ikm.models import (
    Certificate,
    DirectoryEntry,
    DirectoryReading,
    DuplicateCheck,
    DuplicatePair,
    Favourite,
    Ikm,
    ImportRow,
    Merge,
    ProcessCapability,
    Product,
    RegisterImport,
    Report,
    Review,
    SupplyVersion,
    Visit,
)

OWN = ("ikm__organisation",)
CHECKED = ("checked_by", "changed_by")

HOLDINGS = (
    Holding(DirectoryEntry, also=OWN),
    Holding(DuplicatePair, also=("first__organisation", "second__organisation"), actors=("decided_by",)),
    Holding(
        Merge,
        also=("survivor__organisation", "merged__organisation"),
        actors=("merged_by", "undone_by"),
    ),
    Holding(Favourite, organisation=("organisation",), also=OWN, actors=("added_by",)),
    Holding(
        Report, person=("reported_by",), organisation=OWN, actors=("settled_by",), hidden=("reported_by",)
    ),
    Holding(RegisterImport, actors=("office", "created_by", "asked_by")),
    Holding(
        ImportRow, organisation=OWN, hidden=("job", "remarks", "before"), blank={"cells": [], "before": None}
    ),
    Holding(Review, organisation=OWN, actors=("officer", "office")),
    Holding(Visit, organisation=OWN, actors=("officer",)),
    Holding(Certificate, organisation=OWN, actors=CHECKED),
    Holding(ProcessCapability, organisation=OWN, actors=CHECKED),
    Holding(Product, organisation=OWN, actors=CHECKED),
    Holding(
        Ikm,
        organisation=("organisation",),
        actors=(*CHECKED, "submitted_by", "entered_by"),
        cleared=("kblis",),
        blank={
            "legal_form": "",
            "about": "",
            "year_founded": None,
            "workers": None,
            "investment_band": "",
            "latitude": None,
            "longitude": None,
            "done_sections": [],
            # The database asks a withdrawn profile for its reason; no other one has any.
            "withdrawal_reason": _("Dihapus atas permintaan pemilik."),
        },
    ),
)

# They point at a workshop and tell nothing of it.
NUMBERS_ONLY = (DirectoryReading, DuplicateCheck, SupplyVersion)
