"""The ranked list of a need and the table behind one of its rows, for the buyer and the office that reviews it."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from ikm.models import Ikm
from industry import lifecycle, needs
from industry.models import Interest, Need
from industry.topics import first_missing, url_of
from matching import explanation
from matching.names import names_of
from matching.reading import Reading, is_on_the_market, is_over, read_need, told_to_buyer
from matching.rows import WorkshopSaid, axis, in_the_way
from matching.stale import Inputs
from matching.views.polling import nothing_new, poll
from matching.wording import segments


@require_GET
@vary_on_headers("HX-Request")
def need_ranking(request: HttpRequest, pk: int) -> HttpResponse:
    """The page; for htmx, which asks again while the list is behind, the list alone, or 204 while nothing is new."""
    need = get_object_or_404(with_interests(told_to_buyer(readable(request))), pk=pk)
    reading = read_need(need)
    if request.htmx and reading and nothing_new(request, reading):
        return HttpResponse(status=204)
    template = "matching/_ranking.html" if request.htmx else "matching/need_ranking.html"
    return render(request, template, frame(request, need, reading))


def readable(request: HttpRequest) -> QuerySet[Need]:
    """Needs that the person may read, each once without a DISTINCT over all that a page joins to it."""
    return Need.objects.filter(pk__in=Need.objects.readable_by(request.user).order_by().values("pk"))


def with_interests(needs: QuerySet[Need]) -> QuerySet[Need]:
    """With `said`: what each need and its workshops have said to each other, read in the same statement."""
    said = Interest.objects.filter(need=OuterRef("pk")).order_by()
    return needs.annotate(
        said=ArraySubquery(said.values(row=JSONObject(pk="pk", organisation="organisation", status="status")))
    )


def frame(request: HttpRequest, need: Need, reading: Reading | None) -> dict[str, object]:
    today = timezone.localdate()
    missing = first_missing(needs.missing_in(need, on=today))
    context: dict[str, object] = {
        "need": need,
        "company": need.company,
        "may_edit": buys_for(request, need),
        "is_over": is_over(need, today),
        "may_invite": buys_for(request, need) and is_on_the_market(need, today),
        "is_past": need.end is not None and need.end < today,
        "missing_topic": missing,
        "missing_url": url_of(need, missing) if missing else "",
        "reading": reading,
    }
    if reading is not None:
        context |= {"sections": sections(need, reading), "poll": poll(request, reading)}
        context["nearer"] = reading.counts[0] or reading.counts[1]
        # All rows of a need have the same criteria and maxima.
        context["axis"] = axis(segments(reading.rows[0].entry)) if reading.rows else []
        context["loosened"] = in_the_way(reading)
    return context


def sections(need: Need, reading: Reading) -> list[tuple[str, int, list[WorkshopSaid]]]:
    """(standing, how many there are, rows that are shown)."""
    known = {one["organisation"]: Interest(pk=one["pk"], status=one["status"]) for one in need.said}
    words = reading.inputs.vocabulary
    return [
        (
            standing,
            max(count, len(rows)),
            [
                WorkshopSaid(row, need, reading.names, words, known.get(row.other.organisation_id))
                for row in rows
            ],
        )
        for standing, count in zip(("qualified", "near", "partial"), reading.counts, strict=True)
        for rows in [reading.of_standing(standing)]
    ]


def buys_for(request: HttpRequest, need: Need) -> bool:
    """The request acts for the company of the need, and not for the office that looks on."""
    membership = request.membership
    return bool(membership) and membership.organisation_id == need.company.organisation_id


@require_GET
@vary_on_headers("HX-Request")
def explain(request: HttpRequest, pk: int, ikm: int) -> HttpResponse:
    """Why this workshop has this score; the table alone where the list opens it in place."""
    need = get_object_or_404(told_to_buyer(readable(request).exclude(status=lifecycle.CLOSED)), pk=pk)
    inputs = Inputs.now()
    workshops = Ikm.objects.taking_part(inputs.as_of).select_related(
        "organisation__area__parent__parent", "checked_by"
    )
    names = names_of(inputs.edition)
    workshop = get_object_or_404(workshops, pk=ikm)
    found = explanation.explain(need, workshop, inputs=inputs, names=names, for_owner=False)
    if found is None:
        raise Http404
    template = "matching/_explanation.html" if request.htmx else "matching/explain.html"
    context = {
        "need": need,
        "company": need.company,
        "explanation": found,
        "may_edit": buys_for(request, need),
        "in_place": request.htmx,
    }
    return render(request, template, context)
