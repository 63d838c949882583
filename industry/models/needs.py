"""What a company asks for, with its conditions and files."""

from datetime import date
from decimal import Decimal

import pghistory
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Exists, F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.history import recorded
from accounts.models import Document, Membership, Organisation, User
from accounts.models.organisations import new_ref
from catalogue.models import Area, Category, CertificateKind, Process, Unit
from industry import amounts, lifecycle
from industry.models.companies import Company


class NeedQuerySet(models.QuerySet):
    def of_member(self, user):
        return self.filter(
            company__organisation__memberships__user=user, company__organisation__memberships__left_on=None
        )

    def editable_by(self, user):
        return self.of_member(user).distinct()

    def readable_by(self, user):
        """Of the buyer's own people, and of the officers of the office that reviews the company."""
        return self.filter(
            Q(company__organisation__memberships__user=user, company__organisation__memberships__left_on=None)
            | Q(
                company__organisation__reviewing_office__memberships__user=user,
                company__organisation__reviewing_office__memberships__left_on=None,
            )
        ).distinct()

    def shown_to(self, user):
        """What `readable_by` allows; what the market has once seen is also for workshops and for every office.

        Other buyers see nothing of it.
        """
        works_in_the_market = Membership.objects.current().of_kinds("ikm", "dinas").filter(user=user)
        seen_by_market = Q(company__status=lifecycle.REVIEWED) & ~Q(status=lifecycle.DRAFT)
        return self.filter(
            Q(pk__in=self.model.objects.readable_by(user).values("pk"))
            | (seen_by_market & Q(Exists(works_in_the_market)))
        )

    def complete(self):
        """With all that a match needs: category, quantity, unit, start and end."""
        return self.exclude(Q(category=None) | Q(quantity=None) | Q(unit=None) | Q(start=None) | Q(end=None))

    def taking_part(self, on: date):
        """Open, of a reviewed company, not past the end on `on` (MATCHING.md)."""
        return self.filter(status=lifecycle.OPEN, company__status=lifecycle.REVIEWED, end__gte=on)


@recorded()
class Need(models.Model):
    """One item that a company asks for."""

    class Status(models.TextChoices):
        DRAFT = lifecycle.DRAFT, _("draf")
        OPEN = lifecycle.OPEN, _("terbuka")
        CLOSED = lifecycle.CLOSED, _("ditutup")

    class Basis(models.TextChoices):
        MONTH = "month", _("per bulan")
        TOTAL = "total", _("seluruhnya")

    class MaterialTerms(models.TextChoices):
        BUYER = "buyer", _("pembeli menyediakan bahan")
        RESERVED = "reserved", _("pembeli memesankan bahan")
        MARKET = "market", _("bahan dicari sendiri di pasar")

    class CloseReason(models.TextChoices):
        FILLED = "filled", _("terpenuhi lewat portal")
        ELSEWHERE = "elsewhere", _("dibeli di tempat lain")
        CANCELLED = "cancelled", _("tidak jadi dibutuhkan")
        NO_SUPPLIER = "no_supplier", _("tidak ada IKM yang sesuai")
        EXPIRED = "expired", _("waktunya lewat")

    company = models.ForeignKey(Company, models.CASCADE, related_name="needs")
    # The office within which `ref` is unique (MATCHING.md, exchange format).
    office = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    ref = models.CharField(_("nomor acuan"), max_length=60, default=new_ref)
    title = models.CharField(_("judul"), max_length=160)
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, related_name="+", verbose_name=_("kategori")
    )
    spec = models.TextField(_("spesifikasi"), max_length=5000, blank=True)
    quantity = models.DecimalField(_("jumlah"), max_digits=12, decimal_places=3, null=True)
    basis = models.CharField(_("dihitung"), max_length=5, choices=Basis.choices, default=Basis.MONTH)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("satuan"))
    unit_mass_kg = models.DecimalField(
        _("berat satuan (kg)"), max_digits=12, decimal_places=3, null=True, blank=True
    )
    start = models.DateField(_("mulai"), null=True)
    end = models.DateField(_("sampai"), null=True)
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("tempat kirim")
    )
    delivery_address = models.CharField(_("alamat kirim"), max_length=250, blank=True)
    max_lead_time_days = models.PositiveSmallIntegerField(
        _("waktu pengerjaan paling lama (hari)"), null=True, blank=True, validators=[MaxValueValidator(3650)]
    )
    required_certificates = models.ManyToManyField(
        CertificateKind, blank=True, related_name="+", verbose_name=_("sertifikat wajib")
    )
    preferred_certificates = models.ManyToManyField(
        CertificateKind, blank=True, related_name="+", verbose_name=_("sertifikat diutamakan")
    )
    required_processes = models.ManyToManyField(
        Process, blank=True, related_name="+", verbose_name=_("proses wajib")
    )
    allow_pooling = models.BooleanField(_("boleh dipenuhi beberapa IKM"), default=False)
    value_idr = models.DecimalField(
        _("perkiraan nilai (Rp)"), max_digits=18, decimal_places=0, null=True, blank=True
    )
    material_terms = models.CharField(_("bahan"), max_length=8, choices=MaterialTerms.choices, blank=True)
    payment_days = models.PositiveSmallIntegerField(
        _("dibayar dalam (hari)"), null=True, blank=True, validators=[MaxValueValidator(3650)]
    )
    status = models.CharField(max_length=6, choices=Status.choices, default=Status.DRAFT)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    close_reason = models.CharField(
        _("alasan ditutup"), max_length=12, choices=CloseReason.choices, blank=True
    )
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    objects = NeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("kebutuhan")
        verbose_name_plural = _("kebutuhan")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["office", "ref"], name="need_ref_once", nulls_distinct=False),
            models.CheckConstraint(condition=Q(status__in=lifecycle.NEED.states), name="need_status_known"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(ref=""), name="need_named"),
            models.CheckConstraint(
                condition=Q(quantity=None) | Q(quantity__gt=0), name="need_quantity_positive"
            ),
            models.CheckConstraint(
                condition=Q(unit_mass_kg=None) | Q(unit_mass_kg__gt=0), name="need_unit_mass_positive"
            ),
            models.CheckConstraint(
                condition=Q(start=None) | Q(end=None) | Q(end__gte=F("start")), name="need_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(max_lead_time_days=None) | Q(max_lead_time_days__lte=3650),
                name="need_lead_time_bounded",
            ),
            models.CheckConstraint(
                condition=Q(value_idr=None) | Q(value_idr__gte=0), name="need_value_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(status=lifecycle.DRAFT)
                | Q(
                    category__isnull=False,
                    quantity__isnull=False,
                    unit__isnull=False,
                    start__isnull=False,
                    end__isnull=False,
                    opened_at__isnull=False,
                ),
                name="need_open_is_complete",
            ),
            models.CheckConstraint(
                condition=Q(status=lifecycle.CLOSED, closed_at__isnull=False) & ~Q(close_reason="")
                | ~Q(status=lifecycle.CLOSED) & Q(closed_at=None, close_reason=""),
                name="need_closed_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_draft(self) -> bool:
        return self.status == lifecycle.DRAFT

    @property
    def is_open(self) -> bool:
        return self.status == lifecycle.OPEN

    @property
    def is_closed(self) -> bool:
        return self.status == lifecycle.CLOSED

    @property
    def months(self) -> int | None:
        """Calendar months from start to end, both counted; None while one of them is missing."""
        return amounts.months_counted(self.start, self.end) if self.start and self.end else None

    @property
    def quantity_per_month(self) -> Decimal | None:
        """In the need's unit, as MATCHING.md compares it; None while something is missing."""
        if self.quantity is None or self.start is None or self.end is None:
            return None
        return amounts.per_month(self.quantity, self.basis, self.start, self.end)


def recorded_links(model_name: str):
    """Class decorator: keep the history of a link table, which a proxy names (the automatic model has no triggers)."""
    return pghistory.track(
        pghistory.InsertEvent(), pghistory.DeleteEvent(), obj_field=None, model_name=model_name
    )


# The conditions are facts of the need too: who asked for a certificate, and who let it go, is recorded.
@recorded_links("NeedRequiredCertificateEvent")
class RequiredCertificate(Need.required_certificates.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True


@recorded_links("NeedPreferredCertificateEvent")
class PreferredCertificate(Need.preferred_certificates.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True


@recorded_links("NeedRequiredProcessEvent")
class RequiredProcess(Need.required_processes.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True


@recorded()
class Attachment(models.Model):
    """A drawing or document of a need, with who may fetch it."""

    class Visibility(models.TextChoices):
        PUBLIC = "public", _("siapa pun yang melihat kebutuhan ini")
        MUTUAL = "mutual", _("IKM setelah saling berminat")
        CONFIDENTIAL = "confidential", _("IKM setelah menyetujui kerahasiaan")

    need = models.ForeignKey(Need, models.CASCADE, related_name="attachments")
    document = models.ForeignKey(Document, models.CASCADE, related_name="+")
    visibility = models.CharField(
        _("boleh dilihat"), max_length=12, choices=Visibility.choices, default=Visibility.PUBLIC
    )

    class Meta:
        verbose_name = _("lampiran")
        verbose_name_plural = _("lampiran")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.need_id}: {self.document_id}"


class ConfidentialityPromise(models.Model):
    """A workshop's person ticked the promise to keep this need's drawings to themselves."""

    need = models.ForeignKey(Need, models.CASCADE, related_name="promises")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["need", "organisation"], name="promise_once_per_need")]

    def __str__(self) -> str:
        return f"{self.need_id}: {self.organisation_id}"


class DemandVersion(models.Model):
    """Raised by the database whenever anything changes that scoring reads of this need (web.versions)."""

    need = models.OneToOneField(
        Need, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="demand_version"
    )
    version = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.need_id}: {self.version}"
