"""What this app holds of workshops and companies (accounts.own_data)."""

from django.utils.translation import gettext_lazy as _

from accounts.own_data import Holding
from matching.models import (
    Choice,
    DismissedQuestion,
    GradualInvitation,
    IkmRanking,
    InvitationPolicy,
    NeedRanking,
    ScoringPolicy,
    Selection,
)

HOLDINGS = (
    Holding(ScoringPolicy, actors=("created_by",)),
    Holding(InvitationPolicy, actors=("created_by",)),
    Holding(
        GradualInvitation,
        organisation=("need__company__organisation",),
        actors=("started_by",),
        kept=_("aturan undangan bertahap, tanpa nama"),
    ),
    # A buyer answers for whom was chosen; the workshop is not told of it before the buyer tells.
    Holding(
        Choice,
        also=("ikm__organisation",),
        actors=("decided_by",),
        kept=_("keputusan dalam berita acara pemilihan pembeli, yang menyebut nama usaha"),
    ),
    Holding(
        Selection,
        organisation=("company__organisation",),
        actors=("started_by", "decided_by"),
        hidden=("content",),  # the record itself is downloaded from its page
        kept=_("berita acara pemilihan, dokumen resmi perusahaan"),
    ),
    Holding(DismissedQuestion, organisation=("ikm__organisation",), actors=("answered_by",)),
    Holding(IkmRanking, also=("ikm__organisation",)),
    Holding(NeedRanking, also=("need__company__organisation",)),
)
