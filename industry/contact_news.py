"""What either side is told when something happens between a need and a workshop, and whose turn it is then.

Before both have said yes, no text here holds a contact, and nobody's number is lent to the other for WhatsApp: the
office hands such news over. Afterwards each may write to the other.
"""

from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import followups
from accounts.models import Organisation, User
from accounts.notices import notify
from industry import lifecycle
from industry.models import Interest
from web.workdays import add_working_days

# Working days to answer an interest or an invitation, and for the first word once both want to talk.
ANSWER_WITHIN, FIRST_WORD_WITHIN = 5, 3

ANSWER_INVITATION = gettext_noop("Jawab undangan")
ANSWER_INTEREST = gettext_noop("Jawab minat IKM")
FIRST_WORD = gettext_noop("Hubungi IKM dan sepakati langkah pertama")
TO_TERMS = gettext_noop("Sepakati pesanan pertama")
# What two who talk may agree next.
STEPS: tuple[str, ...] = (
    gettext_noop("Kirim gambar atau spesifikasi"),
    gettext_noop("Kirim penawaran harga"),
    gettext_noop("Kunjungi bengkel"),
    gettext_noop("Kirim contoh barang"),
    gettext_noop("Periksa contoh barang"),
    gettext_noop("Kirim pesanan pertama"),
    gettext_noop("Beri kabar keputusan"),
)


def prefix_of(interest: Interest) -> str:
    """What the keys of its next steps begin with."""
    return f"interest-{interest.pk}:"


def url_of(interest: Interest) -> str:
    return reverse("industry:pair", args=[interest.pk])


def tell(interest: Interest, *, before: str) -> None:
    """News and turns of the state just reached; `before` is the state it came from."""
    {
        lifecycle.INTERESTED: _interested,
        lifecycle.INVITED: _invited,
        lifecycle.DECLINED: _declined,
        lifecycle.REFUSED: _refused,
        lifecycle.TAKEN_BACK: _taken_back,
        lifecycle.TALKS: _talks,
        lifecycle.AGREED: _agreed,
        lifecycle.ENDED: _ended,
    }[interest.status](interest, before)


def agree_step(interest: Interest, *, whose: str, what: str, due_on: date, by: User) -> None:
    """`what` (a msgid) is the turn of `whose` side until `due_on`; what was open between the two is done."""
    buyer, workshop = interest.need.company.organisation, interest.organisation
    turn, other = (buyer, workshop) if whose == Interest.Side.BUYER else (workshop, buyer)
    followups.settle(prefix_of(interest), by=by)
    _turn(interest, turn, other, what, due_on)
    by_buyer = by.memberships.current().filter(organisation=buyer).exists()
    _tell(
        interest,
        workshop if by_buyer else buyer,
        title=format_lazy(_("Langkah berikutnya: {what}"), what=_(what)),
        text=format_lazy(
            _("Untuk “{title}”, giliran {turn}. Disepakati bersama {other}."),
            title=interest.need.title,
            turn=turn,
            other=other,
        ),
        sender=buyer if by_buyer else workshop,
        what="step",
    )


def _interested(interest: Interest, before: str) -> None:
    buyer = interest.need.company.organisation
    _turn(interest, buyer, interest.organisation, ANSWER_INTEREST, _in_days(ANSWER_WITHIN))
    _tell(
        interest,
        buyer,
        title=format_lazy(_("{workshop} berminat"), workshop=interest.organisation),
        text=format_lazy(
            _("Pada kebutuhan “{title}”. Terima, atau jawab tidak dengan alasan."), title=interest.need.title
        ),
    )


def _invited(interest: Interest, before: str) -> None:
    workshop, need = interest.organisation, interest.need
    _turn(interest, workshop, need.company.organisation, ANSWER_INVITATION, _in_days(ANSWER_WITHIN))
    _tell(
        interest,
        workshop,
        title=format_lazy(_("{company} mengundang Anda"), company=need.company),
        text=format_lazy(
            _("Kebutuhan: “{title}”. Jawab berminat atau tidak; jawaban tidak pun membantu."),
            title=need.title,
        ),
        sender=workshop.reviewing_office,
    )


def _declined(interest: Interest, before: str) -> None:
    if before != lifecycle.INVITED:
        return  # nobody asked: the buyer reads it in the list, no mail
    _tell(
        interest,
        interest.need.company.organisation,
        title=format_lazy(_("{workshop} tidak berminat"), workshop=interest.organisation),
        text=format_lazy(
            _("Pada kebutuhan “{title}”. Alasannya: {reason}."),
            title=interest.need.title,
            reason=_why(interest),
        ),
    )


def _refused(interest: Interest, before: str) -> None:
    _tell(
        interest,
        interest.organisation,
        title=format_lazy(_("{company} belum memilih Anda"), company=interest.need.company),
        text=format_lazy(
            _("Untuk kebutuhan “{title}”. Alasannya: {reason}."),
            title=interest.need.title,
            reason=_why(interest),
        ),
        sender=interest.organisation.reviewing_office,
    )


def _taken_back(interest: Interest, before: str) -> None:
    by_buyer = interest.moved_side == Interest.Side.BUYER
    workshop, need = interest.organisation, interest.need
    if by_buyer:
        title: Promise = format_lazy(_("{company} menarik undangannya"), company=need.company)
    else:
        title = format_lazy(_("{workshop} menarik minatnya"), workshop=workshop)
    _tell(
        interest,
        workshop if by_buyer else need.company.organisation,
        title=title,
        text=format_lazy(_("Kebutuhan: “{title}”."), title=need.title),
        sender=workshop.reviewing_office if by_buyer else None,
    )


def _talks(interest: Interest, before: str) -> None:
    buyer, workshop = interest.need.company.organisation, interest.organisation
    _turn(interest, buyer, workshop, FIRST_WORD, _in_days(FIRST_WORD_WITHIN))
    text = format_lazy(
        _("Untuk kebutuhan “{title}”, kontak kini terbuka bagi keduanya."), title=interest.need.title
    )
    for one, other in ((buyer, workshop), (workshop, buyer)):
        _tell(
            interest,
            one,
            title=format_lazy(_("Anda dan {other} saling berminat"), other=other),
            text=text,
            sender=other,
        )


def _agreed(interest: Interest, before: str) -> None:
    buyer, workshop = interest.need.company.organisation, interest.organisation
    _turn(interest, buyer, workshop, TO_TERMS, _in_days(FIRST_WORD_WITHIN))
    _tell(
        interest,
        workshop,
        title=format_lazy(_("{company} mencatat kesepakatan dengan Anda"), company=interest.need.company),
        text=format_lazy(_("Untuk kebutuhan “{title}”."), title=interest.need.title),
        sender=buyer,
    )


def _ended(interest: Interest, before: str) -> None:
    buyer, workshop = interest.need.company.organisation, interest.organisation
    by_buyer = interest.moved_side == Interest.Side.BUYER
    one, other = (workshop, buyer) if by_buyer else (buyer, workshop)
    _tell(
        interest,
        one,
        title=format_lazy(_("Pembicaraan dengan {other} selesai"), other=other),
        text=format_lazy(
            _("Tentang “{title}”. Alasannya: {reason}."), title=interest.need.title, reason=_why(interest)
        ),
        sender=other,
    )


def _why(interest: Interest) -> Promise | str:
    label = Interest.Reason(interest.reason).label
    return (
        format_lazy("{label}: {words}", label=label, words=interest.reason_words)
        if interest.reason_words
        else label
    )


def _in_days(days: int) -> date:
    return add_working_days(timezone.localdate(), days)


def _turn(interest: Interest, turn: Organisation, other: Organisation, what: str, due_on: date) -> None:
    followups.agree(
        turn,
        key=f"{prefix_of(interest)}{timezone.now():%Y%m%d%H%M%S%f}",
        what=what,
        due_on=due_on,
        url=url_of(interest),
        about=interest.need.title,
        counterpart=other,
    )


def _tell(
    interest: Interest,
    to: Organisation,
    *,
    title: Promise,
    text: Promise,
    sender: Organisation | None = None,
    what: str = "",
) -> None:
    moment = timezone.now() if what else interest.moved_at
    notify(
        to,
        key=f"{prefix_of(interest)}{what or interest.status}-{moment:%Y%m%d%H%M%S%f}-{to.pk}",
        title=title,
        text=text,
        url=url_of(interest),
        sender=sender,
    )
