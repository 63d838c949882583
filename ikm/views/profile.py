"""The workshop as its owner sees it: what is still to do, what is stated, what the office said."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import acts_for, roles_of
from accounts.models import Membership
from ikm import lifecycle, profiles, sections, summary
from ikm.forms.profile import WithdrawForm
from ikm.models import Ikm
from ikm.views import pages


@require_GET
def profile(request: HttpRequest) -> HttpResponse:
    """The workshop that the request acts for; who has none yet is led to the start."""
    if not Membership.objects.current().of_kinds("ikm").filter(user=request.user).exists():
        return redirect("ikm:start")
    return own(request)


@acts_for("ikm")
def own(request: HttpRequest) -> HttpResponse:
    of = request.membership.organisation
    ikm = get_object_or_404(Ikm.objects.of_member(request.user), organisation=of)
    return workshop(request, ikm.merged_into_id or ikm.pk)


@require_GET
def workshop(request: HttpRequest, pk: int) -> HttpResponse:
    """The task list while it is the owner's turn; afterwards all that is stated, with its proofs."""
    ikm = pages.workshop(request, pk)
    held = sections.contents(ikm)
    if ikm.status in pages.PUBLIC_OR_READ:
        return render(request, "ikm/workshop.html", overview(request, ikm, held))
    return render(request, "ikm/tasks.html", tasks(request, ikm, held))


@require_http_methods(["GET", "POST"])
@pages.on_time
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """All answers once more, with what is missing; from here the profile is sent."""
    ikm = pages.workshop(request, pk)
    incomplete = False
    if request.method == "POST":
        try:
            profiles.submit(ikm, by=request.user)
        except profiles.NotComplete:
            incomplete = True
        else:
            messages.success(request, _("Profil dikirim untuk ditinjau."))
            return redirect("ikm:workshop", pk=pk)
    held = sections.contents(ikm)
    parts = summary.parts(held, on=timezone.localdate())
    context = {
        "ikm": ikm,
        "parts": parts,
        "missing": [part.section for part in parts if not part.is_done],
        "may_submit": ikm.status not in pages.PUBLIC_OR_READ,
        "remarks": remarks(ikm),
        "has_errors": incomplete,
    }
    return render(request, "ikm/check.html", context, status=409 if incomplete else 200)


@require_POST
@pages.on_time
def recall(request: HttpRequest, pk: int) -> HttpResponse:
    profiles.recall(pages.workshop(request, pk), by=request.user)
    messages.success(request, _("Profil ditarik dari tinjauan. Ubah, lalu kirim lagi."))
    return redirect("ikm:workshop", pk=pk)


@require_POST
@pages.on_time
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    profiles.confirm(pages.workshop(request, pk), by=request.user)
    messages.success(request, _("Terima kasih. Profil Anda tercatat masih benar hari ini."))
    return redirect("home") if request.POST.get("dari") == "beranda" else redirect("ikm:workshop", pk=pk)


@require_http_methods(["GET", "POST"])
@pages.on_time
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Asked first, with a reason; can be undone by sending the profile again."""
    ikm = pages.workshop(request, pk)
    roles = roles_of(request.user, ikm.organisation)
    lifecycle.PROFILE.step(ikm.status, "withdraw", roles=roles)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        profiles.withdraw(ikm, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("Profil ditarik. Kirim lagi kapan saja untuk tampil kembali."))
        return redirect("ikm:workshop", pk=pk)
    return render(request, "ikm/withdraw.html", {"ikm": ikm, "form": form})


def tasks(request: HttpRequest, ikm: Ikm, held: sections.Contents) -> dict[str, Any]:
    parts = summary.parts(held, on=timezone.localdate())
    said = remarks(ikm)
    following = next((part.section for part in parts if not part.is_done), None)
    return {
        "ikm": ikm,
        "parts": [(part, hint(part), said.get(part.section.slug, "")) for part in parts],
        "remarks": said,
        "done": sum(part.is_done for part in parts),
        "of": len(parts),
        "following": following,
        "has_products": bool(held.products),
    }


def overview(request: HttpRequest, ikm: Ikm, held: sections.Contents) -> dict[str, Any]:
    roles = roles_of(request.user, ikm.organisation)
    return {
        "ikm": ikm,
        "parts": summary.parts(held, on=timezone.localdate()),
        "actions": lifecycle.PROFILE.actions(ikm.status, roles=roles),
        "may_change": ikm.status == lifecycle.APPROVED or "officer" in roles,
        "is_officer": not roles - {"officer"},
        "confirmed_today": ikm.confirmed_on == timezone.localdate(),
        "has_products": bool(held.products),
    }


def hint(part: summary.Part) -> str:
    """What the section holds, in a line of the list."""
    if part.section.slug in {"products", "processes", "certificates"}:
        return ", ".join(row.label for row in part.rows[:3]) + (" …" if len(part.rows) > 3 else "")
    texts = [row.lines[0].text for row in part.rows if row.lines]
    return " · ".join(texts[:2])


def remarks(ikm: Ikm) -> dict[str, str]:
    """What the office remarked, by section, while it is the owner's turn."""
    review = pages.last_return(ikm)
    return dict(review.remarks) if review else {}
