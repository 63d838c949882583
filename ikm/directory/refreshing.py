"""Keep the search rows in step with the register: the one place that writes them.

    refresh()      until nothing is behind; what the worker calls after a change, and the sweeper

The database says what is behind: a workshop whose version, edition of the catalogue or day is not the one it was read
at. A block is one transaction under one advisory lock; versions are read before facts, so what changes meanwhile stays
behind and is read again.
"""

from collections.abc import Collection, Iterable
from datetime import date

from django.db import OperationalError, connection, transaction
from django.utils import timezone

from catalogue.models import Edition
from ikm.directory import counting
from ikm.directory.conditions import Conditions
from ikm.directory.documents import Listing, read
from ikm.directory.vocabulary import Vocabulary, vocabulary_of
from ikm.freshness import oldest_taking_part
from ikm.models import (
    DirectoryCounts,
    DirectoryEntry,
    DirectoryOffer,
    DirectoryReading,
    DirectoryWord,
    Ikm,
    SupplyVersion,
)

WRITERS_LOCK = 7_366_002
WAIT = "3s"  # whoever holds the lock looks again before it ends, so giving up loses nothing
BLOCK = 1_000
# The second half: workshops that were deleted, whose reading is left over.
BEHIND = """
SELECT v.ikm_id FROM ikm_supplyversion v LEFT JOIN ikm_directoryreading r USING (ikm_id)
WHERE r.ikm_id IS NULL OR r.version <> v.version OR r.edition <> %(edition)s OR r.again_on <= %(today)s
UNION SELECT r.ikm_id FROM ikm_directoryreading r LEFT JOIN ikm_ikm i ON i.id = r.ikm_id WHERE i.id IS NULL
ORDER BY 1 LIMIT %(block)s
"""
FIELDS = [field.name for field in DirectoryEntry._meta.concrete_fields if not field.primary_key]


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
        DirectoryReading.objects.filter(ikm__in=Ikm.objects.values("pk")).delete()
        DirectoryWord.objects.all().delete()
        DirectoryCounts.objects.all().delete()
    return refresh(today=today)


@transaction.atomic
def refresh_block(today: date) -> int:
    lock()
    edition = Edition.current_version()
    vocabulary = vocabulary_of(edition)
    keys = behind(edition, today)
    if keys:
        versions = dict(SupplyVersion.objects.filter(pk__in=keys).values_list("pk", "version"))
        before = counts_of(keys)
        listings = read(keys, today, vocabulary)
        write(keys, listings)
        settle(keys, listings, versions, edition)
        move_counts(before, keys)
    if len(keys) < BLOCK:
        finish(today, vocabulary)
    return len(keys)


def lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{WAIT}'")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITERS_LOCK])
        cursor.execute("SET LOCAL lock_timeout = 0")


def behind(edition: int, today: date) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(BEHIND, {"edition": edition, "today": today, "block": BLOCK})
        return [key for (key,) in cursor.fetchall()]


def write(keys: Collection[int], listings: list[Listing]) -> None:
    listed = {listing.entry.ikm_id for listing in listings}
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


def say(words: Iterable[str], *, is_shared: bool = False) -> None:
    DirectoryWord.objects.bulk_create(
        [DirectoryWord(word=word, is_shared=is_shared) for word in sorted(words)],
        batch_size=5_000,
        ignore_conflicts=not is_shared,
        **({"update_conflicts": True, "unique_fields": ["word"], "update_fields": ["is_shared"]} if is_shared else {}),
    )


def settle(keys: Collection[int], listings: list[Listing], versions: dict[int, int], edition: int) -> None:
    """Write down at which version each was read; one that was deleted leaves nothing."""
    again = {listing.entry.ikm_id: listing.again_on for listing in listings}
    present = set(Ikm.objects.filter(pk__in=keys).values_list("pk", flat=True))
    DirectoryReading.objects.filter(pk__in=[key for key in keys if key not in present]).delete()
    DirectoryReading.objects.bulk_create(
        [
            DirectoryReading(
                ikm_id=key, version=versions[key], edition=edition, again_on=again.get(key, date.max)
            )
            for key in keys
            if key in present and key in versions
        ],
        update_conflicts=True,
        unique_fields=["ikm"],
        update_fields=["version", "edition", "again_on"],
    )


# --- Kept counts of the whole register


def everything(on: date, keys: Collection[int] | None = None) -> Conditions:
    among = [] if keys is None else [("e.ikm_id = ANY(%s)", [list(keys)])]
    return Conditions([("e.confirmed_on >= %s", [oldest_taking_part(on)]), *among])


def counts_of(keys: Collection[int]) -> tuple[int, counting.Counts]:
    """What these entries add to the kept counts."""
    kept = DirectoryCounts.objects.first()
    if kept is None:
        return 0, {}
    return counting.counted(everything(kept.as_of, keys), on=kept.as_of, valid_on=kept.as_of)


def move_counts(before: tuple[int, counting.Counts], keys: Collection[int]) -> None:
    kept = DirectoryCounts.objects.first()
    if kept is None:
        return
    total, after = counts_of(keys)
    kept.total += total - before[0]
    for sign, counts in ((-1, before[1]), (1, after)):
        for facet, values in counts.items():
            sums = kept.counts.setdefault(facet, {})
            for value, count in values.items():
                sums[value] = sums.get(value, 0) + sign * count
    kept.counts = {
        facet: {value: count for value, count in sums.items() if count} for facet, sums in kept.counts.items()
    }
    kept.save()


def finish(today: date, vocabulary: Vocabulary) -> None:
    """With nothing behind: the counts of the day, and the words of the catalogue."""
    if not DirectoryCounts.objects.filter(as_of=today).exists():
        total, counts = counting.counted(everything(today), on=today, valid_on=today)
        counts = {facet: {v: n for v, n in values.items() if n} for facet, values in counts.items()}
        DirectoryCounts.objects.update_or_create(
            pk=1, defaults={"as_of": today, "total": total, "counts": counts}
        )
    known = set(DirectoryWord.objects.filter(is_shared=True).values_list("word", flat=True))
    if fresh := vocabulary.shared_stems - known:
        say(fresh, is_shared=True)
