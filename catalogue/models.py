"""Shared words. Each is known by its slug (areas: the Kemendagri code), which is stable and is the primary key."""

from collections.abc import Iterable
from fractions import Fraction

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class WordQuerySet(models.QuerySet):
    def current(self):
        """Words that may still be chosen. A retired word stays readable wherever it is used."""
        return self.filter(retired_on=None)

    def retire_all_but(self, keys: Iterable[str]) -> int:
        """Retire what a new edition of the catalogue no longer lists; returns how many."""
        return self.current().exclude(pk__in=list(keys)).update(retired_on=timezone.localdate())


class Word(models.Model):
    retired_on = models.DateField(_("tidak dipakai sejak"), null=True, blank=True)

    objects = WordQuerySet.as_manager()

    class Meta:
        abstract = True


class Named(Word):
    """A word in both languages with the everyday words people say for it."""

    slug = models.SlugField(primary_key=True, max_length=60)
    name_id = models.CharField(_("nama"), max_length=120)
    name_en = models.CharField(_("nama Inggris"), max_length=120)
    synonyms = ArrayField(models.CharField(max_length=80), default=list, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name_en if get_language() == "en" else self.name_id


class Unit(Word):
    """A unit converts by factors within its dimension and base; otherwise only through kilograms (MATCHING.md)."""

    slug = models.SlugField(primary_key=True, max_length=30)
    symbol = models.CharField(_("lambang"), max_length=20)
    name_id = models.CharField(_("nama"), max_length=60)
    name_en = models.CharField(_("nama Inggris"), max_length=60)
    dimension = models.CharField(max_length=10)
    factor_to_base = models.DecimalField(max_digits=18, decimal_places=9)
    base = models.CharField(max_length=30)

    class Meta:
        verbose_name = _("satuan")
        verbose_name_plural = _("satuan")
        constraints = [
            models.CheckConstraint(condition=models.Q(factor_to_base__gt=0), name="unit_factor_positive")
        ]

    def __str__(self) -> str:
        return self.symbol

    @property
    def name(self) -> str:
        return self.name_en if get_language() == "en" else self.name_id

    @property
    def is_mass(self) -> bool:
        return self.dimension == "mass"

    def factor_to(self, other: "Unit") -> Fraction | None:
        """Exact factor to `other`; None where the two do not share dimension and base."""
        if (self.dimension, self.base) != (other.dimension, other.base):
            return None
        return Fraction(self.factor_to_base) / Fraction(other.factor_to_base)


class Kbli(models.Model):
    """A code of the national classification. Editions reuse codes with other meanings: never a code alone."""

    version = models.CharField(_("edisi"), max_length=4)
    code = models.CharField(_("kode"), max_length=5)

    class Meta:
        verbose_name = "KBLI"
        verbose_name_plural = "KBLI"
        ordering = ["-version", "code"]
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="kbli_once_per_version")]

    def __str__(self) -> str:
        return f"KBLI {self.version}: {self.code}"


class Process(Named):
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    level = models.PositiveSmallIntegerField()
    satisfies = models.ManyToManyField("self", symmetrical=False, related_name="satisfied_by", blank=True)

    class Meta:
        verbose_name = _("proses")
        verbose_name_plural = _("proses")
        ordering = ["name_id"]


class Category(Named):
    """Group (level 1) > family (2) > item (3). Needs and offers name a family or an item."""

    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    level = models.PositiveSmallIntegerField()
    kblis = models.ManyToManyField(Kbli, related_name="categories", blank=True)
    default_unit = models.ForeignKey(Unit, models.PROTECT, null=True)
    # An estimate to show as a question; never used to convert a capacity.
    typical_unit_mass_kg = models.DecimalField(max_digits=12, decimal_places=3, null=True)
    typical_processes = models.ManyToManyField(Process, related_name="typical_for", blank=True)

    class Meta:
        verbose_name = _("kategori")
        verbose_name_plural = _("kategori")
        ordering = ["name_id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(level__in=[1, 2, 3]), name="category_level_known"),
            models.CheckConstraint(
                condition=models.Q(level=1, parent=None) | models.Q(level__gt=1, parent__isnull=False),
                name="category_parent_above_level_1",
            ),
        ]

    @property
    def family_id(self) -> str | None:
        """Slug of the level-2 category this one is or lies under; None for a group."""
        return {1: None, 2: self.slug, 3: self.parent_id}[self.level]


class CertificateKind(Word):
    slug = models.SlugField(primary_key=True, max_length=40)
    name = models.CharField(_("nama"), max_length=120)
    holder = models.CharField(_("pemegang"), max_length=20)
    domain = models.CharField(_("bidang"), max_length=30)
    issuer_hint = models.CharField(_("penerbit lazim"), max_length=120)
    validity_months = models.PositiveSmallIntegerField(_("masa berlaku (bulan)"), null=True)
    satisfies = models.ManyToManyField("self", symmetrical=False, related_name="satisfied_by", blank=True)
    # Only a buyer can issue it, for itself (CSMS): it never gates.
    per_buyer = models.BooleanField(default=False)
    help_id = models.TextField(_("keterangan"))
    help_en = models.TextField(_("keterangan Inggris"))

    class Meta:
        verbose_name = _("jenis sertifikat")
        verbose_name_plural = _("jenis sertifikat")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def help(self) -> str:
        return self.help_en if get_language() == "en" else self.help_id


class AreaQuerySet(WordQuerySet):
    def within(self, code: str):
        """The area itself and everything that lies in it."""
        return self.filter(models.Q(code=code) | models.Q(code__startswith=f"{code}."))

    def regencies(self):
        return self.filter(level="regency")


class Area(Word):
    code = models.CharField(primary_key=True, max_length=13)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    level = models.CharField(max_length=8)
    name = models.CharField(_("nama"), max_length=120)
    aliases = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    postcode = models.CharField(_("kode pos"), max_length=5, blank=True)

    objects = AreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("wilayah")
        verbose_name_plural = _("wilayah")
        ordering = ["code"]
        indexes = [
            models.Index(fields=["code"], name="area_code_prefix", opclasses=["varchar_pattern_ops"]),
            GinIndex(fields=["name"], name="area_name_trigram", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["postcode"], condition=~models.Q(postcode=""), name="area_postcode"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def regency_code(self) -> str | None:
        """Code of the regency or city; None for a province."""
        return ".".join(self.code.split(".")[:2]) if "." in self.code else None

    @property
    def province_code(self) -> str:
        return self.code.split(".")[0]


class Edition(models.Model):
    """One row. Its version rises with every change of a word that scoring reads, by whatever way it came."""

    version = models.BigIntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="edition_single_row")]

    def __str__(self) -> str:
        return str(self.version)

    @classmethod
    def current_version(cls) -> int:
        return cls.objects.values_list("version", flat=True).get(pk=1)
