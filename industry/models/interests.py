"""What passes between a need and a workshop: interest, invitation, questions, and what came of it."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.history import recorded
from accounts.models import Organisation, User
from industry import lifecycle
from industry.models.needs import Need


class InterestQuerySet(models.QuerySet):
    def of_workshop(self, organisation: Organisation):
        return self.filter(organisation=organisation)

    def editable_by_buyer(self, user):
        """Of needs of the companies the person works for."""
        return self.filter(need__in=Need.objects.editable_by(user))

    def unanswered(self):
        return self.filter(status__in=lifecycle.UNANSWERED)

    def mutual(self):
        """Both sides said yes and talk, or have agreed."""
        return self.filter(status__in=[lifecycle.TALKS, lifecycle.AGREED])


@recorded()
class Interest(models.Model):
    """One workshop and one need: who said yes, who said no and why. One row for the pair, from its first word on."""

    class Status(models.TextChoices):
        INTERESTED = lifecycle.INTERESTED, _("berminat")
        INVITED = lifecycle.INVITED, _("diundang")
        DECLINED = lifecycle.DECLINED, _("IKM tidak berminat")
        REFUSED = lifecycle.REFUSED, _("tidak dipilih pembeli")
        TAKEN_BACK = lifecycle.TAKEN_BACK, _("ditarik kembali")
        LAPSED = lifecycle.LAPSED, _("tidak sempat dijawab")
        TALKS = lifecycle.TALKS, _("saling berminat")
        AGREED = lifecycle.AGREED, _("sepakat")
        ENDED = lifecycle.ENDED, _("pembicaraan selesai")

    class Reason(models.TextChoices):
        FULL = "full", _("kapasitas sedang penuh")
        SKILL = "skill", _("di luar kemampuan bengkel")
        TIME = "time", _("waktunya terlalu sempit")
        PRICE = "price", _("harga atau cara bayar tidak cocok")
        MATERIAL = "material", _("bahan sulit didapat")
        PLACE = "place", _("tempat kirim terlalu jauh")
        CONDITIONS = "conditions", _("syarat belum terpenuhi")
        CAPACITY = "capacity", _("kapasitasnya belum cukup")
        CHOSEN = "chosen", _("sudah memilih IKM lain")
        QUALITY = "quality", _("mutu contoh belum sesuai")
        SILENCE = "silence", _("tidak ada kabar lagi")
        NOT_BOUGHT = "not_bought", _("tidak jadi dibeli")
        OTHER = "other", _("alasan lain")

    class Side(models.TextChoices):
        WORKSHOP = "workshop", _("IKM")
        BUYER = "buyer", _("pembeli")
        PORTAL = "portal", _("portal")

    need = models.ForeignKey(Need, models.CASCADE, related_name="interests")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices)
    # Who took the last step, and what was said with it.
    moved_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    moved_side = models.CharField(max_length=8, choices=Side.choices)
    moved_at = models.DateTimeField(default=timezone.now)
    message = models.TextField(_("pesan"), max_length=1000, blank=True)
    # In the need's unit and basis, as the workshop offers it.
    quantity = models.DecimalField(
        _("jumlah yang sanggup dikerjakan"), max_digits=12, decimal_places=3, null=True, blank=True
    )
    reason = models.CharField(_("alasan"), max_length=10, choices=Reason.choices, blank=True)
    reason_words = models.CharField(_("keterangan"), max_length=500, blank=True)
    # When each state was last reached (lifecycle.MOMENTS).
    interested_at = models.DateTimeField(null=True, blank=True)
    invited_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    lapsed_at = models.DateTimeField(null=True, blank=True)
    talks_at = models.DateTimeField(null=True, blank=True)
    agreed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = InterestQuerySet.as_manager()

    class Meta:
        verbose_name = _("minat")
        verbose_name_plural = _("minat")
        ordering = ["-moved_at", "-pk"]
        indexes = [models.Index(fields=["organisation", "status"], name="interest_of_workshop")]
        constraints = [
            models.UniqueConstraint(fields=["need", "organisation"], name="interest_once_per_pair"),
            models.CheckConstraint(
                condition=Q(status__in=[state for state in lifecycle.INTEREST.states if state != "new"]),
                name="interest_status_known",
            ),
            *(
                models.CheckConstraint(
                    condition=~Q(status=state) | Q(**{f"{moment}__isnull": False}),
                    name=f"interest_{state}_has_day",
                )
                for state, moment in lifecycle.MOMENTS.items()
            ),
            models.CheckConstraint(
                condition=~Q(status__in=lifecycle.MUTUAL)
                | Q(interested_at__isnull=False, invited_at__isnull=False, talks_at__isnull=False),
                name="interest_mutual_by_both",
            ),
            models.CheckConstraint(
                condition=Q(status__in=lifecycle.WITH_REASON) & ~Q(reason="")
                | ~Q(status__in=lifecycle.WITH_REASON) & Q(reason="", reason_words=""),
                name="interest_no_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(reason="other") | ~Q(reason_words=""), name="interest_other_reason_in_words"
            ),
            models.CheckConstraint(
                condition=Q(quantity=None) | Q(quantity__gt=0), name="interest_quantity_positive"
            ),
            models.CheckConstraint(
                condition=Q(moved_side__in=["workshop", "buyer", "portal"]), name="interest_side_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.need_id}: {self.organisation_id} ({self.status})"

    @property
    def is_open_to_both(self) -> bool:
        """Both said yes: each sees how to reach the other."""
        return self.status in lifecycle.MUTUAL


class NeedSight(models.Model):
    """Somebody of the workshop opened the page of a need: one row a day, so that the buyer knows it was seen."""

    need = models.ForeignKey(Need, models.CASCADE, related_name="sights")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    day = models.DateField()

    class Meta:
        verbose_name = _("kebutuhan dibuka")
        verbose_name_plural = _("kebutuhan dibuka")
        constraints = [
            models.UniqueConstraint(fields=["need", "organisation", "day"], name="sight_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.need_id}: {self.organisation_id} ({self.day})"


class QuestionQuerySet(models.QuerySet):
    def open(self):
        return self.filter(answered_at=None)


@recorded()
class Question(models.Model):
    """What a workshop asks about a need. With its answer all who are in contact read it, without the asker's name."""

    need = models.ForeignKey(Need, models.CASCADE, related_name="questions")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    text = models.TextField(_("pertanyaan"), max_length=500)
    asked_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    answer = models.TextField(_("jawaban"), max_length=1000, blank=True)
    answered_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("pertanyaan")
        verbose_name_plural = _("pertanyaan")
        ordering = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="") | Q(answered_at__isnull=False) & ~Q(answer=""),
                name="question_answered_has_day",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="question_has_words"),
            # A double click asks once.
            models.UniqueConstraint(fields=["need", "organisation", "text"], name="question_asked_once"),
        ]

    def __str__(self) -> str:
        return f"{self.need_id}: {self.text[:40]}"


@recorded()
class Outcome(models.Model):
    """What came of a closed need, by one side's word: whether it was bought from this workshop, and how much.

    `organisation` empty: the buyer's word on what was bought elsewhere.
    """

    class Side(models.TextChoices):
        WORKSHOP = "workshop", _("IKM")
        BUYER = "buyer", _("pembeli")

    need = models.ForeignKey(Need, models.CASCADE, related_name="outcomes")
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, blank=True, related_name="+")
    side = models.CharField(max_length=8, choices=Side.choices)
    bought = models.BooleanField(_("jadi dibeli"))
    # In the need's unit, over the whole time of the need.
    quantity = models.DecimalField(_("jumlah"), max_digits=14, decimal_places=3, null=True, blank=True)
    reported_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    reported_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("hasil kebutuhan")
        verbose_name_plural = _("hasil kebutuhan")
        ordering = ["need", "organisation", "side"]
        constraints = [
            models.UniqueConstraint(
                fields=["need", "organisation", "side"], name="outcome_once_a_side", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(bought=True, quantity__gt=0) | Q(bought=False, quantity=None),
                name="outcome_bought_has_quantity",
            ),
            models.CheckConstraint(
                condition=Q(side="buyer") | Q(side="workshop", organisation__isnull=False),
                name="outcome_side_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.need_id}: {self.organisation_id} ({self.side})"
