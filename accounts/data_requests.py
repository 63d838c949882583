"""What people ask about their data: correction, deletion, a person's look at an automatic score (UU 27/2022)."""

import math
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import DataRequest, Membership, Organisation, User
from accounts.models.requests import ANSWER_WITHIN
from accounts.notices import notify
from accounts.organisations import office_for

Kind, State = DataRequest.Kind, DataRequest.State


class Decided(Exception):
    """The request is answered or cancelled already."""


def office_of(person: User, organisation: Organisation | None = None) -> Organisation:
    """Who answers: the organisation's office, else that of the person's first organisation, else the operator.

    ValidationError in a register without any office.
    """
    if organisation is None:
        membership = (
            Membership.objects.filter(user=person).select_related("organisation__reviewing_office").first()
        )
        organisation = membership.organisation if membership else None
    if organisation is not None and organisation.is_dinas:
        return organisation
    office = organisation.reviewing_office if organisation is not None else None
    office = office or office_for(None) or Organisation.objects.offices().order_by("pk").first()
    if office is None:
        raise ValidationError(_("Belum ada Dinas di portal ini yang bisa menjawab."))
    return office


@transaction.atomic
def ask(
    *,
    kind: str,
    by: User,
    organisation: Organisation | None = None,
    subject: str = "",
    url: str = "",
    text: str = "",
) -> DataRequest:
    """A request with its clock of three times 24 hours; one that waits already is returned as it is."""
    now = timezone.now()
    waiting = DataRequest.objects.open().filter(user=by, kind=kind, subject=subject)
    try:
        with transaction.atomic():
            made = waiting.first() or DataRequest.objects.create(
                kind=kind,
                user=by,
                organisation=organisation,
                office=office_of(by, organisation),
                subject=subject,
                url=url,
                text=text.strip(),
                created_at=now,
                due_at=now + ANSWER_WITHIN,
            )
    except IntegrityError:  # two clicks at once
        return waiting.get()
    notify(
        made.office,
        key=f"data-request-{made.pk}",
        title=format_lazy(gettext_lazy("Permintaan tentang data: {kind}"), kind=made.get_kind_display()),
        text=gettext_lazy("Jawab dalam 3 kali 24 jam. Jamnya berjalan juga pada hari libur."),
        url=reverse("data_request", args=[made.pk]),
    )
    return made


@transaction.atomic
def cancel(request: DataRequest, *, by: User) -> DataRequest:
    """The person no longer wants it. Decided where it is answered already."""
    if request.user_id != by.pk:
        raise PermissionError
    return _decide(request, State.CANCELLED, by=by)


@transaction.atomic
def answer(request: DataRequest, *, state: str, by: User, text: str = "") -> DataRequest:
    """The office did it, or refuses with a reason; the person is told.

    A deletion is done by partnership_portal.deletion, which leaves nobody to tell.
    """
    if state not in {State.DONE, State.REFUSED}:
        raise ValueError(f"no answer: {state}")
    if not DataRequest.objects.answerable_by(by).filter(pk=request.pk).exists():
        raise PermissionError
    if state == State.REFUSED and not text.strip():
        raise ValidationError({"answer": _("Tulis alasannya, dan apa yang bisa dilakukan pemohon.")})
    locked = _decide(request, state, by=by, answer=text.strip())
    if locked.user.is_active:
        done = state == State.DONE
        notify(
            locked.organisation or locked.office,
            key=f"data-request-{locked.pk}-answer",
            title=gettext_lazy("Permintaan data Anda dikerjakan")
            if done
            else gettext_lazy("Permintaan data Anda ditolak"),
            text=locked.answer or gettext_lazy("Lihat rinciannya di halaman Data saya."),
            url=reverse("own_data"),
            sender=locked.office,
            user=locked.user,
        )
    return locked


def _decide(request: DataRequest, state: str, *, by: User, answer: str = "") -> DataRequest:
    locked = (
        DataRequest.objects.select_for_update(of=("self",))
        .select_related("user", "organisation", "office")
        .get(pk=request.pk)
    )
    if not locked.is_open:
        raise Decided
    locked.state, locked.answer = state, answer
    locked.decided_at, locked.decided_by = timezone.now(), by
    locked.save(update_fields=["state", "answer", "decided_at", "decided_by"])
    return locked


def clock(due_at: datetime, now: datetime | None = None) -> str:
    """ "sisa 41 jam", "sisa kurang dari 1 jam", "lewat 5 jam": holidays count, so hours and not working days."""
    hours = (due_at - (now or timezone.now())).total_seconds() / 3600
    if hours < 0:
        late = math.ceil(-hours)
        return ngettext("lewat %(n)d jam", "lewat %(n)d jam", late) % {"n": late}
    if hours < 1:
        return _("sisa kurang dari 1 jam")
    left = math.floor(hours)
    return ngettext("sisa %(n)d jam", "sisa %(n)d jam", left) % {"n": left}
