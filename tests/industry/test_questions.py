"""A question reaches the buyer, its answer all who are in contact, a name nobody."""

import pytest
from django.urls import reverse

from accounts.models import FollowUp, Notification
from industry import interests, needs, questions
from industry.models import Question
from tests import offices
from tests.browsers import logged_in
from tests.industry import people
from web.lifecycle import StepRefused

ASKED, ANSWERED = "Berapa tebal pelatnya?", "Enam milimeter."


@pytest.fixture
def need(cast):
    return people.opened(cast.company, cast.owner)


@pytest.fixture
def bench(cast):
    return cast.workshop.organisation


@pytest.fixture
def rival(cast):
    return offices.workshop(
        cast.office, owner=people.confirmed(offices.person("Lain")), status="approved", name="UD Saingan"
    )


def page(need) -> str:
    return reverse("industry:questions", args=[need.pk])


def test_a_question_is_the_buyers_turn_until_it_is_answered(cast, need, bench):
    question = questions.ask(need, bench, text=ASKED, by=cast.smith)
    assert questions.ask(need, bench, text=ASKED, by=cast.smith) == question
    step = FollowUp.objects.open().get()
    assert (step.organisation, step.what) == (cast.company.organisation, "Jawab pertanyaan IKM")
    assert Notification.objects.get().text == ASKED
    questions.answer(question, text=ANSWERED, by=cast.staff)
    assert not FollowUp.objects.open().exists()
    question.refresh_from_db()
    assert (question.answer, question.answered_by) == (ANSWERED, cast.staff)


def test_the_answer_reaches_all_in_contact_and_no_name_does(cast, need, bench, rival):
    interests.answer(need, rival.organisation, by=rival.entered_by)
    question = questions.ask(need, bench, text=ASKED, by=cast.smith)
    questions.answer(question, text=ANSWERED, by=cast.owner)
    told = Notification.objects.filter(title__startswith="Jawaban pembeli")
    assert {one.organisation for one in told} == {bench, rival.organisation}
    assert {one.text for one in told} == {f"Pertanyaan: {ASKED}\nJawaban: {ANSWERED}"}
    html = logged_in(rival.entered_by).get(page(need)).content.decode()
    assert ASKED in html
    assert ANSWERED in html
    assert bench.name not in html
    assert bench.name in logged_in(cast.owner).get(page(need)).content.decode()


def test_of_others_questions_not_even_that_they_wait(cast, need, bench, rival):
    questions.ask(need, bench, text=ASKED, by=cast.smith)
    assert ASKED in logged_in(cast.smith).get(page(need)).content.decode()
    html = logged_in(rival.entered_by).get(page(need)).content.decode()
    assert ASKED not in html
    assert "Belum dijawab" not in html


def test_an_answer_said_again_tells_nothing_and_a_changed_one_does(cast, need, bench):
    question = questions.ask(need, bench, text=ASKED, by=cast.smith)
    for text in (ANSWERED, ANSWERED, "Delapan milimeter."):
        questions.answer(question, text=text, by=cast.owner)
    assert Notification.objects.filter(organisation=bench).count() == 2


def test_strangers_neither_ask_nor_answer(cast, need, bench):
    with pytest.raises(StepRefused):
        questions.ask(need, bench, text=ASKED, by=cast.stranger)
    question = questions.ask(need, bench, text=ASKED, by=cast.smith)
    with pytest.raises(StepRefused):
        questions.answer(question, text=ANSWERED, by=cast.smith)
    answer = reverse("industry:question", args=[question.pk])
    for person in (cast.stranger, cast.smith, cast.officer):
        assert logged_in(person).get(answer).status_code == 404


def test_five_questions_wait_at_most(cast, need, bench):
    for n in range(questions.MOST_OPEN):
        questions.ask(need, bench, text=f"{ASKED} {n}", by=cast.smith)
    with pytest.raises(questions.TooMany):
        questions.ask(need, bench, text="Satu lagi?", by=cast.smith)
    answer = logged_in(cast.smith).post(page(need), {"text": "Satu lagi?"})
    assert "Masih ada 5 pertanyaan" in answer.content.decode()
    assert Question.objects.count() == questions.MOST_OPEN


def test_asked_and_answered_on_the_pages(cast, need, bench):
    answer = logged_in(cast.smith).post(page(need), {"text": ASKED}, follow=True)
    assert "Pertanyaan terkirim" in answer.content.decode()
    buyer = logged_in(cast.owner)
    assert (
        "1 pertanyaan menunggu jawaban Anda"
        in buyer.get(reverse("industry:applicants", args=[need.pk])).content.decode()
    )
    question = Question.objects.get()
    answer = buyer.post(reverse("industry:question", args=[question.pk]), {"text": ANSWERED}, follow=True)
    assert ANSWERED in answer.content.decode()
    assert ANSWERED in logged_in(cast.smith).get(reverse("industry:need", args=[need.pk])).content.decode()


def test_a_closed_need_takes_no_question_and_still_tells_who_asked(cast, need, bench):
    questions.ask(need, bench, text=ASKED, by=cast.smith)
    needs.close_need(need, reason="cancelled", by=cast.owner)
    assert Notification.objects.filter(
        organisation=bench, title="Kebutuhan “Kontainer kantor” ditutup"
    ).exists()
    with pytest.raises(interests.NotOpen):
        questions.ask(need, bench, text="Satu lagi?", by=cast.smith)
