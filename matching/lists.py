"""Bring the kept lists up to date: the one place that writes them.

    refresh()      until nothing is behind; what every worker and the sweeper call

A few changes are worked off one by one: the changed owner's list is computed afresh, and its new entry (or its
absence) is patched into the lists of the other side, exactly (matching.ranking). Many changes, or a new day, policy
or edition, are one full run. Either happens in one transaction under one advisory lock: a reader sees the old lists or
the new ones, and a killed worker leaves everything stale as it was. Versions are read before facts, so a fact that
changes meanwhile leaves its owner stale and it is done again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from django.db import OperationalError, connection, transaction

from ikm.models import Ikm, SupplyVersion
from industry.models import DemandVersion, Need
from matching import facts
from matching.facts import Key
from matching.ikm_lists import IkmLists
from matching.models import IkmRanking, NeedRanking, Ranking
from matching.ranking import Entry, KeptList
from matching.scoring import Scorer
from matching.snapshot import load_candidates, load_ikms, load_needs
from matching.stale import Inputs
from matching.supply import Supply

WRITERS_LOCK = 7_366_001
WAIT = "3s"  # whoever holds the lock looks again before it ends, so giving up loses nothing
MANY = 300  # changed owners from which one pass over everything costs less than patching
BATCH = 500
WRITTEN = [f.name for f in Ranking._meta.get_fields() if f.name not in {"need", "ikm"}]

# Facts of the database carry primary keys.
Patches = dict[Key, dict[Key, Entry]]


def refresh(*, today: date | None = None) -> int:
    """Work off everything that is behind; returns how many owners were worked off. Several may run at once."""
    done = 0
    while True:
        try:
            some = refresh_some(Inputs.now(today))
        except OperationalError as error:
            if "lock timeout" in str(error):
                return done
            raise
        if not some:
            return done
        done += some


@transaction.atomic
def refresh_some(inputs: Inputs) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{WAIT}'")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITERS_LOCK])
        cursor.execute("SET LOCAL lock_timeout = 0")
    needs, ikms = inputs.behind("need"), inputs.behind("ikm")
    if len(needs) + len(ikms) > MANY:
        run_fully(inputs)
    else:
        if needs:
            refresh_needs(needs, inputs)
        if ikms:
            refresh_ikms(ikms, inputs)
    return len(needs) + len(ikms)


# --- One by one


def refresh_needs(keys: list[int], inputs: Inputs) -> None:
    """The lists of these needs afresh, and what they mean for the lists of the IKM."""
    versions = dict(DemandVersion.objects.filter(pk__in=keys).values_list("pk", "version"))
    needs = load_needs(Need.objects.taking_part(inputs.as_of).filter(pk__in=keys))
    scorer = Scorer(supply_of(load_candidates(needs, inputs.as_of), inputs), inputs.weights)
    lists = {need.identity: scorer.kept_list(need) for need in needs}
    patches: Patches = {key: {} for key in keys}
    for need in needs:
        patches[need.identity] = {entry.ikm_key: entry for entry in scorer.entries(need)}
    patch(IkmRanking, patches, inputs)
    settle(NeedRanking, keys, versions, lists, inputs)
    # A need that was deleted is out of every list now; its version has nothing more to say.
    DemandVersion.objects.filter(pk__in=keys).exclude(
        pk__in=Need.objects.filter(pk__in=keys).values("pk")
    ).delete()


def refresh_ikms(keys: list[int], inputs: Inputs) -> None:
    """The lists of these IKM afresh, and what they mean for the lists of the needs."""
    versions = dict(SupplyVersion.objects.filter(pk__in=keys).values_list("pk", "version"))
    ikms = load_ikms(Ikm.objects.taking_part(inputs.as_of).filter(pk__in=keys))
    needs = load_needs(Need.objects.taking_part(inputs.as_of)) if ikms else []
    scorer = Scorer(supply_of(ikms, inputs), inputs.weights)
    lists = gather(scorer, needs)
    patches: Patches = {key: {} for key in keys}
    for need in needs:
        for entry in scorer.entries(need):
            patches[entry.ikm_key][need.identity] = entry
    patch(NeedRanking, patches, inputs)
    settle(IkmRanking, keys, versions, lists, inputs)
    SupplyVersion.objects.filter(pk__in=keys).exclude(
        pk__in=Ikm.objects.filter(pk__in=keys).values("pk")
    ).delete()


def supply_of(ikms: Iterable[facts.Ikm], inputs: Inputs) -> Supply:
    return Supply.of(ikms, inputs.vocabulary, inputs.as_of)


def gather(scorer: Scorer, needs: list[facts.Need]) -> dict[Key, KeptList]:
    """The list of every IKM of the scorer's supply over all `needs`."""
    ordered = sorted(needs, key=lambda n: (n.ref, n.identity))
    gathered = IkmLists(scorer.supply)
    for _need_and_list in scorer.block(ordered, gathered):
        pass
    return {kept.key: kept for kept in gathered.lists(scorer, ordered)}


def patch(model: type[Ranking], patches: Patches, inputs: Inputs) -> None:
    """Put changed counterparts into lists that are current otherwise: `patches` are, per counterpart, its entries by
    list. A list that cannot be patched exactly becomes stale; lists that are behind anyway are left to their turn."""
    with_entries = {owner for entries in patches.values() for owner in entries}
    touched = model.objects.filter(others__overlap=list(patches)).values_list("pk", flat=True)
    owners = sorted(with_entries.union(touched))
    for start in range(0, len(owners), BATCH):
        rankings = model.objects.filter(inputs.current, pk__in=owners[start : start + BATCH])
        write(model, [ranking for ranking in rankings if patch_one(ranking, patches)])


def patch_one(ranking: Ranking, patches: Patches) -> bool:
    """Whether the list changed: most counterparts lie behind its floor, before and after."""
    floor = None if ranking.floor is None else tuple(ranking.floor)
    held, near = set(ranking.others), {}
    for other, entries in patches.items():
        entry = entries.get(ranking.pk)
        if other in held or (entry and (floor is None or entry.order(ranking.side) <= floor)):
            near[other] = entry
    # Behind the floor somebody may have come or gone: what was counted there is not known any more.
    counted = floor is None or len(near) == len(patches)
    if not near:
        lost = not counted and ranking.counts is not None
        ranking.counts = None if lost else ranking.counts
        return lost
    kept: KeptList | None = ranking.kept()
    for other, entry in near.items():
        kept = kept.patch(other, entry)
        if kept is None:
            ranking.version = None
            return True
    ranking.take(kept if counted else replace(kept, counts=None))
    return True


def settle(
    model: type[Ranking],
    keys: list[int],
    versions: Mapping[int, int],
    lists: Mapping[Key, KeptList],
    inputs: Inputs,
) -> None:
    """Write a row per owner that still exists, at the version it was computed from, as spread to the other side."""
    owner = model._meta.pk.remote_field.model
    rankings = []
    for key in owner.objects.filter(pk__in=keys).order_by("pk").values_list("pk", flat=True):
        ranking = model(
            pk=key,
            version=versions[key],
            spread_version=versions[key],
            takes_part=key in lists,
            as_of=inputs.as_of,
            policy_id=inputs.policy_id,
            edition=inputs.edition,
        )
        if key in lists:
            ranking.take(lists[key])
        rankings.append(ranking)
    write(model, rankings)


def write(model: type[Ranking], rankings: list[Ranking]) -> None:
    model.objects.bulk_create(
        rankings,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=[model._meta.pk.name],
        update_fields=WRITTEN,
    )


# --- Everything at once


def run_fully(inputs: Inputs) -> None:
    """Every list of both sides from one pass over all pairs."""
    demand = dict(DemandVersion.objects.values_list("pk", "version"))
    supply = dict(SupplyVersion.objects.values_list("pk", "version"))
    ikms = load_ikms(Ikm.objects.taking_part(inputs.as_of))
    needs = sorted(load_needs(Need.objects.taking_part(inputs.as_of)), key=lambda n: (n.ref, n.identity))
    scorer = Scorer(supply_of(ikms, inputs), inputs.weights)
    gathered = IkmLists(scorer.supply)
    lists: dict[Key, KeptList] = {}
    for need, kept in scorer.block(needs, gathered):
        lists[need.identity] = kept
    settle(NeedRanking, list(demand), demand, lists, inputs)
    settle(IkmRanking, list(supply), supply, {k.key: k for k in gathered.lists(scorer, needs)}, inputs)
    DemandVersion.objects.exclude(pk__in=Need.objects.values("pk")).delete()
    SupplyVersion.objects.exclude(pk__in=Ikm.objects.values("pk")).delete()
