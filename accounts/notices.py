"""News for people and organisations: waits on the home page, goes by mail, can be handed over by WhatsApp."""

from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import Notification, Organisation, User
from web import links, mail

LINK_LASTS = timedelta(days=60)


@transaction.atomic
def notify(
    organisation: Organisation,
    *,
    key: str,
    title: str | Promise,
    text: str | Promise,
    url: str,
    sender: Organisation | None = None,
    user: User | None = None,
) -> Notification | None:
    """Tell `organisation` (or one `user` of it) the news `key`, once; None when it was told before.

    `url` is a path of this portal. Lazy texts are written in the first recipient's language. Who has an e-mail
    address gets a mail with the same commit; `sender` may hand the text over by WhatsApp where a number is known.
    """
    people = [user] if user else members_of(organisation)
    with translation.override(people[0].language if people else settings.LANGUAGE_CODE):
        title, text = str(title)[:150], str(text)
    notification, is_new = Notification.objects.get_or_create(
        key=key,
        defaults={
            "organisation": organisation,
            "user": user,
            "sender": sender,
            "title": title,
            "text": text,
            "url": url,
            "whatsapp": whatsapp_of(organisation, user, people) if sender else "",
        },
    )
    if not is_new:
        return None
    for person in people:
        if person.email:
            _mail(notification, person, person.email)
    return notification


def members_of(organisation: Organisation) -> list[User]:
    """Who works for the organisation now, the longest member first."""
    return list(
        User.objects.filter(
            memberships__organisation=organisation, memberships__left_on=None, is_active=True
        ).order_by("memberships__joined_on", "memberships__pk")
    )


def whatsapp_of(organisation: Organisation, user: User | None, people: list[User]) -> str:
    """The number that reaches the recipient by WhatsApp; "" where none is known."""
    if user is not None:  # news for one person is not for the organisation's telephone
        return user.phone or ""
    mobiles = [person.phone for person in people if person.phone]
    return organisation.whatsapp or (mobiles[0] if mobiles else "")


def mark_read(notification: Notification, *, by: User) -> None:
    """The news was seen by one of those it is for. A second time changes nothing."""
    Notification.objects.for_user(by).filter(pk=notification.pk).unread().update(read_at=timezone.now())


def mark_all_read(*, by: User) -> None:
    Notification.objects.for_user(by).unread().update(read_at=timezone.now())


def settle(organisation: Organisation, *, key: str) -> None:
    """What the news whose keys begin with `key` asked for is done: they wait no more, here or to be handed over."""
    waiting = Notification.objects.filter(organisation=organisation, key__startswith=key).unread()
    waiting.update(read_at=timezone.now(), whatsapp="")


def link_of(notification: Notification) -> str:
    """The address to hand over: it shows this one piece of news, and logs nobody in, since messages are forwarded.

    News that leads to a page for everybody, such as a signed link, is handed over as that page.
    """
    try:
        view = resolve(urlsplit(notification.url).path).func
    except Resolver404:
        view = None
    if not getattr(view, "login_required", True):
        return links.absolute(notification.url)
    return links.absolute(
        reverse("accounts:news", args=[links.sign("news", notification.pk, lasts=LINK_LASTS)])
    )


def by_token(token: str) -> Notification | None:
    """The news of such an address; None when it is altered or too old."""
    try:
        pk = links.read("news", token)
    except links.LinkRefused:
        return None
    return Notification.objects.select_related("organisation", "user", "sender").filter(pk=pk).first()


def whatsapp_text(notification: Notification) -> str:
    """What WhatsApp is opened with: a greeting, the news, one signed link."""
    person = notification.user or next(iter(members_of(notification.organisation)), None)
    with translation.override(person.language if person else settings.LANGUAGE_CODE):
        greeting = _("Yth. %(name)s,") % {"name": person or notification.organisation}
        from_whom = _("Salam, %(sender)s") % {"sender": notification.sender}
    return "\n\n".join([greeting, notification.title, notification.text, link_of(notification), from_whom])


@transaction.atomic
def hand_over(notification: Notification, *, by: User) -> None:
    """`by` opens WhatsApp with the text: it no longer waits to be sent."""
    locked = Notification.objects.select_for_update(of=("self",)).get(pk=notification.pk)
    if locked.handed_over_at is None:
        locked.handed_over_at, locked.handed_over_by = timezone.now(), by
        locked.save(update_fields=["handed_over_at", "handed_over_by"])


def _mail(notification: Notification, person: User, to: str) -> None:
    with translation.override(person.language):
        body = render_to_string(
            "accounts/mail/notification.txt",
            {"notification": notification, "person": person, "address": links.absolute(notification.url)},
        )
    mail.queue(f"notice-{notification.pk}:user-{person.pk}", to, notification.title, body)
