"""The list of a need frozen on a day, the decisions about its shortlist, and the files issued of it."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.history import recorded
from accounts.models import User
from ikm.models import Ikm
from industry.models import Company, Need
from matching import lifecycle
from matching.models.rankings import ScoringPolicy


class SelectionQuerySet(models.QuerySet):
    def editable_by(self, user):
        return self.filter(need__in=Need.objects.editable_by(user).order_by().values("pk"))

    def readable_by(self, user):
        """Of the buyer's own people; the office that reviews the company reads what is final."""
        readable = Need.objects.readable_by(user).order_by().values("pk")
        mine = Need.objects.editable_by(user).order_by().values("pk")
        return self.filter(Q(need__in=mine) | Q(need__in=readable, status=lifecycle.FINAL))

    def without_list(self):
        """For lists of records: the frozen list itself stays in the database."""
        return self.defer("content")


@recorded(exclude=["content"])
class Selection(models.Model):
    """The list of a need as it stood on a day, and who was chosen from it: a Berita acara pemilihan.

    `content` (matching.frozen) is complete in itself: names, points, missing things, evidence, in both languages. When
    final it also holds the decisions, `sha256` is of its canonical form, and the database refuses any change.
    """

    class Status(models.TextChoices):
        DRAFT = lifecycle.DRAFT, _("draf")
        FINAL = lifecycle.FINAL, _("sah")

    need = models.ForeignKey(Need, models.CASCADE, related_name="+", verbose_name=_("kebutuhan"))
    # Numbers run per company and year.
    company = models.ForeignKey(Company, models.CASCADE, related_name="+", verbose_name=_("perusahaan"))
    status = models.CharField(max_length=5, choices=Status.choices, default=Status.DRAFT)
    day = models.DateField(_("hari daftar dibekukan"))
    policy = models.ForeignKey(ScoringPolicy, models.PROTECT, related_name="+")
    edition = models.BigIntegerField(_("edisi katalog"))
    content = models.JSONField()
    started_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    year = models.PositiveSmallIntegerField(null=True)
    number = models.PositiveIntegerField(_("nomor"), null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)

    objects = SelectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("berita acara pemilihan")
        verbose_name_plural = _("berita acara pemilihan")
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["need"], condition=Q(status="draft"), name="one_draft_selection"),
            models.UniqueConstraint(fields=["company", "year", "number"], name="selection_number_once"),
            models.CheckConstraint(
                condition=Q(
                    status="draft", year=None, number=None, decided_by=None, decided_at=None, sha256=""
                )
                | Q(
                    status="final",
                    year__isnull=False,
                    number__gte=1,
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    sha256__regex="^[0-9a-f]{64}$",
                ),
                name="selection_final_is_whole",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="final_selection_is_frozen",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__status="final"),
            )
        ]

    def __str__(self) -> str:
        return self.reference or f"{self.need_id} ({self.day})"

    @property
    def is_final(self) -> bool:
        return self.status == lifecycle.FINAL

    @property
    def reference(self) -> str:
        """ "3/BAP/2026"; "" while it is a draft."""
        return f"{self.number}/BAP/{self.year}" if self.number else ""


@recorded()
class Choice(models.Model):
    """A workshop on the shortlist of a draft, and what was decided about it; the final record holds a copy."""

    class Verdict(models.TextChoices):
        CHOSEN = "chosen", _("dipilih")
        NOT_CHOSEN = "not_chosen", _("tidak dipilih")

    class Reason(models.TextChoices):
        BEST = "best", _("paling cocok di antara yang memenuhi syarat")
        CAPACITY = "capacity", _("kapasitas bebasnya cukup")
        PRICE = "price", _("harganya paling sesuai")
        TIME = "time", _("paling cepat selesai")
        QUALITY = "quality", _("mutu contohnya baik")
        RECORD = "record", _("pengalaman kerja sebelumnya baik")
        NEAR = "near", _("paling dekat dengan tempat kirim")
        CONDITION = "condition", _("syarat wajib belum terpenuhi")
        TOO_LITTLE = "too_little", _("kapasitasnya belum cukup")
        TOO_DEAR = "too_dear", _("harganya di atas yang lain")
        TOO_LATE = "too_late", _("waktunya terlalu lama")
        TOO_POOR = "too_poor", _("mutu contohnya belum sesuai")
        SILENT = "silent", _("tidak menjawab")
        UNWILLING = "unwilling", _("tidak bersedia atau mundur")
        FILLED = "filled", _("sudah dipenuhi IKM lain yang lebih cocok")
        OTHER = "other", _("alasan lain")

    # In the order of the form.
    FOR = ("best", "capacity", "price", "time", "quality", "record", "near", "other")
    AGAINST = (
        "condition",
        "too_little",
        "too_dear",
        "too_late",
        "too_poor",
        "silent",
        "unwilling",
        "filled",
        "other",
    )

    selection = models.ForeignKey(Selection, models.CASCADE, related_name="choices")
    ikm = models.ForeignKey(Ikm, models.CASCADE, related_name="+", verbose_name=_("IKM"))
    verdict = models.CharField(_("keputusan"), max_length=10, choices=Verdict.choices, blank=True)
    reason = models.CharField(_("alasan"), max_length=10, choices=Reason.choices, blank=True)
    words = models.CharField(_("keterangan"), max_length=500, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("keputusan pemilihan")
        verbose_name_plural = _("keputusan pemilihan")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["selection", "ikm"], name="choice_once"),
            models.CheckConstraint(
                condition=Q(verdict="", reason="", words="", decided_by=None, decided_at=None)
                | Q(verdict__in=["chosen", "not_chosen"], decided_by__isnull=False, decided_at__isnull=False)
                & ~Q(reason=""),
                name="choice_with_reason",
            ),
            models.CheckConstraint(condition=~Q(reason="other") | ~Q(words=""), name="choice_other_in_words"),
        ]

    def __str__(self) -> str:
        return f"{self.selection_id}: {self.ikm_id} ({self.verdict})"


class SelectionFile(models.Model):
    """A file of a final record as it was issued, byte by byte: a later version of the portal would write another."""

    class Kind(models.TextChoices):
        PDF = "pdf", "PDF"
        XLSX = "xlsx", "Excel"

    selection = models.ForeignKey(Selection, models.CASCADE, related_name="files")
    kind = models.CharField(max_length=4, choices=Kind.choices)
    language = models.CharField(max_length=2)
    data = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("berkas berita acara")
        verbose_name_plural = _("berkas berita acara")
        constraints = [
            models.UniqueConstraint(fields=["selection", "kind", "language"], name="selection_file_once")
        ]

    def __str__(self) -> str:
        return f"{self.selection_id}: {self.kind} {self.language}"
