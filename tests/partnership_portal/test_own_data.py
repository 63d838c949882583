"""A copy of own data: all of one's own, nothing of others; and no table that the declarations forget."""

import io
import json
import zipfile
from datetime import date

import openpyxl
import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise

from accounts import documents
from accounts.models import DataExport, Notification, Organisation, User
from ikm import own_data as of_ikm
from ikm.models import Favourite, Ikm
from industry import own_data as of_industry
from industry.models import Company, Need
from partnership_portal import own_data
from partnership_portal.own_words import WORDS
from tests import offices
from tests.browsers import logged_in
from tests.journeys.register import picture

SUBJECTS = {User, Organisation, Ikm, Company, Need}
# Nobody's own: links that tell nothing but two numbers.
LINKS = {"accounts.User_groups", "accounts.User_user_permissions", "ikm.Ikm_kblis"}
CONDITIONS = "required_certificates preferred_certificates required_processes".split()
LINKS |= {f"industry.Need_{name}" for name in CONDITIONS}
# Keys that lead to somebody whose row it is not.
ELSEWHERE = """Certificate.for_company ConfidentialityPromise.need Ikm.merged_into Interest.need NeedSight.need
    Question.need Selection.need""".split()


def models_with_somebody():
    """(model, names of its keys to a person, an organisation, a workshop, a company or a need)."""
    for model in apps.get_models(include_auto_created=True):
        if model.__name__.endswith("Event") or model._meta.proxy:
            continue
        keys = {f.name for f in model._meta.concrete_fields if f.is_relation and f.related_model in SUBJECTS}
        if keys:
            yield model, keys


def test_every_table_that_holds_somebody_is_declared():
    declared = {holding.model for holding in own_data.HOLDINGS}
    known = declared | {*of_ikm.NUMBERS_ONLY, *of_industry.NUMBERS_ONLY}
    missing = {model._meta.label for model, _keys in models_with_somebody() if model not in known}
    assert missing - LINKS == set()
    assert len(declared) == len(own_data.HOLDINGS)


def test_every_key_to_somebody_is_a_way_to_them_or_an_actor():
    """Whose row it is, or who did something: a key that is neither is forgotten in the declaration."""
    unsaid = []
    for model, keys in models_with_somebody():
        for holding in own_data.HOLDINGS:
            if holding.model is model:
                ways = {way.split("__")[0] for way in (*holding.person, *holding.organisation, *holding.also)}
                unsaid += [f"{model.__name__}.{key}" for key in sorted(keys - ways - {*holding.actors})]
    assert set(unsaid) == set(ELSEWHERE)


@pytest.mark.parametrize("holding", own_data.HOLDINGS, ids=lambda h: h.model._meta.label)
def test_what_is_told_has_words(holding):
    if not (holding.person or holding.organisation):
        return
    wordless = [
        field.name
        for field in holding.columns
        if not isinstance(field._verbose_name, Promise)
        and field.name not in WORDS
        and (field._verbose_name or field.name) not in {"NIB", "NPWP", "WhatsApp"}
    ]
    assert wordless == []
    assert holding.title or "verbose_name_plural" in holding.model._meta.original_attrs
    names = {field.name for field in holding.model._meta.get_fields()}
    assert {*holding.actors, *holding.hidden, *holding.blank, *holding.cleared} - names == set()


def test_no_two_tables_have_the_same_file(db):
    told = [h for h in own_data.HOLDINGS if h.person or h.organisation]
    names = [own_data.file_name(own_data.Table("", holding.words, [], [])) for holding in told]
    assert sorted(set(names)) == sorted(names)


# --- The copy


@pytest.fixture
def office(db):
    return offices.office()


@pytest.fixture
def owner(office):
    return offices.person("Pemilik Asli", phone="+6281377788899")


@pytest.fixture
def ikm(office, owner):
    ikm = offices.workshop(office, owner=owner, name="CV Rak Sendiri", status="approved")
    offices.workshop(office, name="UD Tetangga", status="approved")
    ikm.products.update(photo=documents.store(picture(), organisation=ikm.organisation, by=owner))
    buyer = offices.company(office, status="reviewed", name="PT Diam")
    Favourite.objects.create(organisation=buyer.organisation, ikm=ikm, note="calon kuat")
    return ikm


def opened(content: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(content))


def copy(person, organisation) -> zipfile.ZipFile:
    packed = io.BytesIO()
    own_data.write(packed, person=person, organisation=organisation, made_at=timezone.now())
    return opened(packed.getvalue())


def downloaded(client) -> dict:
    return json.loads(opened(client.get(reverse("own_data_download")).getvalue()).read("data.json"))


def test_an_owner_has_all_of_the_workshop_and_nothing_of_others(ikm, owner):
    bundle = copy(owner, ikm.organisation)
    told = json.loads(bundle.read("data.json"))
    assert (told["format"], told["version"], told["person"]) == ("portal-kemitraan-own-data", 1, owner.pk)
    tables = told["tables"]
    assert [row["name"] for row in tables["accounts.organisation"]["rows"]] == ["CV Rak Sendiri"]
    assert [row["phone"] for row in tables["accounts.user"]["rows"]] == ["+6281377788899"]
    assert {"ikm.ikm", "ikm.product", "ikm.certificate", "ikm.processcapability"} <= set(tables)
    assert tables["ikm.product"]["columns"]["capacity_per_month"] == "kapasitas per bulan"
    assert {change["table"] for change in told["changes"]} >= {"ikm.product", "accounts.user"}
    everything = json.dumps(told)
    for foreign in ("UD Tetangga", "PT Diam", "calon kuat", "password", "code_hash"):
        assert foreign not in everything


def test_people_read_tables_and_find_their_files(ikm, owner):
    bundle = copy(owner, ikm.organisation)
    sheet = openpyxl.load_workbook(io.BytesIO(bundle.read("tabel/produk.xlsx"))).worksheets[0]
    header, row = [[cell.value for cell in line] for line in sheet.iter_rows(max_row=2)]
    told = dict(zip(header, row, strict=True))
    said = [told[name] for name in ("nama produk", "kategori", "bukti")]
    assert said == ["Rak gudang", "Rak Gudang Palet", "menurut pengakuan"]
    document = ikm.organisation.documents.get()
    assert bundle.read(f"berkas/{document.pk}-{document.name}") == document.file.read()
    assert "tabel/produk.xlsx" in bundle.read("BACA-DULU.txt").decode()
    document.file.close()


def test_staff_have_their_own_only(ikm, owner, client):
    staff = offices.member(ikm.organisation, "Staf", "staff")
    logged_in(staff, client)
    told = downloaded(client)
    assert told["organisation"] is None
    assert set(told["tables"]) == {"accounts.membership", "accounts.user"}


def test_the_copy_is_in_the_persons_language(ikm, owner):
    owner.language = "en"
    assert any(name.startswith("tabel/") for name in copy(owner, ikm.organisation).namelist())


def test_a_large_copy_is_made_by_a_job_and_told(ikm, owner, client, monkeypatch):
    monkeypatch.setattr(own_data, "LARGE_FILES", 10)
    logged_in(owner, client)
    assert client.get(reverse("own_data_download")).status_code == 404
    client.post(reverse("own_data_prepare"))
    client.post(reverse("own_data_prepare"))  # pressed twice
    export = DataExport.objects.get()
    assert "sedang disiapkan" in client.get(reverse("own_data")).content.decode()
    own_data.run_unfinished()
    export.refresh_from_db()
    assert (export.state, export.done, export.error) == ("done", 1, "")
    assert Notification.objects.get(key=f"data-export-{export.pk}").user == owner
    answer = client.get(reverse("own_data_download"))
    assert "data.json" in opened(answer.getvalue()).namelist()
    other = offices.person("Lain")
    logged_in(other, client)
    assert (
        json.loads(opened(client.get(reverse("own_data_download")).getvalue()).read("data.json"))[
            "organisation"
        ]
        is None
    )


def test_the_record_of_changes_has_no_rows_of_others(ikm, owner):
    told = json.loads(copy(owner, None).read("data.json"))
    assert {change["table"] for change in told["changes"]} <= {"accounts.user", "accounts.membership"}
    assert date.fromisoformat(told["made_at"][:10])
