"""What an officer opens: one workshop with all that it states, and the decision on it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import acts_for
from ikm import changes, dossier, reviews
from ikm.forms.reviews import ReviewForm
from ikm.merging import leads_to
from ikm.models import Ikm
from web.lifecycle import StepRefused

SHOWN_CHANGES = 30


@require_http_methods(["GET", "POST"])
@acts_for("dinas", "operator")
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """All facts of a workshop of this office: check them, approve or return the profile."""
    office = request.membership.organisation
    theirs = Ikm.objects.filter(organisation__reviewing_office=office, merged_into=None)
    ikm = dossier.for_review(theirs).filter(pk=pk).first()
    if ikm is None:
        return _elsewhere(request, pk)
    page = dossier.Dossier(ikm, by=request.user, office=office)
    if request.method != "POST":
        return _draw(request, page, ReviewForm(dossier=page))
    form = ReviewForm(request.POST, dossier=page)
    if form.mark_stale():
        return _conflict(request, page, form)
    if not form.is_valid():
        return _draw(request, page, form, status=422)
    try:
        found = reviews.decide(
            ikm,
            by=request.user,
            office=office,
            action=form.action,
            decisions=form.decisions,
            visited_on=form.cleaned_data["visited_on"],
            note=form.cleaned_data["note"],
            remarks=form.remarks,
            seen=page.version,
        )
    except (reviews.Stale, StepRefused):
        # Somebody was quicker, between our reading and our lock: read again.
        fresh = dossier.Dossier(dossier.for_review(theirs).get(pk=pk), by=request.user, office=office)
        return _conflict(request, fresh, ReviewForm(request.POST, dossier=fresh))
    except reviews.SamePerson:
        return _draw(request, page, form, status=403, same_person=True, has_errors=True)
    messages.success(request, outcome(form, len(found)))
    if form.action in {"approve", "return"}:
        return redirect("queue")
    return redirect("ikm:review", pk=pk)


def _elsewhere(request: HttpRequest, pk: int) -> HttpResponse:
    """A profile that was merged leads to the one in which it goes on."""
    survivor = leads_to(request.membership.organisation, pk)
    if survivor is None:
        raise Http404
    messages.info(request, _("Profil itu sudah digabung; ini profil yang diteruskan."))
    return redirect("ikm:review", pk=survivor.pk)


def outcome(form: ReviewForm, checked: int) -> str:
    """What was done, in one line."""
    name = form.dossier.ikm.organisation.name
    done = {
        "approve": _("%(name)s disetujui dan tampil bagi industri besar.") % {"name": name},
        "return": _("%(name)s dikembalikan kepada pemiliknya dengan catatan.") % {"name": name},
        "seen": _("Perubahan %(name)s sudah dilihat.") % {"name": name},
    }.get(form.action, "")
    if checked:
        done += " " + ngettext("%(count)d hal diperiksa.", "%(count)d hal diperiksa.", checked) % {
            "count": checked
        }
    if not done and form.cleaned_data["visited_on"]:
        done = _("Kunjungan dicatat.")
    return done.strip() or _("Tidak ada yang berubah.")


def _conflict(request: HttpRequest, page: dossier.Dossier, form: ReviewForm) -> HttpResponse:
    """409: what happened since the page was opened, and the same form with all that was ticked."""
    form.is_valid()
    form.mark_stale()
    since = form.opened_at
    happened = changes.changes(page.events, since=since)[:SHOWN_CHANGES] if since else []
    return _draw(request, page, form, status=409, conflict=True, has_errors=True, happened=happened)


def _draw(
    request: HttpRequest, page: dossier.Dossier, form: ReviewForm, *, status: int = 200, **more
) -> HttpResponse:
    whole = "riwayat" in request.GET
    context = {
        "ikm": page.ikm,
        "page": page,
        "form": form,
        "opened": timezone.now().isoformat(),
        "history": page.history if whole else page.history[:SHOWN_CHANGES],
        "history_is_cut": not whole and len(page.history) > SHOWN_CHANGES,
        **more,
    }
    return render(request, "ikm/review.html", context, status=status)
