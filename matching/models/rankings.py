"""The weights in force, and the kept lists: one row per need and per IKM, replaced whole.

A list says from what it was computed: the version of its owner's facts, the edition of the catalogue, the policy and
the day. `spread_version` says which version of the owner has been worked into the lists of the other side. A list is
stale when any of these is behind (matching.stale); no high-water mark, no flag that a lost message could leave wrong.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from catalogue.models import Category
from ikm.models import Ikm
from industry.models import Need
from matching import facts
from matching.ranking import Entry, KeptList


class ScoringPolicy(models.Model):
    """Weights in the order of MATCHING.md's criteria. A version is never changed; another one takes its place."""

    version = models.PositiveIntegerField(_("versi"), unique=True)
    weights = ArrayField(
        models.PositiveSmallIntegerField(), size=len(facts.CRITERIA), verbose_name=_("bobot")
    )
    in_force = models.BooleanField(_("berlaku"), default=False)
    note = models.CharField(_("catatan"), max_length=250, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("aturan nilai")
        verbose_name_plural = _("aturan nilai")
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["in_force"], condition=Q(in_force=True), name="one_policy_in_force"
            ),
            models.CheckConstraint(
                condition=Q(weights__len=len(facts.CRITERIA)), name="policy_weight_per_criterion"
            ),
        ]  # and, in the migration, that each weight is 1-1000

    def __str__(self) -> str:
        return f"{self.version}: {'/'.join(map(str, self.weights))}"

    def as_policy(self) -> facts.Policy:
        return facts.Policy(weights=tuple(self.weights), version=self.version)


class Ranking(models.Model):
    """The kept list of one owner. `rows` are entries as JSON, the best first; `others` their counterparts' keys."""

    # The owner's version in this list; None: rows that were left out may belong into it, compute it afresh.
    version = models.BigIntegerField(null=True)
    spread_version = models.BigIntegerField(null=True)
    takes_part = models.BooleanField(default=True)
    as_of = models.DateField()
    policy = models.ForeignKey(ScoringPolicy, models.PROTECT, related_name="+")
    edition = models.BigIntegerField()
    rows = models.JSONField(default=list)
    others = ArrayField(models.BigIntegerField(), default=list)
    floor = models.JSONField(null=True)
    counts = ArrayField(models.IntegerField(), size=4, null=True)
    keep = models.PositiveSmallIntegerField(default=50)
    reserve = models.PositiveSmallIntegerField(default=30)
    computed_at = models.DateTimeField(default=timezone.now)

    side: str

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(takes_part=True) | Q(others=[]), name="%(class)s_of_who_takes_part"
            ),
            models.CheckConstraint(
                condition=Q(
                    others__len=Func(
                        F("rows"), function="jsonb_array_length", output_field=models.IntegerField()
                    )
                ),
                name="%(class)s_rows_and_others",
            ),
        ]

    def kept(self, ref: str = "") -> KeptList:
        """As the pure list that can be patched; patching needs no `ref`."""
        return KeptList(
            side=self.side,
            ref=ref,
            key=self.pk,
            entries=tuple(Entry.from_json(row) for row in self.rows),
            floor=None if self.floor is None else tuple(self.floor),
            counts=None
            if self.counts is None
            else (self.counts[0], self.counts[1], self.counts[2], self.counts[3]),
            keep=self.keep,
            reserve=self.reserve,
        )

    def take(self, kept: KeptList) -> None:
        """Replace the rows by those of `kept`; does not save."""
        self.rows = [list(entry) for entry in kept.entries]
        self.others = [entry.other(self.side)[1] for entry in kept.entries]
        self.floor = None if kept.floor is None else list(kept.floor)
        self.counts = None if kept.counts is None else list(kept.counts)
        self.keep, self.reserve = kept.keep, kept.reserve
        self.computed_at = timezone.now()

    @property
    def entries(self) -> list[Entry]:
        """The rows that the rule keeps: the first 50."""
        return [Entry.from_json(row) for row in self.rows[: self.keep]]


class NeedRanking(Ranking):
    need = models.OneToOneField(Need, models.CASCADE, primary_key=True, related_name="+")

    side = "need"

    class Meta(Ranking.Meta):
        verbose_name = _("urutan IKM untuk kebutuhan")
        verbose_name_plural = _("urutan IKM untuk kebutuhan")
        indexes = [GinIndex(fields=["others"], name="need_ranking_others")]

    def __str__(self) -> str:
        return f"{self.need_id} ({self.as_of})"


class IkmRanking(Ranking):
    ikm = models.OneToOneField(Ikm, models.CASCADE, primary_key=True, related_name="+")

    side = "ikm"

    class Meta(Ranking.Meta):
        verbose_name = _("urutan kebutuhan untuk IKM")
        verbose_name_plural = _("urutan kebutuhan untuk IKM")
        indexes = [GinIndex(fields=["others"], name="ikm_ranking_others")]

    def __str__(self) -> str:
        return f"{self.ikm_id} ({self.as_of})"


class DismissedQuestion(models.Model):
    """A workshop holds the processes for this category and said that it does not make it: it is not asked again."""

    ikm = models.ForeignKey(Ikm, models.CASCADE, related_name="+", verbose_name=_("IKM"))
    category = models.ForeignKey(Category, models.CASCADE, related_name="+", verbose_name=_("kategori"))
    answered_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("pertanyaan yang dijawab tidak")
        verbose_name_plural = _("pertanyaan yang dijawab tidak")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["ikm", "category"], name="question_dismissed_once")]

    def __str__(self) -> str:
        return f"{self.ikm_id}: {self.category_id}"
