"""The rows that the supplier directory searches: public facts only, kept in step by ikm.directory.documents."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from ikm.models.profile import Ikm


class DirectoryEntry(models.Model):
    """A published workshop as the directory finds it. Never telephone, e-mail, NIB, NPWP or address."""

    ikm = models.OneToOneField(Ikm, models.CASCADE, primary_key=True, related_name="directory_entry")
    ref = models.CharField(max_length=60)
    name = models.CharField(max_length=160)
    # Name A; products, categories, processes, certificates B; what lies above them, material, machines, place C;
    # about D. Shared words stand in it as their terms.
    document = SearchVectorField()
    # "kategori/cangkul", "wilayah/36.72": everything that filters by a word, with all that lies above it.
    terms = ArrayField(models.TextField())
    # One element each per kind held (and what it fulfils) and stretch of validity; "kind!" for verified ones.
    kinds = ArrayField(models.TextField())
    kinds_from = ArrayField(models.DateField())
    kinds_until = ArrayField(models.DateField())
    verified = models.BooleanField(default=False)
    confirmed_on = models.DateField()
    # The most that is free of one product per month, in kg, where its mass is known.
    free_kg = models.DecimalField(max_digits=40, decimal_places=15, null=True)
    # What a row of the result shows; read for one page only.
    card = models.JSONField()

    class Meta:
        indexes = [
            GinIndex(fields=["document"], name="directory_document", fastupdate=False),
            models.Index(fields=["-verified", "-confirmed_on", "ikm"], name="directory_proven"),
            models.Index(fields=["-confirmed_on", "ikm"], name="directory_confirmed"),
            models.Index(models.F("free_kg").desc(nulls_last=True), "ikm", name="directory_free"),
        ]

    def __str__(self) -> str:
        return self.name


class DirectoryOffer(models.Model):
    """What is free of one product per month on the day it was read, in base units and in kg: "at least N of U"."""

    entry = models.ForeignKey(DirectoryEntry, models.CASCADE, related_name="offers")
    product = models.BigIntegerField()
    # Its category and what lies above it.
    terms = ArrayField(models.TextField())
    dimension = models.CharField(max_length=10)
    base = models.CharField(max_length=30)
    free = models.DecimalField(max_digits=30, decimal_places=12)
    kg = models.DecimalField(max_digits=40, decimal_places=15, null=True)
    unit_mass_kg = models.DecimalField(max_digits=12, decimal_places=3, null=True)

    class Meta:
        indexes = [
            models.Index(fields=["base", "free"], name="directory_offer_base"),
            models.Index(fields=["kg"], name="directory_offer_kg"),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.free} {self.base}"


class DirectoryReading(models.Model):
    """At which version a workshop was last read, published or not, and when the days alone make that old."""

    ikm = models.OneToOneField(
        Ikm, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="directory_reading"
    )
    version = models.BigIntegerField()
    edition = models.BigIntegerField()
    again_on = models.DateField(default=date.max)

    def __str__(self) -> str:
        return f"{self.ikm_id}: {self.version}"


class DirectoryWord(models.Model):
    """A word that some entry says, as it is written: what a misspelling may have meant."""

    word = models.CharField(primary_key=True, max_length=60)
    # Of the catalogue: rightly spelled.
    is_shared = models.BooleanField(default=False)

    class Meta:
        indexes = [GinIndex(fields=["word"], name="directory_word_trigram", opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return self.word


class DirectoryCounts(models.Model):
    """One row: how many entries each choice of each filter has over the whole register, on a day."""

    as_of = models.DateField()
    total = models.PositiveIntegerField()
    # {"kategori": {"cangkul": 3, …}, …}
    counts = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="directory_counts_single_row")
        ]

    def __str__(self) -> str:
        return f"{self.as_of}: {self.total}"
