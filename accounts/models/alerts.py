"""What a person wants to hear of regularly, what they were told already, and when the portal reminds."""

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.history import recorded
from accounts.models.people import User
from catalogue.models import Category


class DigestChoiceQuerySet(models.QuerySet):
    def due(self, today):
        """Of people who are to be looked for on `today`: nobody did so today, or for the weekly ones since Monday."""
        monday = today - timedelta(days=today.weekday())
        never = Q(looked_on=None)
        return self.filter(
            Q(rhythm=DigestChoice.Rhythm.DAY) & (never | Q(looked_on__lt=today))
            | Q(rhythm=DigestChoice.Rhythm.WEEK) & (never | Q(looked_on__lt=monday)),
            user__is_active=True,
        ).order_by("pk")


class DigestChoice(models.Model):
    """How often the person is told what is new. The row comes with the first saved search or followed category."""

    class Rhythm(models.TextChoices):
        DAY = "day", _("setiap hari")
        WEEK = "week", _("setiap minggu")
        OFF = "off", _("tidak dikirim")

    user = models.OneToOneField(User, models.CASCADE, related_name="digest_choice")
    rhythm = models.CharField(_("kabar berkala"), max_length=4, choices=Rhythm.choices, default=Rhythm.WEEK)
    # The day on which news for this person were last looked for, also where there were none.
    looked_on = models.DateField(null=True)

    objects = DigestChoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("kabar berkala")
        verbose_name_plural = _("kabar berkala")
        constraints = [
            models.CheckConstraint(condition=Q(rhythm__in=["day", "week", "off"]), name="digest_rhythm_known")
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.rhythm}"


class SavedSearch(models.Model):
    """A query of the directory that a person wants to hear of. `query` is its address after the "?"."""

    user = models.ForeignKey(User, models.CASCADE, related_name="saved_searches")
    name = models.CharField(_("nama"), max_length=80)
    query = models.CharField(max_length=1500, blank=True)
    is_on = models.BooleanField(_("kirim kabar"), default=True)
    created_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(_("terakhir dibuka"), null=True)
    # The workshops that matched when it was last looked at: what matches now and is not among them is new.
    known = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        verbose_name = _("pencarian tersimpan")
        verbose_name_plural = _("pencarian tersimpan")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "query"], name="search_saved_once"),
            models.CheckConstraint(condition=~Q(name=""), name="saved_search_named"),
        ]

    def __str__(self) -> str:
        return self.name


class CategoryFollow(models.Model):
    """A person wants to hear of new needs in a category and all under it, from `since` on."""

    user = models.ForeignKey(User, models.CASCADE, related_name="category_follows")
    category = models.ForeignKey(Category, models.CASCADE, related_name="+", verbose_name=_("kategori"))
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("kategori yang diikuti")
        verbose_name_plural = _("kategori yang diikuti")
        ordering = ["since", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "category"], name="category_followed_once")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.category_id}"


class Told(models.Model):
    """A digest told the person of this workshop or need. It is never told again, whatever else finds it."""

    class Kind(models.TextChoices):
        IKM = "ikm", _("IKM")
        NEED = "need", _("kebutuhan")

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=4, choices=Kind.choices)
    item = models.BigIntegerField()
    told_on = models.DateField(default=timezone.localdate)

    class Meta:
        verbose_name = _("hal yang sudah dikabarkan")
        verbose_name_plural = _("hal yang sudah dikabarkan")
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "item"], name="told_once"),
            models.CheckConstraint(condition=Q(kind__in=["ikm", "need"]), name="told_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.kind} {self.item}"


def usual_confirm_months() -> list[int]:
    return [5, 6, 9, 11]


def usual_leaving_days() -> list[int]:
    return [14]


def usual_certificate_days() -> list[int]:
    return [180, 90, 30, 0]


def usual_need_days() -> list[int]:
    return [5, 1]


def steps(label, default) -> ArrayField:
    return ArrayField(models.PositiveSmallIntegerField(), default=default, verbose_name=label)


@recorded()
class ReminderPolicy(models.Model):
    """When the portal reminds. One row at most; without it the values below are in force."""

    key = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    confirm_months = steps(
        _("profil belum dipastikan, bulan sesudah kepastian terakhir"), usual_confirm_months
    )
    leaving_days = steps(_("profil akan keluar dari urutan, hari sebelumnya"), usual_leaving_days)
    certificate_days = steps(_("sertifikat habis, hari sebelumnya"), usual_certificate_days)
    need_days = steps(_("batas waktu kebutuhan, hari sebelumnya"), usual_need_days)

    class Meta:
        verbose_name = _("aturan pengingat")
        verbose_name_plural = _("aturan pengingat")
        constraints = [models.CheckConstraint(condition=Q(key=1), name="reminder_policy_single")]

    def __str__(self) -> str:
        return str(_("aturan pengingat"))

    @classmethod
    def in_force(cls) -> "ReminderPolicy":
        return cls.objects.first() or cls()
