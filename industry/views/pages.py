"""What the buyer's pages share: whose company and need it is, and what a page says that came too late."""

import functools
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from accounts.access import acts_for
from ikm.forms.base import AnswersForm
from industry import lifecycle
from industry.companies import may_draft
from industry.models import Company, Need
from web.answers import Stale, fingerprint
from web.lifecycle import StepRefused

View = Callable[..., HttpResponse]

TOO_LATE: dict[tuple[str, str], Promise] = {
    (lifecycle.OPEN, "open"): _("Kebutuhan ini sudah terbuka."),
    (lifecycle.OPEN, "reopen"): _("Kebutuhan ini sudah terbuka."),
    (lifecycle.OPEN, "discard"): _(
        "Kebutuhan ini sudah terbuka, jadi tidak bisa dihapus. Tutuplah dengan alasan."
    ),
    (lifecycle.CLOSED, "close"): _("Kebutuhan ini sudah ditutup."),
    (lifecycle.CLOSED, "revise"): _("Kebutuhan ini sudah ditutup. Buka lagi dulu bila ingin mengubahnya."),
    (lifecycle.CLOSED, "discard"): _("Kebutuhan yang pernah terbuka tetap tersimpan sebagai catatan."),
    (lifecycle.CLOSED, "open"): _("Kebutuhan ini sudah ditutup. Pilih “Buka lagi”."),
    (lifecycle.DRAFT, "close"): _("Kebutuhan ini masih draf. Draf dapat dihapus, tidak perlu ditutup."),
    (lifecycle.DRAFT, "reopen"): _("Kebutuhan ini masih draf. Periksa isinya, lalu buka."),
    (lifecycle.SUBMITTED, "revise"): _(
        "Pendaftaran ini sedang ditinjau Dinas. Tarik dulu bila ingin mengubahnya."
    ),
    (lifecycle.SUBMITTED, "submit"): _("Pendaftaran ini sudah dikirim dan sedang ditinjau."),
    (lifecycle.REVIEWED, "submit"): _("Perusahaan ini sudah diperiksa."),
    (lifecycle.REVIEWED, "recall"): _("Perusahaan ini sudah diperiksa. Anda boleh langsung mengubahnya."),
    (lifecycle.RETURNED, "recall"): _("Dinas sudah mengembalikan pendaftaran ini. Anda boleh mengubahnya."),
    (lifecycle.DRAFT, "recall"): _("Pendaftaran ini sudah ditarik. Anda boleh mengubahnya."),
    (lifecycle.DECLINED, "invite"): _("IKM ini sudah menjawab tidak berminat."),
    (lifecycle.REFUSED, "answer"): _("Pembeli sudah menjawab minat Anda. Ia dapat mengundang Anda lagi."),
    (lifecycle.INTERESTED, "decline"): _("Anda sudah menyatakan minat. Tarik dulu minat itu bila berubah."),
    (lifecycle.TALKS, "decline"): _(
        "Anda dan pembeli sudah saling berminat. Akhiri pembicaraan bila berubah."
    ),
    (lifecycle.TALKS, "take_back"): _("Pihak lain sudah menjawab: kini saling berminat."),
    (lifecycle.TALKS, "refuse"): _("Anda berdua sudah saling berminat. Akhiri pembicaraan bila berubah."),
    (lifecycle.DECLINED, "take_back"): _("IKM sudah menjawab undangan ini."),
    (lifecycle.REFUSED, "take_back"): _("Pembeli sudah menjawab minat Anda."),
    (lifecycle.TAKEN_BACK, "refuse"): _("IKM sudah menarik minatnya."),
    (lifecycle.ENDED, "agree"): _("Pembicaraan ini sudah diakhiri."),
    (lifecycle.ENDED, "next_step"): _("Pembicaraan ini sudah diakhiri."),
}


def too_late(refused: StepRefused) -> Promise:
    return TOO_LATE.get((refused.state, refused.action)) or _("Langkah ini sudah tidak berlaku.")


def own_company(request: HttpRequest) -> Company:
    """The company that the request acts for, to somebody who works there."""
    mine = Company.objects.editable_by(request.user).select_related(
        "organisation__area__parent__parent__parent", "organisation__reviewing_office"
    )
    return get_object_or_404(mine, organisation=request.membership.organisation_id)


def told_whole(needs: QuerySet[Need]) -> QuerySet[Need]:
    """Needs with all that their page says, in a number of queries that does not grow."""
    return needs.select_related(
        "company__organisation", "category__parent", "unit", "area__parent__parent__parent"
    ).prefetch_related("required_certificates", "preferred_certificates", "required_processes")


def for_own_need(view: View) -> View:
    """The view gets the need instead of its key, for who works for its company. Who acts for another company of
    theirs is led to the chooser and back; strangers get 404. A step that is none any more is said in words.
    """

    @functools.wraps(view)
    def guarded(request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponse:
        need = get_object_or_404(told_whole(Need.objects.editable_by(request.user)), pk=pk)
        if need.company.organisation_id != request.membership.organisation_id:
            query = urlencode({"next": request.get_full_path(), "jenis": "company"})
            return redirect(f"{reverse('accounts:choose')}?{query}")
        try:
            return view(request, need, *args, **kwargs)
        except StepRefused as refused:
            messages.warning(request, too_late(refused))
            return redirect("industry:need", pk=need.pk)

    return acts_for("company")(guarded)


def for_drafting(view: View) -> View:
    """The view gets the company acted for; needs are drafted once somebody there has a confirmed address."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        company = own_company(request)
        if not may_draft(company):
            return render(request, "industry/address_needed.html", {"company": company}, status=403)
        return view(request, company, *args, **kwargs)

    return acts_for("company")(guarded)


def after_conflict(form: AnswersForm, stale: Stale, build: Callable[[Any], AnswersForm]) -> AnswersForm:
    """The form again with what was typed, on top of what is stored now: sent once more, it is saved."""
    typed = form.data.copy()
    typed["seen"] = fingerprint(stale.stored)
    again = build(typed)
    again.is_valid()
    again.conflict = again.two_versions()
    return again
