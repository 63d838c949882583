"""The questions about a need, one topic a page; each is saved when it is answered."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.datastructures import MultiValueDict
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models.organisations import new_ref
from industry import needs, topics
from industry.companies import NotComplete
from industry.forms.need import AmountForm, NeedForm, NewNeedForm, PlaceForm, TermsForm, WhatForm
from industry.models import Company, Need
from industry.views.pages import after_conflict, for_drafting, for_own_need
from web.answers import Stale
from web.lifecycle import StepRefused

# By slug: a title that is translated has another hash in another language.
ASKED: dict[str, tuple[topics.Topic, type[NeedForm]]] = {
    topics.WHAT.slug: (topics.WHAT, WhatForm),
    topics.AMOUNT.slug: (topics.AMOUNT, AmountForm),
    topics.PLACE.slug: (topics.PLACE, PlaceForm),
    topics.TERMS.slug: (topics.TERMS, TermsForm),
}


@require_http_methods(["GET", "POST"])
@for_drafting
def new(request: HttpRequest, company: Company) -> HttpResponse:
    """The first topic: a draft exists as soon as it is answered."""
    blank = Need(company=company, ref=new_ref())
    form = NewNeedForm(request.POST if request.method == "POST" else None, need=blank)
    if form.is_bound and form.is_valid():
        need = needs.draft_need(company, by=request.user, ref=form.cleaned_data["ref"], **form.given())
        return redirect(topics.url_after(need, topics.WHAT))
    return render(request, "industry/need_topic.html", frame(request, blank, topics.WHAT, form))


@require_http_methods(["GET", "POST"])
@for_own_need
def topic(request: HttpRequest, need: Need, topic: str) -> HttpResponse:
    if topic not in ASKED:
        raise Http404
    if need.is_closed:
        raise StepRefused(need.status, "revise")
    asked, build = ASKED[topic]
    form = build(request.POST if request.method == "POST" else None, need=need)
    status = 200
    if form.is_bound and form.is_valid():
        try:
            needs.revise_need(need, by=request.user, seen=form.seen_version(), **form.given())
        except Stale as stale:
            stored = Need.objects.select_related("category__parent", "unit", "area").get(pk=need.pk)
            form, status = after_conflict(form, stale, lambda typed: build(typed, need=stored)), 409
        except NotComplete as refused:
            for name in refused.missing:
                form.add_error(name, form.fields[name].error_messages["required"])
        else:
            # ?kembali: the question was opened from the page of the need, which waits for the answer.
            waits = "kembali" in request.GET
            return redirect("industry:need", pk=need.pk) if waits else redirect(topics.url_after(need, asked))
    return render(request, "industry/need_topic.html", frame(request, need, asked, form), status=status)


@require_GET
@for_own_need
def amount_words(request: HttpRequest, need: Need) -> HttpResponse:
    """The part under the amount that reads it out while it is typed; empty while it is not clear."""
    form = AmountForm(MultiValueDict(request.GET), need=need)
    form.is_valid()
    return render(request, "industry/_amount_words.html", {"in_words": words_of(form)})


def words_of(form: AmountForm) -> str:
    """What the form's answers say in words, as far as they are clear."""
    said = Need(basis=Need.Basis.MONTH)
    for name in needs.AMOUNT:
        value = form.cleaned_data.get(name) if form.is_bound else getattr(form.need, name)
        if value not in (None, ""):
            setattr(said, name, value)
    if said.start and said.end and said.end < said.start:
        said.end = None
    return topics.amount_in_words(said)


def frame(request: HttpRequest, need: Need, topic: topics.Topic, form: NeedForm) -> dict[str, object]:
    return {
        "need": need,
        "company": need.company,
        "topic": topic,
        "form": form,
        "has_errors": bool(getattr(form, "conflict", [])),
        "number": topics.TOPICS.index(topic) + 1,
        "of": len(topics.TOPICS),
        "in_words": words_of(form) if isinstance(form, AmountForm) else "",
        "is_amount": topic is topics.AMOUNT,
        "waits": "kembali" in request.GET,
    }
