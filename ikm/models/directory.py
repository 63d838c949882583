"""The rows that the supplier directory searches: public facts only, kept in step by ikm.directory.documents."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Func

from ikm.models.profile import Ikm

SAID = "ikm_directory_said"


class BitsField(models.Field):
    """`bit varying`; read and written with SQL alone."""

    def db_type(self, connection: object) -> str:
        return "bit varying"


class DirectoryEntry(models.Model):
    """A published workshop as the directory finds it. Never telephone, e-mail, NIB, NPWP or address."""

    ikm = models.OneToOneField(Ikm, models.CASCADE, primary_key=True, related_name="directory_entry")
    ref = models.CharField(max_length=60)
    name = models.CharField(max_length=160)
    # Its place in the bits of DirectoryPosting.
    slot = models.PositiveIntegerField(unique=True)
    # All that is said, and the shared words ("kategori/cangkul") with what lies above them. Once more with "n/" what
    # the name says, and with "o/" name, own products and methods: so that an index finds those first.
    document = SearchVectorField()
    # Codes of the choices that it counts for on the day it was read (vocabulary.code).
    codes = ArrayField(models.IntegerField())
    district = models.CharField(max_length=13, blank=True)
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
            # Through a function that seems costly: PostgreSQL thinks reading a long document as cheap as reading a
            # number and would read 100,000 of them rather than the index.
            GinIndex(Func("document", function=SAID), name="directory_said", fastupdate=False),
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
    # Of its category and what lies above it; of these, where none of the workshop's other products has more free, in kg
    # and in its own measure: so that a workshop is counted once.
    codes = ArrayField(models.IntegerField())
    first_in_kg = ArrayField(models.IntegerField())
    first = ArrayField(models.IntegerField())
    dimension = models.CharField(max_length=10)
    base = models.CharField(max_length=30)
    free = models.DecimalField(max_digits=30, decimal_places=12)
    kg = models.DecimalField(max_digits=40, decimal_places=15, null=True)
    unit_mass_kg = models.DecimalField(max_digits=12, decimal_places=3, null=True)

    class Meta:
        # Whatever is asked of many products at once is answered by an index alone.
        indexes = [
            models.Index(
                fields=["base", "dimension", "free"],
                include=["entry", "codes", "first"],
                name="directory_offer_own",
            ),
            models.Index(
                fields=["kg"], include=["entry", "codes", "first_in_kg"], name="directory_offer_in_kg"
            ),
            models.Index(
                fields=["kg", "unit_mass_kg"],
                include=["entry", "codes", "first"],
                name="directory_offer_weighed",
                condition=models.Q(dimension="mass", unit_mass_kg__isnull=False),
            ),
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
    slot = models.PositiveIntegerField(null=True)
    again_on = models.DateField(default=date.max)

    def __str__(self) -> str:
        return f"{self.ikm_id}: {self.version}"


class DirectoryPosting(models.Model):
    """Which slots of a block have a code, as bits: counts of broad answers are ANDs. Written with the entries."""

    BITS = 8_192  # a block; its bits stay in the row

    block = models.PositiveIntegerField()
    code = models.IntegerField()
    bits = BitsField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["block", "code"], name="directory_posting_once")]

    def __str__(self) -> str:
        return f"{self.block}: {self.code}"


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
    """One row: how many entries each choice of each filter has over the whole register, on a day.

    While it is there, entries and postings hold what is true on that day; without it, ask the dates themselves.
    """

    as_of = models.DateField()
    total = models.PositiveIntegerField()
    # {code: 3, …}, {district: 2, …}
    codes = models.JSONField(default=dict)
    districts = models.JSONField(default=dict)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="directory_counts_single_row")]

    def __str__(self) -> str:
        return f"{self.as_of}: {self.total}"
