"""A selection record from the frozen list to the final paper: shortlist, a decision with its reason for each, seal."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.access import roles_of
from accounts.models import User
from ikm.models import Ikm
from industry.models import Company, Need
from matching import lifecycle, selection_papers
from matching.freezing import freeze
from matching.frozen import Decision
from matching.models import Choice, Selection, SelectionFile
from matching.reading import is_on_the_market, told_to_buyer
from matching.stale import Inputs
from web.answers import Stale, changed, fingerprint

LONGEST_SHORTLIST = 20
DECISION = ("verdict", "reason", "words")


class NotOnTheMarket(Exception):
    """The need is not open to workshops (any more): there is no list to freeze."""


class Undecided(Exception):
    """Something keeps the record from being final; `code`: empty, undecided."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


class NotAllowed(ValueError):
    """A decision that does not stand; `code`: reason (not for this verdict), words (they are missing)."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@transaction.atomic
def start(need: Need, *, by: User, today: date | None = None) -> Selection:
    """Freeze the list of the need as of today; where a draft exists, that draft.

    NotOnTheMarket, matching.freezing.NothingToFreeze; StepRefused for who does not buy for the company.
    """
    today = today or timezone.localdate()
    Need.objects.select_for_update(of=("self",), no_key=True).get(pk=need.pk)
    need = told_to_buyer(Need.objects.filter(pk=need.pk)).get()
    _may(need.company, "shortlist", by=by)
    existing = Selection.objects.filter(need=need, status=lifecycle.DRAFT).first()
    if existing:
        return existing
    if not is_on_the_market(need, today):
        raise NotOnTheMarket
    inputs = Inputs.now(today)
    return Selection.objects.create(
        need=need,
        company=need.company,
        day=today,
        policy_id=inputs.policy_id,
        edition=inputs.edition,
        content=freeze(need, inputs=inputs),
        started_by=by,
    )


@transaction.atomic
def shortlist(selection: Selection, ikms: Collection[int], *, by: User, seen: str | None = None) -> Selection:
    """Make the shortlist these workshops (keys of rows of the frozen list); decisions about those that stay are kept.

    `seen` is the fingerprint of `listed_now` as the page showed it; Stale where it has changed. ValueError for more
    than LONGEST_SHORTLIST, or for a workshop that is not in the frozen list or has left the register since.
    """
    locked = _locked(selection)
    _may(locked.company, "shortlist", by=by, state=locked.status)
    wanted = set(ikms)
    if wanted - {row["ikm"] for row in locked.content["rows"]} or len(wanted) > LONGEST_SHORTLIST:
        raise ValueError("not in the frozen list, or too many")
    differing = changed(listed_now(locked), {"shortlist": sorted(wanted)}, seen=seen)
    if differing:
        locked.choices.exclude(ikm__in=wanted).delete()
        fresh = sorted(wanted - set(locked.choices.values_list("ikm", flat=True)))
        if Ikm.objects.filter(pk__in=fresh).count() < len(fresh):
            raise ValueError("a workshop left the register")
        Choice.objects.bulk_create(Choice(selection=locked, ikm_id=key) for key in fresh)
    return locked


@transaction.atomic
def choose(selection: Selection, ikm: int, *, verdict: str, reason: str, words: str = "", by: User) -> Choice:
    """Decide about one workshop of the shortlist; refuses as `decide` does."""
    decide(selection, {ikm: {"verdict": verdict, "reason": reason, "words": words}}, by=by)
    return Choice.objects.get(selection=selection, ikm=ikm)


@transaction.atomic
def decide(
    selection: Selection, given: Mapping[int, Mapping[str, str]], *, by: User, seen: str | None = None
) -> None:
    """Decide about workshops of the shortlist: `given` has verdict, reason and words by key of the IKM.

    `seen` is the fingerprint of `whole_now` as the page showed it; Stale where somebody has changed it since.
    NotAllowed: a reason that is not one for its verdict, or words that are missing. ValueError: not on the shortlist.
    """
    locked = _locked(selection)
    _may(locked.company, "decide", by=by, state=locked.status)
    choices = _choices(locked)
    whole = whole_now(choices)
    wanted = {str(ikm): tuple(said[name] for name in DECISION) for ikm, said in given.items()}
    if wanted.keys() - whole.keys():
        raise ValueError("not on the shortlist")
    differing = {ikm for ikm, said in wanted.items() if whole[ikm] != said}
    if differing and seen is not None and seen != fingerprint(whole):
        raise Stale(whole)
    qualified = {row["ikm"] for row in locked.content["rows"] if row["standing"] == "qualified"}
    for choice in choices:
        if str(choice.ikm_id) not in differing:
            continue
        said = given[choice.ikm_id]
        check(said, qualifies=choice.ikm_id in qualified)
        choice.verdict, choice.reason, choice.words = (said[name] for name in DECISION)
        choice.decided_by, choice.decided_at = by, timezone.now()
        choice.save()


def check(given: Mapping[str, str], *, qualifies: bool) -> None:
    """NotAllowed where a decision does not stand."""
    allowed = Choice.FOR if given["verdict"] == Choice.Verdict.CHOSEN else Choice.AGAINST
    if given["verdict"] not in Choice.Verdict.values or given["reason"] not in allowed:
        raise NotAllowed("reason")
    needs_words = given["reason"] == Choice.Reason.OTHER or (
        given["verdict"] == Choice.Verdict.CHOSEN and not qualifies
    )
    if needs_words and not given["words"]:
        raise NotAllowed("words")


@transaction.atomic
def finish(selection: Selection, *, by: User, seen: str | None = None) -> Selection:
    """Seal the record: number, decisions and their hash, and the files as they are issued.

    Undecided where the shortlist is empty or a decision is missing; Stale where the shortlist or a decision is not what
    was `seen` (fingerprint of `whole_now`). Numbers run per company and year without a gap.
    """
    company = Company.objects.select_for_update(of=("self",), no_key=True).get(pk=selection.company_id)
    locked = _locked(selection)
    _may(locked.company, "finish", by=by, state=locked.status)
    choices = _choices(locked)
    if seen is not None and seen != fingerprint(whole_now(choices)):
        raise Stale(whole_now(choices))
    if not choices or any(not choice.verdict for choice in choices):
        raise Undecided("undecided" if choices else "empty")
    now = timezone.now()
    locked.status, locked.decided_by, locked.decided_at = lifecycle.FINAL, by, now
    locked.year = timezone.localdate(now).year
    locked.number = _next_number(company, locked.year)
    locked.content = sealed(locked, choices)
    locked.sha256 = hashlib.sha256(canonical(locked.content)).hexdigest()
    locked.save()
    SelectionFile.objects.bulk_create(
        SelectionFile(
            selection=locked,
            kind=kind,
            language=language,
            data=data,
            sha256=hashlib.sha256(data).hexdigest(),
        )
        for kind, language, data in selection_papers.files(locked)
    )
    return locked


@transaction.atomic
def discard(selection: Selection, *, by: User) -> None:
    """Remove a draft, for instance to freeze the list anew; StepRefused for a final record."""
    locked = _locked(selection)
    _may(locked.company, "shortlist", by=by, state=locked.status)
    locked.delete()


def sealed(selection: Selection, choices: Iterable[Choice]) -> dict[str, Any]:
    """The content with the decisions and the record's own particulars."""
    return selection.content | {
        "choices": [
            {
                "ikm": choice.ikm_id,
                "verdict": choice.verdict,
                "reason": choice.reason,
                "words": choice.words,
                "by": choice.decided_by.name,
                "at": choice.decided_at.isoformat(),
            }
            for choice in choices
        ],
        "record": {
            "reference": selection.reference,
            "decided_by": selection.decided_by.name,
            "decided_at": selection.decided_at.isoformat(),
        },
    }


def canonical(content: Mapping[str, Any]) -> bytes:
    """The bytes that `sha256` is of: JSON in UTF-8, names in order, no spaces."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


# --- What pages have seen


def listed_now(selection: Selection) -> dict[str, Any]:
    return {"shortlist": sorted(selection.choices.values_list("ikm", flat=True))}


def whole_now(choices: Iterable[Choice]) -> dict[str, Any]:
    """The shortlist with all decisions."""
    return {str(choice.ikm_id): tuple(getattr(choice, name) for name in DECISION) for choice in choices}


def decisions(choices: Iterable[Choice]) -> dict[int, Decision]:
    """Of a draft, as matching.frozen reads them; `choices` come with who decided."""
    return {
        choice.ikm_id: Decision(
            choice.verdict,
            choice.reason,
            choice.words,
            choice.decided_by.name if choice.decided_by else "",
            choice.decided_at,
        )
        for choice in choices
    }


def _next_number(company: Company, year: int) -> int:
    """To be asked under the company's lock."""
    numbered = Selection.objects.filter(company=company, year=year)
    return 1 + (numbered.aggregate(last=Max("number"))["last"] or 0)


def _choices(selection: Selection) -> list[Choice]:
    return list(selection.choices.select_related("decided_by").order_by("pk"))


def _locked(selection: Selection) -> Selection:
    return (
        Selection.objects.select_for_update(of=("self",), no_key=True)
        .select_related("company__organisation")
        .get(pk=selection.pk)
    )


def _may(company: Company, action: str, *, by: User, state: str = lifecycle.DRAFT) -> None:
    lifecycle.SELECTION.step(state, action, roles=roles_of(by, company.organisation))
