"""Kabar berkala: one mail a day or a week per person with what is new for them; nothing where nothing is.

New is a workshop that a saved search finds now and did not before, and a need opened in a followed category since.
`accounts.Told` has one row per person and item, so nothing is told twice, by whatever search it is found.
"""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.http import QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import alerts
from accounts.models import CategoryFollow, DigestChoice, Membership, SavedSearch, Told, User
from accounts.notices import notify
from catalogue.models import Category
from ikm.directory.keys import keys_of
from ikm.directory.query import Query
from ikm.models import Ikm
from industry.models import Need
from web import links, mail

logger = logging.getLogger(__name__)

# So many items of one search or category are named; the others are counted.
NAMED = 5


@dataclass(frozen=True)
class Section:
    """What is new of one saved search or one followed category."""

    kind: str  # of Told
    title: str
    address: str
    # Keys of the items that are told, all of them; `lines` name the first.
    items: tuple[int, ...]
    lines: tuple[str, ...]

    @property
    def more(self) -> int:
        return len(self.items) - len(self.lines)


def run(today: date | None = None) -> int:
    """Look for everybody who is due on `today`; how many digests were written. Runs may repeat and overlap."""
    today = today or timezone.localdate()
    written = 0
    for key in DigestChoice.objects.due(today).values_list("pk", flat=True):
        try:
            written += write(key, today)
        except Exception:  # one person's digest that fails must not keep the others from theirs
            logger.exception("digest %s not written", key)
    return written


@transaction.atomic
def write(key: int, today: date) -> bool:
    """The digest of one choice, if it is still due and no other worker holds it; False: nothing was new."""
    due = DigestChoice.objects.due(today).select_for_update(of=("self",), skip_locked=True)
    choice = due.select_related("user").filter(pk=key).first()
    if choice is None:
        return False
    choice.looked_on = today
    choice.save(update_fields=["looked_on"])
    person = choice.user
    with translation.override(person.language):
        sections = [*searches(person, today), *categories(person, today)]
        if sections:
            send(person, sections, today)
    return bool(sections)


# --- What is new


def searches(person: User, today: date) -> Iterator[Section]:
    for search in SavedSearch.objects.filter(user=person, is_on=True).select_for_update(of=("self",)):
        found = keys_of(Query.from_get(QueryDict(search.query)), on=today)
        fresh = untold(person, Told.Kind.IKM, found - set(search.known), today)
        if found != set(search.known):
            search.known = sorted(found)
            search.save(update_fields=["known"])
        if fresh:
            address = links.absolute(reverse("ikm:saved_search", args=[search.pk]))
            yield Section(Told.Kind.IKM, search.name, address, fresh, tuple(workshops(fresh[:NAMED])))


def categories(person: User, today: date) -> Iterator[Section]:
    follows = CategoryFollow.objects.filter(user=person).select_related("category")
    for follow in follows:
        found = new_needs(follow, today).values_list("pk", flat=True)
        fresh = untold(person, Told.Kind.NEED, found, today)
        if fresh:
            address = links.absolute(reverse("matching:owner_matches"))
            named = Need.objects.filter(pk__in=fresh[:NAMED]).select_related("company__organisation")
            lines = tuple(f"{need.title} ({need.company.organisation})" for need in named.order_by("pk"))
            yield Section(Told.Kind.NEED, str(follow.category), address, fresh, lines)


def new_needs(follow: CategoryFollow, today: date):
    """Open needs of the category or under it that came after the person began to follow, if they may see them."""
    under = Q(pk=follow.category_id) | Q(parent=follow.category_id) | Q(parent__parent=follow.category_id)
    market = Need.objects.taking_part(today).filter(
        category__in=Category.objects.filter(under), opened_at__gte=follow.since
    )
    return market.filter(pk__in=Need.objects.shown_to(follow.user).values("pk"))


def untold(person: User, kind: str, found: Iterable[int], today: date) -> tuple[int, ...]:
    """Of `found` what the person was not told yet, the newest key first; from now on it is told."""
    keys = set(found)
    keys -= set(Told.objects.filter(user=person, kind=kind, item__in=keys).values_list("item", flat=True))
    Told.objects.bulk_create(Told(user=person, kind=kind, item=key, told_on=today) for key in sorted(keys))
    return tuple(sorted(keys, reverse=True))


def workshops(keys: Iterable[int]) -> Iterator[str]:
    """ "CV Rak Baja Citangkil, Citangkil: rak gudang, pagar lipat"."""
    found = Ikm.objects.filter(pk__in=keys).select_related("organisation__area")
    for ikm in found.prefetch_related("products").order_by("-pk"):
        of = ikm.organisation
        place = f"{of.name}, {of.area.name}" if of.area else of.name
        made = [product.name for product in ikm.products.all() if product.retired_at is None][:3]
        yield f"{place}: {', '.join(made)}" if made else place


# --- The mail


def send(person: User, sections: list[Section], today: date) -> None:
    """By mail; who has no address finds it among the news of the portal."""
    key, subject = f"digest-{person.pk}-{today}", subject_of(sections)
    if person.email:
        unsubscribe = links.absolute(alerts.unsubscribe_path(person))
        context = {
            "person": person,
            "sections": sections,
            "settings": links.absolute(reverse("ikm:alerts")),
            "unsubscribe": unsubscribe,
        }
        text = render_to_string("accounts/mail/digest.txt", context)
        mail.queue(key, person.email, subject, text, headers=mail.unsubscribing(unsubscribe))
        return
    works_for = Membership.objects.current().filter(user=person).select_related("organisation").first()
    if works_for is not None:
        lines = [f"{section.title}: {'; '.join(section.lines)}" for section in sections]
        notify(
            works_for.organisation,
            key=key,
            title=subject,
            text="\n".join(lines),
            url=reverse("ikm:alerts"),
            user=person,
        )


def subject_of(sections: list[Section]) -> str:
    """ "2 IKM dan 1 kebutuhan baru untuk Anda"."""
    ikms, needs = (
        sum(len(section.items) for section in sections if section.kind == kind)
        for kind in (Told.Kind.IKM, Told.Kind.NEED)
    )
    workshops_found = ngettext("%(count)d IKM baru", "%(count)d IKM baru", ikms) % {"count": ikms}
    needs_found = ngettext("%(count)d kebutuhan baru", "%(count)d kebutuhan baru", needs) % {"count": needs}
    if not needs:
        return workshops_found
    if not ikms:
        return needs_found
    return _("%(workshops)s, %(needs)s") % {"workshops": workshops_found, "needs": needs_found}
