"""Taking a person's or a workshop's words out of what others wrote: news, mails, remarks, whatever holds text."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.contrib.sessions.models import Session
from django.db import connection, models

from accounts.models import Organisation, User
from accounts.own_data import DELETED_ORGANISATION, DELETED_PERSON
from web.formats import phone as read_aloud

GONE = "[dihapus]"
# Where a name is a copy of what stands elsewhere. In other texts a name may be another person's.
COPIES = {
    "accounts_notification": ("title", "text"),
    "accounts_followup": ("about",),
    "accounts_followupevent": ("about",),
    "accounts_datarequest": ("subject", "text", "answer"),
    "accounts_datarequestevent": ("subject", "text", "answer"),
    "web_outgoingmail": ("subject", "text", "to"),
    "django_admin_log": ("object_repr", "change_message"),
}
# Other people's and organisations' own numbers, which may be the same; and what the database lets nobody change.
OWN_OF_OTHERS = """accounts_user accounts_userevent accounts_organisation accounts_organisationevent
    account_emailaddress matching_selection matching_selectionevent matching_selectionfile django_session web_cache
    django_migrations pghistory_context""".split()


class Words(NamedTuple):
    """`addresses` point at one person or workshop; `names` (with what takes their place) need not."""

    addresses: frozenset[str]
    names: tuple[tuple[str, str], ...]


def words_of(person: User | None, organisations: Iterable[Organisation]) -> Words:
    addresses, names = set[str](), []
    if person is not None:
        addresses |= {person.email or "", *spellings(person.phone or "")}
        names.append((person.name, DELETED_PERSON))
    for each in organisations:
        addresses |= {each.email, *spellings(each.phone), *spellings(each.whatsapp), each.nib, each.npwp}
        names += [(each.name, DELETED_ORGANISATION), (each.contact_name, DELETED_PERSON)]
    return Words(frozenset(addresses - {""}), tuple(pair for pair in names if pair[0]))


def spellings(number: str) -> set[str]:
    """+628123… as it is stored, as a link has it, as people write it."""
    digits = number.removeprefix("+")
    if not number.startswith("+62"):
        return {number, digits}
    aloud = read_aloud(number).replace("\N{NO-BREAK SPACE}", " ")
    return {
        number,
        digits,
        f"0{digits[2:]}",
        aloud,
        aloud.replace(" ", "-"),
        aloud.replace(" ", "\N{NO-BREAK SPACE}"),
    }


def scrub(words: Words) -> None:
    """Put "[dihapus]" in place of addresses wherever our tables hold text, and of names in copies of them."""
    with connection.cursor() as cursor:
        for table, column, is_json in list(_text_columns()):
            for address in sorted(words.addresses, key=len, reverse=True):
                _replace(cursor, table, column, is_json, re.escape(address), GONE)
        for table, columns in COPIES.items():
            for column in columns:
                for name, instead in words.names:
                    # \m and \M: the name as a whole word, as PostgreSQL has them.
                    _replace(cursor, table, column, False, rf"\m{re.escape(name)}(?!\w)", instead)


def _replace(cursor, table: str, column: str, is_json: bool, pattern: str, instead: str) -> None:
    value = f'"{column}"::text' if is_json else f'"{column}"'
    new = f"regexp_replace({value}, %s, %s, 'g')" + ("::jsonb" if is_json else "")
    cursor.execute(f'UPDATE "{table}" SET "{column}" = {new} WHERE {value} ~ %s', [pattern, instead, pattern])


def _text_columns() -> Iterator[tuple[str, str, bool]]:
    """(table, column, whether it is JSON) of every text in our tables, keys and codes apart."""
    from django.apps import apps

    for model in apps.get_models(include_auto_created=True):
        options = model._meta
        if options.proxy or not options.managed or options.db_table in OWN_OF_OTHERS:
            continue
        for field in options.concrete_fields:
            is_text = isinstance(field, models.CharField | models.TextField) and not (
                field.choices or field.primary_key or isinstance(field, models.FileField)
            )
            if is_text or isinstance(field, models.JSONField):
                yield options.db_table, field.column, isinstance(field, models.JSONField)


def end_sessions(person: User) -> None:
    """Every browser in which the person is logged in."""
    own = [
        session.pk
        for session in Session.objects.iterator()
        if session.get_decoded().get("_auth_user_id") == str(person.pk)
    ]
    Session.objects.filter(pk__in=own).delete()
