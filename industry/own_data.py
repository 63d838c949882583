"""What this app holds of a company, and of a workshop that dealt with one (accounts.own_data)."""

from django.db.models import Case, Value, When
from django.utils.translation import gettext_lazy as _

from accounts.own_data import Holding
from industry.models import (
    Attachment,
    Company,
    ConfidentialityPromise,
    DemandVersion,
    Interest,
    Need,
    NeedSight,
    Outcome,
    Question,
)

OF_COMPANY = ("need__company__organisation",)

HOLDINGS = (
    Holding(NeedSight, organisation=("organisation",)),
    Holding(Question, organisation=("organisation",), actors=("asked_by", "answered_by")),
    Holding(
        Interest,
        organisation=("organisation",),
        actors=("moved_by",),
        blank={
            "message": "",
            # The database asks "another reason" for its words.
            "reason_words": Case(When(reason="other", then=Value("Dihapus.")), default=Value("")),
        },
    ),
    Holding(
        Outcome,
        organisation=("organisation", *OF_COMPANY),
        actors=("reported_by",),
        kept=_("angka hasil sebuah kebutuhan, tanpa nama"),
    ),
    Holding(
        ConfidentialityPromise,
        person=("user",),
        organisation=("organisation",),
        hidden=("user",),
        kept=_("janji menjaga kerahasiaan gambar pembeli, tanpa nama"),
        title=_("janji kerahasiaan"),
    ),
    Holding(Attachment, organisation=OF_COMPANY),
    Holding(
        Need,
        organisation=("company__organisation",),
        actors=("office", "created_by"),
        blank={"delivery_address": "", "spec": ""},
    ),
    Holding(
        Company,
        organisation=("organisation",),
        actors=("entered_by", "reviewed_by"),
        blank={
            # Nobody reviews it, and nothing of it is shown.
            "status": Company.Status.DRAFT,
            "submitted_at": None,
            "reviewed_at": None,
            "sector": "",
            "about": "",
            "remarks": "",
        },
    ),
)

# They point at a need and tell nothing of it.
NUMBERS_ONLY = (DemandVersion,)
