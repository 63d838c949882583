"""Reminders, each exactly once: profiles to confirm, certificates that run out, needs that end.

A nightly run. Each step of the policy (accounts.ReminderPolicy) has a day; of those that have come only the latest
is told, so that a worker that was down for a week makes up for it with one reminder, never with four.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Any, NamedTuple, cast

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Notification, Organisation, ReminderPolicy
from accounts.notices import notify
from ikm import confirming, lifecycle
from ikm.freshness import LEAVES_AFTER, LEFT, freshness, plus_months
from ikm.models import Certificate, Ikm
from industry.lifecycle import INVITED, TALKS, UNANSWERED
from industry.models import Interest, Need
from web.formats import long_date

logger = logging.getLogger(__name__)

# What ran out longer ago than this when it is first seen (an import) is no news.
LATE = timedelta(days=30)
BATCH = 500


class Reminder(NamedTuple):
    """What `to` is told, once under `key`. Texts and the address are made only for what was not told yet."""

    key: str
    to: Organisation
    title: Promise
    text: Promise
    url: Callable[[], str]
    sender: Organisation | None = None


def run(today: date | None = None) -> int:
    """Tell what is due by `today` and was not told before; how many. Runs may repeat and overlap."""
    today = today or timezone.localdate()
    policy = ReminderPolicy.in_force()
    sources = (to_confirm(policy, today), certificates(policy, today), needs(policy, today))
    return sum(tell(reminders) for reminders in sources)


def tell(reminders: Iterable[Reminder]) -> int:
    """Tell those of `reminders` that were not told yet; how many."""
    told = 0
    for batch in in_batches(reminders):
        keys = [reminder.key for reminder in batch]
        known = set(Notification.objects.filter(key__in=keys).values_list("key", flat=True))
        for key, to, title, text, url, sender in batch:
            if key in known:
                continue
            try:
                told += notify(to, key=key, title=title, text=text, url=url(), sender=sender) is not None
            except Exception:  # one that cannot be told must not keep the others from it
                logger.exception("reminder %s not told", key)
    return told


def nearest(steps: Iterable[tuple[str, date]], today: date) -> str | None:
    """Of (name, day) the latest that has come by `today`; None before the first."""
    passed = [(day, name) for name, day in steps if day <= today]
    return max(passed)[1] if passed else None


# --- Profiles that nobody confirmed


def to_confirm(policy: ReminderPolicy, today: date) -> Iterator[Reminder]:
    """Owners of published profiles, by the age of their last word."""
    found = Ikm.objects.published().filter(confirmed_on__lte=today - timedelta(days=28))
    found = found.select_related("organisation__reviewing_office").order_by("pk")
    for ikm in found.iterator(chunk_size=BATCH):
        step = nearest(confirm_steps(policy, ikm.confirmed_on), today)
        if step:
            yield Reminder(
                f"confirm-{ikm.pk}-{ikm.confirmed_on}-{step}",
                ikm.organisation,
                say(confirm_title, ikm.confirmed_on, today),
                say(confirm_text, ikm.confirmed_on, today),
                lambda ikm=ikm: confirming.path_of(ikm),
                ikm.organisation.reviewing_office,
            )


def confirm_steps(policy: ReminderPolicy, confirmed_on: date) -> Iterator[tuple[str, date]]:
    for months in policy.confirm_months:
        yield f"{months}m", plus_months(confirmed_on, months)
    for days in policy.leaving_days:
        yield f"{days}d", plus_months(confirmed_on, LEAVES_AFTER) - timedelta(days=days)


def confirm_title(confirmed_on: date, today: date) -> str:
    if freshness(confirmed_on, today).state == LEFT:
        return _("Profil Anda tidak lagi dicocokkan")
    return _("Apakah data usaha Anda masih benar?")


def confirm_text(confirmed_on: date, today: date) -> str:
    age = freshness(confirmed_on, today)
    said = _("Terakhir Anda pastikan pada %(day)s.") % {"day": long_date(confirmed_on)}
    if age.state == LEFT:
        then = _("Sejak itu lewat setahun, jadi pembeli tidak lagi menemukannya dalam urutan.")
    elif age.is_shown:
        last = long_date(plus_months(confirmed_on, LEAVES_AFTER))
        then = _("Sesudah %(day)s profil Anda tidak dicocokkan lagi.") % {"day": last}
    else:
        then = _("Pembeli lebih percaya kepada data yang baru.")
    return " ".join([said, then, _("Cukup satu ketukan: buka tautannya, lihat, pilih “Ya”.")])


# --- Certificates that run out


def certificates(policy: ReminderPolicy, today: date) -> Iterator[Reminder]:
    """The owner, and the company for whose needs alone the certificate counts (CSMS)."""
    horizon = today + timedelta(days=max(policy.certificate_days, default=0))
    newer = Certificate.objects.current().filter(
        Q(for_company=OuterRef("for_company")) | Q(for_company=None),
        ikm=OuterRef("ikm"),
        kind=OuterRef("kind"),
        valid_until__gt=OuterRef("valid_until"),
    )
    found = (
        Certificate.objects.current()
        .filter(~Exists(newer), valid_until__range=(today - LATE, horizon), ikm__merged_into=None)
        .exclude(ikm__status=lifecycle.WITHDRAWN)
        .select_related("ikm__organisation__reviewing_office", "kind", "for_company")
        .order_by("pk")
    )
    for held in found.iterator(chunk_size=BATCH):
        step = nearest(days_before(policy.certificate_days, held.valid_until), today)
        if step:
            yield from of_certificate(held, f"certificate-{held.pk}-{held.valid_until}-{step}", today)


def days_before(days: Iterable[int], end: date) -> Iterator[tuple[str, date]]:
    for count in days:
        yield str(count), end - timedelta(days=count)


def of_certificate(held: Certificate, key: str, today: date) -> Iterator[Reminder]:
    owner = held.ikm.organisation
    yield Reminder(
        key,
        owner,
        say(ends_title, _mine, held, today),
        say(owners_text, held),
        lambda: reverse("ikm:certificate", args=[held.ikm_id, held.pk]),
        owner.reviewing_office,
    )
    if held.for_company is not None and held.ikm.is_published:
        yield Reminder(
            f"{key}-buyer",
            held.for_company,
            say(ends_title, _theirs, held, today),
            say(buyers_text, held),
            lambda: reverse("ikm:supplier", args=[owner.ref]),
        )


def _mine(held: Certificate) -> str:
    return _("Sertifikat %(kind)s") % {"kind": held.kind}


def _theirs(held: Certificate) -> str:
    return _("%(kind)s milik %(name)s") % {"kind": held.kind, "name": held.ikm.organisation.name}


def ends_title(what: Callable[[Certificate], str], held: Certificate, today: date) -> str:
    """ "Sertifikat ISO 9001 berakhir dalam 30 hari"."""
    days = (held.valid_until - today).days if held.valid_until else 0
    words = {"what": what(held), "count": days}
    if days > 0:
        return (
            ngettext("%(what)s berakhir dalam %(count)d hari", "%(what)s berakhir dalam %(count)d hari", days)
            % words
        )
    return (_("%(what)s berakhir hari ini") if days == 0 else _("%(what)s sudah berakhir")) % words


def owners_text(held: Certificate) -> str:
    return _(
        "Berlaku sampai %(day)s. Sesudah itu ia tidak dihitung lagi. "
        "Sudah diperpanjang? Tulis nomor dan tanggal yang baru di portal."
    ) % {"day": long_date(held.valid_until)}


def buyers_text(held: Certificate) -> str:
    return _(
        "Berlaku sampai %(day)s, dan hanya dihitung untuk kebutuhan Anda. "
        "Sesudah itu usaha ini tidak lagi memenuhi syarat tersebut."
    ) % {"day": long_date(held.valid_until)}


# --- Needs that end


def needs(policy: ReminderPolicy, today: date) -> Iterator[Reminder]:
    """The buyer, and the workshops that are in contact about it."""
    horizon = today + timedelta(days=max(policy.need_days, default=0))
    found = Need.objects.taking_part(today).filter(end__lte=horizon).select_related("company__organisation")
    for need in found.order_by("pk").iterator(chunk_size=BATCH):
        step = nearest(days_before(policy.need_days, need.end), today)
        if step:
            key = f"need-{need.pk}-{need.end}-{step}"
            yield of_buyer(need, key, today)
            yield from of_workshops(need, key, today)


def of_buyer(need: Need, key: str, today: date) -> Reminder:
    of = need.company.organisation
    return Reminder(key, of, say(need_title, need, today), say(ending_text, need), address_of(need))


def of_workshops(need: Need, key: str, today: date) -> Iterator[Reminder]:
    waiting = Interest.objects.filter(need=need, status__in=[*UNANSWERED, TALKS])
    shown = Ikm.objects.filter(organisation=OuterRef("organisation"), merged_into=None)
    for interest in waiting.filter(Exists(shown)).select_related("organisation__reviewing_office"):
        of = interest.organisation
        yield Reminder(
            f"{key}-{of.pk}",
            of,
            say(need_title, need, today),
            say(invited_text if interest.status == INVITED else interested_text, need),
            address_of(need),
            of.reviewing_office,
        )


def need_title(need: Need, today: date) -> str:
    days = (need.end - today).days if need.end else 0
    if days == 0:
        return _("Batas waktu hari ini: %(need)s") % {"need": need.title}
    return ngettext(
        "Batas waktu %(count)d hari lagi: %(need)s", "Batas waktu %(count)d hari lagi: %(need)s", days
    ) % {"need": need.title, "count": days}


def ending_text(need: Need) -> str:
    return _(
        "Kebutuhan ini terbuka sampai %(day)s. Ubah tanggalnya bila masih dibutuhkan, atau tutup dengan alasannya."
    ) % {"day": long_date(need.end)}


def invited_text(need: Need) -> str:
    words = {"name": need.company.organisation.name, "day": long_date(need.end)}
    return _("%(name)s mengundang Anda. Jawab sebelum lewat %(day)s: berminat atau tidak.") % words


def interested_text(need: Need) -> str:
    words = {"name": need.company.organisation.name, "day": long_date(need.end)}
    return _("Anda berminat pada kebutuhan %(name)s ini. Batas waktunya %(day)s.") % words


def address_of(need: Need) -> Callable[[], str]:
    return lambda: reverse("industry:need", args=[need.pk])


def say(words: Callable[..., str], *args: Any) -> Promise:
    """`words(*args)` in the language of whoever is told."""
    return cast(Promise, lazy(words, str)(*args))


def in_batches(reminders: Iterable[Reminder]) -> Iterator[list[Reminder]]:
    rest = iter(reminders)
    while batch := list(islice(rest, BATCH)):
        yield batch
