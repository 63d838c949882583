"""A need's workshops, for its buyer: who applied, who was invited, and the invitation itself."""

from itertools import groupby
from typing import NamedTuple

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import acts_for
from accounts.models import FollowUp
from ikm.models import Ikm
from industry import interests, lifecycle, turns
from industry.models import Interest, Need
from industry.views.pages import told_whole
from web.lifecycle import StepRefused

MOST_INVITED, MOST_SHOWN = 50, 200


class Group(NamedTuple):
    slug: str
    title: Promise
    states: tuple[str, ...]


# What the buyer does something about comes first.
GROUPS = (
    Group("berminat", gettext_lazy("Menunggu jawaban Anda"), (lifecycle.INTERESTED,)),
    Group("bicara", gettext_lazy("Saling berminat"), (lifecycle.TALKS, lifecycle.AGREED)),
    Group("diundang", gettext_lazy("Menunggu jawaban IKM"), (lifecycle.INVITED,)),
    Group(
        "selesai",
        gettext_lazy("Selesai"),
        (lifecycle.DECLINED, lifecycle.REFUSED, lifecycle.TAKEN_BACK, lifecycle.LAPSED, lifecycle.ENDED),
    ),
)
GROUP_OF = {state: group.slug for group in GROUPS for state in group.states}


class Row(NamedTuple):
    interest: Interest
    turn: FollowUp | None


@require_GET
def applicants(request: HttpRequest, pk: int) -> HttpResponse:
    """For the buyer, who acts here, and for the office of its company, which looks on."""
    readable = Need.objects.readable_by(request.user).order_by().values("pk")
    need = get_object_or_404(told_whole(Need.objects.filter(pk__in=readable)), pk=pk)
    membership = request.membership
    if need.is_draft:
        return redirect("industry:need", pk=need.pk)
    context = {
        "need": need,
        "company": need.company,
        "may_edit": bool(membership) and membership.organisation_id == need.company.organisation_id,
        "groups": grouped(need),
        "open_questions": need.questions.open().count(),
    }
    return render(request, "industry/applicants.html", context)


def grouped(need: Need) -> list[tuple[Group, list[Row]]]:
    """The need's interests under their headings, the oldest word first; empty groups left out."""
    found = list(
        need.interests.select_related("organisation__area__parent", "need__unit").order_by("moved_at", "pk")[
            :MOST_SHOWN
        ]
    )
    steps = turns.turns_of(found)
    order = [group.slug for group in GROUPS]
    found.sort(key=lambda one: order.index(GROUP_OF[one.status]))
    by_slug = {
        slug: [Row(one, steps.get(one.pk)) for one in some]
        for slug, some in groupby(found, key=lambda one: GROUP_OF[one.status])
    }
    return [(group, by_slug[group.slug]) for group in GROUPS if group.slug in by_slug]


@require_http_methods(["GET", "POST"])
@acts_for("company")
def invite(request: HttpRequest) -> HttpResponse:
    """GET with ?ikm=: for which need? POST with the need and one or more workshops: they are invited."""
    chosen = workshops(request)
    if request.method == "POST":
        return invited(request, chosen)
    if len(chosen) != 1:
        raise Http404
    workshop = chosen[0]
    needs = list(open_needs(request).select_related("unit").order_by("end", "pk")[:100])
    said = {
        one.need_id: one
        for one in Interest.objects.filter(need__in=needs, organisation=workshop.organisation)
    }
    rows = [
        (need, found, found is None or "invite" in allowed(found))
        for need in needs
        for found in [said.get(need.pk)]
    ]
    return render(request, "industry/invite.html", {"workshop": workshop, "rows": rows})


def allowed(found: Interest) -> tuple[str, ...]:
    return lifecycle.INTEREST.actions(found.status, roles=[interests.BUYER])


def workshops(request: HttpRequest) -> list[Ikm]:
    """The published workshops that ?ikm= or the form names; 404 where one is none."""
    said = (request.POST if request.method == "POST" else request.GET).getlist("ikm")
    keys = {int(key) for key in said if key.isdecimal() and len(key) < 19}
    if len(keys) != len(set(said)) or len(keys) > MOST_INVITED:
        raise Http404
    found = list(
        Ikm.objects.filter(pk__in=keys, status="approved", merged_into=None)
        .select_related("organisation__area")
        .order_by("pk")
    )
    if len(found) != len(keys):
        raise Http404
    return found


def open_needs(request: HttpRequest) -> QuerySet[Need]:
    own = Need.objects.editable_by(request.user).filter(
        company__organisation=request.membership.organisation_id
    )
    return Need.objects.filter(pk__in=own.values("pk")).taking_part(timezone.localdate())


def invited(request: HttpRequest, chosen: list[Ikm]) -> HttpResponseRedirect:
    key = request.POST.get("need", "")
    own = Need.objects.editable_by(request.user).filter(
        company__organisation=request.membership.organisation_id
    )
    need = get_object_or_404(own, pk=int(key) if key.isdecimal() and len(key) < 19 else 0)
    back = "matching:need_ranking" if request.POST.get("dari") == "urutan" else "industry:applicants"
    try:
        done = interests.invite(need, [ikm.organisation for ikm in chosen], by=request.user)
    except interests.NotOpen:
        messages.warning(request, _("Kebutuhan ini tidak terbuka, jadi belum bisa mengundang."))
        return redirect("industry:need", pk=need.pk)
    except StepRefused:
        raise Http404 from None
    say(request, done, chosen)
    return redirect(back, pk=need.pk)


def say(request: HttpRequest, done: list[Interest], chosen: list[Ikm]) -> None:
    """What became of the invitations."""
    mutual = [one for one in done if one.status == lifecycle.TALKS]
    asked = [one for one in done if one.status == lifecycle.INVITED]
    if mutual:
        names = ", ".join(str(one.organisation) for one in mutual)
        messages.success(
            request, _("Saling berminat dengan %(names)s. Kontaknya terbuka.") % {"names": names}
        )
    if len(asked) == 1:
        messages.success(request, _("%(name)s diundang.") % {"name": asked[0].organisation})
    elif asked:
        words = ngettext("%(n)d IKM diundang.", "%(n)d IKM diundang.", len(asked))
        messages.success(request, words % {"n": len(asked)})
    if chosen and not done:
        messages.info(
            request, _("Sudah diundang atau sudah menjawab sebelumnya. Tidak ada yang dikirim lagi.")
        )
