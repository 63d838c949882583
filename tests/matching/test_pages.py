"""The pages of matches over HTTP: who may see them, what they say, what they write."""

import html
import re
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from ikm.models import Certificate, Ikm, ProcessCapability, Product
from industry import needs, topics
from industry.models import Company, Need
from matching import policies
from matching.lists import refresh
from matching.models import DismissedQuestion
from tests import offices
from tests.browsers import logged_in
from tests.matching import people

HTMX = {"headers": {"HX-Request": "true"}}


@pytest.fixture
def kept(cast):
    refresh()
    return cast


def ranking(need):
    return reverse("matching:need_ranking", args=[need.pk])


def explain(need, ikm):
    return reverse("matching:explain", args=[need.pk, ikm.pk])


def conditions(need):
    return reverse("matching:need_conditions", args=[need.pk])


OWN = "/usaha/kebutuhan-cocok/"


def read(answer):
    """The page as text: tags gone, white space joined."""
    text = re.sub(r"<(script|style|template)\b.*?</\1>", " ", answer.content.decode(), flags=re.S)
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))).replace("\u00a0", " ")


def opened(user, path, **more):
    answer = logged_in(user).get(path, **more)
    assert answer.status_code == 200
    return read(answer)


# --- Who may see what


def test_the_buyer_colleagues_and_the_reviewing_office_read_a_ranking(kept):
    paths = (ranking(kept.need), explain(kept.need, kept.proven))
    for user in (kept.buyer, kept.staff, kept.officer):
        assert [logged_in(user).get(path).status_code for path in paths] == [200, 200]
    for user in (kept.stranger, kept.far_officer, people.owner(kept.proven)):
        assert [logged_in(user).get(path).status_code for path in paths] == [404, 404]


def test_a_person_who_left_the_company_reads_nothing(kept):
    kept.staff.memberships.update(left_on=people.TODAY)
    assert logged_in(kept.staff).get(ranking(kept.need)).status_code == 404


def test_strangers_are_asked_to_log_in(kept, client):
    for path in (ranking(kept.need), OWN, conditions(kept.need)):
        assert client.get(path).status_code == 302


def test_conditions_are_set_by_the_company_alone(kept):
    path = conditions(kept.need)
    counts = reverse("matching:need_counts", args=[kept.need.pk])
    for user in (kept.buyer, kept.staff):
        assert [logged_in(user).get(each).status_code for each in (path, counts)] == [200, 200]
    for user in (kept.stranger, kept.officer, kept.far_officer, people.owner(kept.near)):
        assert [logged_in(user).get(each).status_code for each in (path, counts)] == [404, 404]


def test_an_owner_sees_her_own_needs_only(kept):
    path = reverse("matching:owner_explain", args=[kept.need.pk])
    owner = people.owner(kept.near)
    staff = offices.member(kept.near.organisation, "Staf Hampir", "staff")
    for user in (owner, staff):
        assert [logged_in(user).get(each).status_code for each in (OWN, path)] == [200, 200]
    for user in (kept.buyer, kept.officer, kept.far_officer):
        assert [logged_in(user).get(each).status_code for each in (OWN, path)] == [404, 404]
    cutter = people.workshop(kept.office, "UD Cangkul", category="cangkul")
    ProcessCapability.objects.filter(ikm=cutter).delete()
    assert logged_in(people.owner(cutter)).get(path).status_code == 404


def test_a_preview_is_for_the_workshop_and_its_office(kept):
    path = reverse("matching:preview", args=[kept.near.pk])
    for user in (people.owner(kept.near), kept.officer):
        assert logged_in(user).get(path).status_code == 200
    for user in (people.owner(kept.proven), kept.buyer, kept.far_officer):
        assert logged_in(user).get(path).status_code == 404


@pytest.mark.parametrize("of", ["draft", "aged", "no candidate", "nobody"])
def test_a_buyer_cannot_look_up_workshops_that_are_no_candidates(kept, of):
    ikm = people.workshop(kept.office, "CV Rahasia", status="draft" if of == "draft" else "approved")
    if of == "aged":
        Ikm.objects.filter(pk=ikm.pk).update(confirmed_on=date(2025, 1, 1))
    if of == "no candidate":
        Product.objects.filter(ikm=ikm).update(category="cangkul")
        ProcessCapability.objects.filter(ikm=ikm).delete()
    if of == "nobody":
        ikm.organisation.delete()
    assert logged_in(kept.buyer).get(explain(kept.need, ikm)).status_code == 404


# --- The ranked list


def test_rows_stand_under_their_standing(kept):
    page = opened(kept.buyer, ranking(kept.need))
    order = ["Memenuhi syarat (2)", "CV Pasti", "CV Mampu", "Kurang satu (2)", "UD Hampir", "UD Lain"]
    assert sorted(order, key=page.index) == order
    assert "Lainnya (" not in page
    for said in (
        "95,0",
        "Bukti 100 %",
        "Kapasitas cukup: bebas 300 untuk 200 pcs per bulan",
        "Kapasitas bebas 90 dari 200 pcs per bulan",
        "ISO 9001 terperiksa · sampai 31 Maret 2028",
        "Kurang satu: ISO 9001",
        "kapasitas belum bisa dibandingkan Nilai 47,5–72,5",
        "Sebelum mulai: CSMS dari Anda",
        "Kenapa 95,0?",
        "Nilai 95,0 dari 100,0",
    ):
        assert said in page, said
    assert "Sedang dihitung ulang" not in page


def test_more_than_one_missing_is_folded(kept):
    people.workshop(kept.office, "UD Jauh", category="rak-gudang", certificate=False)
    Ikm.objects.get(organisation__name="UD Jauh").processes.update(process="bubut-manual")
    refresh()
    answer = logged_in(kept.buyer).get(ranking(kept.need))
    page = read(answer)
    assert page.index("Lainnya (1)") < page.index("UD Jauh")
    assert "Kurang: ISO 9001; Las MIG/MAG (GMAW)" in page
    # Folded where something nearer stands above it.
    assert re.search(r'<details class="more others">\s*<summary id="lainnya">', answer.content.decode())


def test_equal_rows_share_a_rank(kept):
    for name in ("CV Kembar A", "CV Kembar B"):
        people.workshop(kept.office, name)
    refresh()
    assert opened(kept.buyer, ranking(kept.need)).count("2=") == 2


def test_a_list_that_is_behind_says_so_and_asks_again(kept):
    Product.objects.filter(ikm=kept.proven).update(capacity_per_month=Decimal(100))
    tab = logged_in(kept.buyer)
    answer = tab.get(ranking(kept.need))
    assert "Sedang dihitung ulang. Di bawah ini hitungan 24 November 2026, 10.00 WIB." in read(answer)
    assert "Bukti 100 %" in read(answer)
    again = html.unescape(re.search(r'hx-get="(/[^"]*sudah[^"]*)"', answer.content.decode())[1])
    assert 'hx-trigger="every 1s"' in answer.content.decode()
    assert '<noscript><meta http-equiv="refresh"' in answer.content.decode()
    assert tab.get(again, **HTMX).status_code == 204
    refresh()
    fresh = tab.get(again, **HTMX)
    assert fresh.status_code == 200
    assert 'hx-trigger="every 5s"' in fresh.content.decode()
    assert "Kapasitas bebas 100 dari 200 pcs per bulan" in read(fresh)
    assert "<html" not in fresh.content.decode()


def test_who_waits_long_asks_less_often_and_is_told(kept):
    Product.objects.filter(ikm=kept.proven).update(capacity_per_month=Decimal(100))
    tab = logged_in(kept.buyer)
    again = re.search(r'hx-get="(/[^"]*sudah[^"]*)"', tab.get(ranking(kept.need)).content.decode())[1]
    with time_machine.travel("2026-11-24 10:02+07:00"):
        answer = tab.get(html.unescape(again), **HTMX)
        assert 'hx-trigger="every 15s"' in answer.content.decode()
        assert "lebih lama dari biasanya" in read(answer)
        for wrong in ("", "x", "-1", "9" * 30):
            assert tab.get(ranking(kept.need), {"sejak": wrong, "sudah": wrong}, **HTMX).status_code == 200


def test_a_list_that_nobody_has_computed_yet_is_there_at_once(cast):
    page = opened(cast.buyer, ranking(cast.need))
    assert "Sedang dihitung ulang. Halaman ini menyegarkan diri." in page
    assert "CV Pasti" in page


def test_a_draft_is_a_preview_with_what_comes_next(kept):
    fresh = needs.copy_need(kept.need, start=people.START, end=people.END, by=kept.buyer)
    page = opened(kept.buyer, ranking(fresh))
    assert "Ini pratinjau: IKM belum melihat kebutuhan Anda" in page
    assert "Periksa dan buka" in page
    Company.objects.filter(pk=kept.company.pk).update(status="submitted", submitted_at=offices.SUBMITTED_AT)
    page = opened(kept.buyer, ranking(fresh))
    assert "Bisa dibuka setelah Dinas memeriksa perusahaan Anda" in page
    assert "CV Pasti" in page
    page = opened(kept.buyer, ranking(kept.need))
    assert "Ini pratinjau: kebutuhan tampil lagi setelah perusahaan Anda diperiksa" in page


def test_an_incomplete_draft_names_the_question_that_is_open(kept):
    draft = needs.draft_need(kept.company, by=kept.buyer, title="Tangga", category=kept.need.category)
    page = opened(kept.buyer, ranking(draft))
    assert "IKM yang cocok tampil setelah pertanyaan ini dijawab: Berapa dan kapan?" in page
    assert "IKM yang cocok tampil setelah pembeli melengkapinya." in opened(kept.officer, ranking(draft))


def test_a_need_that_is_over_has_no_list_any_more(kept):
    needs.close_need(kept.need, reason="filled", by=kept.buyer)
    assert "Kebutuhan ini sudah ditutup. Salin atau buka lagi" in opened(kept.buyer, ranking(kept.need))
    assert logged_in(kept.buyer).get(explain(kept.need, kept.proven)).status_code == 404
    past = people.need(kept.company, title="Lewat", start=date(2026, 1, 1), end=date(2026, 6, 1))
    assert "Waktu kebutuhan ini sudah lewat. Perpanjang" in opened(kept.buyer, ranking(past))


def test_nobody_qualifies_teaches_which_condition_to_loosen(kept):
    kept.need.required_certificates.add("iso-14001")
    refresh()
    page = opened(kept.buyer, ranking(kept.need))
    assert "Langkah berikutnya Tanpa syarat ISO 14001: 2 IKM memenuhi syarat" in page
    assert "Memenuhi syarat (0) Belum ada IKM yang memenuhi semua syarat." in page
    assert "Tanpa ISO 14001 : 2 memenuhi syarat" in page
    office = opened(kept.officer, ranking(kept.need))
    assert "Langkah berikutnya" not in office
    assert "Ubah syarat" not in office


def test_where_one_condition_does_not_help_the_nearest_stand_open(kept):
    kept.need.required_certificates.set(["iso-14001", "smk3"])
    refresh()
    answer = logged_in(kept.buyer).get(ranking(kept.need))
    assert "Yang terdekat kurang lebih dari satu hal" in read(answer)
    assert '<details class="more others" open>' in answer.content.decode()


def test_no_candidate_at_all(kept):
    lonely = people.need(kept.company, title="Cangkul", category_id="cangkul", conditions=False)
    refresh()
    page = opened(kept.buyer, ranking(lonely))
    assert "Belum ada IKM yang menawarkan Cangkul atau barang sejenis" in page
    assert "Ubah barang" in page
    assert "Ubah barang" not in opened(kept.officer, ranking(lonely))


def test_a_weight_that_settles_the_comparison_is_one_tap_away(kept):
    tons = people.need(kept.company, title="Rak dalam ton", unit_id="ton", conditions=False)
    refresh()
    assert "berat satu pcs belum disebut. Sebut beratnya" in opened(kept.buyer, ranking(tons))
    assert "Sebut beratnya" not in opened(kept.officer, ranking(tons))


def test_fifty_of_more_are_shown_and_said(kept):
    for i in range(50):
        people.workshop(kept.office, f"CV Banyak {i}", certificate=False)
    refresh()
    page = opened(kept.buyer, ranking(kept.need))
    assert "Kurang satu (52)" in page
    assert "48 dari 52 ditampilkan: urutan menyimpan 50 teratas." in page


# --- The table


def test_the_table_adds_up_and_names_its_sources(kept):
    page = opened(kept.buyer, explain(kept.need, kept.proven))
    for said in (
        "30,0 dari 30,0",
        "0,0 dari 5,0",
        "Jumlah 95,0 dari 100,0 Bukti 100 %: 95,0 bertumpu pada hal yang terperiksa",
        "terperiksa · kunjungan, Petugas, 3 Mei 2026",
        "Sebelum mulai diperlukan CSMS dari perusahaan Anda.",
        "Langkah yang paling mengangkat:",
    ):
        assert said in page, said
    claimed = opened(kept.buyer, explain(kept.need, kept.claimed))
    assert "menurut pengakuan · diubah 10 November 2026" in claimed
    assert "0,0–20,0 dari 20,0" in opened(kept.buyer, explain(kept.need, kept.route))


def test_the_table_comes_alone_into_the_list(kept):
    answer = logged_in(kept.buyer).get(explain(kept.need, kept.proven), **HTMX)
    assert "<html" not in answer.content.decode()
    assert "Jumlah 95,0 dari 100,0" in read(answer)
    assert "HX-Request" in answer["Vary"]
    page = logged_in(kept.buyer).get(ranking(kept.need)).content.decode()
    assert f'<a href="{explain(kept.need, kept.proven)}">Buka penjelasan</a>' in page


def test_other_products_of_the_workshop_are_folded(kept):
    Product.objects.create(ikm=kept.proven, name="Rak kecil", category_id="rak-gudang", unit_id="pcs")
    page = opened(kept.buyer, explain(kept.need, kept.proven))
    assert page.index("1 produk lain juga calon") < page.index("Rak kecil: nilai")


# --- For the owner


def test_words_and_the_next_step_come_first_and_no_number(kept):
    page = opened(people.owner(kept.near), OWN)
    for said in (
        "Langkah berikutnya Peroleh ISO 9001 Dengan ini Anda memenuhi syarat untuk 1 kebutuhan lagi.",
        "Kurang satu (1) Rak gudang tiga tingkat",
        "Kurang satu: ISO 9001",
        "Langkah berikutnya: Peroleh ISO 9001 → Memenuhi syarat",
        "Apa itu ISO 9001?",
        "Diterbitkan oleh: Lembaga sertifikasi terakreditasi KAN",
        "Sebelum mulai: CSMS dari pembeli",
    ):
        assert said in page, said
    score = opened(people.owner(kept.near), reverse("matching:owner_explain", args=[kept.need.pk]))
    assert "Anda menawarkan barang yang diminta." in score
    number = re.search(r"Jumlah (\d+,\d) dari", score)[1]
    assert number not in page


def test_nothing_of_other_workshops_is_told_to_an_owner(kept):
    owner = people.owner(kept.near)
    tab = logged_in(owner)
    shown = read(tab.get(OWN)) + read(tab.get(reverse("matching:owner_explain", args=[kept.need.pk])))
    shown += read(tab.get(reverse("matching:owner_explain", args=[kept.need.pk]), **HTMX))
    for hidden in ("CV Pasti", "CV Mampu", "UD Lain", "Peringkat"):
        assert hidden not in shown


def test_a_process_without_a_product_is_a_question(kept):
    owner = people.owner(kept.route)
    tab = logged_in(owner)
    page = read(tab.get(OWN))
    assert "Satu pertanyaan untuk Anda Apakah Anda juga mengerjakan rak gudang palet?" in page
    assert "Kurang satu (" not in page
    yes = f"/usaha/profil/{kept.route.pk}/produk/baru/?kategori=rak-gudang"
    assert f'href="{yes}"' in tab.get(OWN).content.decode()
    assert tab.get(yes).status_code == 200
    no = tab.post(reverse("matching:answer", args=["rak-gudang"]), follow=True)
    assert "Dicatat: Anda tidak mengerjakan" in read(no)
    assert "Apakah Anda juga" not in read(tab.get(OWN))
    assert "Yang Anda jawab Tidak (1)" in read(tab.get(OWN))
    assert DismissedQuestion.objects.get().answered_by == owner
    tab.post(reverse("matching:answer", args=["rak-gudang"]), {"lagi": "1"})
    assert "Apakah Anda juga mengerjakan" in read(tab.get(OWN))


def test_answers_are_given_for_a_category_that_exists_by_post(kept):
    tab = logged_in(people.owner(kept.route))
    assert tab.get(reverse("matching:answer", args=["rak-gudang"])).status_code == 405
    for wrong in ("tidak-ada", "baja-ringan"):
        assert tab.post(reverse("matching:answer", args=[wrong])).status_code == 404
    assert logged_in(kept.buyer).post(reverse("matching:answer", args=["rak-gudang"])).status_code == 404
    assert not DismissedQuestion.objects.exists()


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("draft", "Pembeli belum melihat Anda"),
        ("returned", "Pembeli belum melihat Anda"),
        ("submitted", "Pembeli melihat Anda setelah Dinas menyetujui profil"),
        ("withdrawn", "Profil Anda sedang ditarik"),
    ],
)
def test_before_approval_her_matches_are_shown_at_once(kept, status, said):
    ikm = people.workshop(kept.office, "CV Menunggu", status=status)
    page = opened(people.owner(ikm), OWN)
    assert said in page
    assert "Anda memenuhi syarat (1) Rak gudang tiga tingkat" in page
    assert "Sedang dihitung ulang" not in page


def test_who_has_not_confirmed_for_a_year_is_asked_to(kept):
    Ikm.objects.filter(pk=kept.proven.pk).update(confirmed_on=date(2025, 11, 1))
    page = opened(people.owner(kept.proven), OWN)
    assert "Sudah lebih dari setahun tidak dipastikan, jadi pembeli tidak melihat Anda." in page


def test_her_list_that_is_behind_asks_again(kept):
    Need.objects.filter(pk=kept.need.pk).update(quantity=Decimal(5))
    tab = logged_in(people.owner(kept.near))
    answer = tab.get(OWN)
    assert "Sedang dihitung ulang." in read(answer)
    again = html.unescape(re.search(r'hx-get="(/[^"]*sudah[^"]*)"', answer.content.decode())[1])
    assert tab.get(again, **HTMX).status_code == 204
    refresh()
    assert "Kapasitas cukup: bebas 300 untuk 5 pcs per bulan" in read(tab.get(again, **HTMX))


def test_no_need_at_all_teaches(kept):
    cutter = people.workshop(kept.office, "UD Cangkul", category="cangkul")
    ProcessCapability.objects.filter(ikm=cutter).delete()
    refresh()
    page = opened(people.owner(cutter), OWN)
    assert "Belum ada kebutuhan yang cocok" in page
    assert "Tambah produk" in page


def test_a_closed_need_is_gone_from_her_pages(kept):
    needs.close_need(kept.need, reason="filled", by=kept.buyer)
    tab = logged_in(people.owner(kept.near))
    assert "Rak gudang tiga tingkat" not in read(tab.get(OWN))
    assert tab.get(reverse("matching:owner_explain", args=[kept.need.pk])).status_code == 404


# --- The preview in the task list


def test_the_preview_counts_and_names_the_first(kept):
    draft = people.workshop(kept.office, "CV Draf", status="draft")
    for i in range(4):
        people.need(kept.company, title=f"Rak lagi {i}")
    tab = logged_in(people.owner(draft))
    path = reverse("matching:preview", args=[draft.pk])
    page = read(tab.get(path))
    assert "Dengan isian ini Anda memenuhi syarat untuk 5 kebutuhan ." in page
    assert page.count("200 pcs per bulan") == 3
    part = tab.get(path, **HTMX)
    assert "<html" not in part.content.decode()
    assert "Lihat semua kebutuhan yang cocok" in read(part)
    assert "Lihat semua kebutuhan yang cocok" not in opened(kept.officer, path)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda ikm: Certificate.objects.filter(ikm=ikm).delete(),
            "Untuk 1 kebutuhan Anda kurang satu hal saja.",
        ),
        (
            lambda ikm: Product.objects.filter(ikm=ikm).update(category="pagar-besi"),
            "1 pertanyaan menunggu jawaban Anda, supaya kebutuhan yang cocok ditemukan.",
        ),
        (
            lambda ikm: (
                Certificate.objects.filter(ikm=ikm).delete(),
                ikm.processes.update(process="bubut-manual"),
            ),
            "Belum ada kebutuhan yang syaratnya hampir terpenuhi.",
        ),
        (
            lambda ikm: (
                Product.objects.filter(ikm=ikm).update(category="cangkul"),
                ikm.processes.all().delete(),
            ),
            "Belum ada kebutuhan untuk isian ini.",
        ),
    ],
)
def test_the_preview_says_what_stands_in_the_way(kept, change, said):
    draft = people.workshop(kept.office, "CV Draf", status="draft")
    change(draft)
    assert said in opened(people.owner(draft), reverse("matching:preview", args=[draft.pk]))


# --- Conditions with live counts


@pytest.fixture
def draft(kept):
    return needs.copy_need(kept.need, start=people.START, end=people.END, by=kept.buyer)


def form_of(tab, need):
    return tab.get(conditions(need)).context["form"]


TICKS = {
    "required_certificates": ["iso-9001"],
    "required_processes": ["las-gmaw"],
    "max_lead_time_days": "21",
}


def test_counts_follow_the_ticks_without_saving(draft, kept):
    tab = logged_in(kept.buyer)
    path = reverse("matching:need_counts", args=[draft.pk])
    with_iso = read(tab.get(path, TICKS))
    assert "2 memenuhi syarat 2 kurang satu 0 lainnya" in with_iso
    assert "1 di antaranya punya kapasitas bebas yang cukup." in with_iso
    assert "Tanpa ISO 9001 : 3 memenuhi syarat" in with_iso
    without = read(tab.get(path, {"required_processes": ["las-gmaw"]}))
    assert "3 memenuhi syarat 1 kurang satu" in without
    assert {k.pk for k in draft.required_certificates.all()} == {"iso-9001", "csms"}


def test_odd_ticks_are_left_out_of_the_counts(draft, kept):
    tab = logged_in(kept.buyer)
    path = reverse("matching:need_counts", args=[draft.pk])
    odd = {
        "required_certificates": ["nope", "iso-9001"],
        "required_processes": ["x"],
        "max_lead_time_days": "-3",
    }
    assert "2 memenuhi syarat" in read(tab.get(path, odd))
    assert tab.get(path, {"max_lead_time_days": "99999999999"}).status_code == 200


def test_without_javascript_a_button_counts_and_keeps_the_ticks(draft, kept):
    tab = logged_in(kept.buyer)
    seen = form_of(tab, draft)["seen"].value()
    assert "Tekan “Hitung”" in read(tab.get(conditions(draft)))
    answer = tab.post(conditions(draft), {"seen": seen, "required_certificates": ["smk3"], "hitung": "1"})
    assert "0 memenuhi syarat 3 kurang satu 0 lainnya" in read(answer)
    assert "Tanpa SMK3 : 3 memenuhi syarat" in read(answer)
    assert re.search(r'value="smk3"[^>]*aria-label="Wajib[^>]*checked', answer.content.decode())
    draft.refresh_from_db()
    assert {k.pk for k in draft.required_certificates.all()} == {"iso-9001", "csms"}


def test_saving_goes_on_to_the_next_question_or_back(draft, kept):
    tab = logged_in(kept.buyer)
    seen = form_of(tab, draft)["seen"].value()
    answer = tab.post(conditions(draft), TICKS | {"seen": seen})
    assert answer.url == topics.url_of(draft, topics.TERMS)
    fresh = Need.objects.get(pk=draft.pk)
    assert ({k.pk for k in fresh.required_certificates.all()}, fresh.max_lead_time_days) == ({"iso-9001"}, 21)
    seen = form_of(tab, draft)["seen"].value()
    back = tab.post(conditions(draft) + "?kembali", TICKS | {"seen": seen, "max_lead_time_days": "7"})
    assert back.url == reverse("industry:need", args=[draft.pk])


def test_an_open_need_is_saved_and_its_list_becomes_stale(kept):
    tab = logged_in(kept.buyer)
    seen = form_of(tab, kept.need)["seen"].value()
    answer = tab.post(conditions(kept.need), {"seen": seen, "required_processes": ["las-gmaw"]})
    assert answer.url == reverse("industry:need", args=[kept.need.pk])
    assert "Sedang dihitung ulang." in opened(kept.buyer, ranking(kept.need))
    refresh()
    assert "Memenuhi syarat (3)" in opened(kept.buyer, ranking(kept.need))


def test_wrong_answers_come_back_with_what_was_ticked(draft, kept):
    tab = logged_in(kept.buyer)
    wrong = TICKS | {"seen": form_of(tab, draft)["seen"].value(), "max_lead_time_days": "banyak"}
    answer = tab.post(conditions(draft), wrong)
    assert answer.status_code == 200
    assert "Kesalahan:" in answer.content.decode()
    unknown = tab.post(conditions(draft), wrong | {"required_certificates": ["tidak-ada"]})
    assert "tidak ada dalam daftar" in read(unknown)


def test_a_stale_tab_is_told_both_versions(draft, kept):
    tab = logged_in(kept.buyer)
    seen = form_of(tab, draft)["seen"].value()
    needs.set_conditions(
        draft, by=kept.staff, required_certificates=draft.required_certificates.filter(pk="csms")
    )
    answer = tab.post(conditions(draft), TICKS | {"seen": seen})
    assert answer.status_code == 409
    assert "Isian ini sudah diubah di tempat lain" in read(answer)
    assert [label for label, _stored, _typed in answer.context["form"].conflict]
    again = answer.context["form"]["seen"].value()
    assert tab.post(conditions(draft), TICKS | {"seen": again}).status_code == 302


def test_what_must_be_said_first_is_named_with_a_link(kept):
    bare = needs.draft_need(kept.company, by=kept.buyer, title="Tangga", category=kept.need.category)
    answer = logged_in(kept.buyer).get(conditions(bare))
    assert "Jumlah IKM tampil setelah ini dijawab: Berapa dan kapan?" in read(answer)
    assert f'href="{topics.url_of(bare, topics.AMOUNT)}"' in answer.content.decode()


def test_counts_are_shown_before_the_company_is_reviewed(draft, kept):
    Company.objects.filter(pk=kept.company.pk).update(status="draft")
    path = reverse("matching:need_counts", args=[draft.pk])
    assert "2 memenuhi syarat" in opened(kept.buyer, path, query_params=TICKS)


def test_a_closed_need_has_no_conditions_to_set(kept):
    needs.close_need(kept.need, reason="filled", by=kept.buyer)
    answer = logged_in(kept.buyer).get(conditions(kept.need))
    assert answer.url == reverse("industry:need", args=[kept.need.pk])


def test_nothing_in_the_way_is_said_too(draft, kept):
    page = opened(kept.buyer, reverse("matching:need_counts", args=[draft.pk]))
    assert "3 memenuhi syarat" in page
    assert "Tidak ada syarat tunggal yang menghalangi IKM lain." in page


# --- The method, in public


def test_everybody_reads_how_the_score_is_computed(cast, client):
    page = read(client.get("/cara-menghitung/"))
    for said in (
        "Bagaimana nilai dihitung",
        "Bobot yang berlaku: versi 1",
        "Kategori 300 30,0",
        "Jumlah 1.000 100,0",
    ):
        assert said in page, said
    policies.put_in_force(
        policies.draft_policy((300, 150, 200, 50, 200, 50, 550), by=cast.officer), by=cast.officer
    )
    page = read(client.get("/cara-menghitung/"))
    assert "Bobot yang berlaku: versi 2" in page
    assert "Jumlah 1.500 100,0" in page


# --- Size and speed


def test_no_page_asks_more_than_twelve_questions_or_weighs_much(kept, django_assert_max_num_queries):
    for i in range(40):
        people.workshop(kept.office, f"CV Banyak {i}", certificate=i % 2 == 0)
    for i in range(10):
        people.need(kept.company, title=f"Rak lagi {i}")
    draft = needs.copy_need(kept.need, start=people.START, end=people.END, by=kept.buyer)
    refresh()
    buyer, owner = logged_in(kept.buyer), logged_in(people.owner(kept.near))
    paths = [
        (buyer, ranking(kept.need)),
        (buyer, ranking(draft)),
        (buyer, explain(kept.need, kept.proven)),
        (buyer, conditions(draft)),
        (buyer, reverse("matching:need_counts", args=[draft.pk])),
        (logged_in(kept.officer), ranking(kept.need)),
        (owner, OWN),
        (owner, reverse("matching:owner_explain", args=[kept.need.pk])),
        (owner, reverse("matching:preview", args=[kept.near.pk])),
    ]
    for tab, path in paths:
        tab.get(path)
        with django_assert_max_num_queries(12):
            answer = tab.get(path, headers={"Accept-Encoding": "gzip"})
        assert (path, len(answer.content) < 20_000) == (path, True)
