"""The role navigation: at most five entries, a bottom bar on phones."""

from typing import NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership


class Entry(NamedTuple):
    label: Promise
    url: str
    current: bool
    icon: str


# kind of organisation -> (label, url name, icon)
ENTRIES: dict[str, list[tuple[Promise, str, str]]] = {
    "ikm": [
        (_("Beranda"), "home", "home"),
        (_("Usaha saya"), "ikm:profile", "workshop"),
        (_("Kebutuhan cocok"), "matching:owner_matches", "match"),
        (_("Minat saya"), "industry:interests", "chat"),
        (_("Pemberitahuan"), "accounts:notifications", "bell"),
    ],
    "company": [
        (_("Beranda"), "home", "home"),
        (_("Kebutuhan"), "industry:needs", "need"),
        (_("Cari pemasok"), "ikm:directory", "search"),
        (_("Perusahaan"), "industry:company", "company"),
        (_("Pemberitahuan"), "accounts:notifications", "bell"),
    ],
    "dinas": [
        (_("Beranda"), "home", "home"),
        (_("Tinjauan"), "queue", "review"),
        (_("Daftarkan IKM"), "ikm:register_for_owner", "workshop"),
        (_("Kartu masuk"), "accounts:cards", "card"),
        (_("Pemberitahuan"), "accounts:notifications", "bell"),
    ],
}


def entries(request: HttpRequest, membership: Membership | None) -> list[Entry]:
    if membership is None:
        return []
    found = []
    for label, name, icon in ENTRIES.get(membership.organisation.kind, []):
        url = reverse(name)
        current = request.path == url or (name != "home" and request.path.startswith(url))
        found.append(Entry(label, url, current, icon))
    return found
