"""Requests about own data with clocks that run: one new, one that presses, one overdue, one answered."""

from datetime import timedelta

from django.utils import timezone

from accounts import data_requests
from accounts.models import DataRequest, Membership, User
from partnership_portal.seeding.register import Seeding

# Workshop, kind, what is asked, hours ago.
ASKED = (
    (
        "cv-kanal-mekarsari",
        "correction",
        "Nomor NIB di profil kami tertukar dua angka. Yang benar ada di foto NIB.",
        5,
    ),
    (
        "bengkel-las-tamansari",
        "review",
        "Kapasitas kami 400 per bulan, tetapi nilainya dihitung dari 200.",
        64,
    ),
    ("cv-rak-palet-purwakarta", "other", "Siapa saja yang sudah melihat nomor telepon kami?", 79),
)


def add_requests(seed: Seeding) -> None:
    now = timezone.now()
    for slug, kind, text, hours in ASKED:
        of = seed.ikms[slug].organisation
        made = data_requests.ask(kind=kind, by=owner_of(of), organisation=of, text=text)
        asked_at = now - timedelta(hours=hours)
        DataRequest.objects.filter(pk=made.pk).update(
            created_at=asked_at, due_at=asked_at + timedelta(hours=72)
        )
    leaving = seed.ikms["cv-kanal-mekarsari"].organisation
    answered = data_requests.ask(
        kind="other", by=owner_of(leaving), organisation=leaving, text="Di mana data disimpan?"
    )
    officer = Membership.objects.filter(organisation=answered.office).order_by("pk").first().user
    data_requests.answer(
        answered,
        state="done",
        by=officer,
        text="Di peladen Dinas di Cilegon, dengan cadangan yang disandikan.",
    )


def owner_of(organisation) -> User:
    return Membership.objects.filter(organisation=organisation, role="owner").order_by("pk").first().user
