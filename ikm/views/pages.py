"""What the owner's pages share: whose workshop it is, where to go on, and what a page says that came too late."""

import functools
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.access import roles_of
from accounts.models import Evidence, User
from ikm import lifecycle, sections
from ikm.forms.base import AnswersForm
from ikm.models import Ikm
from web.lifecycle import StepRefused

# ?kembali=periksa: the question was opened from the check page, which waits for the answer.
BACK, TO_CHECK, TO_LIST = "kembali", "periksa", "daftar"
TOO_LATE: dict[tuple[str, str], Promise] = {
    (lifecycle.SUBMITTED, "revise"): _(
        "Profil ini sedang ditinjau Dinas. Tarik dulu bila ingin mengubahnya."
    ),
    (lifecycle.SUBMITTED, "submit"): _("Profil ini sudah dikirim dan sedang ditinjau."),
    (lifecycle.APPROVED, "submit"): _("Profil ini sudah disetujui."),
    (lifecycle.APPROVED, "recall"): _("Profil ini sudah disetujui Dinas. Anda boleh langsung mengubahnya."),
    (lifecycle.RETURNED, "recall"): _(
        "Dinas sudah mengembalikan profil ini. Anda boleh langsung mengubahnya."
    ),
}
PUBLIC_OR_READ = frozenset([lifecycle.APPROVED, lifecycle.SUBMITTED])
View = Callable[..., HttpResponse]


def workshop(request: HttpRequest, pk: int) -> Ikm:
    """The workshop, for its own people and for the officers of its office; 404 for everybody else."""
    mine = Ikm.objects.editable_by(request.user).select_related(
        "organisation__area__parent__parent__parent", "organisation__reviewing_office", "checked_by"
    )
    return get_object_or_404(mine, pk=pk)


def workshop_to_change(request: HttpRequest, pk: int) -> Ikm:
    """The same for a page of questions; StepRefused while an officer reads the answers."""
    ikm = workshop(request, pk)
    ikm.viewers_roles = roles_of(request.user, ikm.organisation)
    is_read = ikm.status == lifecycle.SUBMITTED and "officer" not in ikm.viewers_roles
    # What was typed and sent is refused by the write module, with what was typed at hand.
    if is_read and request.method == "GET":
        raise StepRefused(ikm.status, "revise")
    return ikm


def on_time(view: View) -> View:
    """A step that is none any more: back to the workshop with a word, or 409 with what was typed."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except StepRefused as refused:
            message = TOO_LATE.get((refused.state, refused.action)) or _("Langkah ini sudah tidak berlaku.")
            here = reverse("ikm:workshop", args=[kwargs["pk"]]) if "pk" in kwargs else reverse("ikm:profile")
            if request.method == "GET":
                messages.warning(request, message)
                return redirect(here)
            context = {"message": message, "mine": getattr(refused, "mine", []), "retry_url": here}
            return render(request, "409.html", context, status=409)

    return guarded


def save(form: AnswersForm, write: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """`write(…)`; a refusal carries what was typed, so that the page that says it loses nothing."""
    try:
        return write(*args, **kwargs)
    except StepRefused as refused:
        refused.mine = form.facts()
        raise


def after(form: AnswersForm, build: Callable[..., AnswersForm]) -> AnswersForm:
    """The form again, with what was typed, on top of what is stored now: sent once more, it is saved."""
    typed = form.data.copy()
    typed["seen"] = build().initial["seen"]
    again = build(typed)
    again.is_valid()
    again.conflict = again.two_versions()
    return again


def say_saved(request: HttpRequest, *, was: str, now: str) -> None:
    """One line after a change; `was` and `now` are the evidence of the fact before and after it."""
    if was == Evidence.VERIFIED and now == Evidence.CLAIMED:
        words = _("Perubahan disimpan. Data ini kembali “menurut pengakuan” sampai Dinas memeriksanya lagi.")
        messages.info(request, words)
    else:
        messages.success(request, _("Perubahan disimpan."))


def go_on(request: HttpRequest, ikm: Ikm, slug: str, *, was: str = "", now: str = "") -> HttpResponse:
    """After Continue: wherever `following` says; the list where the owner wants to go on later."""
    if request.POST.get("simpan") == TO_LIST:
        return redirect("ikm:workshop", pk=ikm.pk)
    if ikm.status in PUBLIC_OR_READ:
        say_saved(request, was=was, now=now)
    return redirect(following(request, ikm, sections.contents(ikm), slug)["url"])


def following(request: HttpRequest, ikm: Ikm, held: sections.Contents, slug: str) -> dict[str, Any]:
    """Address and word of what comes after the section: the next one that is not done, else the check page."""
    check = {"url": reverse("ikm:check", args=[ikm.pk]), "label": _("Periksa jawaban")}
    if (request.POST.get(BACK) or request.GET.get(BACK)) == TO_CHECK:
        return check
    if ikm.status in PUBLIC_OR_READ:
        return {"url": reverse("ikm:workshop", args=[ikm.pk]), "label": _("Kembali ke profil")}
    slug = sections.next_after(held, slug)
    if slug is None:
        return check
    label = format_lazy(_("Lanjut: {section}"), section=sections.BY_SLUG[slug].title)
    return {"url": reverse("ikm:section", args=[ikm.pk, slug]), "label": label}


def frame(request: HttpRequest, ikm: Ikm, slug: str, **more: Any) -> dict[str, Any]:
    """Context of a page of a section: where it stands in the list, and what the office remarked on it."""
    order = list(sections.BY_SLUG)
    review = last_return(ikm)
    return {
        "ikm": ikm,
        "section": sections.BY_SLUG[slug],
        "number": order.index(slug) + 1,
        "of": len(order),
        "remark": review.remarks.get(slug, "") if review else "",
        "back": request.POST.get(BACK) or request.GET.get(BACK, ""),
        "is_changing": ikm.status in PUBLIC_OR_READ,
        **more,
    }


def last_return(ikm: Ikm):
    """The review that gave the profile back, while it is the owner's turn; None otherwise."""
    if ikm.status != lifecycle.RETURNED:
        return None
    return ikm.reviews.filter(decision="return").first()


def works_here(ikm: Ikm, user: User) -> bool:
    roles = getattr(ikm, "viewers_roles", None)
    return bool((roles if roles is not None else roles_of(user, ikm.organisation)) - {"officer"})
