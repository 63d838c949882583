"""How long the portal keeps what is no longer needed: the times as a table, and the nightly run over it.

The privacy page shows the same table, so that what is promised is what is done.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import (
    Claim,
    DataExport,
    DataRequest,
    EntryCard,
    Invitation,
    Membership,
    Notification,
    Organisation,
    User,
)
from accounts.notices import notify
from ikm import lifecycle
from ikm.models import Certificate, Ikm, ProcessCapability, Product
from ikm.register import imports as register_imports
from partnership_portal.deletion import forget, remove_files
from web import mail
from web.formats import long_date

logger = logging.getLogger(__name__)

# So many at most are forgotten in one night by a rule that reads every table for each.
A_NIGHT = 100
WARNED_BEFORE = timedelta(days=30)


class Rule(NamedTuple):
    """`forget(before, now)` does away with what was last needed before that moment; returns how many, if it knows."""

    slug: str
    words: str | Promise
    days: int
    forget: Callable[[datetime, datetime], int | None]

    @property
    def lasts(self) -> str:
        """ "90 hari", "1 tahun"."""
        if self.days % 365:
            return ngettext("%(n)d hari", "%(n)d hari", self.days) % {"n": self.days}
        years = self.days // 365
        return ngettext("%(n)d tahun", "%(n)d tahun", years) % {"n": years}


def run(now: datetime | None = None) -> dict[str, int | None]:
    """All rules, each for itself: one that fails is logged, and the others go on."""
    now = now or timezone.now()
    done = {}
    for rule in RULES:
        try:
            done[rule.slug] = rule.forget(now - timedelta(days=rule.days), now)
        except Exception:
            logger.exception("retention rule %s failed", rule.slug)
    return done


def sign_ups(before: datetime, now: datetime) -> int:
    """Who never showed that the address is theirs, and works for nobody."""
    own = {"user": OuterRef("pk")}
    unfinished = User.objects.filter(
        ~Exists(Membership.objects.filter(**own)),
        ~Exists(Claim.objects.filter(**own)),
        ~Exists(DataRequest.objects.filter(**own)),
        ~Exists(EntryCard.objects.filter(**own)),
        ~Q(emailaddress__verified=True),
        joined_at__lt=before,
        deleted_at=None,
        is_staff=False,
        is_superuser=False,
    ).filter(Q(last_login=None) | Q(last_login__lt=before))
    return _forget_each((person, []) for person in unfinished.order_by("pk")[:A_NIGHT])


def drafts(before: datetime, now: datetime) -> int:
    """Drafts of owners that nobody touched; the owner is told first, and has a month to go on."""
    for ikm in untouched(before + WARNED_BEFORE).exclude(Exists(warnings(before)))[:A_NIGHT]:
        warn(ikm, now)
    told = warnings(before).filter(created_at__lte=now - WARNED_BEFORE)
    over = untouched(before).filter(Exists(told))[:A_NIGHT]
    return _forget_each((None, [ikm.organisation]) for ikm in over)


def untouched(before: datetime) -> QuerySet[Ikm]:
    """Drafts with a member, never sent in, in whose record nothing stands since `before`."""
    since = {"pgh_created_at__gte": before}
    facts = [
        Exists(model.pgh_event_model.objects.filter(ikm=OuterRef("pk"), **since))
        for model in (Product, ProcessCapability, Certificate)
    ]
    own = Ikm.pgh_event_model.objects.filter(pgh_obj=OuterRef("pk"), **since)
    of = Organisation.pgh_event_model.objects.filter(pgh_obj=OuterRef("organisation"), **since)
    members = Membership.objects.current().filter(organisation=OuterRef("organisation"))
    found = Ikm.objects.filter(
        status=lifecycle.DRAFT,
        submitted_at=None,
        approved_at=None,
        merged_into=None,
        created_at__lt=before,
        organisation__reviewing_office__isnull=False,
    )
    for touched in (*facts, Exists(own), Exists(of)):
        found = found.exclude(touched)
    return found.filter(Exists(members)).select_related("organisation").order_by("pk")


def warnings(before: datetime) -> QuerySet[Notification]:
    """That the draft of the outer row ends, told since `before`."""
    return Notification.objects.filter(
        organisation=OuterRef("organisation"), key__startswith="draft-ends-", created_at__gte=before
    )


def warn(ikm: Ikm, now: datetime) -> None:
    notify(
        ikm.organisation,
        key=f"draft-ends-{ikm.pk}-{timezone.localdate(now)}",
        title=_("Draf profil usaha Anda akan dihapus"),
        text=format_lazy(
            _("Sudah lama tidak diisi. Lanjutkan sebelum {day}, atau biarkan: draf lalu dihapus."),
            day=long_date(now + WARNED_BEFORE),
        ),
        url=reverse("ikm:profile"),
        sender=ikm.organisation.reviewing_office,
    )


def notifications(before: datetime, now: datetime) -> int:
    """Their words; the key stays, so that nothing is told twice."""
    old = Notification.objects.filter(created_at__lt=before).exclude(title="")
    return old.update(title="", text="", url="", whatsapp="", read_at=now)


@transaction.atomic
def cards(before: datetime, now: datetime) -> int:
    """Cards that are over, and used ones, but the last used of each person: it shows that the office has met them."""
    later = EntryCard.objects.filter(user=OuterRef("user"), used_at__gt=OuterRef("used_at"))
    old = EntryCard.objects.filter(
        Q(used_at=None, expires_at__lt=before) | Q(Exists(later), used_at__lt=before)
    )
    return _remove(old)


def invitations(before: datetime, now: datetime) -> int:
    return Invitation.objects.filter(expires_at__lt=before).delete()[0]


@transaction.atomic
def claims(before: datetime, now: datetime) -> int:
    return _remove(Claim.objects.filter(state=Claim.State.REFUSED, decided_at__lt=before))


@transaction.atomic
def requests(before: datetime, now: datetime) -> int:
    """Their words; that they were asked and answered in time stays to be counted."""
    old = DataRequest.objects.filter(decided_at__lt=before).exclude(text="", subject="")
    keys = list(old.values_list("pk", flat=True))
    DataRequest.objects.filter(pk__in=keys).update(text="", subject="", url="", answer="Dihapus.")
    DataRequest.pgh_event_model.objects.filter(pgh_obj__in=keys).delete()
    return len(keys)


def imports(before: datetime, now: datetime) -> None:
    register_imports.forget_old()


@transaction.atomic
def exports(before: datetime, now: datetime) -> int:
    old = DataExport.objects.filter(begun_at__lt=before)
    files = [each.file.name for each in old if each.file]
    transaction.on_commit(partial(remove_files, files), robust=True)
    return old.delete()[0]


def mails(before: datetime, now: datetime) -> int:
    return mail.forget_old()


def sessions(before: datetime, now: datetime) -> int:
    """A browser that was not used for so long is logged out already (SESSION_COOKIE_AGE); its row goes."""
    return Session.objects.filter(expire_date__lt=now).delete()[0]


def _forget_each(found) -> int:
    count = 0
    for person, organisations in found:
        forget(person, organisations)
        count += 1
    return count


def _remove(rows: QuerySet) -> int:
    """With their record of changes."""
    keys = list(rows.values_list("pk", flat=True))
    rows.model.objects.filter(pk__in=keys).delete()
    rows.model.pgh_event_model.objects.filter(pgh_obj__in=keys).delete()
    return len(keys)


RULES = (
    Rule("sign_ups", _("Pendaftaran yang tidak diselesaikan"), 90, sign_ups),
    Rule(
        "drafts", _("Draf profil yang tidak disentuh pemiliknya (diingatkan 30 hari sebelumnya)"), 365, drafts
    ),
    Rule("notifications", _("Isi pemberitahuan"), 365, notifications),
    Rule("mails", _("Isi surel yang sudah terkirim"), mail.KEPT.days, mails),
    Rule("cards", _("Kartu masuk yang lewat waktunya atau sudah diganti"), 90, cards),
    Rule("invitations", _("Undangan anggota"), 180, invitations),
    Rule("claims", _("Pengakuan usaha yang ditolak"), 365, claims),
    Rule(
        "imports", _("Berkas daftar yang dibawa Dinas ke portal"), register_imports.UNUSED_FOR.days, imports
    ),
    Rule("exports", _("Salinan data yang disiapkan untuk Anda"), 7, exports),
    Rule("requests", _("Kata-kata dalam permintaan data yang sudah dijawab"), 1095, requests),
    Rule("sessions", _("Tanda masuk pada peramban yang tidak dipakai"), 30, sessions),
)
