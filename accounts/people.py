"""Persons: who they are, and which of their addresses they have confirmed."""

from typing import Any

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from accounts.models import EntryCard, User


@transaction.atomic
def create_person(
    *,
    name: str,
    by: User | None,
    email: str | None = None,
    phone: str | None = None,
    password: str | None = None,
) -> User:
    """A person with an e-mail address or a mobile number (+628…); without a password until a card or link gives one.

    ValidationError when another person has that address or number. `by` stands in the record of changes.
    """
    refuse_taken(email=email, phone=phone)
    return User.objects.create_user(name=name, email=email, phone=phone, password=password)


@transaction.atomic
def revise_person(person: User, *, by: User, **fields: Any) -> User:
    """Change name, phone or language; ValidationError when another person has that number."""
    if unknown := fields.keys() - {"name", "phone", "language"}:
        raise TypeError(f"not to be revised: {', '.join(sorted(unknown))}")
    locked = User.objects.select_for_update().get(pk=person.pk)
    if "phone" in fields:
        fields["phone"] = fields["phone"] or None
        if not (fields["phone"] or locked.email):
            raise ValidationError({"phone": _("Tanpa e-mail, nomor ponsel dibutuhkan untuk masuk.")})
        refuse_taken(phone=fields["phone"], besides=locked)
    for each in (locked, person):
        for name, value in fields.items():
            setattr(each, name, value)
    locked.save(update_fields=list(fields))
    return person


def refuse_taken(*, email: str | None = None, phone: str | None = None, besides: User | None = None) -> None:
    """ValidationError under the field whose address or number another person uses to log in."""
    others = User.objects.exclude(pk=besides.pk) if besides else User.objects.all()
    if email and others.filter(email=email.lower()).exists():
        raise ValidationError({"email": _("Alamat ini sudah dipakai akun lain.")})
    if phone and others.filter(phone=phone).exists():
        raise ValidationError({"phone": _("Nomor ini sudah dipakai akun lain.")})


def with_confirmed_address(people: QuerySet[User]) -> QuerySet[User]:
    """Those who have shown that they can be reached: they answered a mail, or came in by a card from the office."""
    mailed = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    carded = EntryCard.objects.filter(user=OuterRef("pk"), used_at__isnull=False)
    return people.filter(Exists(mailed) | Exists(carded))


def has_confirmed_address(person: User) -> bool:
    return with_confirmed_address(User.objects.filter(pk=person.pk)).exists()


def confirm_address(person: User) -> None:
    """The person came by a link that was mailed to their address, so it is theirs."""
    EmailAddress.objects.update_or_create(
        user=person, email=person.email, defaults={"verified": True, "primary": True}
    )
