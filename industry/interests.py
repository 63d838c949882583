"""Interest between a need and a workshop, from either side, and what follows when both have said yes.

Every step locks the need's row first, so that a yes and a closing, or two clicks, come one after the other. A step
that was taken already is no error: the second click gets what the first one made. Whose turn it is next stands in
`accounts.FollowUp` under keys that begin with `prefix_of(interest)`.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Exists
from django.utils import timezone

from accounts import contacts, followups
from accounts.models import Membership, Organisation, User
from ikm.models import Ikm
from industry import contact_news as news
from industry import lifecycle
from industry.models import Interest, Need, NeedSight
from web.lifecycle import StepRefused

WORKSHOP, BUYER, PORTAL = "workshop", "buyer", "portal"
Reason = Interest.Reason
# What each side may give as its reason, in the order of the page.
REASONS: dict[str, tuple[Interest.Reason, ...]] = {
    "decline": (
        Reason.FULL,
        Reason.SKILL,
        Reason.TIME,
        Reason.PRICE,
        Reason.MATERIAL,
        Reason.PLACE,
        Reason.OTHER,
    ),
    "refuse": (Reason.CHOSEN, Reason.CONDITIONS, Reason.CAPACITY, Reason.TIME, Reason.PLACE, Reason.OTHER),
    "end": (
        Reason.PRICE,
        Reason.QUALITY,
        Reason.TIME,
        Reason.FULL,
        Reason.CHOSEN,
        Reason.SILENCE,
        Reason.NOT_BOUGHT,
        Reason.OTHER,
    ),
}


class NotOpen(Exception):
    """The need takes no answers now: closed, past its end, or its company is being reviewed again."""


class NotPublished(Exception):
    """The workshop is not shown to buyers: its profile is no approved one."""


@transaction.atomic
def answer(
    need: Need, organisation: Organisation, *, by: User, message: str = "", quantity: Decimal | None = None
) -> Interest:
    """The workshop is interested. Said again before the buyer answers, it only changes message and quantity.

    NotOpen, NotPublished, or StepRefused where `by` does not work for the workshop.
    """
    locked = _locked(need)
    interest = _of(locked, organisation)
    said = {"message": message, "quantity": quantity}
    if interest.status in (lifecycle.INTERESTED, lifecycle.TALKS, lifecycle.AGREED):
        _require(by, organisation, interest.status, "answer")
        _revise(interest, said, by=by)
        return interest
    _check_open(locked)
    _check_published(organisation)
    _take(interest, "answer", WORKSHOP, by=by, said=said)
    return interest


@transaction.atomic
def decline(need: Need, organisation: Organisation, *, reason: str, words: str = "", by: User) -> Interest:
    """The workshop says no, with its reason: to an invitation, or before anybody asked. Counts as an answer."""
    locked = _locked(need)
    interest = _of(locked, organisation)
    if interest.status == lifecycle.DECLINED:
        _require(by, organisation, interest.status, "decline")
        _revise(interest, _reason(reason, words, "decline"), by=by)
        return interest
    if interest.status != lifecycle.INVITED:
        _check_open(locked)
    _take(interest, "decline", WORKSHOP, by=by, said=_reason(reason, words, "decline"))
    return interest


@transaction.atomic
def invite(need: Need, organisations: Iterable[Organisation], *, by: User) -> list[Interest]:
    """The buyer asks these workshops; to those who are interested already it is the buyer's yes.

    Returns what is new. Whoever was asked, has declined, or is not shown to buyers is left as it is.
    """
    locked = _locked(need)
    _check_open(locked)
    chosen = {one.pk: one for one in organisations}
    known = {one.organisation_id: one for one in _with_both(locked.interests.filter(organisation__in=chosen))}
    published = set(
        Ikm.objects.filter(organisation__in=chosen, status="approved", merged_into=None).values_list(
            "organisation", flat=True
        )
    )
    done = []
    for pk, organisation in sorted(chosen.items()):
        interest = known.get(pk) or _blank(locked, organisation)
        if pk not in published or not _allows(interest.status, "invite", BUYER):
            continue
        _take(interest, "invite", BUYER, by=by)
        done.append(interest)
    return done


@transaction.atomic
def refuse(interest: Interest, *, reason: str, words: str = "", by: User) -> Interest:
    """The buyer does not take up a workshop's interest, and says why."""
    locked = _relocked(interest)
    if locked.status == lifecycle.REFUSED:
        _require(by, locked.need.company.organisation, locked.status, "refuse")
        return locked
    _take(locked, "refuse", BUYER, by=by, said=_reason(reason, words, "refuse"))
    return locked


@transaction.atomic
def take_back(interest: Interest, *, by: User, side: str) -> Interest:
    """Taken back before it was answered: by the workshop its interest, by the buyer its invitation."""
    locked = _relocked(interest)
    if locked.status == lifecycle.TAKEN_BACK and locked.moved_side == side:
        return locked
    _take(locked, "take_back", side, by=by)
    return locked


@transaction.atomic
def agree(interest: Interest, *, by: User) -> Interest:
    """The buyer says that both have come to terms."""
    locked = _relocked(interest)
    if locked.status == lifecycle.AGREED:
        return locked
    _take(locked, "agree", BUYER, by=by)
    return locked


@transaction.atomic
def end(interest: Interest, *, reason: str, words: str = "", by: User, side: str) -> Interest:
    """Either side ends the talks, with its reason."""
    locked = _relocked(interest)
    if locked.status == lifecycle.ENDED:
        return locked
    _take(locked, "end", side, by=by, said=_reason(reason, words, "end"))
    return locked


@transaction.atomic
def next_step(interest: Interest, *, whose: str, what: str, due_on: date, by: User, side: str) -> None:
    """What comes next in talks, whose turn it is and until when; what was open before is done."""
    locked = _relocked(interest)
    if locked.status not in (lifecycle.TALKS, lifecycle.AGREED):
        raise StepRefused(locked.status, "next_step")
    _require(by, _organisation(locked, side), locked.status, "next_step")
    news.agree_step(locked, whose=whose, what=what, due_on=due_on, by=by)


def lapse_all(need: Need, *, by: User | None) -> list[Interest]:
    """The need is over: what nobody answered lapses, and those in talks stay as they are. Called under its lock."""
    done = []
    for interest in _with_both(need.interests.unanswered().order_by("pk")):
        _take(interest, "lapse", PORTAL, by=by)
        done.append(interest)
    return done


class Standing(NamedTuple):
    """How a workshop stands to a need: shown to buyers, promised secrecy, opened its page today."""

    published: bool
    promised: bool
    seen_today: bool


def standing(need: Need, organisation: Organisation, *, on: date) -> Standing:
    """In one statement; all False for an organisation that is no workshop."""
    promised = need.promises.filter(organisation=organisation)
    seen = need.sights.filter(organisation=organisation, day=on)
    found = (
        Ikm.objects.filter(organisation=organisation)
        .values_list("status", "merged_into")
        .annotate(promised=Exists(promised), seen=Exists(seen))
        .first()
    )
    if found is None:
        return Standing(False, False, False)
    status, merged, has_promised, has_seen = found
    return Standing(status == "approved" and merged is None, has_promised, has_seen)


def saw(need: Need, organisation: Organisation, *, on: date) -> None:
    """Somebody of the workshop opened the need; a second look on the same day writes nothing."""
    NeedSight.objects.bulk_create(
        [NeedSight(need=need, organisation=organisation, day=on)], ignore_conflicts=True
    )


def between(need: Need, organisation: Organisation) -> Interest | None:
    """What there is between the two, with both sides' organisations; None where nobody said a word."""
    return _with_both(need.interests.filter(organisation=organisation)).first()


def works_for(user: User, organisation: Organisation) -> bool:
    return Membership.objects.current().filter(user=user, organisation=organisation).exists()


def is_published(organisation: Organisation) -> bool:
    """Buyers see the workshop: its profile is approved and its own."""
    return Ikm.objects.filter(organisation=organisation, status="approved", merged_into=None).exists()


# --- Inside a step


def _take(
    interest: Interest, action: str, side: str, *, by: User | None, said: Mapping[str, Any] | None = None
) -> None:
    """One step of the table: state, moment and what was said; then contacts, turns and news as the new state asks.

    Of what the portal does the need tells, once for all.
    """
    step = lifecycle.INTEREST.step(interest.status, action, roles=[side])
    if side != PORTAL:
        _require(by, _organisation(interest, side), interest.status, action)
    before, now = interest.status, timezone.now()
    interest.status, interest.moved_at, interest.moved_by, interest.moved_side = step.target, now, by, side
    setattr(interest, lifecycle.MOMENTS[step.target], now)
    if step.target == lifecycle.TALKS:
        setattr(interest, "invited_at" if side == BUYER else "interested_at", now)
    interest.reason = interest.reason_words = ""
    for name, value in (said or {}).items():
        setattr(interest, name, value)
    interest.save()
    if step.target == lifecycle.TALKS:
        contacts.introduce(
            interest.organisation, interest.need.company.organisation, reason=f"need {interest.need.ref}"
        )
    followups.settle(news.prefix_of(interest), by=by)
    if side != PORTAL:
        news.tell(interest, before=before)


def _revise(interest: Interest, said: Mapping[str, Any], *, by: User) -> None:
    if all(getattr(interest, name) == value for name, value in said.items()):
        return
    for name, value in said.items():
        setattr(interest, name, value)
    interest.moved_by = by
    interest.save(update_fields=[*said, "moved_by"])


def _reason(reason: str, words: str, action: str) -> dict[str, str]:
    if reason not in REASONS[action]:
        raise ValueError(f"no reason to {action}: {reason!r}")
    if reason == Reason.OTHER and not words.strip():
        raise ValueError("another reason is said in words")
    return {"reason": reason, "reason_words": words.strip()}


def _locked(need: Need) -> Need:
    return (
        Need.objects.select_for_update(of=("self",), no_key=True)
        .select_related("company__organisation", "unit")
        .get(pk=need.pk)
    )


def _relocked(interest: Interest) -> Interest:
    _locked(interest.need)
    return _with_both(Interest.objects.filter(pk=interest.pk)).get()


def _with_both(interests):
    return interests.select_related(
        "need__company__organisation__reviewing_office", "need__unit", "organisation__reviewing_office"
    )


def _of(need: Need, organisation: Organisation) -> Interest:
    return between(need, organisation) or _blank(need, organisation)


def _blank(need: Need, organisation: Organisation) -> Interest:
    return Interest(need=need, organisation=organisation, status=lifecycle.NEW)


def _organisation(interest: Interest, side: str) -> Organisation:
    return interest.organisation if side == WORKSHOP else interest.need.company.organisation


def _allows(state: str, action: str, side: str) -> bool:
    return action in lifecycle.INTEREST.actions(state, roles=[side])


def _require(by: User | None, organisation: Organisation, state: str, action: str) -> None:
    if by is None or not works_for(by, organisation):
        raise StepRefused(state, action)


def _check_open(need: Need) -> None:
    if not Need.objects.taking_part(timezone.localdate()).filter(pk=need.pk).exists():
        raise NotOpen


def _check_published(organisation: Organisation) -> None:
    if not is_published(organisation):
        raise NotPublished
