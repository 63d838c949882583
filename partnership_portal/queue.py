"""What waits for an office, of every kind, oldest first: one list from six tables."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    F,
    IntegerField,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.data_requests import clock
from accounts.models import Claim, DataRequest, Membership, Organisation, User
from accounts.models.requests import ANSWER_WITHIN as ANSWER_DATA_WITHIN
from ikm import waiting
from ikm.models import Report
from industry.models import Company
from web.formats import age, due
from web.workdays import add_working_days, working_days_between

# The office answers within so many working days.
ANSWER_WITHIN = 5
COLUMNS = ("noun", "key", "name", "area", "since", "facts", "own")


class Kind(NamedTuple):
    slug: str
    word: Promise
    plural: Promise
    url_name: str


KINDS = {
    kind.slug: kind
    for kind in (
        Kind("ikm", _("Profil IKM baru"), _("Profil IKM"), "ikm:review"),
        Kind("perubahan", _("Data berubah"), _("Data berubah"), "ikm:review"),
        Kind(
            "perusahaan",
            _("Pendaftaran perusahaan"),
            pgettext_lazy("banyak", "Perusahaan"),
            "industry:review",
        ),
        Kind("pengakuan", _("“Ini usaha saya”"), _("Pengakuan usaha"), "accounts:claim"),
        Kind("laporan", _("Laporan tentang IKM"), _("Laporan"), "ikm:reported"),
        Kind("data", _("Permintaan data"), _("Permintaan data"), "data_request"),
    )
}


class Waiting(NamedTuple):
    """One thing that waits. `own`: it rests on the reader's word, so another officer decides."""

    kind: str
    key: int
    name: str
    area: str | None
    since: datetime
    facts: int
    own: bool

    @property
    def word(self) -> Promise:
        return KINDS[self.kind].word

    @property
    def url(self) -> str:
        return reverse(KINDS[self.kind].url_name, args=[self.key])

    @property
    def due_on(self) -> date:
        return add_working_days(timezone.localdate(self.since), ANSWER_WITHIN)

    @property
    def clock_ends(self) -> datetime | None:
        """By the hour, holidays counted: what the law says of requests about data."""
        return self.since + ANSWER_DATA_WITHIN if self.kind == "data" else None

    @property
    def age_words(self) -> str:
        waited = working_days_between(timezone.localdate(self.since), timezone.localdate())
        return (
            gettext("menunggu %(age)s") % {"age": age(self.since)}
            if waited > 0
            else gettext("masuk hari ini")
        )

    @property
    def due_words(self) -> str:
        return clock(self.clock_ends) if self.clock_ends else due(self.due_on)

    @property
    def is_late(self) -> bool:
        if self.clock_ends:
            return self.clock_ends < timezone.now()
        return self.due_on < timezone.localdate()


def parts(office: Organisation, user: User) -> dict[str, QuerySet]:
    """Per kind the rows that wait for the office, all with the same columns, in no order."""
    people_of = Membership.objects.current().filter(user=user).values("organisation")
    own_company = Q(entered_by=user) | Q(organisation__in=people_of)
    submitted, changed = waiting.submitted(office), waiting.changed_since_look(office)
    companies = Company.objects.filter(organisation__reviewing_office=office).waiting_for_review()
    claims = Claim.objects.filter(state=Claim.State.WAITING, organisation__reviewing_office=office)
    reports = Report.objects.open().filter(ikm__organisation__reviewing_office=office)
    asked = DataRequest.objects.filter(state=DataRequest.State.OPEN, office=office)
    return {
        "ikm": _rows(submitted, "ikm", F("submitted_at"), Value(0), waiting.entered_by(user)),
        "perubahan": _rows(
            changed, "perubahan", F("waits_since"), F("waiting_facts"), waiting.entered_by(user)
        ),
        "perusahaan": _rows(companies, "perusahaan", F("submitted_at"), Value(0), own_company),
        "pengakuan": _rows(claims, "pengakuan", F("created_at"), Value(0), Q(user=user)),
        "laporan": _rows(
            reports,
            "laporan",
            F("reported_at"),
            Value(0),
            Q(reported_by=user),
            name="ikm__organisation__name",
            area="ikm__organisation__area__name",
        ),
        "data": _rows(
            asked,
            "data",
            F("created_at"),
            Value(0),
            Q(user=user),
            name=Coalesce("organisation__name", "user__name"),
        ),
    }


def _rows(
    found: QuerySet,
    kind: str,
    since,
    facts,
    own: Q,
    name="organisation__name",
    area="organisation__area__name",
) -> QuerySet:
    return (
        found.order_by()
        .annotate(
            noun=Value(kind, CharField()),
            key=F("pk"),
            name=F(name) if isinstance(name, str) else name,
            area=F(area),
            since=since,
            facts=facts if isinstance(facts, F) else Value(0, IntegerField()),
            own=Case(When(own, then=Value(True)), default=Value(False), output_field=BooleanField()),
        )
        .values_list(*COLUMNS)
    )


def mixed(rows: Iterable[QuerySet]) -> QuerySet:
    """One list of all parts, oldest first; its rows are read with `read`."""
    first, *rest = rows
    return first.union(*rest, all=True).order_by("since", "noun", "key")


def read(rows: Iterable[tuple]) -> list[Waiting]:
    return [Waiting(*row) for row in rows]


def count(office: Organisation, found: dict[str, QuerySet]) -> dict[str, int]:
    """How many rows each has, all in one statement."""
    counted = {
        name: Coalesce(
            Subquery(
                rows.order_by().annotate(one=Value(1)).values("one").annotate(many=Count("*")).values("many")
            ),
            0,
        )
        for name, rows in found.items()
    }
    numbers = Organisation.objects.filter(pk=office.pk).values_list(*counted.values()).get()
    return dict(zip(counted, numbers, strict=True))
