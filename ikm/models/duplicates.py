"""Profiles that may be one workshop, what an officer decided about them, and how two became one."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.history import recorded
from accounts.models import Organisation, User
from ikm.models.profile import Ikm


class DuplicatePairQuerySet(models.QuerySet):
    def of_office(self, office: Organisation):
        """Pairs of which the office answers for both."""
        return self.filter(
            first__organisation__reviewing_office=office, second__organisation__reviewing_office=office
        )

    def waiting(self):
        """Undecided pairs of profiles that both stand, the likeliest first."""
        return self.filter(
            state=DuplicatePair.State.WAITING, first__merged_into=None, second__merged_into=None
        ).order_by("-score", "pk")


@recorded()
class DuplicatePair(models.Model):
    """Two profiles that resemble each other (ikm.likeness). "distinct" is remembered: the pair is not asked again."""

    class State(models.TextChoices):
        WAITING = "waiting", _("menunggu")
        DISTINCT = "distinct", _("bukan usaha yang sama")
        MERGED = "merged", _("digabung")

    first = models.ForeignKey(Ikm, models.CASCADE, related_name="+")
    second = models.ForeignKey(Ikm, models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    found_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = DuplicatePairQuerySet.as_manager()

    class Meta:
        verbose_name = _("pasangan mirip")
        verbose_name_plural = _("pasangan mirip")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="duplicatepair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="duplicatepair_ordered"),
            models.CheckConstraint(condition=Q(score__lte=100), name="duplicatepair_score_bounded"),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at=None)
                | (~Q(state="waiting") & Q(decided_at__isnull=False)),
                name="duplicatepair_decided_has_day",
            ),
        ]
        indexes = [
            models.Index(fields=["-score"], condition=Q(state="waiting"), name="duplicatepair_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.first_id} – {self.second_id}: {self.score}"


class DuplicateCheck(models.Model):
    """The version of a profile that was last compared with the others; another version is to be compared."""

    ikm = models.OneToOneField(
        Ikm, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="+"
    )
    version = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.ikm_id}: {self.version}"


@recorded()
class Merge(models.Model):
    """One profile that goes on in another, with all that undoing it needs. No key of any other row is moved."""

    survivor = models.ForeignKey(Ikm, models.CASCADE, related_name="+")
    merged = models.ForeignKey(Ikm, models.CASCADE, related_name="+")
    # Field -> [what the survivor said before, what it says now], as ikm.merging writes values.
    taken = models.JSONField(default=dict)
    # The survivor's proof of identity before, and the moment of the merge: [before, after] by column.
    proof = models.JSONField(default=dict)
    # Keys of memberships: those that began at the survivor, and those that ended at the merged one.
    joined = models.JSONField(default=list)
    left = models.JSONField(default=list)
    merged_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    merged_at = models.DateTimeField(default=timezone.now)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("penggabungan")
        verbose_name_plural = _("penggabungan")
        ordering = ["-merged_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["merged"], condition=Q(undone_at=None), name="merge_once_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(survivor=F("merged")), name="merge_of_two"),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="merge_undone_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merged_id} → {self.survivor_id}"
