"""The home of each role: what waits for me, what changed since I was here, my numbers."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast

from django.db.models import CharField, F, QuerySet, Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Claim, Evidence, FollowUp, Membership, Notification, Organisation, User
from ikm import lifecycle, sections, takeovers, waiting
from ikm.freshness import freshness
from ikm.models import DuplicatePair, Ikm, Review
from industry import lifecycle as industry_lifecycle
from industry import turns
from industry.models import Company, Need
from matching.models import IkmRanking, NeedRanking
from matching.ranking import count_groups
from partnership_portal import queue
from web.formats import due, long_date

# A visit ends after so long without a look at the home page.
SILENCE = timedelta(hours=1)
FIRST_LOOK_BACK = timedelta(days=7)
SHOWN = 6


class Figure(NamedTuple):
    """A number that leads to its rows."""

    value: int
    words: str | Promise
    url: str


class Step(NamedTuple):
    """The one thing to do now; `waiting`: nothing but wait. `confirms`: one tap says that all is still so."""

    title: str
    text: str = ""
    url: str = ""
    action: str = ""
    waiting: bool = False
    confirms: str = ""


class Standings(NamedTuple):
    qualified: int
    near: int


class News(NamedTuple):
    what: str
    name: str
    key: int
    at: datetime
    by: str | None

    @property
    def words(self) -> Promise:
        return NEWS[self.what][0]

    @property
    def url(self) -> str:
        return reverse(NEWS[self.what][1], args=[self.key])


NEWS = {
    "approve": (gettext_lazy("disetujui"), "ikm:review"),
    "return": (gettext_lazy("dikembalikan"), "ikm:review"),
    "seen": (gettext_lazy("perubahannya dilihat"), "ikm:review"),
    "company": (gettext_lazy("perusahaan disetujui"), "industry:review"),
    "claim": (gettext_lazy("pengakuan usaha diputuskan"), "accounts:claim"),
}


def last_visit(request: HttpRequest) -> datetime:
    """When the person was here before this visit; a week ago where this browser does not know."""
    now = timezone.now()
    seen = _moment(request.session.get("home_seen"))
    before = _moment(request.session.get("home_before")) or now - FIRST_LOOK_BACK
    if seen and now - seen > SILENCE:
        before = seen
    request.session["home_seen"], request.session["home_before"] = now.isoformat(), before.isoformat()
    return before


def _moment(text: str | None) -> datetime | None:
    return parse_datetime(text) if text else None


def page(request: HttpRequest) -> tuple[str, dict[str, Any]]:
    """Template part and context for whoever asks, by the organisation the request acts for."""
    membership = request.membership
    if not membership:
        return "home/_nobody.html", nobody(request)
    of = membership.organisation
    if of.kind in {Organisation.Kind.DINAS, Organisation.Kind.OPERATOR}:
        return "home/_dinas.html", dinas(request, of)
    if of.kind == Organisation.Kind.IKM:
        return "home/_ikm.html", workshop(request, of)
    if of.kind == Organisation.Kind.COMPANY:
        return "home/_company.html", company(request, of)
    return "home/_guest.html", {"news": unread(request)}


def nobody(request: HttpRequest) -> dict[str, Any]:
    """The two doors, and the claims that wait for an office."""
    claims = (
        Claim.objects.waiting().filter(user=request.user).select_related("organisation__reviewing_office")
    )
    return {"claims": list(claims[:SHOWN])}


def unread(request: HttpRequest) -> list[Notification]:
    """News of the person or the organisation acted for, oldest first."""
    of = request.membership.organisation_id
    found = Notification.objects.for_user(request.user).unread().filter(organisation=of)
    return list(found.order_by("created_at", "pk")[:SHOWN])


# --- The office


def dinas(request: HttpRequest, office: Organisation) -> dict[str, Any]:
    """What waits, oldest first; what colleagues decided since the last visit; the office's numbers."""
    rows = queue.parts(office, cast(User, request.user))
    since = last_visit(request)
    ikms = waiting.of_office(office)
    companies = Company.objects.filter(organisation__reviewing_office=office)
    counted = queue.count(
        office,
        {f"waits_{kind}": found for kind, found in rows.items()}
        | {f"ikm_{status}": ikms.filter(status=status) for status in lifecycle.PROFILE.states}
        | {
            "open_claims": waiting.claims_open(ikms.filter(status=lifecycle.APPROVED)).filter(
                open_claims__gt=0
            ),
            "companies": companies.filter(status=industry_lifecycle.REVIEWED),
            "needs": Need.objects.filter(company__in=companies, status=industry_lifecycle.OPEN),
            "letters": Notification.objects.to_hand_over(office),
            "similar": DuplicatePair.objects.of_office(office).waiting(),
        },
    )
    waits = sum(counted[f"waits_{kind}"] for kind in rows)
    return {
        "rows": queue.read(queue.mixed(rows.values())[:SHOWN]),
        "waits": waits,
        "since": since,
        "decided": decided_since(office, since),
        "to_hand_over": counted["letters"],
        "similar": counted["similar"],
        "figures": office_figures(counted),
    }


def office_figures(counted: dict[str, int]) -> list[Figure]:
    ikms, companies = reverse("ikm:of_the_office"), reverse("industry:of_the_office")
    return [
        Figure(counted["ikm_approved"], _("IKM disetujui"), f"{ikms}?status=approved"),
        Figure(
            counted["open_claims"],
            _("IKM disetujui dengan data belum diperiksa"),
            f"{ikms}?status=approved&bukti=menunggu",
        ),
        Figure(counted["ikm_returned"], _("menunggu perbaikan pemilik"), f"{ikms}?status=returned"),
        Figure(counted["ikm_draft"], _("masih draf"), f"{ikms}?status=draft"),
        Figure(counted["companies"], _("perusahaan disetujui"), f"{companies}?status=reviewed"),
        Figure(counted["needs"], _("kebutuhan terbuka"), f"{reverse('matching:office_needs')}?status=open"),
    ]


def decided_since(office: Organisation, since: datetime) -> list[News]:
    """What was decided in the office, newest first."""
    reviews = Review.objects.filter(office=office, decided_at__gt=since).values_list(
        F("decision"), F("ikm__organisation__name"), F("ikm"), F("decided_at"), F("officer__name")
    )
    companies = Company.objects.filter(
        organisation__reviewing_office=office, reviewed_at__gt=since
    ).values_list(
        Value("company", CharField()),
        F("organisation__name"),
        F("pk"),
        F("reviewed_at"),
        F("reviewed_by__name"),
    )
    claims = Claim.objects.filter(organisation__reviewing_office=office, decided_at__gt=since).values_list(
        Value("claim", CharField()), F("organisation__name"), F("pk"), F("decided_at"), F("decided_by__name")
    )
    # The fourth column is the moment.
    found = reviews.order_by().union(companies.order_by(), claims.order_by(), all=True)
    return [News(*row) for row in sorted(found, key=lambda row: row[3], reverse=True)[:SHOWN]]


# --- The workshop


def workshop(request: HttpRequest, of: Organisation) -> dict[str, Any]:
    ikm = Ikm.objects.filter(organisation=of).select_related("organisation__reviewing_office").first()
    if ikm is None:
        return {"step": None, "news": unread(request), "figures": [], "ikm": None, "turns": []}
    held = sections.contents(ikm)
    fitting = standings(IkmRanking.objects.filter(pk=ikm.pk, takes_part=True)).get(ikm.pk)
    takeover = takeover_step(ikm, request) if ikm.is_published else None
    first, others = next_turns(of, ready=ikm.is_published and takeover is None)
    return {
        "ikm": ikm,
        "step": takeover or first or owner_step(ikm, held, fitting),
        "turns": others,
        "news": unread(request),
        "figures": owner_figures(ikm, held, fitting),
    }


def standings(rankings: QuerySet) -> dict[int, Standings]:
    """Per kept list how many stand in it: qualified, and with one thing missing."""
    found = {}
    for ranking in rankings:
        proven, qualified, near, _partial = ranking.counts or count_groups(ranking.entries)
        found[ranking.pk] = Standings(proven + qualified, near)
    return found


def takeover_step(ikm: Ikm, request: HttpRequest) -> Step | None:
    """For the owner of a profile that the office wrote."""
    if request.membership.role != Membership.Role.OWNER or not takeovers.waits_for(
        ikm, cast(User, request.user)
    ):
        return None
    text = _("Dinas menulis profil ini dan sudah menampilkannya. Periksa isinya dan beri persetujuan Anda.")
    return Step(_("Ambil alih profil usaha Anda"), text, reverse("ikm:takeover"), _("Periksa dan ambil alih"))


def owner_step(ikm: Ikm, held: sections.Contents, fitting: Standings | None) -> Step:
    """What moves this workshop on, by where its profile stands."""
    profile = reverse("ikm:profile")
    if ikm.status == lifecycle.DRAFT:
        done = sections.done(held)
        count = sum(done.values())
        if count == len(done):
            return Step(
                _("Kirim profil Anda"), _("Semua bagian sudah terisi."), profile, _("Periksa dan kirim")
            )
        text = _("%(done)d dari %(all)d bagian selesai.") % {"done": count, "all": len(done)}
        return Step(_("Lengkapi profil usaha"), text, profile, _("Lanjutkan"))
    if ikm.status == lifecycle.SUBMITTED:
        office = ikm.organisation.reviewing_office or _("Dinas")
        return Step(
            _("Profil Anda sedang ditinjau"),
            _("%(office)s memeriksanya. Anda mendapat kabar di sini.") % {"office": office},
            profile,
            _("Lihat profil"),
            waiting=True,
        )
    if ikm.status == lifecycle.RETURNED:
        return Step(_("Perbaiki profil usaha"), returned_text(ikm), profile, _("Perbaiki"))
    if ikm.status == lifecycle.WITHDRAWN:
        text = _("Usaha Anda tidak tampil kepada pembeli.")
        return Step(_("Profil Anda ditarik"), text, profile, _("Ikut lagi"))
    if freshness(ikm.confirmed_on, timezone.localdate()).is_shown:
        text = _("Terakhir Anda pastikan pada %(day)s.") % {"day": long_date(ikm.confirmed_on)}
        confirms = reverse("ikm:confirm", args=[ikm.pk])
        title = _("Apakah data usaha Anda masih benar?")
        return Step(title, text, profile, _("Periksa data"), confirms=confirms)
    text = _("Kebutuhan industri besar yang bisa Anda kerjakan, dengan alasannya.")
    return Step(matches_title(fitting), text, reverse("matching:owner_matches"), _("Lihat kebutuhan"))


def matches_title(fitting: Standings | None) -> str:
    if fitting and fitting.qualified:
        title = ngettext(
            "%(count)d kebutuhan bisa Anda penuhi", "%(count)d kebutuhan bisa Anda penuhi", fitting.qualified
        )
        return title % {"count": fitting.qualified}
    if fitting and fitting.near:
        title = ngettext(
            "%(count)d kebutuhan hampir bisa Anda penuhi: kurang satu",
            "%(count)d kebutuhan hampir bisa Anda penuhi: kurang satu",
            fitting.near,
        )
        return title % {"count": fitting.near}
    return _("Lihat kebutuhan yang cocok")


def returned_text(ikm: Ikm) -> str:
    """The sections that the office remarked on."""
    review = ikm.reviews.filter(decision=Review.Decision.RETURNED).first()
    names = [str(section.title) for section in sections.SECTIONS if review and section.slug in review.remarks]
    if not names:
        return _("Dinas memberi catatan.")
    return _("Dinas memberi catatan pada: %(sections)s.") % {"sections": ", ".join(names)}


def owner_figures(ikm: Ikm, held: sections.Contents, fitting: Standings | None) -> list[Figure]:
    facts = [*held.products, *held.processes, *held.certificates]
    proven = sum(fact.evidence == Evidence.VERIFIED for fact in facts)
    profile, matches = reverse("ikm:profile"), reverse("matching:owner_matches")
    return [
        *([Figure(fitting.qualified, _("kebutuhan yang Anda penuhi syaratnya"), matches)] if fitting else []),
        *([Figure(fitting.near, _("kebutuhan, kurang satu syarat"), matches)] if fitting else []),
        Figure(len(held.products), _("produk"), section_url(ikm, "products")),
        Figure(len(held.processes), _("proses"), section_url(ikm, "processes")),
        Figure(len(held.certificates), _("sertifikat"), section_url(ikm, "certificates")),
        Figure(proven, _("dari %(count)d hal terperiksa Dinas") % {"count": len(facts)}, profile),
    ]


def section_url(ikm: Ikm, slug: str) -> str:
    return reverse("ikm:section", args=[ikm.pk, slug])


# --- The company


def company(request: HttpRequest, of: Organisation) -> dict[str, Any]:
    mine = Company.objects.filter(organisation=of).select_related("organisation__reviewing_office").first()
    if mine is None:
        return {"step": None, "news": unread(request), "figures": [], "company": None, "turns": []}
    needs = Need.objects.filter(company=mine)
    by_status = queue.count(of, {status: needs.filter(status=status) for status in Need.Status.values})
    first, others = next_turns(of, ready=mine.is_reviewed)
    return {
        "company": mine,
        "step": first or buyer_step(mine, by_status),
        "turns": others,
        "news": unread(request),
        "needs": open_needs(needs),
        "figures": buyer_figures(by_status),
    }


def next_turns(of: Organisation, *, ready: bool) -> tuple[Step | None, list[FollowUp]]:
    """What somebody else waits for: the first as the step on top, which goes before what would merely be good to do,
    and the others. Not `ready`: its own papers go first."""
    steps = turns.waiting_for(of, most=SHOWN)
    if not steps or not ready:
        return None, steps
    first, *others = steps
    about = [first.about, str(first.counterpart or ""), due(first.due_on)]
    return Step(first.words, " · ".join(filter(None, about)), first.url, _("Kerjakan")), others


def open_needs(needs: QuerySet[Need]) -> list[tuple[Need, Standings | None]]:
    """Open needs, the one that ends first on top, with how many workshops stand where in their lists."""
    found = needs.filter(status=industry_lifecycle.OPEN).select_related("category", "unit")
    shown = list(found.order_by("end", "pk")[:SHOWN])
    counted = standings(NeedRanking.objects.filter(pk__in=[need.pk for need in shown], takes_part=True))
    return [(need, counted.get(need.pk)) for need in shown]


def buyer_step(mine: Company, by_status: dict[str, int]) -> Step:
    registration = reverse("industry:company")
    drafts, opened = by_status["draft"], by_status["open"]
    if mine.status == industry_lifecycle.DRAFT:
        text = _("Dinas memeriksa perusahaan sebelum kebutuhannya tampil kepada IKM.")
        return Step(_("Lengkapi pendaftaran perusahaan"), text, registration, _("Lanjutkan"))
    if mine.status == industry_lifecycle.RETURNED:
        return Step(_("Perbaiki pendaftaran perusahaan"), mine.remarks, registration, _("Perbaiki"))
    if mine.status == industry_lifecycle.SUBMITTED:
        office = mine.organisation.reviewing_office or _("Dinas")
        text = _("%(office)s memeriksa perusahaan Anda. Sementara itu Anda boleh menulis kebutuhan.")
        return Step(
            _("Pendaftaran Anda sedang ditinjau"),
            text % {"office": office},
            reverse("industry:need_new"),
            _("Tulis kebutuhan"),
            waiting=True,
        )
    if drafts:
        title = ngettext("%(count)d kebutuhan masih draf", "%(count)d kebutuhan masih draf", drafts)
        url = f"{reverse('industry:needs')}?status=draft"
        text = _("IKM baru melihatnya setelah Anda membukanya.")
        return Step(title % {"count": drafts}, text, url, _("Lihat draf"))
    if not opened:
        text = _("Lima menit untuk satu barang; IKM yang sesuai tampil dengan alasannya.")
        return Step(_("Tulis kebutuhan pertama"), text, reverse("industry:need_new"), _("Tulis kebutuhan"))
    text = _("Lihat siapa yang memenuhi syarat, dan apa yang kurang pada yang lain.")
    return Step(
        _("Bandingkan IKM untuk kebutuhan Anda"), text, reverse("industry:needs"), _("Lihat kebutuhan")
    )


def buyer_figures(by_status: dict[str, int]) -> list[Figure]:
    needs = reverse("industry:needs")
    return [
        Figure(by_status["open"], _("kebutuhan terbuka"), f"{needs}?status=open"),
        Figure(by_status["draft"], _("draf"), f"{needs}?status=draft"),
        Figure(by_status["closed"], _("ditutup"), f"{needs}?status=closed"),
    ]
