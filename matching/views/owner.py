"""The needs that fit a workshop, for its owner: words and the next step first, numbers behind "Kenapa?"."""

from itertools import groupby
from typing import Any, NamedTuple

from django.contrib import messages
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from accounts.access import acts_for
from catalogue.models import Category
from ikm.models import Ikm
from industry.models import Interest, Need
from matching import explanation, questions
from matching.advice import Advice, new_product_url
from matching.models import DismissedQuestion
from matching.names import names_of
from matching.reading import Reading, read_workshop, takes_part, told_to_owner
from matching.rows import NeedSaid
from matching.stale import Inputs
from matching.views.polling import nothing_new, poll

PREVIEWED = 3


def told_of(ikms):
    """Workshops with what their matches need, and the categories they said no to."""
    answered = DismissedQuestion.objects.filter(ikm=OuterRef("pk")).values("category")
    return ikms.select_related("organisation__area__parent__parent", "checked_by").annotate(
        said_no=ArraySubquery(answered)
    )


def own_workshop(request: HttpRequest) -> Ikm:
    """The workshop that the request acts for, to somebody who works there."""
    mine = told_of(Ikm.objects.of_member(request.user).filter(merged_into=None))
    return get_object_or_404(mine, organisation=request.membership.organisation_id)


@require_GET
@vary_on_headers("HX-Request")
@acts_for("ikm")
def owner_matches(request: HttpRequest) -> HttpResponse:
    ikm = own_workshop(request)
    reading = read_workshop(ikm)
    if request.htmx and nothing_new(request, reading):
        return HttpResponse(status=204)
    template = "matching/_needs.html" if request.htmx else "matching/owner_matches.html"
    found = parts(ikm, reading)
    context = {
        "ikm": ikm,
        "reading": reading,
        "poll": poll(request, reading),
        "takes_part": takes_part(ikm, reading.inputs.as_of),
        "best_step": best_step(found["plain"]),
        **found,
    }
    return render(request, template, context)


def parts(ikm: Ikm, reading: Reading) -> dict[str, Any]:
    """Rows by standing. A process route is a question, asked once for each category, not a fault."""
    known = {
        one.need_id: one
        for one in Interest.objects.filter(
            organisation=ikm.organisation_id, need__in=[row.other.pk for row in reading.rows]
        )
    }
    said = [
        NeedSaid(row, row.other, reading.names, reading.inputs.vocabulary, known.get(row.other.pk))
        for row in reading.rows
    ]
    asked = sorted((one for one in said if one.is_question), key=lambda one: one.need.category_id)
    plain = [one for one in said if not one.is_question]
    by_category = [
        {
            "category": category,
            "name": reading.names.category_said(category),
            "yes_url": new_product_url(ikm.pk, category),
            "rows": list(rows),
        }
        for category, rows in groupby(asked, key=lambda one: one.need.category_id)
    ]
    return {
        "sections": [
            (standing, [one for one in plain if one.entry.standing == standing])
            for standing in ("qualified", "near", "partial")
        ],
        "questions": [one for one in by_category if one["category"] not in ikm.said_no],
        "answered": [one for one in by_category if one["category"] in ikm.said_no],
        "plain": plain,
    }


class CommonStep(NamedTuple):
    """`needs` would fit better; for `qualifying` of them it is all that is missing."""

    advice: Advice
    needs: int
    qualifying: int


def best_step(plain: list[NeedSaid]) -> CommonStep | None:
    """The step that she can take herself and that helps most needs; of equals, the one for the better match."""
    steps: dict[str, CommonStep] = {}
    for one in plain:
        if one.advice and one.advice.url and one.entry.standing != "partial":
            advice, needs, qualifying = steps.get(one.advice.text, CommonStep(one.advice, 0, 0))
            lifts = one.entry.standing == "near" and bool(one.advice.standing)
            steps[one.advice.text] = CommonStep(advice, needs + 1, qualifying + lifts)
    return max(steps.values(), key=lambda step: (step.qualifying, step.needs), default=None)


@require_GET
@vary_on_headers("HX-Request")
@acts_for("ikm")
def owner_explain(request: HttpRequest, pk: int) -> HttpResponse:
    """Why, in the second person and without any other workshop."""
    ikm, inputs = own_workshop(request), Inputs.now()
    need = get_object_or_404(told_to_owner(Need.objects.taking_part(inputs.as_of)), pk=pk)
    names = names_of(inputs.edition)
    found = explanation.explain(need, ikm, inputs=inputs, names=names, for_owner=True)
    if found is None:
        raise Http404
    template = "matching/_explanation.html" if request.htmx else "matching/owner_explain.html"
    context = {"need": need, "ikm": ikm, "explanation": found, "in_place": request.htmx}
    return render(request, template, context)


@require_POST
@acts_for("ikm")
def answer(request: HttpRequest, category: str) -> HttpResponse:
    """ "Tidak" to the question about a category is remembered; `lagi` takes it back."""
    ikm = own_workshop(request)
    about = get_object_or_404(Category, pk=category, level__in=[2, 3])
    if "lagi" in request.POST:
        questions.ask_again(ikm, about, by=request.user)
        messages.success(request, _("Jawaban Anda tentang %(name)s dihapus.") % {"name": about})
    else:
        questions.dismiss(ikm, about, by=request.user)
        messages.success(
            request,
            _("Dicatat: Anda tidak mengerjakan %(name)s. Ini tidak ditanyakan lagi.") % {"name": about},
        )
    return redirect("matching:owner_matches")


@require_GET
@vary_on_headers("HX-Request")
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What the statements so far would bring: for the task list, and for an officer who fills it in for the owner."""
    ikm = get_object_or_404(told_of(Ikm.objects.editable_by(request.user)), pk=pk)
    reading = read_workshop(ikm)
    found = parts(ikm, reading)
    first = [one for one in found["plain"] if one.entry.standing != "partial"][:PREVIEWED]
    counts = {standing: len(rows) for standing, rows in found["sections"]}
    template = "matching/_preview.html" if request.htmx else "matching/preview.html"
    own = bool(request.membership) and request.membership.organisation_id == ikm.organisation_id
    context = {"ikm": ikm, "reading": reading, "first": first, "counts": counts, "is_own": own, **found}
    return render(request, template, context)
