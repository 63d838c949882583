"""What an officer decides about a workshop: facts proven or not, its profile approved or returned (DESIGN §6).

Two persons: who entered, imported or last changed a thing may neither verify nor approve it, unless the
office allows that to its single officer; then it is kept as `same_person`.
"""

import hashlib
from collections.abc import Iterable, Mapping, Set
from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.facts import NotOfOffice, SamePerson, check, entered_by
from accounts.models import Evidence, Fact, Membership, Method, Organisation, User
from accounts.notices import notify
from ikm import changes, lifecycle
from ikm.models import Certificate, Ikm, ProcessCapability, Product, Review, SupplyVersion, Visit
from ikm.profiles import lock
from ikm.signals import tell_supply_changed
from web.lifecycle import StepRefused

# Facts are checked once the owner has sent them; a draft is still being written.
CHECKABLE = frozenset([lifecycle.SUBMITTED, lifecycle.RETURNED, lifecycle.APPROVED])
FACT_MODELS: tuple[type[Fact], ...] = (Product, ProcessCapability, Certificate)
# A fact as the officer saw it -> (evidence, method).
Decisions = Mapping[Fact, tuple[str, str]]
Key = tuple[str, int]


class Stale(Exception):
    """What the officer decided on is no longer what is stored. `facts`: those that differ, as they are now."""

    def __init__(self, facts: Iterable[Fact] = ()):
        self.facts = list(facts)
        super().__init__(", ".join(map(str, self.facts)))


def fingerprint(fact: Fact) -> str:
    """Sixteen signs that differ whenever anything stored of the fact differs."""
    stored = [(field.attname, str(getattr(fact, field.attname))) for field in fact._meta.concrete_fields]
    return hashlib.blake2s(repr(stored).encode(), digest_size=8).hexdigest()


def version_of(ikm: Ikm) -> int:
    """Rises with every change of the profile, its organisation or its facts, by whatever way it came."""
    return SupplyVersion.objects.filter(pk=ikm.pk).values_list("version", flat=True).first() or 0


def current_facts(ikm: Ikm) -> list[Fact]:
    """The profile itself (its identity) and all that it states now."""
    return [ikm, *(fact for model in FACT_MODELS for fact in model.objects.current().filter(ikm=ikm))]


def own_entries(facts: Iterable[Fact], *, by: User, stated: Set[Key] = frozenset()) -> list[Fact]:
    """Those of `facts` that rest on this person's word. `stated`: what the record says they stated first."""
    return [fact for fact in facts if by.pk in entered_by(fact) or changes.key_of(fact) in stated]


def stands_in_the_way(
    ikm: Ikm, facts: Iterable[Fact], *, by: User, stated: Set[Key] = frozenset()
) -> list[Fact]:
    """What keeps this person from approving: own entries; the profile itself where they sent it in."""
    own = own_entries(facts, by=by, stated=stated)
    if ikm.submitted_by_id == by.pk and ikm not in own:
        own.insert(0, ikm)
    return own


@transaction.atomic
def approve(ikm: Ikm, *, by: User, office: Organisation, seen: int | None = None) -> Review:
    """Publish a submitted profile. Facts keep the evidence they have.

    StepRefused where it is not submitted (any more), SamePerson, NotOfOffice, Stale after the version `seen`.
    """
    locked = _locked(ikm, by=by, office=office)
    review = _approve(locked, by=by, office=office, seen=seen)
    _tell(review)
    return review


@transaction.atomic
def return_to_owner(
    ikm: Ikm, *, by: User, office: Organisation, remarks: Mapping[str, str], seen: int | None = None
) -> Review:
    """Give a submitted profile back with what to change, by section. ValueError without any remark."""
    locked = _locked(ikm, by=by, office=office)
    review = _return(locked, by=by, office=office, remarks=remarks, seen=seen)
    _tell(review)
    return review


@transaction.atomic
def check_facts(
    ikm: Ikm,
    *,
    by: User,
    office: Organisation,
    decisions: Decisions,
    visited_on: date | None = None,
    note: str = "",
) -> list[Fact]:
    """Record what was found: evidence verified (with its method), rejected, or claimed again. All or nothing.

    Returns the facts as they are now. Stale where one is no longer what was seen; SamePerson, NotOfOffice,
    StepRefused (a draft); ValueError for a visit in the future.
    """
    locked = _locked(ikm, by=by, office=office)
    found = _check(locked, by=by, office=office, decisions=decisions, visited_on=visited_on, note=note)
    if found:
        _tell_checked(locked, found, by=by, office=office)
    return found


@transaction.atomic
def mark_seen(ikm: Ikm, *, by: User, office: Organisation, seen: int | None = None) -> Review:
    """What was changed after approval was looked at: the unproven stays a claim, and no longer waits."""
    locked = _locked(ikm, by=by, office=office)
    _not_after(locked, seen)
    if locked.status != lifecycle.APPROVED:
        raise StepRefused(locked.status, "seen")
    waiting = [fact for fact in current_facts(locked) if fact.evidence == Evidence.CLAIMED]
    same = bool(own_entries(waiting, by=by))
    if same and not office.allows_same_person:
        raise SamePerson
    return _keep(locked, Review.Decision.SEEN, by=by, office=office, same=same)


@transaction.atomic
def decide(
    ikm: Ikm,
    *,
    by: User,
    office: Organisation,
    action: str,
    decisions: Decisions,
    visited_on: date | None = None,
    note: str = "",
    remarks: Mapping[str, str] | None = None,
    seen: int | None = None,
) -> list[Fact]:
    """One submit of the review page: check many facts, and approve, return or (action "check") neither.

    All or nothing, and the owner is told once. Raises what the single steps raise.
    """
    locked = _locked(ikm, by=by, office=office)
    if action != "check":
        _not_after(locked, seen)
    review = None
    if action == "approve":
        review = _approve(locked, by=by, office=office, seen=None)
    elif action == "return":
        review = _return(locked, by=by, office=office, remarks=remarks or {}, seen=None)
    elif action == "seen":
        mark_seen(locked, by=by, office=office)
    found = _check(locked, by=by, office=office, decisions=decisions, visited_on=visited_on, note=note)
    if review:
        _tell(review)
    elif found:
        _tell_checked(locked, found, by=by, office=office)
    return found


# What the owner is told: title and text.
TOLD = {
    Review.Decision.APPROVED: (
        _("Profil usaha Anda disetujui"),
        _("Usaha Anda kini tampil kepada industri besar. Lihat kebutuhan yang cocok dengannya."),
    ),
    Review.Decision.RETURNED: (
        _("Profil usaha Anda perlu dilengkapi"),
        _("Dinas memberi catatan. Perbaiki bagian yang disebut, lalu kirim lagi."),
    ),
}


def _locked(ikm: Ikm, *, by: User, office: Organisation) -> Ikm:
    locked = lock(ikm)
    works_there = Membership.objects.current().filter(user=by, organisation=office)
    if locked.organisation.reviewing_office_id != office.pk or not works_there.exists():
        raise NotOfOffice
    return locked


def _not_after(ikm: Ikm, seen: int | None) -> None:
    if seen is not None and version_of(ikm) != seen:
        raise Stale


def _approve(ikm: Ikm, *, by: User, office: Organisation, seen: int | None) -> Review:
    step = lifecycle.PROFILE.step(ikm.status, "approve", roles={"officer"})
    _not_after(ikm, seen)
    stated = changes.entered_by(by, changes.events_of(ikm))
    same = bool(stands_in_the_way(ikm, current_facts(ikm), by=by, stated=stated))
    if same and not office.allows_same_person:
        raise SamePerson
    ikm.status, ikm.approved_at = step.target, timezone.now()
    ikm.confirmed_on = ikm.confirmed_on or timezone.localdate(ikm.submitted_at)
    ikm.save(update_fields=["status", "approved_at", "confirmed_on"])
    tell_supply_changed([ikm.pk])
    return _keep(ikm, Review.Decision.APPROVED, by=by, office=office, same=same)


def _return(
    ikm: Ikm, *, by: User, office: Organisation, remarks: Mapping[str, str], seen: int | None
) -> Review:
    step = lifecycle.PROFILE.step(ikm.status, "return", roles={"officer"})
    _not_after(ikm, seen)
    said = {section: text.strip() for section, text in remarks.items() if text.strip()}
    if not said:
        raise ValueError("a profile is returned with at least one remark")
    ikm.status = step.target
    ikm.save(update_fields=["status"])
    return _keep(ikm, Review.Decision.RETURNED, by=by, office=office, same=False, remarks=said)


def _check(
    ikm: Ikm, *, by: User, office: Organisation, decisions: Decisions, visited_on: date | None, note: str
) -> list[Fact]:
    if visited_on is not None:
        if visited_on > timezone.localdate():
            raise ValueError("a visit lies in the future")
        Visit.objects.get_or_create(ikm=ikm, officer=by, visited_on=visited_on, defaults={"note": note})
    if not decisions:
        return []
    if ikm.status not in CHECKABLE:
        raise StepRefused(ikm.status, "check")
    facts = _lock_facts(ikm, decisions)
    stated = changes.entered_by(by, changes.events_of(ikm))
    for fact, (evidence, method) in facts.items():
        if evidence == Evidence.CLAIMED:
            _take_back(fact)
            continue
        if changes.key_of(fact) in stated and not office.allows_same_person:
            raise SamePerson
        also: dict[str, Any] = {"checked_on": visited_on} if visited_on and method == Method.VISIT else {}
        if changes.key_of(fact) in stated:
            also["same_person"] = True
        check(fact, evidence=evidence, method=method, by=by, office=office, **also)
    tell_supply_changed([ikm.pk])
    return list(facts)


def _lock_facts(ikm: Ikm, decisions: Decisions) -> dict[Fact, tuple[str, str]]:
    """The stored rows of what was decided on, locked in one order for everybody. Stale where one differs."""
    locked: dict[Fact, Fact] = {ikm: ikm}
    for model in FACT_MODELS:
        keys = [fact.pk for fact in decisions if type(fact) is model]
        rows = model.objects.current().select_for_update(of=("self",)).filter(ikm=ikm, pk__in=keys)
        locked |= {row: row for row in rows.order_by("pk")}
    differ = [
        locked.get(fact, fact)
        for fact in decisions
        if fact not in locked or _seen_differently(locked[fact], fact)
    ]
    if differ:
        raise Stale(differ)
    return {locked[fact]: decision for fact, decision in decisions.items()}


def _seen_differently(now: Fact, seen: Fact) -> bool:
    if isinstance(now, Ikm):
        # The profile's status moves in this very step; its identity is what is checked.
        return any(
            getattr(now, name) != getattr(seen, name) for name in ("changed_at", "evidence", "checked_on")
        )
    return fingerprint(now) != fingerprint(seen)


def _take_back(fact: Fact) -> None:
    """What an officer had decided is a claim again; the statement itself is as old as it was."""
    fact.evidence, fact.method = Evidence.CLAIMED, ""
    fact.checked_by = fact.checked_on = None
    fact.same_person = False
    fact.save(update_fields=["evidence", "method", "checked_by", "checked_on", "same_person"])


def _keep(
    ikm: Ikm,
    decision: str,
    *,
    by: User,
    office: Organisation,
    same: bool,
    remarks: Mapping[str, str] | None = None,
) -> Review:
    return Review.objects.create(
        ikm=ikm, decision=decision, officer=by, office=office, same_person=same, remarks=dict(remarks or {})
    )


def _tell(review: Review) -> None:
    title, text = TOLD[Review.Decision(review.decision)]
    notify(
        review.ikm.organisation,
        key=f"ikm-review-{review.pk}",
        title=title,
        text=text,
        url=reverse("ikm:profile"),
        sender=review.office,
    )


def _tell_checked(ikm: Ikm, found: list[Fact], *, by: User, office: Organisation) -> None:
    proven = sum(fact.evidence == Evidence.VERIFIED for fact in found)
    notify(
        ikm.organisation,
        key=f"ikm-checked-{ikm.pk}-{by.pk}-{timezone.now():%Y%m%d%H%M%S%f}",
        title=_("Dinas memeriksa data usaha Anda"),
        text=format_lazy(
            _("{proven} dari {count} hal terperiksa. Lihat hasilnya pada halaman usaha Anda."),
            proven=proven,
            count=len(found),
        ),
        url=reverse("ikm:profile"),
        sender=office,
    )
