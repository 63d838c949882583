"""What people say, and what must come first."""

import pytest

from catalogue.search import find_areas, find_categories, find_processes

pytestmark = pytest.mark.django_db

CATEGORIES = [
    ("reng galvalum", "reng-baja-ringan"),
    ("pacul", "cangkul"),
    ("cangkol", "cangkul"),
    ("hoe", "cangkul"),
    ("bubud", "jasa-bubut"),
    ("lathe", "jasa-bubut"),
    ("welding", "jasa-las"),
    ("tukang las", "jasa-las"),
    ("roler konveyer", "roller-konveyor"),
    ("kanal c 75", "kanal-c-baja-ringan"),
    ("bikin pagar besi", "pagar-besi"),
    ("tangki solar", "tangki-baja"),
    ("part stamping motor", "part-pres"),
    ("gir", "roda-gigi"),
    ("galvanis", "jasa-galvanis"),
    ("kontener kantor", "kontainer-kantor"),
    ("baut", "baut-mur"),
    ("dodos", "dodos-sawit"),
    ("cetakan plastik", "mold-cetakan"),
    ("steel structure", "struktur-baja"),
    ("PIPA  SPOOL!!", "pipe-spool"),
    ("jasa cat powder", "jasa-cat-bubuk"),
]


@pytest.mark.parametrize(("said", "slug"), CATEGORIES)
def test_everyday_words_find_their_category_first(said, slug):
    assert find_categories(said)[0].slug == slug


def test_two_trades_in_one_text_find_both():
    assert {c.slug for c in find_categories("las tekuk", 2)} == {"jasa-las", "jasa-tekuk-rol"}


@pytest.mark.parametrize("said", ["", "   ", "!!!", "xyzzy", "\x00", "q" * 10_000])
def test_nothing_that_resembles_it_gives_nothing(said):
    assert find_categories(said) == []


def test_groups_and_retired_words_are_not_offered():
    from catalogue.models import Category

    Category.objects.filter(pk="cangkul").update(retired_on="2026-01-01")
    assert "cangkul" not in {c.slug for c in find_categories("cangkul")}
    assert {c.level for c in find_categories("baja ringan", 20)} <= {2, 3}


def test_processes_are_found_and_never_their_groups():
    assert find_processes("las listrik")[0].slug == "las-smaw"
    assert find_processes("bubut")[0].slug == "bubut-manual"
    assert {p.level for p in find_processes("las", 20)} == {2}


def test_areas_by_name_alias_and_postcode_nearest_first():
    assert find_areas("citangkil")[0].code == "36.72.08"
    assert "36.72.08.1001" in {a.code for a in find_areas("42443")}
    assert find_areas("gerogol", near="36.72")[0].code == "36.72.06.1002"
    assert {a.code[:5] for a in find_areas("cibeber", within="36.72")} == {"36.72"}
