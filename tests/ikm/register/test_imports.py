"""An import from its file to its end."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.facts import SamePerson
from accounts.models import Document, Membership, Organisation
from ikm import merging, profiles, reviews
from ikm.models import Ikm, ImportRow, Product, RegisterImport
from ikm.register import applying, imports, undoing
from ikm.register.columns import HEADINGS
from ikm.register.imports import TooLate
from ikm.register.words import bare, known_categories, suggestions
from tests import offices
from tests.ikm.register.tables import HEADER, ROWS, table, xlsx
from web import jobs
from web.jobs import Busy
from web.tables import TableRefused


@pytest.fixture
def office(db):
    return offices.office()


@pytest.fixture
def ani(office):
    return offices.member(office, "Petugas Ani")


def checked(office, by, *rows, upload=None, words=None, replaces=False):
    """Uploaded, its columns taken as guessed."""
    job = imports.start(upload or table(HEADER, *rows), office=office, by=by)
    mapping = {int(index): name for index, name in job.mapping.items()}
    return imports.settle_columns(job, mapping=mapping, words=words or {}, replaces=replaces, by=by)


def applied(office, by, *rows, **options):
    job = imports.apply(checked(office, by, *rows, **options), by=by)
    assert imports.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == ("done", "")
    return job


def undone(job, by):
    imports.undo(job, by=by)
    assert imports.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.phase) == ("done", "undone")
    return list(job.rows.order_by("number").values_list("fate", "kept_because"))


def outcomes(job):
    return list(job.rows.order_by("number").values_list("number", "outcome"))


def remarked(job):
    return {
        number: [code for code, _detail in said] for number, said in job.rows.values_list("number", "remarks")
    }


def register_now():
    """All that an import may write, to be compared."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (Organisation, Ikm, Product, Ikm.kblis.through, Membership)
    ]


# --- Reading files


@pytest.mark.parametrize(
    "upload",
    [
        table(HEADER, *ROWS),
        table(HEADER, *ROWS, delimiter=","),
        table(["DAFTAR IKM"], ["per November 2026"], [], HEADER, range(1, 11), *ROWS),
        table(HEADER, *ROWS, encoding="utf-8-sig"),
        table(HEADER, *ROWS, encoding="utf-16"),
        table(HEADER, [*ROWS[0][:2], "Café Ñandú", *ROWS[0][3:]], *ROWS[1:], encoding="cp1252"),
        xlsx(["DAFTAR IKM"], HEADER, *ROWS),
    ],
    ids=["semicolons", "commas", "titles", "mark", "utf-16", "windows", "excel"],
)
def test_the_same_table_in_every_dress(office, ani, upload):
    upload.seek(0)
    job = checked(office, ani, upload=upload)
    assert [outcome for _number, outcome in outcomes(job)] == ["new", "new", "new"]
    assert job.counts == {"new": 3}
    assert (job.phase, job.state) == ("checked", "done")


def test_numbers_of_a_spreadsheet_keep_their_figures(office, ani):
    rows = [
        HEADER,
        ["1", "CV Angka", "", 9120001234568, "", "Citangkil", "Citangkil", 81234567001, "pagar", 4.0],
    ]
    job = applied(
        office, ani, upload=xlsx(*rows, ["2", "CV Nol", "", 220001234567, "", "", "Jombang", "", "", ""])
    )
    found = Organisation.objects.of_kind("ikm").order_by("name").values_list("name", "nib", "whatsapp")
    assert list(found) == [("CV Angka", "9120001234568", "+6281234567001"), ("CV Nol", "0220001234567", "")]
    assert remarked(job) == {2: [], 3: ["nib_padded"]}


def test_what_is_no_table_is_refused_and_nothing_is_kept(office, ani):
    for upload in (table(), table(HEADER)):
        with pytest.raises(TableRefused):
            imports.start(upload, office=office, by=ani)
    assert (RegisterImport.objects.count(), Document.objects.count()) == (0, 0)


def test_the_file_is_kept_for_the_office(office, ani):
    job = imports.start(table(HEADER, *ROWS, name="../daftar \u202eIKM.csv"), office=office, by=ani)
    assert (job.name, job.document.organisation, job.document.uploaded_by) == ("daftar IKM.csv", office, ani)
    assert job.document.sha256 == job.sha256


# --- The preview


def test_the_preview_writes_nothing_to_the_register(office, ani):
    offices.workshop(office, name="Pagar Jaya", area="36.72.08")
    before = register_now()
    job = checked(office, ani, *ROWS, ["4", "", "tanpa nama"])
    assert register_now() == before
    assert job.counts == {"new": 3, "rejected": 1}  # another telephone: another workshop


def test_rows_are_refused_with_what_to_do(office, ani):
    offices.office("36.04", name="Dinas Serang")
    elsewhere = Organisation.objects.create(kind="ikm", name="CV Luar", nib="1234567890123")
    Ikm.objects.create(organisation=elsewhere)
    job = checked(
        office,
        ani,
        ROWS[0],
        ["2", ""],
        ["3", "CV Pendek", "", "12345"],
        ["4", "CV Jauh", "", "", "", "Atlantis", "Lautan"],
        ["5", "Pagar Jaya, CV", "", "0220001234567"],
        ["6", "CV Luar", "", "1234567890123", "", "", "Jombang"],
        ["7", "CV Rusak", "", "", "", "", "Jombang", "8.52348e+010"],
    )
    assert remarked(job) == {
        2: [],
        3: ["no_name", "area_assumed"],
        4: ["nib_length", "area_assumed"],
        5: ["area_unknown"],
        6: ["area_assumed", "twin"],
        7: ["elsewhere"],
        8: ["phone_lost"],
    }
    assert [outcome for _n, outcome in outcomes(job)] == ["new", *["rejected"] * 5, "new"]


def test_an_area_of_a_nearer_office_is_that_office_s(db):
    province = offices.office("36", name="Dinas Banten")
    offices.office("36.72", name="Dinas Cilegon")
    ani = offices.member(province, "Petugas Provinsi")
    header = ["Nama usaha", "Kota", "Kecamatan", "Kelurahan"]
    rows = [["CV A", "Kota Cilegon", "Citangkil", "Citangkil"], ["CV B", "Kota Serang", "Kec. Taktakan", ""]]
    job = checked(province, ani, upload=table(header, *rows))
    assert remarked(job) == {2: ["area_foreign"], 3: []}


def test_the_number_of_statements_does_not_grow_with_rows(office, ani):
    def asked(count):
        rows = [[str(n), f"CV Nomor {n}", "", f"{n:013d}", "", "", "Jombang"] for n in range(count)]
        job = imports.start(table(HEADER, *rows), office=office, by=ani)
        mapping = {int(index): name for index, name in job.mapping.items()}
        with CaptureQueriesContext(connection) as found:
            imports.settle_columns(job, mapping=mapping, words={}, replaces=False, by=ani)
        return len(found)

    assert asked(1) == asked(300)


def test_an_officer_s_answer_about_a_product_counts(office, ani):
    job = applied(office, ani, *ROWS, words={"meja lipat": "pagar-besi", "golok": ""})
    made = Product.objects.order_by("pk").values_list("ikm__organisation__name", "name", "category", "unit")
    assert [row[:3] for row in made] == [
        ("CV Pagar Jaya", "Pagar", "pagar-besi"),
        ("Bengkel Las Barokah", "Kanopi", "kanopi"),
        ("Bengkel Las Barokah", "Meja lipat", "pagar-besi"),
    ]
    assert Ikm.objects.get(organisation__name="UD Golok Sakti").about == "golok"
    assert job.counts == {"new": 3}


def test_columns_must_name_the_workshops(office, ani):
    job = imports.start(table(HEADER, *ROWS), office=office, by=ani)
    for mapping in ({2: "owner"}, {1: "name", 2: "secret"}):
        with pytest.raises(ValueError):
            imports.settle_columns(job, mapping=mapping, words={}, replaces=False, by=ani)


# --- Applying


def test_new_profiles_are_drafts_of_claims_by_the_officer(office, ani):
    budi = offices.member(office, "Petugas Budi")
    applied(office, ani, *ROWS)
    ikm = Ikm.objects.get(organisation__nib="0220001234567")
    of = ikm.organisation
    assert (ikm.status, ikm.evidence, ikm.entered_by, ikm.changed_by) == ("draft", "claimed", ani, ani)
    assert (of.reviewing_office, of.area.name, of.contact_name) == (office, "Citangkil", "Budi")
    assert of.memberships.count() == 0
    product = ikm.products.get()
    assert (product.evidence, product.changed_by, product.capacity_per_month) == ("claimed", ani, None)
    assert not Ikm.objects.taking_part(timezone.localdate()).exists()
    # Completed and sent in by the second officer: the first may verify nothing of it.
    Ikm.objects.filter(pk=ikm.pk).update(status="submitted", submitted_at=timezone.now(), submitted_by=budi)
    product.refresh_from_db()
    decision = {product: ("verified", "original")}
    with pytest.raises(SamePerson):
        reviews.check_facts(ikm, by=ani, office=office, decisions=decision)
    found = reviews.check_facts(ikm, by=budi, office=office, decisions=decision)
    assert [fact.evidence for fact in found] == ["verified"]


def test_the_record_names_the_officer(office, ani):
    applied(office, ani, *ROWS)
    event = apps.get_model("ikm", "IkmEvent")
    actors = {row.pgh_context.metadata["actor"] for row in event.objects.select_related("pgh_context")}
    assert actors == {str(ani.pk)}


def test_the_same_file_twice_adds_nothing(office, ani):
    first = applied(office, ani, *ROWS)
    before = register_now()
    again = checked(office, ani, *ROWS)
    assert again.counts == {"same": 3}
    assert imports.twin_of(again) == first
    with pytest.raises(TooLate):
        imports.apply(again, by=ani)
    assert register_now() == before


def test_a_profile_is_completed_and_what_differs_is_left(office, ani):
    ikm = offices.workshop(
        office, name="Pagar Jaya", area="36.72.08", status="approved", evidence="verified", method="visit",
        checked_by=ani, checked_on=timezone.localdate(),
    )  # fmt: skip
    Organisation.objects.filter(pk=ikm.organisation_id).update(nib="0220001234567", address="Jl. Lama 7")
    job = applied(office, ani, ROWS[0])
    ikm.refresh_from_db()
    assert outcomes(job) == [(2, "update")]
    assert remarked(job) == {2: ["differs", "differs"]}
    assert (ikm.organisation.address, ikm.organisation.contact_name, ikm.workers) == ("Jl. Lama 7", "Budi", 5)
    # Identity was completed (a finer area), so it is a claim again; the owner's products stay hers.
    assert (ikm.evidence, ikm.changed_by, ikm.status) == ("claimed", ani, "approved")
    assert ikm.products.count() == 1
    assert undone(job, ani) == [("undone", "")]
    ikm.refresh_from_db()
    assert (ikm.evidence, ikm.method, ikm.checked_by, ikm.workers) == ("verified", "visit", ani, None)
    assert (ikm.organisation.contact_name, ikm.organisation.area_id) == ("", "36.72.08")


def test_what_differs_is_replaced_where_asked_for_and_nobody_looks_after_it(office, ani):
    applied(office, ani, *ROWS)
    Organisation.objects.filter(nib="9120001234568").update(address="Jl. Lama 7")
    owned = Organisation.objects.get(nib="0220001234567")
    Organisation.objects.filter(pk=owned.pk).update(address="Jl. Lama 8")
    Membership.objects.create(user=offices.person("Pemilik"), organisation=owned, role="owner")
    job = applied(office, ani, *ROWS, replaces=True)
    assert outcomes(job) == [(2, "same"), (3, "update"), (4, "same")]
    assert Organisation.objects.get(nib="9120001234568").address == "Kp. Baru RT 02/03"
    assert Organisation.objects.get(pk=owned.pk).address == "Jl. Lama 8"


def test_a_merged_profile_is_its_survivor(office, ani):
    applied(office, ani, *ROWS)
    survivor, merged = Ikm.objects.order_by("pk")[:2]
    merging.merge(merged, into=survivor, by=ani, office=office)
    job = checked(office, ani, ROWS[1])
    assert job.rows.get().ikm in {survivor, None}
    assert Ikm.objects.filter(merged_into=None).count() == 2


def test_only_who_brought_the_file_applies_it(office, ani):
    budi = offices.member(office, "Petugas Budi")
    job = checked(office, ani, *ROWS)
    with pytest.raises(PermissionError):
        imports.apply(job, by=budi)
    assert Ikm.objects.count() == 0


def test_what_a_killed_worker_has_done_is_done_once(office, ani, monkeypatch):
    monkeypatch.setattr(applying, "BLOCK", 2)
    job = imports.apply(checked(office, ani, *ROWS), by=ani)
    written, real = [], applying.Writer.write

    def dies(self, rows, verdicts):
        if written:
            raise SystemExit
        written.append(len(rows))
        real(self, rows, verdicts)

    with monkeypatch.context() as patch:
        patch.setattr(applying.Writer, "write", dies)
        with pytest.raises(SystemExit):
            imports.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done, Ikm.objects.count()) == ("running", 2, 2)
    imports.run_unfinished()
    job.refresh_from_db()
    assert (job.state, job.done, Ikm.objects.count()) == ("done", 3, 3)
    assert list(job.rows.values_list("fate", flat=True)) == ["applied"] * 3


def test_a_stopped_import_goes_on(office, ani):
    job = imports.apply(checked(office, ani, *ROWS), by=ani)
    with pytest.raises(Busy):
        imports.apply(job, by=ani)
    jobs.cancel(job)
    assert imports.run(job.pk) is False
    imports.apply(job, by=ani)
    imports.run(job.pk)
    assert Ikm.objects.count() == 3


# --- Undoing


def test_an_import_is_taken_back_whole(office, ani):
    before = register_now()
    job = applied(office, ani, *ROWS)
    assert undone(job, ani) == [("undone", "")] * 3
    assert register_now() == before
    with pytest.raises(TooLate):
        imports.undo(job, by=ani)


def test_what_somebody_touched_stays_and_it_is_said_why(office, ani):
    rows = [[str(n), f"CV Nomor {n}", "", f"{n:013d}", "", "", "Jombang", "", "pagar"] for n in range(1, 8)]
    job = applied(office, ani, *rows)
    changed, owned, claimed, sent, merged, gone, _untouched = Ikm.objects.order_by("pk")
    profiles.revise_section(changed, section="size", by=ani, workers=3, investment_band="0-1")
    Membership.objects.create(user=offices.person("Pemilik"), organisation=owned.organisation, role="owner")
    claimed.organisation.claims.create(user=offices.person("Pengaku"))
    Ikm.objects.filter(pk=sent.pk).update(status="submitted", submitted_at=timezone.now())
    merging.merge(merged, into=changed, by=ani, office=office)
    gone.organisation.delete()
    assert undone(job, ani) == [
        ("kept", "merged"),
        ("kept", "people"),
        ("kept", "people"),
        ("kept", "sent"),
        ("kept", "merged"),
        ("kept", "gone"),
        ("undone", ""),
    ]
    assert set(undoing.REASONS) >= {"merged", "people", "sent", "gone", "changed", "used"}
    assert Ikm.objects.count() == 5


def test_a_changed_product_keeps_its_profile(office, ani):
    job = applied(office, ani, ROWS[0])
    Product.objects.update(capacity_per_month=5)
    assert undone(job, ani) == [("kept", "changed")]


def test_after_its_time_nothing_is_undone_and_the_table_is_forgotten(office, ani):
    job = applied(office, ani, *ROWS)
    name = job.document.file.name
    RegisterImport.objects.update(undo_until=timezone.now() - timedelta(minutes=1))
    with pytest.raises(TooLate):
        imports.undo(job, by=ani)
    imports.forget_old()
    job.refresh_from_db()
    assert (job.document, job.rows.count(), job.counts) == (None, 0, {"new": 3})
    assert Ikm.objects.count() == 3
    assert default_storage.exists(name)  # until the commit, which this test has not


def test_a_table_that_nobody_applied_is_forgotten(office, ani):
    kept = checked(office, ani, *ROWS)
    old = checked(office, ani, *ROWS)
    RegisterImport.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=31))
    imports.forget_old()
    assert list(RegisterImport.objects.all()) == [kept]
    imports.discard(kept, by=ani)
    assert (RegisterImport.objects.count(), Document.objects.count(), ImportRow.objects.count()) == (0, 0, 0)


# --- Words


def test_every_name_of_the_catalogue_that_is_one_is_known(db):
    known = known_categories()
    assert known["pagar besi"] == "pagar-besi"
    assert "" not in known


def test_what_is_not_known_is_suggested(db):
    found = suggestions(["pagr besi", "zzzqqq"])
    assert found["pagr besi"][0].pk == "pagar-besi"
    assert found["zzzqqq"] == []
    assert suggestions([]) == {}


def test_areas_are_compared_without_their_level():
    assert [bare(name) for name in ("Kel. Citangkil", "KECAMATAN CITANGKIL", "Kota Cilegon")] == [
        "citangkil",
        "citangkil",
        "cilegon",
    ]


def test_no_heading_means_two_things():
    every = [heading for headings in HEADINGS.values() for heading in headings]
    assert len(every) == len(set(every))
