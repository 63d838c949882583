"""Profiles of an office that may be one workshop: found by what they share, scored, kept for an officer to decide.

Stale is decided row by row: a profile whose version (ikm.SupplyVersion) is not the one that was compared last is
compared again. Candidates share a number, a name, an address or a rare word of the name: never all pairs.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from ikm.likeness import Likeness, Record, compare
from ikm.models import DuplicateCheck, DuplicatePair, Ikm, SupplyVersion
from ikm.names import AROUND

REASONS: dict[str, Promise] = {
    "nib": _("NIB sama"),
    "npwp": _("NPWP sama"),
    "phone": _("nomor telepon sama"),
    "same_name": _("nama sama tanpa bentuk usaha"),
    "similar_name": _("nama mirip"),
    "address": _("alamat sama"),
    "same_area": _("wilayah sama"),
    "other_nib": _("NIB berbeda"),
    "other_npwp": _("NPWP berbeda"),
    "other_area": _("kecamatan berbeda"),
}
# A number or a word that more profiles share says nothing: the telephone of an association, "las", "jaya".
MOST_SHARING = 20
BATCH = 20_000
LOCK = 7_366_002

# Keys under which two profiles of an office meet. `probe` are those to be compared again.
CANDIDATES = f"""
WITH stated AS (
    SELECT i.id, o.reviewing_office_id AS office, o.nib, o.phone, o.whatsapp,
        CASE WHEN o.npwp <> '' THEN lpad(o.npwp, 16, '0') ELSE '' END AS npwp,
        regexp_replace(btrim(regexp_replace(lower(unaccent(o.name)), '[^a-z0-9]+', ' ', 'g')), '{AROUND}', '', 'g')
            AS core,
        regexp_replace(lower(unaccent(o.address)), '[^a-z0-9]+|\\mno\\M|\\mrt\\M|\\mrw\\M|\\mj(alan|ln?)\\M', '', 'g')
            AS street
    FROM ikm_ikm i JOIN accounts_organisation o ON o.id = i.organisation_id
    WHERE i.merged_into_id IS NULL AND o.reviewing_office_id IS NOT NULL
), keyed AS (
    SELECT id, office, 'nib' AS kind, nib AS value FROM stated WHERE nib <> ''
    UNION ALL SELECT id, office, 'npwp', npwp FROM stated WHERE npwp <> ''
    UNION SELECT id, office, 'phone', unnest(ARRAY[phone, whatsapp]) FROM stated
    UNION ALL SELECT id, office, 'core', replace(core, ' ', '') FROM stated WHERE core <> ''
    UNION ALL SELECT id, office, 'begin', left(replace(core, ' ', ''), 7) FROM stated WHERE length(core) > 7
    UNION ALL SELECT id, office, 'street', street FROM stated WHERE length(street) > 8
    UNION SELECT id, office, 'word', word FROM stated CROSS JOIN regexp_split_to_table(core, ' ') AS word
        WHERE length(word) >= 4
), rare AS (
    SELECT office, kind, value FROM keyed WHERE value <> ''
    GROUP BY office, kind, value HAVING count(*) BETWEEN 2 AND {MOST_SHARING}
), meeting AS (
    SELECT k.* FROM keyed k JOIN rare USING (office, kind, value)
), met AS (
    SELECT DISTINCT least(a.id, b.id) AS first, greatest(a.id, b.id) AS second
    FROM meeting a JOIN meeting b USING (office, kind, value)
    WHERE a.id = ANY(%(probe)s) AND a.id <> b.id
)
SELECT first, second FROM met
"""


class Found(NamedTuple):
    first: int
    second: int
    likeness: Likeness


class Decided(Exception):
    """Somebody has decided about the pair meanwhile."""


def refresh() -> int:
    """Compare every profile that is stale; returns how many were. One worker at a time; others leave it to that one."""
    done = 0
    while some := refresh_some():
        done += some
    return done


@transaction.atomic
def refresh_some() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
    stale = dict(_stale().values_list("ikm", "version")[:BATCH])
    if not stale:
        return 0
    _keep(list(stale), candidates(list(stale)))
    DuplicateCheck.objects.bulk_create(
        (DuplicateCheck(ikm_id=pk, version=version) for pk, version in stale.items()),
        update_conflicts=True,
        unique_fields=["ikm"],
        update_fields=["version"],
    )
    return len(stale)


def _stale():
    """Versions that were not compared yet. A profile that is gone has nothing to be compared."""
    seen = DuplicateCheck.objects.filter(ikm=OuterRef("ikm"), version=OuterRef("version"))
    stands = Ikm.objects.filter(pk=OuterRef("ikm"))
    return SupplyVersion.objects.filter(~Exists(seen), Exists(stands)).order_by("ikm")


def candidates(probe: Sequence[int]) -> list[Found]:
    """Pairs with one of `probe` that are worth a look. Two statements."""
    with connection.cursor() as cursor:
        cursor.execute(CANDIDATES, {"probe": list(probe)})
        pairs = cursor.fetchall()
    records = records_of({pk for pair in pairs for pk in pair})
    scored = (Found(first, second, compare(records[first], records[second])) for first, second in pairs)
    return [found for found in scored if found.likeness.is_worth_a_look]


def records_of(keys: Iterable[int]) -> dict[int, Record]:
    rows = Ikm.objects.filter(pk__in=list(keys)).values_list(
        "pk",
        "organisation__name",
        "organisation__nib",
        "organisation__npwp",
        "organisation__phone",
        "organisation__whatsapp",
        "organisation__address",
        "organisation__area",
    )
    return {
        pk: Record(name, nib, npwp, frozenset({phone, whatsapp} - {""}), address, area or "")
        for pk, name, nib, npwp, phone, whatsapp, address, area in rows
    }


def _keep(probe: Sequence[int], found: Sequence[Found]) -> None:
    """Waiting pairs of `probe` become what was found; what an officer decided stays decided."""
    waiting = DuplicatePair.objects.filter(state=DuplicatePair.State.WAITING)
    about = waiting.filter(first__in=probe) | waiting.filter(second__in=probe)
    now = {(pair.first, pair.second) for pair in found}
    gone = [pk for pk, *pair in about.values_list("pk", "first", "second") if tuple(pair) not in now]
    waiting.filter(pk__in=gone).delete()
    DuplicatePair.objects.bulk_create(
        (
            DuplicatePair(
                first_id=pair.first,
                second_id=pair.second,
                score=pair.likeness.score,
                reasons=list(pair.likeness.reasons),
            )
            for pair in found
        ),
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["first", "second"],
        update_fields=["score", "reasons"],
    )


# --- What an officer decides


@transaction.atomic
def tell_apart(pair: DuplicatePair, *, by: User) -> DuplicatePair:
    """ "Bukan usaha yang sama": remembered, whatever the score becomes. Decided where it does not wait any more."""
    return _decide(pair, DuplicatePair.State.DISTINCT, by=by, at=timezone.now())


@transaction.atomic
def ask_again(pair: DuplicatePair, *, by: User) -> DuplicatePair:
    """Take back that two are not the same; Decided where that is not what was said."""
    locked = lock(pair)
    if locked.state != DuplicatePair.State.DISTINCT:
        raise Decided
    locked.state, locked.decided_by, locked.decided_at = DuplicatePair.State.WAITING, None, None
    locked.save(update_fields=["state", "decided_by", "decided_at"])
    return locked


def mark_merged(first: Ikm, second: Ikm, *, by: User) -> None:
    """The pair of two profiles that became one, if it is in the queue."""
    low, high = sorted([first.pk, second.pk])
    DuplicatePair.objects.filter(first=low, second=high).update(
        state=DuplicatePair.State.MERGED, decided_by=by, decided_at=timezone.now()
    )


def mark_waiting(first: Ikm, second: Ikm) -> None:
    """The same pair, when the merge is undone: it waits again."""
    low, high = sorted([first.pk, second.pk])
    DuplicatePair.objects.filter(first=low, second=high, state=DuplicatePair.State.MERGED).update(
        state=DuplicatePair.State.WAITING, decided_by=None, decided_at=None
    )


def lock(pair: DuplicatePair) -> DuplicatePair:
    return DuplicatePair.objects.select_for_update(of=("self",), no_key=True).get(pk=pair.pk)


def _decide(pair: DuplicatePair, state: str, *, by: User, at: datetime) -> DuplicatePair:
    locked = lock(pair)
    if locked.state != DuplicatePair.State.WAITING:
        raise Decided
    locked.state, locked.decided_by, locked.decided_at = state, by, at
    locked.save(update_fields=["state", "decided_by", "decided_at"])
    return locked


def in_words(reasons: Iterable[str]) -> list[Any]:
    """Why, for the page; a reason that a later version has dropped is left out."""
    return [REASONS[reason] for reason in reasons if reason in REASONS]
