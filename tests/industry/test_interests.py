"""What passes between a need and a workshop: one effect a step, news and turns for whoever waits."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts.models import FollowUp, Introduction, Notification
from ikm.models import Ikm
from industry import contact_news, interests, lifecycle, needs
from industry.models import Interest, NeedSight
from tests import offices
from tests.industry import people
from web.lifecycle import StepRefused


@pytest.fixture
def need(cast):
    return people.opened(cast.company, cast.owner)


@pytest.fixture
def bench(cast):
    """The workshop's organisation."""
    return cast.workshop.organisation


def turn():
    """(whose, what, about) of the single open next step."""
    step = FollowUp.objects.open().get()
    return step.organisation, step.what, step.about


def told() -> list[tuple[str, str]]:
    """(to whom, title) of the news so far, oldest first."""
    return [
        (one.organisation.name, one.title)
        for one in Notification.objects.select_related("organisation").order_by("created_at", "pk")
    ]


# --- From the workshop's side


def test_a_workshop_is_interested_and_it_is_the_buyers_turn(cast, need, bench):
    said = interests.answer(need, bench, by=cast.smith, message="Siap", quantity=Decimal(2))
    said.refresh_from_db()
    assert (said.status, said.message, said.quantity, said.moved_side) == (
        "interested",
        "Siap",
        2,
        "workshop",
    )
    assert said.interested_at == said.moved_at
    assert turn() == (cast.company.organisation, "Jawab minat IKM", "Kontainer kantor")
    assert FollowUp.objects.get().due_on == date(2026, 12, 1)
    assert told() == [("PT Baja Selat", "CV Rak Baja Citangkil berminat")]
    assert not Introduction.objects.exists()


def test_said_again_it_changes_the_words_and_tells_nothing_more(cast, need, bench):
    first = interests.answer(need, bench, by=cast.smith, message="Siap")
    again = interests.answer(need, bench, by=cast.smith, message="Siap bulan depan", quantity=Decimal(1))
    assert again.pk == first.pk
    assert Interest.objects.get().message == "Siap bulan depan"
    assert (len(told()), FollowUp.objects.count()) == (1, 1)


def test_who_is_not_published_cannot_answer(cast, need):
    draft = offices.workshop(cast.office, owner=offices.person("Baru"), status="submitted", name="UD Baru")
    with pytest.raises(interests.NotPublished):
        interests.answer(need, draft.organisation, by=draft.entered_by)


def test_a_stranger_answers_for_nobody(cast, need, bench):
    with pytest.raises(StepRefused):
        interests.answer(need, bench, by=cast.stranger)
    with pytest.raises(StepRefused):
        interests.decline(need, bench, reason="full", by=cast.owner)
    assert not Interest.objects.exists()


def test_a_need_that_is_over_takes_no_answer(cast, bench):
    draft = people.draft(cast.company, cast.owner)
    with pytest.raises(interests.NotOpen):
        interests.answer(draft, bench, by=cast.smith)
    need = people.opened(cast.company, cast.owner, title="Lain")
    needs.close_need(need, reason="cancelled", by=cast.owner)
    with pytest.raises(interests.NotOpen):
        interests.answer(need, bench, by=cast.smith)
    past = people.opened(cast.company, cast.owner, title="Lewat")
    type(past).objects.filter(pk=past.pk).update(start=date(2026, 1, 1), end=date(2026, 11, 1))
    with pytest.raises(interests.NotOpen):
        interests.invite(past, [bench], by=cast.owner)


def test_a_no_before_anybody_asked_is_recorded_and_sends_no_mail(cast, need, bench):
    said = interests.decline(need, bench, reason="full", by=cast.smith)
    assert (said.status, said.reason) == ("declined", "full")
    assert (told(), list(FollowUp.objects.all())) == ([], [])


def test_a_no_to_an_invitation_tells_the_buyer_why(cast, need, bench):
    interests.invite(need, [bench], by=cast.owner)
    interests.decline(need, bench, reason="other", words="Mesin rusak", by=cast.smith)
    news = Notification.objects.get(organisation=cast.company.organisation)
    assert news.title == "CV Rak Baja Citangkil tidak berminat"
    assert news.text == "Pada kebutuhan “Kontainer kantor”. Alasannya: alasan lain: Mesin rusak."
    assert not FollowUp.objects.open().exists()


def test_another_reason_needs_words_and_only_listed_ones_count(cast, need, bench):
    with pytest.raises(ValueError, match="in words"):
        interests.decline(need, bench, reason="other", by=cast.smith)
    with pytest.raises(ValueError, match="no reason"):
        interests.decline(need, bench, reason="chosen", by=cast.smith)


def test_who_said_no_may_think_again_but_is_not_asked_again(cast, need, bench):
    interests.decline(need, bench, reason="full", by=cast.smith)
    assert interests.invite(need, [bench], by=cast.owner) == []
    said = interests.answer(need, bench, by=cast.smith)
    assert (said.status, said.reason) == ("interested", "")


# --- From the buyer's side


def test_invited_once_however_often_it_is_pressed(cast, need, bench):
    assert [one.status for one in interests.invite(need, [bench], by=cast.owner)] == ["invited"]
    assert interests.invite(need, [bench, bench], by=cast.staff) == []
    assert told() == [("CV Rak Baja Citangkil", "PT Baja Selat mengundang Anda")]
    assert turn() == (bench, "Jawab undangan", "Kontainer kantor")


def test_who_is_not_published_is_not_invited(cast, need):
    hidden = offices.workshop(cast.office, owner=offices.person("Baru"), status="returned", name="UD Baru")
    assert interests.invite(need, [hidden.organisation], by=cast.owner) == []
    assert not Interest.objects.exists()


def test_news_before_both_agree_is_handed_over_by_the_office_alone(cast, need, bench):
    interests.invite(need, [bench], by=cast.owner)
    assert Notification.objects.get().sender == cast.office
    assert not Notification.objects.to_hand_over(cast.company.organisation).exists()


def test_the_buyer_says_no_with_a_reason(cast, need, bench):
    said = interests.answer(need, bench, by=cast.smith)
    done = interests.refuse(said, reason="capacity", by=cast.owner)
    assert (done.status, done.reason) == ("refused", "capacity")
    assert interests.refuse(said, reason="capacity", by=cast.staff).moved_by == cast.owner
    assert told()[-1] == ("CV Rak Baja Citangkil", "PT Baja Selat belum memilih Anda")
    assert len(told()) == 2
    assert not FollowUp.objects.open().exists()
    with pytest.raises(StepRefused):
        interests.answer(need, bench, by=cast.smith)


# --- Mutual


@pytest.mark.parametrize("first", ["workshop", "buyer"])
def test_when_both_said_yes_contacts_open_and_a_next_step_is_there(cast, need, bench, first):
    if first == "workshop":
        interests.answer(need, bench, by=cast.smith)
        (said,) = interests.invite(need, [bench], by=cast.owner)
    else:
        interests.invite(need, [bench], by=cast.owner)
        said = interests.answer(need, bench, by=cast.smith)
    assert said.status == "talks"
    assert None not in (said.interested_at, said.invited_at, said.talks_at)
    assert Introduction.objects.between(bench, cast.company.organisation).count() == 1
    assert turn() == (cast.company.organisation, contact_news.FIRST_WORD, "Kontainer kantor")
    assert {title for _who, title in told()[-2:]} == {
        "Anda dan CV Rak Baja Citangkil saling berminat",
        "Anda dan PT Baja Selat saling berminat",
    }


def talks(cast, need, bench) -> Interest:
    interests.answer(need, bench, by=cast.smith)
    return interests.invite(need, [bench], by=cast.owner)[0]


def test_a_second_need_introduces_nobody_twice(cast, need, bench):
    talks(cast, need, bench)
    talks(cast, people.opened(cast.company, cast.owner, title="Lain"), bench)
    assert Introduction.objects.count() == 1


def test_the_next_step_is_agreed_by_either_side(cast, need, bench):
    said = talks(cast, need, bench)
    due = date(2026, 12, 4)
    what = contact_news.STEPS[1]
    interests.next_step(said, whose="workshop", what=what, due_on=due, by=cast.smith, side="workshop")
    step = FollowUp.objects.open().get()
    assert (step.organisation, step.what, step.due_on, step.counterpart) == (
        bench,
        what,
        due,
        cast.company.organisation,
    )
    assert FollowUp.objects.exclude(pk=step.pk).filter(done_by=cast.smith).exists()
    assert told()[-1] == ("PT Baja Selat", "Langkah berikutnya: Kirim penawaran harga")
    with pytest.raises(StepRefused):
        interests.next_step(said, whose="buyer", what=what, due_on=due, by=cast.stranger, side="workshop")


def test_agreed_then_ended_by_the_workshop(cast, need, bench):
    said = interests.agree(talks(cast, need, bench), by=cast.owner)
    assert said.status == "agreed"
    assert turn()[1] == contact_news.TO_TERMS
    with pytest.raises(StepRefused):
        interests.end(said, reason="price", by=cast.smith, side="buyer")
    ended = interests.end(said, reason="price", by=cast.smith, side="workshop")
    assert (ended.status, ended.reason) == ("ended", "price")
    assert told()[-1] == ("PT Baja Selat", "Pembicaraan dengan CV Rak Baja Citangkil selesai")
    assert not FollowUp.objects.open().exists()


def test_taken_back_before_the_answer(cast, need, bench):
    said = interests.answer(need, bench, by=cast.smith)
    with pytest.raises(StepRefused):
        interests.take_back(said, by=cast.owner, side="buyer")
    assert interests.take_back(said, by=cast.smith, side="workshop").status == "taken_back"
    assert interests.take_back(said, by=cast.smith, side="workshop").status == "taken_back"
    assert told()[-1] == ("PT Baja Selat", "CV Rak Baja Citangkil menarik minatnya")
    assert not FollowUp.objects.open().exists()
    with pytest.raises(StepRefused):
        interests.refuse(said, reason="capacity", by=cast.owner)


def test_the_needs_page_is_seen_once_a_day(cast, need, bench):
    day = date(2026, 11, 24)
    for on in (day, day, day + timedelta(1)):
        interests.saw(need, bench, on=on)
    assert NeedSight.objects.count() == 2


def test_contact_is_mutual_in_the_table_alone():
    """Into "talks" leads only a yes that meets the other's yes."""
    into = {
        (step.source, step.action, *step.who) for step in lifecycle.INTEREST.steps if step.target == "talks"
    }
    assert into == {("interested", "invite", "buyer"), ("invited", "answer", "workshop")}


def test_a_merged_workshop_is_invited_no_more(cast, need, bench):
    twin = offices.workshop(cast.office, owner=offices.person("Kembar"), status="approved", name="CV Kembar")
    Ikm.objects.filter(pk=cast.workshop.pk).update(merged_into=twin)
    assert interests.invite(need, [bench], by=cast.owner) == []
