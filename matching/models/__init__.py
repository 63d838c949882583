from matching.models.invitations import GradualInvitation, InvitationPolicy
from matching.models.rankings import DismissedQuestion, IkmRanking, NeedRanking, Ranking, ScoringPolicy
from matching.models.selections import Choice, Selection, SelectionFile

__all__ = [
    "Choice",
    "DismissedQuestion",
    "GradualInvitation",
    "IkmRanking",
    "InvitationPolicy",
    "NeedRanking",
    "Ranking",
    "ScoringPolicy",
    "Selection",
    "SelectionFile",
]
