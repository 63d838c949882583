"""How two organisations reach each other, once they have been introduced. Nobody else is told a contact."""

from typing import NamedTuple

from accounts.models import Introduction, Organisation
from accounts.notices import members_of
from web import formats


class Contact(NamedTuple):
    """Empty strings where something is not known."""

    name: str
    person: str
    phone: str
    phone_url: str
    whatsapp: str
    whatsapp_url: str
    email: str
    address: str


def introduce(one: Organisation, other: Organisation, *, reason: str) -> Introduction:
    """Open the contacts of both to each other. A second time changes nothing."""
    low, high = sorted([one, other], key=lambda each: each.pk)
    found, _new = Introduction.objects.get_or_create(
        first=low, second=high, defaults={"reason": reason[:120]}
    )
    return found


def contact_of(organisation: Organisation, *, seen_by: Organisation, text: str = "") -> Contact | None:
    """How `seen_by` reaches `organisation`, WhatsApp with `text` filled in; None before they are introduced."""
    if not Introduction.objects.between(organisation, seen_by).exists():
        return None
    return known_contact(organisation, text=text)


def known_contact(organisation: Organisation, *, text: str = "") -> Contact:
    """The same for who has made sure already that both are introduced."""
    whatsapp, email, person = organisation.whatsapp, organisation.email, organisation.contact_name
    if not (whatsapp and email and person):
        # What the organisation does not say of itself, the first who works for it says.
        people = members_of(organisation)
        whatsapp = whatsapp or next((one.phone for one in people if one.phone), "")
        email = email or next((one.email for one in people if one.email), "")
        person = person or next((one.name for one in people if one.name), "")
    return Contact(
        organisation.name,
        person,
        formats.phone(organisation.phone),
        f"tel:{organisation.phone}" if organisation.phone else "",
        formats.phone(whatsapp),
        formats.wa_link(whatsapp, text),
        email,
        organisation.address,
    )
