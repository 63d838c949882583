"""The list of a need as it is now, written down so that it needs no other row to be read: the content of a Selection.

All words stand in it as they were said on the day, in each language of the portal: where the languages differ a text is
`{"id": …, "en": …}`, where they agree it is plain. Points are whole numbers of tenths (1000 = 100,0).
matching.frozen reads it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.utils.translation import override

from accounts.models import Organisation
from ikm.models import Ikm
from industry import topics
from industry.models import Interest, Need
from matching import facts
from matching.explanation import Explanation, Line, explain
from matching.names import names_of
from matching.ranking import Entry, shown_ranks
from matching.reading import scorer_of
from matching.records import Records
from matching.snapshot import load_candidates, need_facts
from matching.stale import Inputs
from matching.wording import CRITERIA, capitalised

FORM = 1  # of the content; raised when its shape changes
SHOWN = 50  # the rows that the buyer's list shows, of whatever standing
MOST = 300  # rows written down; the others are counted
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)


class NothingToFreeze(Exception):
    """The need is not complete enough, or has no candidate at all."""


def freeze(need: Need, *, inputs: Inputs) -> dict[str, Any]:
    """`need` read by matching.reading.told_to_buyer. In full are all rows that qualify or miss one thing, the first 50,
    and the workshops that have answered the need or were invited; NothingToFreeze where there is no row."""
    wanted = need_facts(need)
    if wanted is None:
        raise NothingToFreeze
    scorer = scorer_of(load_candidates([wanted], inputs.as_of, inputs.vocabulary), inputs)
    entries = sorted(scorer.entries(wanted), key=order)
    interests = dict(Interest.objects.filter(need=need).values_list("organisation", "status"))
    told = explanations(need, listed(entries, set(interests)), inputs)
    # What is told was read a moment later: it counts.
    entries = sorted((told[e.ikm_key].match.entry() if e.ikm_key in told else e for e in entries), key=order)
    if not told:
        raise NothingToFreeze
    ranks = dict(zip((entry.ikm_key for entry in entries), shown_ranks(entries), strict=True))
    ordered = [told[entry.ikm_key] for entry in entries if entry.ikm_key in told]
    return {
        "form": FORM,
        "day": inputs.as_of.isoformat(),
        "policy": {"version": inputs.weights.version, "weights": list(inputs.weights.weights)},
        "edition": inputs.edition,
        "company": company_of(need.company.organisation),
        "need": in_each_language(lambda: need_of(need)),
        "counts": counts(entries),
        "criteria": in_each_language(lambda: criteria_of(ordered[0])),
        "rows": [
            row(found, ranks[found.ikm.pk], interests.get(found.ikm.organisation_id, "")) for found in ordered
        ],
    }


def order(entry: Entry) -> Any:
    return entry.order("need")


def listed(entries: Sequence[Entry], organisations: set[int]) -> list[Ikm]:
    """The workshops whose rows are written down."""
    keys = [entry.ikm_key for i, entry in enumerate(entries) if i < SHOWN or entry.standing != "partial"]
    found = Ikm.objects.select_related("organisation__area__parent__parent", "checked_by")
    chosen = found.filter(pk__in=keys[:MOST]).in_bulk()
    if organisations:
        present = [entry.ikm_key for entry in entries]
        chosen |= found.filter(pk__in=present, organisation__in=organisations).in_bulk()
    return list(chosen.values())


def explanations(need: Need, ikms: list[Ikm], inputs: Inputs) -> dict[int, Explanation]:
    """By IKM; a workshop that is no candidate any more is left out. The statements do not grow with the workshops."""
    names, records = names_of(inputs.edition), Records.of_many(ikms)
    found = {
        ikm.pk: explain(need, ikm, inputs=inputs, names=names, for_owner=False, records=records[ikm.pk])
        for ikm in ikms
    }
    return {pk: explanation for pk, explanation in found.items() if explanation is not None}


def counts(entries: Iterable[Entry]) -> dict[str, int]:
    found = dict.fromkeys(facts.STANDINGS, 0)
    for entry in entries:
        found[entry.standing] += 1
    return found


def company_of(organisation: Organisation) -> dict[str, str]:
    return {"name": organisation.name, "address": organisation.address, "nib": organisation.nib}


def need_of(need: Need) -> dict[str, Any]:
    """What it asks for, in words; its value is left out, since the paper travels."""
    said = [
        {"label": str(fact["label"]), "value": str(fact["value"])}
        for topic in topics.TOPICS
        if topic is not topics.ATTACHMENTS
        for fact in topics.said_of(need, topic, within_company=False)
        if fact["value"]
    ]
    return {"ref": need.ref, "title": need.title, "facts": said}


def criteria_of(found: Explanation) -> list[dict[str, Any]]:
    """All rows of a need have the same criteria and maxima."""
    return [
        {
            "criterion": part.criterion,
            "label": capitalised(CRITERIA[part.criterion]),
            "maximum": part.maximum,
        }
        for part in found.match.parts
    ]


def row(found: Explanation, rank: str, interest: str) -> dict[str, Any]:
    match, organisation = found.match, found.ikm.organisation
    return {
        "ikm": found.ikm.pk,
        "ref": organisation.ref,
        "name": organisation.name,
        "rank": rank,
        "standing": match.standing,
        "proven": match.proven,
        "low": match.low,
        "high": match.high,
        "evidence": match.evidence,
        "interest": interest,
        **in_each_language(lambda: words_of(replace(found))),
    }


def words_of(found: Explanation) -> dict[str, Any]:
    return {
        "product": found.product,
        "place": found.place,
        "missing": found.missing,
        "before_start": found.before_start,
        "parts": [part(line, known) for line, known in zip(found.lines, found.match.parts, strict=True)],
    }


def part(line: Line, known: Any) -> dict[str, Any]:
    return {
        "criterion": line.criterion,
        "points": known.points,
        "maximum": known.maximum,
        "unknown": line.unknown,
        "asked": line.asked,
        "offered": line.offered,
        "reasons": line.reasons,
        "proofs": [
            {"what": proof.what, "evidence": proof.evidence, "source": proof.source} for proof in line.proofs
        ],
    }


def in_each_language(say: Callable[[], Any]) -> Any:
    """What `say` gives, with both texts where the languages differ; apart from texts they give the same."""
    spoken = []
    for code in LANGUAGES:
        with override(code):
            spoken.append(say())
    return _merged(spoken)


def _merged(spoken: list[Any]) -> Any:
    first = spoken[0]
    if isinstance(first, dict):
        return {name: _merged([each[name] for each in spoken]) for name in first}
    if isinstance(first, list):
        return [_merged(list(each)) for each in zip(*spoken, strict=True)]
    if all(each == first for each in spoken):
        return first
    return dict(zip(LANGUAGES, spoken, strict=True))
