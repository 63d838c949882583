"""Workshops that a company keeps in mind, with a note. All its people share them; the workshop never learns of it."""

from django.db import transaction

from accounts.models import Organisation, User
from ikm.models import Favourite, Ikm


@transaction.atomic
def keep(ikm: Ikm, *, organisation: Organisation, by: User) -> Favourite:
    """Among the favourites of the company; a second time changes nothing."""
    found, _is_new = Favourite.objects.get_or_create(
        organisation=organisation, ikm=ikm, defaults={"added_by": by}
    )
    return found


@transaction.atomic
def let_go(ikm: Ikm, *, organisation: Organisation) -> None:
    """No favourite any more; its note goes with it."""
    Favourite.objects.of(organisation).filter(ikm=ikm).delete()


@transaction.atomic
def write_note(favourite: Favourite, *, note: str) -> Favourite:
    locked = Favourite.objects.select_for_update(of=("self",)).get(pk=favourite.pk)
    locked.note = note
    locked.save(update_fields=["note"])
    return locked
