from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils.translation import override

from catalogue import loading
from catalogue.models import Area, Category, CertificateKind, Edition, Kbli, Process, Unit

pytestmark = pytest.mark.django_db


def test_everything_of_the_files_is_there():
    assert Unit.objects.count() == len(loading.rows("units"))
    assert Process.objects.count() == len(loading.rows("processes"))
    assert Category.objects.count() == len(loading.rows("categories"))
    assert CertificateKind.objects.count() == len(loading.rows("certificate_kinds"))
    own = {row["code"] for row in loading.rows("areas")}
    assert set(Area.objects.filter(pk__in=own).values_list("pk", flat=True)) == own
    assert Area.objects.filter(level="province").count() == 38


def test_a_second_loading_writes_nothing_and_keeps_the_edition():
    before = Edition.current_version()
    assert set(loading.load_catalogue().values()) == {0}
    assert Edition.current_version() == before


def test_a_changed_row_is_updated_a_retired_one_returns_and_a_foreign_one_is_retired():
    Unit.objects.filter(pk="ton").update(name_id="Lain", retired_on="2026-01-01")
    Category.objects.create(slug="lama", level=1, name_id="Lama", name_en="Old", synonyms=[])
    Area.objects.filter(pk="36.72").update(name="Lain")
    version = Edition.current_version()
    written = loading.load_catalogue()
    assert (written["units"], written["categories"], written["areas"]) == (1, 1, 1)
    ton = Unit.objects.get(pk="ton")
    assert (ton.name_id, ton.retired_on) == ("Ton (1.000 kg)", None)
    assert Category.objects.get(pk="lama").retired_on is not None
    assert Area.objects.get(pk="36.72").name == "Kota Cilegon"
    assert Edition.current_version() > version


def test_kbli_is_version_and_code_and_the_same_code_may_stand_in_both():
    codes = {(k.version, k.code) for k in Category.objects.get(pk="egrek-sawit").kblis.all()}
    assert codes == {("2020", "25931"), ("2025", "25931")}
    with pytest.raises(IntegrityError), transaction.atomic():
        Kbli.objects.create(version="2020", code="25931")


def test_links_follow_the_file():
    assert [k.pk for k in CertificateKind.objects.get(pk="iatf-16949").satisfies.all()] == ["iso-9001"]
    assert [p.pk for p in Process.objects.get(pk="bubut-cnc").satisfies.all()] == ["bubut-manual"]
    Process.objects.get(pk="bubut-cnc").satisfies.set(["ndt"])
    assert loading.load_catalogue()["links"] == 2
    assert [p.pk for p in Process.objects.get(pk="bubut-cnc").satisfies.all()] == ["bubut-manual"]


def test_units_convert_exactly_within_dimension_and_base():
    units = Unit.objects.in_bulk()
    assert units["lusin"].factor_to(units["gross"]) == Fraction(1, 12)
    assert units["inci"].factor_to(units["m"]) == Fraction(254, 10000)
    assert units["set"].factor_to(units["pcs"]) is None
    assert units["batang"].factor_to(units["kg"]) is None


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (Category, {"slug": "x", "level": 4, "name_id": "x", "name_en": "x"}),
        (Category, {"slug": "x", "level": 2, "name_id": "x", "name_en": "x"}),
        (
            Unit,
            {
                "slug": "x",
                "symbol": "x",
                "name_id": "x",
                "dimension": "mass",
                "base": "kg",
                "factor_to_base": 0,
            },
        ),
        (Edition, {"pk": 2}),
    ],
)
def test_the_database_refuses(model, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(**fields)


@pytest.mark.parametrize(
    "change",
    [
        lambda: Unit.objects.filter(pk="kg").update(factor_to_base=Decimal(2)),
        lambda: CertificateKind.objects.filter(pk="smk3").update(validity_months=12),
        lambda: Process.objects.get(pk="bubut-cnc").satisfies.clear(),
        lambda: connection.cursor().execute(
            "UPDATE catalogue_category SET name_id = 'X' WHERE slug = 'cangkul'"
        ),
    ],
)
def test_the_edition_rises_however_a_word_changes(change):
    before = Edition.current_version()
    change()
    assert Edition.current_version() > before


def test_every_word_speaks_english_too():
    assert loading.english("units", "name_en").keys() == {row["slug"] for row in loading.rows("units")}
    assert loading.english("certificate_kinds", "help_en").keys() == {
        row["slug"] for row in loading.rows("certificate_kinds")
    }
    assert not Unit.objects.filter(name_en="").exists()
    assert not CertificateKind.objects.filter(help_en="").exists()
    kind, unit = CertificateKind.objects.get(pk="iso-14001"), Unit.objects.get(pk="ton")
    with override("en"):
        assert kind.help.startswith("A certificate that waste")
        assert unit.name == "Tonne (1,000 kg)"
    with override("id"):
        assert kind.help.startswith("Sertifikat bahwa limbah")
        assert unit.name == "Ton (1.000 kg)"
