"""A table of workshops that an office brings into the register, and what became of each of its rows."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Document, Organisation, User
from ikm.models.profile import Ikm
from web.jobs import Job, JobQuerySet


class RegisterImportQuerySet(JobQuerySet):
    def of_office(self, office: Organisation):
        return self.filter(office=office)


class RegisterImport(Job):
    """`phase` is how far the table has come; the job's state is about the task that was last asked for it."""

    class Phase(models.TextChoices):
        COLUMNS = "columns", _("kolom belum dicocokkan")
        CHECKED = "checked", _("siap diterapkan")
        APPLIED = "applied", _("diterapkan")
        UNDONE = "undone", _("diurungkan")

    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    phase = models.CharField(max_length=8, choices=Phase.choices, default=Phase.COLUMNS)
    name = models.CharField(_("nama berkas"), max_length=150)
    sha256 = models.CharField(max_length=64)
    document = models.ForeignKey(Document, models.SET_NULL, null=True, related_name="+")
    headings = models.JSONField(default=list)
    # Column of the file, from 0, as text -> field of ikm.register.columns.
    mapping = models.JSONField(default=dict)
    # A product as it stands in the file, folded -> slug of its category; "" where it is passed over.
    words = models.JSONField(default=dict)
    # Also what differs is taken over, in profiles that nobody but the office looks after.
    replaces = models.BooleanField(default=False)
    counts = models.JSONField(default=dict)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    # Who asked for the task under way: in whose name it writes.
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    applied_at = models.DateTimeField(null=True)
    undo_until = models.DateTimeField(null=True)

    objects = RegisterImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("impor daftar")
        verbose_name_plural = _("impor daftar")
        ordering = ["-created_at", "-pk"]
        constraints = [
            *Job.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(phase__in=["columns", "checked"], applied_at=None, undo_until=None)
                | models.Q(
                    phase__in=["applied", "undone"], applied_at__isnull=False, undo_until__isnull=False
                ),
                name="registerimport_applied_has_days",
            ),
        ]
        indexes = [
            models.Index(
                fields=["begun_at"],
                condition=models.Q(state__in=["waiting", "running"]),
                name="registerimport_unfinished",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def checked_mark(self) -> str:
        """Names the preview: another one after every check."""
        return self.begun_at.isoformat() if self.begun_at else ""


class ImportRow(models.Model):
    class Outcome(models.TextChoices):
        UNREAD = "", _("belum dibaca")
        NEW = "new", _("profil baru")
        UPDATE = "update", _("melengkapi")
        SAME = "same", _("sudah ada")
        REJECTED = "rejected", _("ditolak")

    class Fate(models.TextChoices):
        OPEN = "", _("belum diterapkan")
        APPLIED = "applied", _("diterapkan")
        UNDONE = "undone", _("diurungkan")
        KEPT = "kept", _("tetap")

    job = models.ForeignKey(RegisterImport, models.CASCADE, related_name="rows")
    # The line in the file, from 1.
    number = models.PositiveIntegerField()
    cells = models.JSONField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True, default="")
    # [code, detail] each; a rejected row has at least one that refuses it (ikm.register.remarks).
    remarks = models.JSONField(default=list)
    fate = models.CharField(max_length=8, choices=Fate.choices, blank=True, default="")
    # Why an undo left it as it is: a key of ikm.register.undoing.REASONS.
    kept_because = models.CharField(max_length=12, blank=True)
    ikm = models.ForeignKey(Ikm, models.SET_NULL, null=True, related_name="+")
    # What an update replaced, and the version of the profile that the import left behind.
    before = models.JSONField(null=True)
    version = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("baris impor")
        verbose_name_plural = _("baris impor")
        ordering = ["job", "number"]
        constraints = [
            models.UniqueConstraint(fields=["job", "number"], name="importrow_once"),
            models.CheckConstraint(
                condition=~models.Q(outcome="rejected") | ~models.Q(remarks=[]),
                name="importrow_rejected_with_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(fate="") | models.Q(outcome__in=["new", "update"]),
                name="importrow_fate_of_what_was_written",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.job_id}: {self.number}"
