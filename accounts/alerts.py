"""What a person wants to hear of regularly (kabar berkala): saved searches, followed categories, how often."""

from collections.abc import Collection, Iterable
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import CategoryFollow, DigestChoice, SavedSearch, User
from catalogue.models import Category
from web import links

MOST_SEARCHES = 30
MOST_CATEGORIES = 60
LONGEST_QUERY = 1500
PURPOSE = "unsubscribe"
# An old mail must still be able to end the mails.
UNSUBSCRIBE_LASTS = timedelta(days=800)


@transaction.atomic
def save_search(*, name: str, query: str, known: Iterable[int] = (), by: User) -> SavedSearch:
    """Keep `query` (of the directory's address) under `name`; the same query again only gets the new name.

    `known` are the keys of the workshops that match now: what comes later is news. ValidationError beyond 30.
    """
    rhythm_of(by)
    if len(query) > LONGEST_QUERY:
        raise ValidationError(_("Saringannya terlalu banyak untuk disimpan. Kurangi dulu."))
    mine = SavedSearch.objects.filter(user=by)
    existing = mine.filter(query=query).first()
    if existing is not None:
        existing.name, existing.is_on = name, True
        existing.save(update_fields=["name", "is_on"])
        return existing
    if mine.count() >= MOST_SEARCHES:
        raise ValidationError(
            _("Paling banyak %(count)d pencarian tersimpan. Hapus dulu satu.") % {"count": MOST_SEARCHES}
        )
    return SavedSearch.objects.create(
        user=by, name=name, query=query, known=sorted(known), seen_at=timezone.now()
    )


def note_seen(search: SavedSearch) -> None:
    """The person opened it now."""
    SavedSearch.objects.filter(pk=search.pk).update(seen_at=timezone.now())


def forget_search(search: SavedSearch) -> None:
    """Remove it; what was told stays told."""
    SavedSearch.objects.filter(pk=search.pk).delete()


@transaction.atomic
def choose(*, rhythm: str, searches_on: Collection[int], by: User) -> DigestChoice:
    """How often the person hears, and of which of their saved searches (keys); the others are switched off."""
    if rhythm not in DigestChoice.Rhythm.values:
        raise ValueError(f"no rhythm {rhythm!r}")
    choice = rhythm_of(by)
    choice.rhythm = rhythm
    choice.save(update_fields=["rhythm"])
    mine = SavedSearch.objects.filter(user=by)
    mine.filter(is_on=False, pk__in=searches_on).update(is_on=True)
    mine.filter(is_on=True).exclude(pk__in=searches_on).update(is_on=False)
    return choice


def rhythm_of(person: User) -> DigestChoice:
    """The person's choice, locked; weekly for who has not chosen. Inside a transaction."""
    DigestChoice.objects.get_or_create(user=person)
    return DigestChoice.objects.select_for_update(of=("self",)).get(user=person)


@transaction.atomic
def follow(category: Category, *, by: User) -> CategoryFollow:
    """Hear of new needs in the category and under it from now on; a second time changes nothing."""
    rhythm_of(by)
    mine = CategoryFollow.objects.filter(user=by)
    if mine.exclude(category=category).count() >= MOST_CATEGORIES:
        words = _("Paling banyak %(count)d kategori. Berhenti mengikuti satu dulu.")
        raise ValidationError(words % {"count": MOST_CATEGORIES})
    return mine.get_or_create(category=category, defaults={"user": by})[0]


def unfollow(category: Category, *, by: User) -> None:
    CategoryFollow.objects.filter(user=by, category=category).delete()


def unsubscribe_path(person: User) -> str:
    """The address that ends the mails with one tap, without a log-in."""
    token = links.sign(PURPOSE, person.pk, lasts=UNSUBSCRIBE_LASTS)
    return reverse("accounts:unsubscribe", args=[token])


def by_token(token: str) -> User | None:
    """Whose mails the address ends; None when it is altered, too old, or the person is gone."""
    try:
        return User.objects.filter(pk=links.read(PURPOSE, token)).first()
    except links.LinkRefused:
        return None


def unsubscribe(person: User) -> None:
    """No digest any more; searches and categories stay for who changes their mind. A second time changes nothing."""
    DigestChoice.objects.update_or_create(user=person, defaults={"rhythm": DigestChoice.Rhythm.OFF})
