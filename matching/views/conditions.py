"""What a workshop must hold: the step of the questions about a need where counts move while one ticks."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import acts_for
from industry import needs, topics
from industry.forms import ConditionsForm
from industry.models import Need
from industry.views.pages import after_conflict, for_own_need
from matching import facts
from matching.counting import Count, alternatives, without_each
from matching.names import names_of
from matching.reading import scorer_of
from matching.rows import counted
from matching.snapshot import load_candidates, need_facts
from matching.stale import Inputs
from web.answers import Stale
from web.lifecycle import StepRefused

# The names of matching.snapshot.with_conditions.
CONDITIONS = {
    "required_certificates": "required",
    "preferred_certificates": "preferred",
    "required_processes": "processes",
}
# What must be said before workshops can be counted.
COUNTED_BY = frozenset(["category", "quantity", "unit", "start", "end"])


@require_http_methods(["GET", "POST"])
@for_own_need
def need_conditions(request: HttpRequest, need: Need) -> HttpResponse:
    """`hitung`: the button of those without JavaScript; nothing is saved by it."""
    if need.is_closed:
        raise StepRefused(need.status, "revise")
    form = ConditionsForm(request.POST if request.method == "POST" else None, need=need)
    counted, status = {}, 200
    if form.is_bound and form.is_valid():
        if "hitung" in request.POST:
            counted = counts(need, form.cleaned_data)
        else:
            try:
                needs.set_conditions(need, by=request.user, seen=form.seen_version(), **form.given())
            except Stale as stale:
                stored = Need.objects.select_related("category").get(pk=need.pk)
                form = after_conflict(form, stale, lambda typed: ConditionsForm(typed, need=stored))
                status = 409
            else:
                waits = "kembali" in request.GET
                url = topics.url_after(need, topics.CONDITIONS)
                return redirect("industry:need", pk=need.pk) if waits else redirect(url)
    context = {
        "need": need,
        "form": form,
        "number": topics.TOPICS.index(topics.CONDITIONS) + 1,
        "of": len(topics.TOPICS),
        "waits": "kembali" in request.GET,
        **lacking(need),
        **counted,
    }
    return render(request, "matching/need_conditions.html", context, status=status)


@require_GET
@acts_for("company")
def need_counts(request: HttpRequest, pk: int) -> HttpResponse:
    """The part with the counts, for what is ticked now; words that do not exist are left out."""
    own = Need.objects.editable_by(request.user).select_related("company", "category", "unit")
    need = get_object_or_404(own, pk=pk)
    ticked = {name: request.GET.getlist(name) for name in needs.LINKS}
    longest = request.GET.get("max_lead_time_days", "")
    days = int(longest) if longest.isdecimal() and len(longest) < 5 else None
    context = {"need": need, **lacking(need), **counts(need, ticked | {"max_lead_time_days": days})}
    return render(request, "matching/_counts.html", context)


def lacking(need: Need) -> dict[str, object]:
    """The questions that come first: without their answers nobody can be counted."""
    empty = {name for name in COUNTED_BY if getattr(need, name) is None}
    return {"lacking": [(t, topics.url_of(need, t)) for t in topics.TOPICS if t.asks & empty]}


def counts(need: Need, said: Mapping[str, Any]) -> dict[str, object]:
    """How many workshops meet the need under these conditions, and how many without each of them."""
    inputs = Inputs.now()
    wanted = stated(need, said, inputs.vocabulary)
    if wanted is None:
        return {}
    others = [other.need for other in alternatives(wanted, inputs.vocabulary)]
    candidates = load_candidates([wanted, *others], inputs.as_of, inputs.vocabulary)
    scorer, names = scorer_of(candidates, inputs), names_of(inputs.edition)
    return {
        "count": Count.of(scorer, wanted),
        "without": counted(without_each(scorer, wanted), names),
    }


def stated(need: Need, said: Mapping[str, Any], words: facts.Vocabulary) -> facts.Need | None:
    """The need as it would be with these conditions; nothing is saved."""
    known = {"required_processes": words.processes}
    for name, attribute in CONDITIONS.items():
        slugs = {str(getattr(word, "pk", word)) for word in said[name]}
        setattr(need, attribute, sorted(slugs & set(known.get(name, words.kinds))))
    need.max_lead_time_days = said["max_lead_time_days"]
    return need_facts(need)
