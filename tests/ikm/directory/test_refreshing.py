from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import F

from accounts.models import Organisation
from catalogue.models import Category
from ikm.directory import refreshing
from ikm.directory.refreshing import refresh
from ikm.merging import merge, undo
from ikm.models import (
    Certificate,
    DirectoryCounts,
    DirectoryEntry,
    DirectoryOffer,
    DirectoryPosting,
    DirectoryReading,
    Ikm,
    ProcessCapability,
    Product,
    Reservation,
)
from ikm.profiles import withdraw
from tests import offices
from tests.ikm.directory.made_up import SHOPS, TODAY, Shop, ask, names, only_office, open_shop

pytestmark = pytest.mark.usefixtures("register")


def of(name: str) -> Ikm:
    return Ikm.objects.get(organisation__name=name)


def state() -> dict[str, list]:
    """Everything that is kept, without slots: those are for good."""
    rows = {
        "entries": "SELECT to_jsonb(e) - 'slot' FROM ikm_directoryentry e ORDER BY ikm_id",
        "offers": "SELECT to_jsonb(o) - 'id' FROM ikm_directoryoffer o ORDER BY product",
        "readings": "SELECT to_jsonb(r) - 'slot' FROM ikm_directoryreading r ORDER BY ikm_id",
        "counts": "SELECT to_jsonb(c) FROM ikm_directorycounts c",
        "postings": "SELECT code, sum(bit_count(bits)) FROM ikm_directoryposting GROUP BY code"
        " HAVING sum(bit_count(bits)) > 0 ORDER BY code",
    }
    with connection.cursor() as cursor:
        found = {}
        for what, sql in rows.items():
            cursor.execute(sql)
            found[what] = cursor.fetchall()
    return found


def test_nothing_changed_is_nothing_to_do():
    assert refresh(today=TODAY) == 0


def test_changes_one_by_one_give_what_reading_everything_gives():
    Product.objects.filter(ikm=of("CV Spandek Maju")).update(
        name="Atap polikarbonat", capacity_per_month=Decimal(7)
    )
    ProcessCapability.objects.create(ikm=of("CV Profil Merak"), process_id="las-gtaw")
    Certificate.objects.filter(ikm=of("CV Bejana Mandiri")).delete()
    Organisation.objects.filter(name="UD Cor Ceper Baru").update(name="UD Cor Kaliwungu", area="33.24.10")
    Ikm.objects.filter(pk=of("CV Baut Citra").pk).update(status="withdrawn", withdrawal_reason="Tutup.")
    open_shop(only_office(), Shop("CV Baru Buka", "36.72.01", [("Golok", "golok", "pcs", 5)]))
    assert refresh(today=TODAY) == 6
    mended = state()
    refreshing.rebuild(today=TODAY)
    assert state() == mended
    assert refresh(today=TODAY) == 0


def test_what_is_found_follows_a_change():
    assert names(ask("polikarbonat")) == []
    Product.objects.filter(ikm=of("CV Bubut Ciwedus")).update(name="Atap polikarbonat")
    refresh(today=TODAY)
    assert "CV Bubut Ciwedus" in names(ask("polikarbonat"))
    Organisation.objects.filter(name="CV Bubut Ciwedus").update(name="CV Atap Ciwedus")
    refresh(today=TODAY)
    assert names(ask("ciwedus")) == ["CV Atap Ciwedus"]


@pytest.mark.parametrize(
    "leave",
    [
        lambda ikm: withdraw(ikm, by=ikm.entered_by, reason="Tutup."),
        lambda ikm: Ikm.objects.filter(pk=ikm.pk).update(merged_into=of("CV Baut Citra")),
        lambda ikm: Ikm.objects.filter(pk=ikm.pk).update(confirmed_on=date(2025, 11, 23)),
        lambda ikm: Ikm.objects.filter(pk=ikm.pk).update(status="draft"),
        lambda ikm: ikm.organisation.delete(),
    ],
)
def test_whoever_leaves_the_register_leaves_the_directory(leave):
    leave(of("CV Pacul Baja Gerem"))
    refresh(today=TODAY)
    assert names(ask("cangkul")) == []
    everybody = ask()
    assert everybody.total == len(SHOPS) - 1
    assert everybody.by_name["kategori"].count("cangkul") == 0
    assert DirectoryEntry.objects.count() == len(SHOPS) - 1
    assert refresh(today=TODAY) == 0


def test_a_merged_profile_is_found_by_its_old_name_until_it_is_taken_out_again():
    survivor, merged = of("CV Baut Citra"), of("UD Angkur Lestari")
    dinas = only_office()
    officer = offices.member(dinas, "Petugas Gabung")
    done = merge(merged, into=survivor, by=officer, office=dinas)
    refresh(today=TODAY)
    assert names(ask("angkur lestari")) == ["CV Baut Citra"]
    undo(done, by=officer, office=dinas)
    refresh(today=TODAY)
    assert names(ask("angkur lestari")) == ["UD Angkur Lestari"]
    assert refresh(today=TODAY) == 0


def test_an_aged_profile_leaves_on_its_day_whoever_refreshes():
    Ikm.objects.filter(pk=of("CV Pacul Baja Gerem").pk).update(confirmed_on=date(2025, 12, 1))
    refresh(today=TODAY)
    assert ask("pacul", on=date(2026, 12, 1)).total == 1
    assert ask("pacul", on=date(2026, 12, 2)).total == 0
    assert ask(on=date(2026, 12, 2)).total == len(SHOPS) - 1
    refresh(today=date(2026, 12, 2))
    assert DirectoryEntry.objects.count() == len(SHOPS) - 1


def test_a_certificate_ends_on_its_day_before_and_after_the_refresh():
    last = date(2027, 6, 30)
    Ikm.objects.update(confirmed_on=date(2027, 6, 1))
    refresh(today=last)
    for today in (last, last + timedelta(days=1)):
        for _ in range(2):
            found = ask(sertifikat=["iso-14001"], on=today)
            assert found.total == (2 if today == last else 0)
            assert ask(on=today).by_name["sertifikat"].count("iso-14001") == found.total
            refresh(today=today)


def test_a_reservation_takes_from_what_is_free_while_it_lasts():
    product = Product.objects.get(ikm=of("CV Bubut Ciwedus"))
    Reservation.objects.create(
        product=product, starts=date(2026, 12, 1), ends=date(2026, 12, 31), quantity_per_month=Decimal(150)
    )
    found = {}
    for today in (TODAY, date(2026, 12, 1), date(2026, 12, 31), date(2027, 1, 1)):
        refresh(today=today)
        found[today.isoformat()] = DirectoryOffer.objects.get(product=product.pk).free
    assert list(found.values()) == [200, 50, 50, 200]


def test_a_changed_catalogue_is_read_anew():
    Category.objects.filter(pk="cangkul").update(parent_id="panen")
    assert refresh(today=TODAY) == len(SHOPS)
    assert "CV Pacul Baja Gerem" in names(ask(kategori=["panen"]))
    assert "CV Pacul Baja Gerem" not in names(ask(kategori=["olah-tanah"]))


def test_hidden_fields_are_not_found():
    ikm = of("CV Roller Samangraya")
    ProcessCapability.objects.filter(ikm=ikm).update(machines="Mazak Integrex")
    Ikm.objects.filter(pk=ikm.pk).update(workers=3, investment_band="0-1")
    refresh(today=TODAY)
    assert names(ask("integrex")) == ["CV Roller Samangraya"]
    assert names(ask(ukuran=["small"])) == ["CV Roller Samangraya"]
    Ikm.objects.filter(pk=ikm.pk).update(hidden_fields=["machines", "workers"])
    refresh(today=TODAY)
    assert names(ask("integrex")) == []
    assert names(ask(ukuran=["small"])) == []


def test_a_village_is_not_told():
    Organisation.objects.filter(name="CV Baut Citra").update(area="36.72.03.1001")
    refresh(today=TODAY)
    row = ask("baut citra").rows[0]
    assert row.area == "36.72.03"
    assert "36.72.03.1001" not in str(DirectoryEntry.objects.get(name="CV Baut Citra").card)


def test_many_changes_go_in_blocks_and_end_with_fresh_postings(monkeypatch):
    monkeypatch.setattr(refreshing, "BLOCK", 7)
    monkeypatch.setattr(refreshing, "FEW", 2)
    before = state()
    Ikm.objects.update(year_founded=F("year_founded"), workers=None)
    Ikm.objects.update(about="Sama semua")
    assert refresh(today=TODAY) == len(SHOPS)
    after = state()
    assert after["postings"] == before["postings"]
    assert DirectoryCounts.objects.get().total == len(SHOPS)
    assert DirectoryPosting.objects.exists()
    assert DirectoryReading.objects.filter(again_on__lte=TODAY).count() == 0
