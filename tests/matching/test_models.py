"""Weights and answered questions: what the database refuses, and how a version comes into force."""

import pytest
from django.contrib.admin.sites import site
from django.db import IntegrityError, transaction

from accounts.models import User
from catalogue.models import Category
from matching import policies, questions
from matching.facts import CRITERIA, Policy
from matching.models import DismissedQuestion, NeedRanking, ScoringPolicy
from matching.stale import Inputs
from tests.browsers import logged_in

EQUAL = (100,) * 7


def in_force():
    return ScoringPolicy.objects.get(in_force=True)


@pytest.mark.django_db
def test_the_weights_of_the_rule_are_in_force_from_the_start():
    assert in_force().as_policy() == Policy()
    assert (in_force().version, in_force().created_by) == (1, None)


@pytest.mark.django_db
@pytest.mark.parametrize("weights", [[0, *EQUAL[1:]], [1001, *EQUAL[1:]], list(EQUAL[1:]), []])
def test_wrong_weights_are_refused_by_the_database_and_before_it(weights, cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        ScoringPolicy.objects.create(version=9, weights=weights)
    with pytest.raises(ValueError):
        policies.draft_policy(weights, by=cast.officer)


@pytest.mark.django_db
def test_one_policy_is_in_force():
    with pytest.raises(IntegrityError), transaction.atomic():
        ScoringPolicy.objects.create(version=9, weights=list(EQUAL), in_force=True)


@pytest.mark.django_db
def test_a_version_has_one_meaning():
    with pytest.raises(IntegrityError), transaction.atomic():
        ScoringPolicy.objects.create(version=1, weights=list(EQUAL))


def test_versions_are_numbered_and_put_in_force_one_after_another(cast):
    second = policies.draft_policy(EQUAL, by=cast.officer, note="coba")
    assert (second.version, second.in_force, second.created_by, in_force().version) == (
        2,
        False,
        cast.officer,
        1,
    )
    policies.put_in_force(second, by=cast.officer)
    policies.put_in_force(second, by=cast.officer)
    assert (in_force(), Inputs.now().weights) == (second, Policy(EQUAL, version=2))
    policies.put_in_force(ScoringPolicy.objects.get(version=1), by=cast.officer)
    assert in_force().version == 1


def test_a_question_is_answered_once_and_asked_again_on_request(cast):
    category = Category.objects.get(pk="jasa-bubut")
    questions.dismiss(cast.route, category, by=cast.officer)
    questions.dismiss(cast.route, category, by=cast.staff)
    assert list(DismissedQuestion.objects.values_list("ikm", "category", "answered_by")) == [
        (cast.route.pk, "jasa-bubut", cast.officer.pk)
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        DismissedQuestion.objects.create(ikm=cast.route, category=category)
    questions.ask_again(cast.route, category, by=cast.staff)
    assert not DismissedQuestion.objects.exists()


def test_an_answer_goes_with_its_workshop(cast):
    questions.dismiss(cast.route, Category.objects.get(pk="jasa-bubut"), by=cast.officer)
    cast.route.organisation.delete()
    assert not DismissedQuestion.objects.exists()


# --- The operator's pages


@pytest.fixture
def operator(cast):
    from tests.accounts import people

    user = people.person("Pengelola", is_staff=True, is_superuser=True)
    return logged_in(user)


def test_the_operator_writes_a_version_and_puts_it_in_force(operator):
    page = operator.get("/kelola/matching/scoringpolicy/add/").content.decode()
    assert "semua urutan menjadi usang" in page
    weights = dict(zip(CRITERIA, (300, 150, 200, 50, 200, 50, 60), strict=True))
    operator.post("/kelola/matching/scoringpolicy/add/", weights | {"note": "jarak lebih penting"})
    made = ScoringPolicy.objects.get(version=2)
    assert (made.weights, made.in_force, made.created_by) == (
        [300, 150, 200, 50, 200, 50, 60],
        False,
        User.objects.get(name="Pengelola"),
    )
    chosen = {"action": "put_in_force", "_selected_action": [made.pk]}
    answer = operator.post("/kelola/matching/scoringpolicy/", chosen, follow=True)
    assert "Versi 2 berlaku. Semua urutan dihitung ulang." in answer.content.decode()
    assert in_force() == made


def test_a_version_is_never_changed(operator):
    policy = in_force()
    weights = dict.fromkeys(CRITERIA, 7)
    operator.post(f"/kelola/matching/scoringpolicy/{policy.pk}/change/", weights | {"note": "lain"})
    assert ScoringPolicy.objects.get(pk=policy.pk).as_policy() == Policy()
    answer = operator.get(f"/kelola/matching/scoringpolicy/{policy.pk}/delete/")
    assert answer.status_code == 403


def test_wrong_weights_come_back_with_a_word(operator):
    answer = operator.post("/kelola/matching/scoringpolicy/add/", dict.fromkeys(CRITERIA, 0))
    assert (answer.status_code, ScoringPolicy.objects.count()) == (200, 1)


def test_lists_are_only_looked_at(operator, rf):
    admin = site._registry[NeedRanking]
    assert (
        admin.has_add_permission(rf),
        admin.has_change_permission(rf),
        admin.has_delete_permission(rf),
    ) == (
        False,
        False,
        False,
    )
