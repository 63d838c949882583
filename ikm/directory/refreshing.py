"""Keep the search rows in step with the register: the one place that writes them.

    refresh()      until nothing is behind; what the worker calls after a change, and the sweeper

The database says what is behind: a workshop whose version, edition of the catalogue or day is not the one it was read
at. A block is one transaction under one advisory lock; versions are read before facts, so what changes meanwhile stays
behind and is read again.
"""

from collections.abc import Collection, Iterable
from datetime import date
from itertools import count
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import Max
from django.utils import timezone

from catalogue.models import Edition
from ikm.directory import counting
from ikm.directory.documents import Listing, read
from ikm.directory.vocabulary import Vocabulary, vocabulary_of
from ikm.models import (
    DirectoryCounts,
    DirectoryEntry,
    DirectoryOffer,
    DirectoryPosting,
    DirectoryReading,
    DirectoryWord,
    Ikm,
    Merge,
    SupplyVersion,
)

WRITERS_LOCK = 7_366_002
WAIT = "3s"  # whoever holds the lock looks again before it ends, so giving up loses nothing
BLOCK = 1_000
FEW = 200  # changed workshops up to which postings are mended; from there on they are made afresh
# The second half: workshops that were deleted, whose reading is left over. Neighbours go together: the postings of an
# area then lie in few blocks.
BEHIND = """
SELECT key FROM (
    SELECT v.ikm_id AS key, i.organisation_id FROM ikm_supplyversion v JOIN ikm_ikm i ON i.id = v.ikm_id
    LEFT JOIN ikm_directoryreading r ON r.ikm_id = v.ikm_id
    WHERE r.ikm_id IS NULL OR r.version <> v.version OR r.edition <> %(edition)s OR r.again_on <= %(today)s
    UNION ALL
    SELECT r.ikm_id, NULL FROM ikm_directoryreading r LEFT JOIN ikm_ikm i ON i.id = r.ikm_id WHERE i.id IS NULL
) AS behind LEFT JOIN accounts_organisation o ON o.id = organisation_id
ORDER BY o.area_id, key LIMIT %(block)s
"""
FIELDS = [
    field.name
    for field in DirectoryEntry._meta.concrete_fields
    if not field.primary_key and field.name != "slot"
]


def refresh(*, today: date | None = None) -> int:
    """Read again whatever is behind; returns how many workshops were. Several may run at once."""
    today = today or timezone.localdate()
    done = 0
    while True:
        try:
            some = refresh_block(today)
        except OperationalError as error:
            if "lock timeout" in str(error):
                return done
            raise
        done += some
        if some < BLOCK:
            return done


def rebuild(*, today: date | None = None) -> int:
    """Read everything again, words included; returns how many workshops were read."""
    with transaction.atomic():
        lock()
        DirectoryEntry.objects.all().delete()
        DirectoryReading.objects.all().delete()
        DirectoryWord.objects.all().delete()
        DirectoryCounts.objects.all().delete()
    return refresh(today=today)


@transaction.atomic
def refresh_block(today: date) -> int:
    lock()
    edition = Edition.current_version()
    vocabulary = vocabulary_of(edition)
    keys = behind(edition, today)
    is_kept = DirectoryCounts.objects.filter(as_of=today).exists()
    if keys:
        versions = dict(SupplyVersion.objects.filter(pk__in=keys).values_list("pk", "version"))
        slots = slots_of(keys)
        listings = read(keys, today, vocabulary)
        write(keys, listings, slots)
        settle(keys, listings, versions, edition, slots)
        if is_kept := is_kept and len(keys) <= FEW:
            post(keys, listings, slots)
        else:
            DirectoryCounts.objects.all().delete()  # until all are read, dates are asked themselves
    if len(keys) < BLOCK and (keys or not is_kept):
        finish(today, vocabulary, has_postings=is_kept)
    return len(keys)


def lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{WAIT}'")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITERS_LOCK])
        cursor.execute("SET LOCAL lock_timeout = 0")


def behind(edition: int, today: date) -> list[int]:
    """Whoever others were merged into, or taken out of, is read with them: it is found by their names."""
    with connection.cursor() as cursor:
        cursor.execute(BEHIND, {"edition": edition, "today": today, "block": BLOCK})
        keys = [key for (key,) in cursor.fetchall()]
    survivors = Merge.objects.filter(merged__in=keys).exclude(survivor__in=keys)
    return [*keys, *survivors.order_by("survivor").values_list("survivor", flat=True).distinct()]


def slots_of(keys: Collection[int]) -> dict[int, int]:
    """The slot of each workshop: for good, so that one that was deleted can still be struck out."""
    known = DirectoryReading.objects.filter(pk__in=keys).exclude(slot=None)
    slots = dict(known.values_list("pk", "slot"))
    last = DirectoryReading.objects.aggregate(last=Max("slot"))["last"]
    fresh = count(0 if last is None else last + 1)
    return {key: slots[key] if key in slots else next(fresh) for key in keys}


def write(keys: Collection[int], listings: list[Listing], slots: dict[int, int]) -> None:
    listed = {listing.entry.ikm_id for listing in listings}
    for listing in listings:
        listing.entry.slot = slots[listing.entry.ikm_id]
    DirectoryOffer.objects.filter(entry__in=keys).delete()
    DirectoryEntry.objects.filter(pk__in=[key for key in keys if key not in listed]).delete()
    DirectoryEntry.objects.bulk_create(
        [listing.entry for listing in listings],
        update_conflicts=True,
        unique_fields=["ikm"],
        update_fields=FIELDS,
    )
    DirectoryOffer.objects.bulk_create([offer for listing in listings for offer in listing.offers])
    say({word for listing in listings for word in listing.words})


def say(words: Iterable[str]) -> None:
    DirectoryWord.objects.bulk_create(
        [DirectoryWord(word=word) for word in sorted(words)], ignore_conflicts=True
    )


def share(words: Iterable[str]) -> None:
    """Words of the catalogue, whoever said them before."""
    DirectoryWord.objects.bulk_create(
        [DirectoryWord(word=word, is_shared=True) for word in sorted(words)],
        update_conflicts=True,
        unique_fields=["word"],
        update_fields=["is_shared"],
    )


def settle(
    keys: Collection[int],
    listings: list[Listing],
    versions: dict[int, int],
    edition: int,
    slots: dict[int, int],
) -> None:
    """Write down at which version each was read; one that was deleted leaves nothing."""
    again = {listing.entry.ikm_id: listing.again_on for listing in listings}
    present = set(Ikm.objects.filter(pk__in=keys).values_list("pk", flat=True))
    DirectoryReading.objects.filter(pk__in=[key for key in keys if key not in present]).delete()
    DirectoryReading.objects.bulk_create(
        [
            DirectoryReading(
                ikm_id=key,
                version=versions[key],
                edition=edition,
                slot=slots[key],
                again_on=again.get(key, date.max),
            )
            for key in keys
            if key in present and key in versions
        ],
        update_conflicts=True,
        unique_fields=["ikm"],
        update_fields=["version", "edition", "slot", "again_on"],
    )


# --- Postings and kept counts

PREPARE = """
INSERT INTO ikm_directoryposting (block, code, bits)
SELECT %(block)s, code, repeat('0', {bits})::varbit FROM unnest(%(codes)s::int[]) AS code ON CONFLICT DO NOTHING
"""
SET_BITS = """
UPDATE ikm_directoryposting SET bits = set_bit(bits, %(bit)s, (code = ANY(%(codes)s::int[]))::int)
WHERE block = %(block)s AND get_bit(bits, %(bit)s) <> (code = ANY(%(codes)s::int[]))::int
"""
ALL_POSTINGS = """
INSERT INTO ikm_directoryposting (block, code, bits)
SELECT at / {words}, code, string_agg(bits::bit({word})::text, '' ORDER BY at)::varbit FROM (
    SELECT code, at, bit_or(bits) AS bits FROM (
        SELECT unnest(codes) AS code, slot / {word} AS at, 1::bigint << ({word} - 1 - mod(slot, {word})) AS bits
        FROM ikm_directoryentry
        UNION ALL
        SELECT code, generate_series(block * {words}, (block + 1) * {words} - 1), 0
        FROM (SELECT DISTINCT slot / {bits} AS block, unnest(codes) AS code FROM ikm_directoryentry) AS touched
    ) AS each GROUP BY code, at
) AS packed GROUP BY at / {words}, code
"""
KEEP_COUNTS = """
INSERT INTO ikm_directorycounts (id, as_of, total, codes, districts)
SELECT 1, %(today)s, (SELECT count(*) FROM ikm_directoryentry),
    (SELECT coalesce(jsonb_object_agg(code, many), '{{}}') FROM (
        SELECT code, sum(bit_count(bits)) AS many FROM ikm_directoryposting GROUP BY code) AS c WHERE many > 0),
    (SELECT coalesce(jsonb_object_agg(district, many), '{{}}') FROM (
        SELECT district, count(*) AS many FROM ikm_directoryentry WHERE district <> '' GROUP BY district) AS d)
ON CONFLICT (id) DO UPDATE SET as_of = excluded.as_of, total = excluded.total, codes = excluded.codes,
    districts = excluded.districts
"""


def post(keys: Collection[int], listings: list[Listing], slots: dict[int, int]) -> None:
    """Strike out what a slot had and set what it has."""
    codes = {listing.entry.ikm_id: listing.entry.codes for listing in listings}
    for key in keys:
        block, bit = divmod(slots[key], DirectoryPosting.BITS)
        run(PREPARE, block=block, codes=codes.get(key, []))
        run(SET_BITS, block=block, bit=bit, codes=codes.get(key, []))


def finish(today: date, vocabulary: Vocabulary, *, has_postings: bool) -> None:
    """With nothing behind: postings, the counts of the whole register on this day, and the words of the catalogue."""
    if not has_postings:
        DirectoryPosting.objects.all().delete()
        run(ALL_POSTINGS)
    run(KEEP_COUNTS, today=today)
    known = set(DirectoryWord.objects.filter(is_shared=True).values_list("word", flat=True))
    if fresh := vocabulary.shared_stems - known:
        share(fresh)


def run(sql: str, **parameters: Any) -> None:
    bits = DirectoryPosting.BITS
    with connection.cursor() as cursor:
        cursor.execute(sql.format(bits=bits, word=counting.WORD, words=bits // counting.WORD), parameters)
