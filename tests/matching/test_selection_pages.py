"""The pages of selection records over HTTP: who may see them, what they say, what they write."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from industry import needs
from matching import selections
from matching.models import Selection
from tests.browsers import logged_in
from tests.matching import people
from tests.matching.test_pages import read
from tests.matching.test_selections import decided

PAGES = ("selection", "selection_shortlist", "selection_decisions", "selection_discard")


@pytest.fixture
def draft(cast):
    return selections.start(cast.need, by=cast.buyer)


@pytest.fixture
def final(cast, draft):
    return selections.finish(decided(cast, draft), by=cast.buyer)


def url(name, obj, *more):
    return reverse(f"matching:{name}", args=[obj.pk, *more])


def opened(user, path):
    answer = logged_in(user).get(path)
    assert answer.status_code == 200
    return read(answer)


def seen_on(browser, path):
    return browser.get(path).context["form"]["seen"].value()


# --- Who may see what


def test_a_draft_is_the_buyers_alone(cast, draft):
    selections.shortlist(draft, [cast.proven.pk], by=cast.buyer)
    for user in (cast.buyer, cast.staff):
        assert [logged_in(user).get(url(name, draft)).status_code for name in PAGES] == [200] * 4
    for user in (cast.officer, cast.stranger, cast.far_officer, people.owner(cast.proven)):
        assert [logged_in(user).get(url(name, draft)).status_code for name in PAGES] == [404] * 4


def test_the_office_reads_what_is_final(cast, final):
    for user in (cast.buyer, cast.officer):
        assert "1/BAP/2026" in opened(user, url("selection", final))
        assert "1/BAP/2026" in opened(user, url("need_selections", cast.need))
        assert logged_in(user).get(url("selection_file", final, "id", "pdf")).status_code == 200
    for user in (cast.stranger, cast.far_officer, people.owner(cast.proven)):
        for path in (
            url("selection", final),
            url("need_selections", cast.need),
            url("selection_file", final, "id", "pdf"),
        ):
            assert logged_in(user).get(path).status_code == 404
        assert logged_in(user).post(url("selection_compare", final)).status_code == 404


def test_a_stranger_writes_nothing(cast, draft):
    for user in (cast.stranger, cast.officer, people.owner(cast.proven)):
        browser = logged_in(user)
        for name in ("selection_shortlist", "selection_decisions", "selection_finish", "selection_discard"):
            assert browser.post(url(name, draft), {"ikm": cast.proven.pk}).status_code == 404
        assert browser.post(url("selection_start", cast.need)).status_code == 404
    assert draft.choices.count() == 0


# --- From the list to the seal


def test_the_whole_way(cast):
    browser = logged_in(cast.buyer)
    page = read(browser.get(reverse("matching:need_ranking", args=[cast.need.pk])))
    assert "Berita acara pemilihan" in page
    assert "Belum ada berita acara" in read(browser.get(url("need_selections", cast.need)))
    answer = browser.post(url("selection_start", cast.need))
    draft = Selection.objects.get()
    assert answer["Location"] == url("selection_shortlist", draft)

    path = url("selection_shortlist", draft)
    answer = browser.post(path, {"ikm": [cast.proven.pk, cast.near.pk], "seen": seen_on(browser, path)})
    assert answer["Location"] == url("selection_decisions", draft)

    path = url("selection_decisions", draft)
    said = {
        f"verdict-{cast.proven.pk}": "chosen",
        f"reason-{cast.proven.pk}": "best",
        "seen": seen_on(browser, path),
    }
    assert browser.post(path, said)["Location"] == url("selection", draft)
    check = browser.get(url("selection", draft))
    assert "1 IKM belum mendapat keputusan" in read(check)
    answer = browser.post(url("selection_finish", draft), {"seen": check.context["seen"]}, follow=True)
    assert "Masih ada IKM tanpa keputusan" in read(answer)

    said = {
        f"verdict-{cast.near.pk}": "not_chosen",
        f"reason-{cast.near.pk}": "condition",
        f"words-{cast.near.pk}": "ISO 9001 baru tahun depan",
        "seen": seen_on(browser, path),
    }
    browser.post(path, said)
    check = browser.get(url("selection", draft))
    answer = browser.post(url("selection_finish", draft), {"seen": check.context["seen"]}, follow=True)
    page = read(answer)
    assert "Berita acara 1/BAP/2026 sudah sah" in page
    assert "syarat wajib belum terpenuhi: ISO 9001 baru tahun depan" in page
    assert Selection.objects.get().is_final


def test_the_list_shows_what_the_ranking_shows(cast, draft):
    page = opened(cast.buyer, url("selection_shortlist", draft))
    for words in ("Memenuhi syarat (2)", "Kurang satu (2)", "1. CV Pasti", "95,0", "47,5–72,5", "ISO 9001"):
        assert words in page


def test_errors_are_said_and_what_was_typed_is_kept(cast, draft):
    browser = logged_in(cast.buyer)
    answer = browser.post(url("selection_shortlist", draft), {})
    assert answer.status_code == 422
    assert "Centang paling sedikit satu IKM." in read(answer)
    selections.shortlist(draft, [cast.near.pk], by=cast.buyer)
    key = cast.near.pk
    path = url("selection_decisions", draft)
    answer = browser.post(path, {f"verdict-{key}": "chosen", f"reason-{key}": "price"})
    assert answer.status_code == 422
    assert "Tulis mengapa, dengan kata Anda sendiri, tentang UD Hampir." in read(answer)
    answer = browser.post(path, {f"reason-{key}": "price", f"words-{key}": "murah sekali"})
    assert "Pilih: dipilih atau tidak dipilih." in read(answer)
    assert "murah sekali" in answer.content.decode()
    answer = browser.post(path, {f"verdict-{key}": "chosen", f"reason-{key}": "too_dear"})
    assert "Pilih alasan yang sesuai dengan keputusan tentang UD Hampir." in read(answer)
    assert draft.choices.get().verdict == ""


def test_a_long_shortlist_is_refused(cast, draft, monkeypatch):
    monkeypatch.setattr(selections, "LONGEST_SHORTLIST", 1)
    answer = logged_in(cast.buyer).post(
        url("selection_shortlist", draft), {"ikm": [cast.proven.pk, cast.near.pk]}
    )
    assert (answer.status_code, "Paling banyak 1 IKM; Anda mencentang 2." in read(answer)) == (422, True)


def test_two_tabs_get_the_page_of_two_versions(cast, draft):
    mine, theirs = logged_in(cast.buyer), logged_in(cast.staff)
    path = url("selection_shortlist", draft)
    seen = seen_on(mine, path)
    theirs.post(path, {"ikm": [cast.claimed.pk], "seen": seen})
    answer = mine.post(path, {"ikm": [cast.proven.pk], "seen": seen})
    assert answer.status_code == 409
    assert "CV Mampu" in read(answer)
    assert "CV Pasti" in read(answer)

    path, key = url("selection_decisions", draft), cast.claimed.pk
    seen = seen_on(mine, path)
    theirs.post(path, {f"verdict-{key}": "chosen", f"reason-{key}": "price", "seen": seen})
    answer = mine.post(path, {f"verdict-{key}": "not_chosen", f"reason-{key}": "silent", "seen": seen})
    assert answer.status_code == 409
    assert "dipilih: harganya paling sesuai" in read(answer)
    assert "tidak dipilih: tidak menjawab" in read(answer)

    check = mine.get(url("selection", draft)).context["seen"]
    selections.choose(draft, key, verdict="not_chosen", reason="too_dear", by=cast.staff)
    answer = mine.post(url("selection_finish", draft), {"seen": check})
    assert (answer.status_code, Selection.objects.get().is_final) == (409, False)
    assert mine.post(url("selection_finish", draft), {}).status_code == 409


def test_a_late_tab_of_a_final_record_is_told_so(cast, final):
    browser = logged_in(cast.buyer)
    for name in ("selection_shortlist", "selection_decisions", "selection_discard", "selection_finish"):
        answer = browser.post(url(name, final), {}, follow=True)
        assert answer.redirect_chain == [(url("selection", final), 302)]
        assert "sudah disahkan, jadi tidak dapat diubah lagi" in read(answer)


def test_a_closed_need_keeps_its_records_and_freezes_nothing_more(cast, final):
    needs.close_need(cast.need, reason="filled", by=cast.buyer)
    browser = logged_in(cast.buyer)
    page = read(browser.get(url("need_selections", cast.need)))
    assert "1/BAP/2026" in page
    assert "Bekukan daftar hari ini" not in page
    answer = browser.post(url("selection_start", cast.need), follow=True)
    assert "tidak ada daftar untuk dibekukan" in read(answer)


def test_a_draft_is_discarded_after_a_question(cast, draft):
    browser = logged_in(cast.buyer)
    assert "Hapus draf berita acara" in read(browser.get(url("selection_discard", draft)))
    answer = browser.post(url("selection_discard", draft))
    assert answer["Location"] == url("need_selections", cast.need)
    assert Selection.objects.count() == 0


# --- Files


def test_a_file_comes_as_it_was_issued(cast, final):
    browser = logged_in(cast.officer)
    answer = browser.get(url("selection_file", final, "id", "pdf"))
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert answer["Content-Disposition"] == 'attachment; filename="berita-acara-1-2026-id.pdf"'
    for language, kind in (("fr", "pdf"), ("id", "docx")):
        assert browser.get(url("selection_file", final, language, kind)).status_code == 404


def test_a_file_that_came_back_is_compared(cast, final):
    browser = logged_in(cast.officer)
    issued = browser.get(url("selection_file", final, "en", "xlsx")).content
    path = url("selection_compare", final)

    def compared(content):
        return read(browser.post(path, {"file": SimpleUploadedFile("a.xlsx", content)}))

    assert "“a.xlsx” sama persis" in compared(issued)
    assert "bukan berkas yang dikeluarkan portal untuk 1/BAP/2026" in compared(issued + b" ")
    assert "bukan berkas yang dikeluarkan" in compared(b"\0")
    assert browser.post(path, {}).status_code == 422


def test_a_draft_has_no_files(cast, draft):
    browser = logged_in(cast.buyer)
    assert browser.get(url("selection_file", draft, "id", "pdf")).status_code == 404
    assert browser.post(url("selection_compare", draft)).status_code == 404


# --- Cost


@pytest.mark.parametrize("name", ["selection", "selection_shortlist", "selection_decisions"])
def test_statements_do_not_grow_with_rows(cast, name, django_assert_max_num_queries):
    def statements(draft):
        browser = logged_in(cast.buyer)
        with django_assert_max_num_queries(14) as counted:
            assert browser.get(url(name, draft)).status_code == 200
        return len(counted)

    draft = selections.start(cast.need, by=cast.buyer)
    selections.shortlist(draft, [cast.proven.pk], by=cast.buyer)
    few = statements(draft)
    selections.shortlist(draft, [i.pk for i in (cast.proven, cast.claimed, cast.near)], by=cast.buyer)
    assert statements(draft) == few


def test_the_list_of_records_costs_the_same_for_three(cast, final, django_assert_max_num_queries):
    def statements():
        browser = logged_in(cast.buyer)
        with django_assert_max_num_queries(14) as counted:
            assert browser.get(url("need_selections", cast.need)).status_code == 200
        return len(counted)

    few = statements()
    for _n in range(2):
        selections.finish(decided(cast, selections.start(cast.need, by=cast.buyer)), by=cast.buyer)
    assert statements() == few
