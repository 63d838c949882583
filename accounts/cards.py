"""Kartu masuk: an eight-figure code on paper, from the office to a workshop's owner; used once, also the way back in.

The code itself is kept nowhere: the row holds its keyed digest, so a stolen table opens nothing.
"""

import secrets
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from accounts import memberships, people
from accounts.models import EntryCard, Membership, Organisation, User
from accounts.notices import notify
from accounts.pins import check_pin
from web import identifiers, links

VALID_FOR = timedelta(days=14)
FIGURES = 8


@transaction.atomic
def issue(
    organisation: Organisation,
    *,
    office: Organisation,
    by: User,
    person: User | None = None,
    name: str = "",
    phone: str = "",
) -> tuple[EntryCard, str]:
    """A card and its code (shown now and never again) for a member of the workshop, or for its new owner.

    `phone` (+628…) becomes the log-in number of `person`; without a person a new owner is made, where the workshop
    has none yet. Older cards of the person end. ValidationError says why somebody gets no card.
    """
    locked = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    if locked.reviewing_office_id != office.pk or locked.kind != Organisation.Kind.IKM:
        raise PermissionError
    if not Membership.objects.current().filter(user=by, organisation=office).exists():
        raise PermissionError
    holder = _holder(locked, person=person, name=name, phone=phone, by=by)
    _refuse_further_powers(holder, office)
    now = timezone.now()
    EntryCard.objects.usable(now).filter(user=holder).update(expires_at=now)
    code = f"{secrets.randbelow(10**FIGURES):0{FIGURES}}"
    card = EntryCard.objects.create(
        user=holder,
        organisation=locked,
        office=office,
        code_hash=_digest(holder.pk, code),
        issued_by=by,
        issued_at=now,
        expires_at=now + VALID_FOR,
    )
    notify(
        locked,
        key=f"entry-card-{card.pk}",
        title=_("Kartu masuk dibuat untuk %(name)s") % {"name": holder},
        text=_("%(officer)s dari %(office)s membuat kartu masuk. Tidak tahu soal ini? Hubungi Dinas.")
        % {"officer": by, "office": office},
        url="/akun/",
    )
    return card, code


def login_key(login_name: str) -> str:
    """The log-in name in its one spelling: +628… or an address in small letters."""
    try:
        return identifiers.phone(login_name, mobile=True)
    except identifiers.IdentifierRefused:
        return login_name.strip().lower()


def find(login_name: str, code: str) -> EntryCard | None:
    """The usable card of that person with that code, or None. As slow for strangers as for those we know."""
    name = login_key(login_name)
    user = User.objects.filter(email=name).first() or User.objects.filter(phone=name).first()
    pk = user.pk if user and user.is_active else 0
    wanted = _digest(pk, "".join(figure for figure in code if figure.isdigit()))
    card = EntryCard.objects.usable(timezone.now()).filter(user=pk).order_by("-issued_at").first()
    return card if constant_time_compare(card.code_hash if card else "0" * 64, wanted) else None


def token_of(card: EntryCard, code: str) -> str:
    """What the QR holds: the card and its code, signed, so that nobody can try codes by this way."""
    return links.sign("entry-card", [card.pk, code], lasts=VALID_FOR)


def by_token(token: str) -> EntryCard | None:
    """The usable card of a QR; None when the token is not ours or the card is no longer good."""
    try:
        pk, code = links.read("entry-card", token)
    except links.LinkRefused:
        return None
    card = EntryCard.objects.usable(timezone.now()).filter(pk=pk, user__is_active=True).first()
    return card if card and constant_time_compare(card.code_hash, _digest(card.user_id, code)) else None


@transaction.atomic
def redeem(card: EntryCard, *, pin: str) -> User:
    """Use the card up and set the holder's PIN; every session of the holder ends with the old secret.

    ValidationError when the card was used meanwhile or the PIN is easy to guess.
    """
    locked = EntryCard.objects.select_for_update(of=("self",)).select_related("user").get(pk=card.pk)
    now = timezone.now()
    if not EntryCard.objects.usable(now).filter(pk=locked.pk).exists():
        raise ValidationError(
            _("Kartu ini sudah dipakai atau sudah lewat waktunya. Minta kartu baru dari Dinas.")
        )
    holder = locked.user
    check_pin(pin, phone=holder.phone or "")
    locked.used_at = now
    locked.save(update_fields=["used_at"])
    holder.set_password(pin)
    holder.save(update_fields=["password"])
    return holder


@transaction.atomic
def withdraw(card: EntryCard, *, by: User) -> None:
    """The card stops working; a used or expired one stays as it is."""
    now = timezone.now()
    EntryCard.objects.usable(now).filter(pk=card.pk).update(expires_at=now)


def _holder(organisation: Organisation, *, person: User | None, name: str, phone: str, by: User) -> User:
    """The member the card is for, with the number it is used with; a new owner where the workshop has none."""
    current = organisation.memberships.current()
    if person is not None:
        if not current.filter(user=person).exists():
            raise ValidationError(_("Orang ini bukan anggota usaha ini."))
        if phone and phone != person.phone:
            people.revise_person(person, by=by, phone=phone)
        return person
    if current.filter(role=Membership.Role.OWNER).exists():
        raise ValidationError(_("Usaha ini sudah punya pemilik di portal. Pilih orangnya dari daftar."))
    known = User.objects.filter(phone=phone).first()
    # A number that already works for somebody else must not be taken over by paper.
    if known is not None and known.memberships.current().exists():
        raise ValidationError({"phone": _("Nomor ini sudah dipakai anggota usaha atau perusahaan lain.")})
    holder = known or people.create_person(name=name, phone=phone, by=by)
    memberships.join(organisation, holder, role=Membership.Role.OWNER)
    return holder


def _refuse_further_powers(holder: User, office: Organisation) -> None:
    """A card opens an account with all it may do, so it must not reach beyond the office's own workshops."""
    if holder.needs_second_factor:
        raise ValidationError(_("Petugas masuk dengan langkah kedua, bukan dengan kartu."))
    elsewhere = (
        holder.memberships.current()
        .exclude(organisation__kind=Organisation.Kind.IKM, organisation__reviewing_office=office)
        .select_related("organisation")
        .first()
    )
    if elsewhere is not None:
        raise ValidationError(
            _("Orang ini juga bekerja untuk %(name)s, jadi kartu tidak bisa dipakai. Ia masuk lewat e-mail.")
            % {"name": elsewhere.organisation}
        )


def _digest(user_pk: int, code: str) -> str:
    return salted_hmac("accounts.cards", f"{user_pk}:{code}", algorithm="sha256").hexdigest()
