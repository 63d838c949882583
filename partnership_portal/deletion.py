"""Forgetting a person or an organisation on request: every table, the record of changes, files, copies in news.

What stays is a row without words, so that what others wrote still points at something, and what `kept` names.
"""

import logging
from collections.abc import Iterable
from functools import partial
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Count, Q, Value
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts import data_requests
from accounts.models import Consent, DataExport, DataRequest, Document, Membership, Organisation, User
from accounts.notices import notify
from accounts.own_data import settled
from accounts.signals import consent_withdrawn
from ikm.models import DirectoryWord, Ikm
from industry import lifecycle, needs
from industry.models import Need
from partnership_portal.own_data import HOLDINGS, alone_in
from partnership_portal.scrubbing import end_sessions, scrub, words_of

logger = logging.getLogger(__name__)


class Part(NamedTuple):
    """So many rows of a kind; `why` they stay, "" where they go."""

    title: str
    number: int
    why: str | Promise = ""


def subjects(request: DataRequest) -> tuple[User | None, list[Organisation]]:
    """Whom a request for deletion is about: one organisation, or the person with those in which nobody else works."""
    if request.organisation is not None:
        return None, with_merged([request.organisation])
    return request.user, with_merged(alone_in(request.user))


def with_merged(organisations: Iterable[Organisation]) -> list[Organisation]:
    """Profiles that were merged into theirs are theirs too."""
    found = {each.pk: each for each in organisations}
    new = list(found)
    while new:
        merged = Ikm.objects.filter(merged_into__organisation__in=new).exclude(organisation__in=list(found))
        new = []
        for ikm in merged.select_related("organisation"):
            found[ikm.organisation_id] = ikm.organisation
            new.append(ikm.organisation_id)
    return list(found.values())


def obstacle(person: User | None) -> str:
    """Why the person cannot be forgotten yet; "" where nothing is in the way."""
    if person is None:
        return ""
    if person.is_staff or person.is_superuser:
        return _("Akun pengelola sistem dicabut dulu oleh pengelola lain.")
    others = Membership.objects.current().exclude(user=person)
    own = Organisation.objects.of_member(person).of_kind("dinas", "operator")
    last = own.exclude(pk__in=others.values("organisation")).first()
    if last is not None:
        return _("Hanya orang ini yang bekerja untuk %(office)s. Undang dulu petugas lain.") % {
            "office": last
        }
    return ""


def preview(person: User | None, organisations: list[Organisation]) -> list[Part]:
    """What would go and what would stay, kind by kind, in one statement; what is derived from it is not told."""
    counts = []
    for number, holding in enumerate(HOLDINGS):
        rows = holding.forgotten(person, organisations).order_by()
        is_told = holding.person or holding.organisation or holding.kept
        if is_told and not rows.query.is_empty():
            counted = rows.annotate(holding=Value(number)).values("holding").annotate(held=Count("pk"))
            counts.append(counted.values_list("holding", "held"))
    found = dict(counts[0].union(*counts[1:], all=True)) if counts else {}
    kinds = [(HOLDINGS[number], found[number]) for number in sorted(found, reverse=True) if found[number]]
    return [Part(of.words, count, of.kept) for of, count in kinds]


@transaction.atomic
def carry_out(request: DataRequest, *, by: User) -> DataRequest:
    """Do what a request for deletion asks, for good; the request stays as the proof, without words.

    ValidationError where an obstacle is in the way; data_requests.Decided where it was answered meanwhile.
    """
    locked = (
        DataRequest.objects.select_for_update(of=("self",))
        .select_related("user", "organisation")
        .get(pk=request.pk)
    )
    if not locked.is_open:
        raise data_requests.Decided
    person, organisations = subjects(locked)
    if why := obstacle(person):
        raise ValidationError(why)
    farewell_to, language = locked.user.email if person else None, locked.user.language
    colleagues = _colleagues(organisations, locked.user)
    for each in organisations:
        _stop(each, by=locked.user)
    forget(person, organisations)
    if person is not None:  # what else the person asked is answered by this
        waiting = DataRequest.objects.open().filter(user=person).exclude(pk=locked.pk)
        for other in waiting:
            data_requests.answer(other, state=DataRequest.State.DONE, by=by)
    done = data_requests.answer(locked, state=DataRequest.State.DONE, by=by, text=_("Dihapus."))
    for colleague, name in colleagues:
        _tell_colleague(colleague, name, done)
    if farewell_to:
        transaction.on_commit(partial(say_farewell, farewell_to, language), robust=True)
    return done


@transaction.atomic
def forget(person: User | None, organisations: list[Organisation]) -> None:
    """Rows, words, record, files and sessions. Nothing is asked and nobody is told."""
    words, files = words_of(person, organisations), _files(person, organisations)
    records = _records(person, organisations)
    if person is not None:
        _leave_organisations(person)
        end_sessions(person)
    for each in organisations:
        _forget_words_of_directory(each)
    for holding in HOLDINGS:
        keys = list(holding.forgotten(person, organisations).values_list("pk", flat=True))
        rows = holding.model._base_manager.filter(pk__in=keys)
        for name in holding.cleared:
            for row in rows:
                getattr(row, name).clear()
        if holding.is_removed:
            rows.delete()
        elif holding.blank:
            _blank(holding, rows)
    scrub(words)
    for model, keys in (_records(person, organisations, records)).items():
        model._base_manager.filter(pk__in=keys).delete()
    transaction.on_commit(partial(remove_files, files), robust=True)


def _blank(holding, rows) -> None:
    if holding.model is Ikm:  # the reason belongs to a withdrawn profile only
        rows.exclude(status="withdrawn").update(**{**settled(holding.blank), "withdrawal_reason": ""})
        rows = rows.filter(status="withdrawn")
    for key in list(rows.values_list("pk", flat=True)):
        rows.model._base_manager.filter(pk=key).update(**settled(holding.blank))


def _records(person, organisations, known: dict | None = None) -> dict:
    """Keys in the record of changes of all that is forgotten, per record; `known` ones included."""
    found = known or {}
    for holding in HOLDINGS:
        events = None if holding.kept else holding.recorded(person, organisations)
        if events is not None:
            found.setdefault(events.model, set()).update(events.values_list("pk", flat=True))
    return found


def _stop(organisation: Organisation, *, by: User) -> None:
    """What the organisation has in the market ends by the usual steps, so that whoever waits for it is told."""
    consent_withdrawn.send(sender=Consent, organisation=organisation, by=by)
    for need in Need.objects.filter(company__organisation=organisation, status=lifecycle.OPEN):
        needs.close_need(need, reason=Need.CloseReason.CANCELLED, by=by)
    for need in Need.objects.filter(company__organisation=organisation, status=lifecycle.DRAFT):
        needs.discard_draft(need, by=by)


def _leave_organisations(person: User) -> None:
    """Where the person was the contact of an organisation that stays, its contact is empty now, before and after."""
    theirs = Membership.objects.filter(user=person).values_list("organisation", flat=True)
    own = {
        "contact_name": person.name,
        "phone": person.phone,
        "whatsapp": person.phone,
        "email": person.email,
    }
    record = Organisation.pgh_event_model
    for name, value in own.items():
        if value:
            Organisation.objects.filter(pk__in=theirs, **{name: value}).update(**{name: ""})
            record._base_manager.filter(pgh_obj_id__in=theirs, **{name: value}).update(**{name: ""})


def _forget_words_of_directory(organisation: Organisation) -> None:
    """Words of its name that a misspelling may have meant; those that others use come back with them."""
    DirectoryWord.objects.filter(word__in=organisation.name.lower().split()).delete()


def _files(person: User | None, organisations: Iterable[Organisation]) -> list[str]:
    of = Q(organisation__in=[each.pk for each in organisations])
    found = Document.objects.filter(of).values_list("file", "thumbnail")
    exports = DataExport.objects.filter(of | Q(user=person) if person else of).values_list("file", flat=True)
    return [name for name in (*(each for pair in found for each in pair), *exports) if name]


def remove_files(names: list[str]) -> None:
    for name in names:
        default_storage.delete(name)


def _colleagues(organisations: Iterable[Organisation], person: User) -> list[tuple[User, str]]:
    """Who else worked for what is forgotten."""
    current = Membership.objects.current().filter(organisation__in=[each.pk for each in organisations])
    return [
        (m.user, m.organisation.name)
        for m in current.exclude(user=person).select_related("user", "organisation")
    ]


def _tell_colleague(colleague: User, name: str, request: DataRequest) -> None:
    notify(
        request.office,
        key=f"organisation-deleted-{request.pk}-{colleague.pk}",
        title=translation.gettext_lazy("Data usaha Anda dihapus"),
        text=translation.gettext_lazy("Pemilik meminta penghapusan data usaha tempat Anda bekerja."),
        url="/akun/",
        user=colleague,
    )


def say_farewell(address: str, language: str) -> None:
    """That it is done (UU 27/2022 pasal 45). Sent at once and kept nowhere: the address is forgotten."""
    with translation.override(language):
        subject = _("Data Anda sudah dihapus")
        text = _(
            "Permintaan Anda sudah dikerjakan: akun dan data Anda di Portal Kemitraan IKM Logam sudah dihapus. "
            "Salinan cadangan hilang dengan sendirinya dalam 12 bulan. Surat ini yang terakhir."
        )
    message = EmailMessage(subject, text, settings.DEFAULT_FROM_EMAIL, [address])
    try:
        get_connection(settings.DELIVERY_BACKEND).send_messages([message])
    except Exception as error:  # the deletion stands, whatever the mail server says
        logger.warning("farewell not sent: %s", type(error).__name__)
