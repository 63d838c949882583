"""Two people, or two clicks, at the same moment. Each case has a control that shows what the lock prevents."""

import threading
from collections.abc import Callable

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Organisation
from catalogue.models import Area
from industry import attachments, companies, needs
from industry.models import Attachment, Company, Need
from tests import offices
from tests.industry import people
from tests.industry.test_attachments import picture
from web.answers import fingerprint

pytestmark = pytest.mark.django_db(transaction=True)


def together(*acts: Callable[[], object]) -> list[str]:
    """Run the acts in threads of their own, begun at one moment; what became of each: "done" or the error's name."""
    start, outcome = threading.Barrier(len(acts), timeout=10), [""] * len(acts)

    def run(number: int) -> None:
        try:
            start.wait()
            acts[number]()
            outcome[number] = "done"
        except Exception as refusal:
            outcome[number] = type(refusal).__name__
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return sorted(outcome)


def openings_of(need: Need) -> int:
    """How often the record says that the need was opened."""
    said = apps.get_model("industry", "NeedEvent").objects.filter(pgh_obj=need.pk, status="open")
    return said.values("opened_at").distinct().count()


@pytest.fixture
def cast(transactional_db):
    return people.cast()


def test_two_who_open_at_once_open_once(cast):
    need = people.draft(cast.company, cast.owner)
    acts = [lambda: needs.open_need(need, by=cast.owner), lambda: needs.open_need(need, by=cast.staff)]
    assert together(*acts) == ["StepRefused", "done"]
    assert openings_of(need) == 1


def test_without_the_lock_it_would_be_opened_twice(cast):
    need = people.draft(cast.company, cast.owner)
    read = threading.Barrier(2, timeout=10)

    def open_unlocked() -> None:
        with transaction.atomic():
            mine = Need.objects.get(pk=need.pk)
            read.wait()
            assert mine.is_draft
            mine.status, mine.opened_at = "open", timezone.now()
            mine.save(update_fields=["status", "opened_at"])

    assert together(open_unlocked, open_unlocked) == ["done", "done"]
    assert openings_of(need) == 2


def test_the_first_form_sent_twice_at_once_is_one_need(cast):
    def draft() -> None:
        needs.draft_need(cast.company, by=cast.owner, ref="ABCDEFGH23", title="Roller")

    assert together(draft, draft, draft) == ["done"] * 3
    assert Need.objects.count() == 1


def test_without_the_lock_the_form_would_make_several(cast):
    looked = threading.Barrier(2, timeout=10)

    def draft_unlocked() -> None:
        exists = Need.objects.filter(company=cast.company, title="Roller").exists()
        looked.wait()
        assert not exists
        Need.objects.create(company=cast.company, office=cast.office, title="Roller", created_by=cast.owner)

    assert together(draft_unlocked, draft_unlocked) == ["done", "done"]
    assert Need.objects.count() == 2


def test_a_table_saved_twice_at_once_is_saved_once(cast):
    rows = [people.complete(title=f"Roller {n}") for n in range(5)]

    def save() -> None:
        needs.draft_many(cast.company, rows, by=cast.owner)

    assert together(save, save) == ["done", "done"]
    assert Need.objects.count() == 5


def test_a_company_begun_twice_at_once_is_one(transactional_db):
    offices.office()
    buyer, area = offices.person("Sari"), Area.objects.get(pk="36.72.08")

    def start() -> None:
        companies.start_company(by=buyer, name="PT Kawat", sector="Kawat", area=area)

    assert together(start, start) == ["done", "done"]
    assert Company.objects.count() == Organisation.objects.filter(kind="company").count() == 1


def test_the_tenth_file_is_attached_once(cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    need = people.draft(cast.company, cast.owner)
    for n in range(attachments.LARGEST_NUMBER - 1):
        attachments.attach(need, picture(n), visibility="public", by=cast.owner)

    def attach(number: int) -> Callable[[], object]:
        return lambda: attachments.attach(need, picture(number), visibility="public", by=cast.owner)

    assert together(attach(50), attach(51)) == ["TooMany", "done"]
    assert Attachment.objects.count() == attachments.LARGEST_NUMBER


def test_two_stale_tabs_at_once_keep_one_answer_and_tell_the_other(cast):
    need = people.draft(cast.company, cast.owner)
    seen = fingerprint({"title": need.title})

    def rename(title: str) -> Callable[[], object]:
        return lambda: needs.revise_need(need, by=cast.owner, seen=seen, title=title)

    assert together(rename("Satu"), rename("Dua")) == ["Stale", "done"]
