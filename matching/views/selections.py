"""The buyer's way from the ranked list to a final selection record; the office reads what is final."""

import functools
import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import acts_for
from industry.models import Need
from industry.views.pages import for_own_need
from matching import selection_papers, selections
from matching.forms import CompareForm, DecisionsForm, ShortlistForm
from matching.freezing import LANGUAGES, NothingToFreeze
from matching.frozen import Decision, Frozen
from matching.models import Choice, Selection, SelectionFile
from matching.reading import is_on_the_market
from matching.stale import Inputs
from matching.views.buyer import buys_for, readable
from web import workbooks
from web.answers import Stale, fingerprint
from web.lifecycle import StepRefused

View = Callable[..., HttpResponse]

TYPES = {"pdf": "application/pdf", "xlsx": workbooks.XLSX_TYPE}
UNDECIDED: dict[str, Promise] = {
    "empty": gettext_lazy("Belum ada IKM di daftar pendek. Centang dulu siapa yang dipertimbangkan."),
    "undecided": gettext_lazy("Masih ada IKM tanpa keputusan. Isi dulu keputusan dan alasannya."),
}


def for_own_draft(view: View) -> View:
    """The view gets the draft instead of its key, for who works for its company; strangers get 404. What is final
    already leads to its page, with a word."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponse:
        mine = Selection.objects.editable_by(request.user).select_related("need", "company__organisation")
        found = get_object_or_404(mine, pk=pk)
        if found.company.organisation_id != request.membership.organisation_id:
            query = urlencode({"next": request.get_full_path(), "jenis": "company"})
            return redirect(f"{reverse('accounts:choose')}?{query}")
        try:
            if found.is_final:
                raise StepRefused(found.status, "shortlist")
            return view(request, found, *args, **kwargs)
        except StepRefused:
            messages.warning(request, _("Berita acara ini sudah disahkan, jadi tidak dapat diubah lagi."))
            return redirect("matching:selection", pk=found.pk)

    return acts_for("company")(guarded)


@require_GET
def need_selections(request: HttpRequest, pk: int) -> HttpResponse:
    """The records of a need, and for its buyer the way to a new one."""
    needs = readable(request).select_related("company__organisation", "category", "unit", "area")
    need = get_object_or_404(needs, pk=pk)
    records = Selection.objects.readable_by(request.user).filter(need=need).without_list()
    context = {
        "need": need,
        "company": need.company,
        "may_edit": buys_for(request, need),
        "records": records.select_related("decided_by", "started_by"),
        "is_on_the_market": is_on_the_market(need, Inputs.now().as_of),
    }
    return render(request, "matching/selections.html", context)


@require_POST
@for_own_need
def start(request: HttpRequest, need: Need) -> HttpResponse:
    try:
        found = selections.start(need, by=request.user)
    except selections.NotOnTheMarket:
        messages.warning(request, _("Kebutuhan ini tidak terbuka, jadi tidak ada daftar untuk dibekukan."))
    except NothingToFreeze:
        messages.warning(request, _("Belum ada calon untuk kebutuhan ini, jadi belum ada yang dipilih."))
    else:
        return redirect("matching:selection_shortlist", pk=found.pk)
    return redirect("matching:need_selections", pk=need.pk)


@require_http_methods(["GET", "POST"])
@for_own_draft
def shortlist(request: HttpRequest, selection: Selection) -> HttpResponse:
    frozen = frozen_of(selection)
    form = ShortlistForm(
        request.POST if request.method == "POST" else None,
        frozen=frozen,
        stored=selections.listed_now(selection),
    )
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            selections.shortlist(selection, given["ikm"], by=request.user, seen=given["seen"])
        except Stale as stale:
            return conflict(
                request,
                "matching:selection_shortlist",
                selection,
                listed_facts(frozen, stale.stored["shortlist"]),
                listed_facts(frozen, given["ikm"]),
            )
        except ValueError:
            form.add_error("ikm", _("Salah satu IKM ini sudah tidak terdaftar. Hapus centangnya."))
        else:
            return redirect("matching:selection_decisions", pk=selection.pk)
    context = framed(selection, frozen) | {"form": form, "ticked": form.ticked(), "number": 1}
    context["sections"] = sections(frozen)
    return render(request, "matching/selection_shortlist.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_own_draft
def decisions(request: HttpRequest, selection: Selection) -> HttpResponse:
    choices = choices_of(selection)
    frozen = frozen_of(selection, choices)
    if not frozen.shortlist:
        messages.info(request, UNDECIDED["empty"])
        return redirect("matching:selection_shortlist", pk=selection.pk)
    data = request.POST if request.method == "POST" else None
    form = DecisionsForm(data, frozen=frozen, stored=selections.whole_now(choices))
    if form.is_bound and form.is_valid():
        try:
            selections.decide(selection, form.given(), by=request.user, seen=form.cleaned_data["seen"])
        except Stale:
            return conflict(
                request,
                "matching:selection_decisions",
                selection,
                decided_facts(frozen_of(selection)),
                mine_facts(frozen, form.given()),
            )
        return redirect("matching:selection", pk=selection.pk)
    context = framed(selection, frozen) | {"form": form, "number": 2}
    return render(request, "matching/selection_decisions.html", context, status=422 if form.errors else 200)


@require_GET
def selection(request: HttpRequest, pk: int) -> HttpResponse:
    """The final record; of a draft, to its buyer, all answers to be checked."""
    found = readable_selection(request, pk)
    if found.is_final:
        return render(request, "matching/selection.html", record(request, found))
    choices = choices_of(found)
    frozen = frozen_of(found, choices)
    context = framed(found, frozen) | {
        "may_edit": buys_for(request, found.need),
        "seen": fingerprint(selections.whole_now(choices)),
        "number": 3,
        "particulars": selection_papers.particulars(frozen),
    }
    return render(request, "matching/selection_check.html", context)


@require_POST
@for_own_draft
def finish(request: HttpRequest, selection: Selection) -> HttpResponse:
    try:
        final = selections.finish(selection, by=request.user, seen=request.POST.get("seen", ""))
    except selections.Undecided as refused:
        messages.warning(request, UNDECIDED[refused.code])
    except Stale:
        message = _("Periksa lagi keputusan yang tersimpan, lalu sahkan.")
        theirs = decided_facts(frozen_of(selection))
        return conflict(request, "matching:selection", selection, theirs, [], message=message)
    else:
        messages.success(
            request, _("Berita acara %(number)s sudah sah. Unduh berkasnya.") % {"number": final.reference}
        )
    return redirect("matching:selection", pk=selection.pk)


@require_http_methods(["GET", "POST"])
@for_own_draft
def discard(request: HttpRequest, selection: Selection) -> HttpResponse:
    if request.method == "POST":
        selections.discard(selection, by=request.user)
        messages.success(request, _("Draf berita acara dihapus. Anda dapat membekukan daftar yang baru."))
        return redirect("matching:need_selections", pk=selection.need_id)
    context = {"selection": selection, "need": selection.need, "company": selection.company}
    return render(request, "matching/selection_discard.html", context | {"may_edit": True})


@require_GET
def file(request: HttpRequest, pk: int, language: str, kind: str) -> HttpResponse:
    """A file as it was issued."""
    found = readable_selection(request, pk)
    issued = get_object_or_404(SelectionFile, selection=found, language=language, kind=kind)
    response = HttpResponse(bytes(issued.data), content_type=TYPES[kind])
    name = f"berita-acara-{found.number}-{found.year}-{language}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Whether a file that came back is one that was issued, byte by byte."""
    found = readable_selection(request, pk)
    if not found.is_final:
        raise Http404
    form = CompareForm(request.POST, request.FILES)
    context = record(request, found) | {"form": form}
    if not form.is_valid():
        return render(request, "matching/selection.html", context, status=422)
    upload = form.cleaned_data["file"]
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    issued = {each.sha256 for each in context["files"]}
    context |= {"compared": upload.name, "is_same": digest.hexdigest() in issued}
    return render(request, "matching/selection.html", context)


# --- What the pages share


def readable_selection(request: HttpRequest, pk: int) -> Selection:
    found = Selection.objects.readable_by(request.user).select_related(
        "need__company__organisation", "company__organisation"
    )
    return get_object_or_404(found, pk=pk)


def choices_of(selection: Selection) -> list[Choice]:
    return list(selection.choices.select_related("decided_by").order_by("pk"))


def frozen_of(selection: Selection, choices: list[Choice] | None = None) -> Frozen:
    """A draft with its decisions so far, in the language of the page."""
    made = selections.decisions(choices_of(selection) if choices is None else choices)
    return Frozen.of(selection.content, language(), made)


def language() -> str:
    code = get_language() or ""
    return code if code in LANGUAGES else LANGUAGES[0]


def framed(selection: Selection, frozen: Frozen) -> dict[str, Any]:
    return {
        "selection": selection,
        "need": selection.need,
        "company": selection.company,
        "frozen": frozen,
        "may_edit": True,
        "of": 3,
        "left_out": selection_papers.left_out(frozen) if frozen.left_out else "",
    }


def record(request: HttpRequest, selection: Selection) -> dict[str, Any]:
    """The page of a final record; everything from its content."""
    frozen = Frozen.of(selection.content, language())
    return framed(selection, frozen) | {
        "may_edit": buys_for(request, selection.need),
        "particulars": [
            *selection_papers.particulars(frozen),
            (_("Disahkan"), selection_papers.sealed_said(frozen)),
        ],
        "files": list(selection.files.defer("data").order_by("kind", "-language")),
        "own_language": language(),
        "form": CompareForm(),
    }


def sections(frozen: Frozen) -> list[tuple[str, list[Any]]]:
    return [(s, [r for r in frozen.rows if r.standing == s]) for s in ("qualified", "near", "partial")]


def conflict(
    request: HttpRequest,
    url_name: str,
    selection: Selection,
    theirs: list[dict[str, str]],
    mine: list[dict[str, str]],
    *,
    message: str = "",
) -> HttpResponse:
    context = {
        "theirs": theirs,
        "mine": mine,
        "message": message,
        "retry_url": reverse(url_name, args=[selection.pk]),
    }
    return render(request, "409.html", context, status=409)


def listed_facts(frozen: Frozen, keys: list[int]) -> list[dict[str, str]]:
    names = [row.name for row in frozen.rows if row.ikm in keys]
    return [{"label": _("Daftar pendek"), "value": ", ".join(names)}]


def decided_facts(frozen: Frozen) -> list[dict[str, str]]:
    return [{"label": row.name, "value": said(row.decision)} for row in frozen.shortlist]


def mine_facts(frozen: Frozen, given: Mapping[int, Mapping[str, str]]) -> list[dict[str, str]]:
    return [
        {"label": row.name, "value": said(Decision(**given[row.ikm], by="", at=None))}
        for row in frozen.shortlist
        if row.ikm in given
    ]


def said(decision: Decision) -> str:
    return ": ".join(filter(None, [decision.verdict_said, decision.why]))
