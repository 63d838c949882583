from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.history import recorded
from accounts.models import Document, Fact, Introduction, Membership, Organisation
from accounts.models.facts import FactQuerySet
from accounts.models.organisations import new_ref
from catalogue.models import Category, CertificateKind, Process, Unit
from ikm.models.profile import Ikm


def quantity(label, **options) -> models.DecimalField:
    """A quantity as the exchange format has it: up to 9 digits before and 3 after the comma."""
    return models.DecimalField(label, max_digits=12, decimal_places=3, null=True, blank=True, **options)


@recorded()
class Product(Fact):
    """What a workshop offers. Verified means that an officer saw the product and its capacity."""

    ikm = models.ForeignKey(Ikm, models.CASCADE, related_name="products")
    ref = models.CharField(_("nomor acuan"), max_length=60, default=new_ref)
    name = models.CharField(_("nama produk"), max_length=160)
    category = models.ForeignKey(Category, models.PROTECT, related_name="+", verbose_name=_("kategori"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("satuan"))
    # "If you made only this", in `unit`.
    capacity_per_month = quantity(_("kapasitas per bulan"))
    committed_per_month = quantity(_("sudah terpakai per bulan"))
    # Products of one IKM with the same pool are made by the same hands.
    pool = models.CharField(_("tim"), max_length=40, blank=True)
    # Of one base unit (piece, batang, lembar, metre, m², set).
    unit_mass_kg = quantity(_("berat satuan (kg)"))
    lead_time_days = models.PositiveSmallIntegerField(
        _("waktu pengerjaan (hari)"), null=True, blank=True, validators=[MaxValueValidator(3650)]
    )
    min_order = quantity(_("pesanan terkecil"))
    material = models.CharField(_("bahan"), max_length=160, blank=True)
    photo = models.ForeignKey(Document, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta(Fact.Meta):
        verbose_name = _("produk")
        verbose_name_plural = _("produk")
        ordering = ["pk"]
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(fields=["ikm", "ref"], name="product_ref_once"),
            models.CheckConstraint(
                condition=(Q(capacity_per_month=None) | Q(capacity_per_month__gte=0))
                & (Q(committed_per_month=None) | Q(committed_per_month__gte=0))
                & (Q(min_order=None) | Q(min_order__gte=0)),
                name="product_quantities_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(unit_mass_kg=None) | Q(unit_mass_kg__gt=0), name="product_unit_mass_positive"
            ),
            models.CheckConstraint(
                condition=Q(lead_time_days=None) | Q(lead_time_days__lte=3650),
                name="product_lead_time_bounded",
            ),
            models.CheckConstraint(condition=~Q(name="") & ~Q(ref=""), name="product_named"),
        ]

    def __str__(self) -> str:
        return self.name


@recorded()
class ProcessCapability(Fact):
    ikm = models.ForeignKey(Ikm, models.CASCADE, related_name="processes")
    process = models.ForeignKey(Process, models.PROTECT, related_name="+", verbose_name=_("proses"))
    machines = models.CharField(_("mesin"), max_length=300, blank=True)

    class Meta(Fact.Meta):
        verbose_name = _("proses yang dikuasai")
        verbose_name_plural = _("proses yang dikuasai")
        ordering = ["pk"]
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(fields=["ikm", "process"], name="process_once_per_ikm"),
        ]

    def __str__(self) -> str:
        return str(self.process)


class CertificateQuerySet(FactQuerySet):
    def readable_by(self, user):
        """With their pictures: own people, officers of the reviewing office, and who was introduced to the workshop."""
        theirs = Membership.objects.current().filter(user=user).values("organisation")
        of = OuterRef("ikm__organisation")
        introduced = Introduction.objects.filter(
            Q(first__in=theirs, second=of) | Q(second__in=theirs, first=of)
        )
        return self.filter(
            Q(ikm__organisation__in=theirs)
            | Q(ikm__organisation__reviewing_office__in=theirs)
            | Q(Exists(introduced), retired_at=None),
            ikm__merged_into=None,
        )


@recorded()
class Certificate(Fact):
    ikm = models.ForeignKey(Ikm, models.CASCADE, related_name="certificates")
    kind = models.ForeignKey(CertificateKind, models.PROTECT, related_name="+", verbose_name=_("jenis"))
    number = models.CharField(_("nomor"), max_length=80, blank=True)
    issuer = models.CharField(_("penerbit"), max_length=160, blank=True)
    scope = models.CharField(_("lingkup"), max_length=200, blank=True)
    # Counts only for offers of this category or under it; empty: for all.
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("untuk kategori")
    )
    # Counts only for the needs of this company; compulsory for kinds that a buyer issues (CSMS).
    for_company = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("untuk perusahaan"),
    )
    holders = models.PositiveSmallIntegerField(_("jumlah pemegang"), default=1)
    valid_from = models.DateField(_("berlaku sejak"), null=True, blank=True)
    valid_until = models.DateField(_("berlaku sampai"), null=True, blank=True)
    document = models.ForeignKey(Document, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = CertificateQuerySet.as_manager()

    class Meta(Fact.Meta):
        verbose_name = _("sertifikat")
        verbose_name_plural = _("sertifikat")
        ordering = ["pk"]
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["ikm", "kind", "number", "valid_from"],
                name="certificate_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="certificate_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}".strip()


class Reservation(models.Model):
    """What a letter promises of a product per month (written by commitments; read by scoring)."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="reservations")
    starts = models.DateField()
    ends = models.DateField()
    # In the product's unit; None: it could not be converted, so what is free is unknown.
    quantity_per_month = quantity(_("dipesan per bulan"))
    # The need that the letter serves, as its key: such a reservation does not count against that very need.
    serves_need = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="reservation_ends_after_start"),
            models.CheckConstraint(
                condition=Q(quantity_per_month=None) | Q(quantity_per_month__gte=0),
                name="reservation_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.quantity_per_month} ({self.starts} – {self.ends})"
