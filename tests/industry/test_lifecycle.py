import re
from pathlib import Path

import pytest

from industry import lifecycle
from industry.models import Company, Interest, Need
from industry.views.pages import TOO_LATE
from web.lifecycle import Lifecycle, StepRefused

DOCS = Path(__file__).parents[2] / "docs" / "lifecycles.md"
BOTH = [
    ("## A company's registration", lifecycle.COMPANY, Company.Status),
    ("## A need", lifecycle.NEED, Need.Status),
]
# Between two sides instead of roles; "new" is no row.
INTEREST = ("## Interest between a need and a workshop", lifecycle.INTEREST, Interest.Status)


@pytest.mark.parametrize(("heading", "table", "words"), [*BOTH, INTEREST])
def test_the_diagram_in_the_docs_is_the_table(heading: str, table: Lifecycle, words):
    section = DOCS.read_text(encoding="utf-8").split(f"\n{heading}\n", 1)[1].split("\n## ", 1)[0]
    (diagram,) = re.findall(r"```mermaid\n(.*?)\n```", section, re.DOTALL)
    assert diagram == table.mermaid()


@pytest.mark.parametrize(("heading", "table", "words"), BOTH)
def test_the_states_are_those_that_users_read(heading: str, table: Lifecycle, words):
    assert set(table.states) == set(words.values)


@pytest.mark.parametrize(("heading", "table", "words"), BOTH)
def test_whatever_is_no_step_is_refused(heading: str, table: Lifecycle, words):
    steps = {(step.source, step.action): step for step in table.steps}
    for state in table.states:
        for action in {step.action for step in table.steps} | {"fly"}:
            for role in ("owner", "staff", "officer", "stranger"):
                step = steps.get((state, action))
                if step and role in step.who:
                    assert table.step(state, action, roles=[role]) == step
                else:
                    with pytest.raises(StepRefused):
                        table.step(state, action, roles=[role])


def test_officers_decide_on_companies_and_never_on_needs():
    for state in lifecycle.COMPANY.states:
        assert not {"approve", "return"} & set(lifecycle.COMPANY.actions(state, roles=["owner", "staff"]))
    assert all(lifecycle.NEED.actions(state, roles=["officer"]) == () for state in lifecycle.NEED.states)


def test_every_step_that_comes_too_late_has_words_of_its_own():
    for table in (lifecycle.COMPANY, lifecycle.NEED):
        by_buyer = {step.action for step in table.steps if "owner" in step.who} - {"restate"}
        for action in by_buyer:
            reached = {step.target for step in table.steps if step.action == action}
            assert {(state, action) for state in reached} <= set(TOO_LATE)


def test_interest_has_words_and_a_moment_for_every_state_but_new():
    states = set(lifecycle.INTEREST.states) - {lifecycle.NEW}
    assert states == set(Interest.Status.values) == set(lifecycle.MOMENTS)
    names = {field.name for field in Interest._meta.get_fields()}
    assert set(lifecycle.MOMENTS.values()) <= names


def test_each_side_of_an_interest_takes_its_own_steps():
    for step in lifecycle.INTEREST.steps:
        if step.action in ("answer", "decline"):
            assert step.who == {"workshop"}
        elif step.action in ("invite", "refuse", "agree"):
            assert step.who == {"buyer"}
        elif step.action == "lapse":
            assert step.who == {"portal"}
    for state in lifecycle.INTEREST.states:
        for side in ("owner", "officer", "stranger"):
            assert lifecycle.INTEREST.actions(state, roles=[side]) == ()


def test_every_no_has_a_reason_and_both_have_said_yes_in_talks():
    reasoned = {step.target for step in lifecycle.INTEREST.steps if "reason" in step.needs}
    assert reasoned == set(lifecycle.WITH_REASON)
    assert {step.target for step in lifecycle.INTEREST.steps if step.source in lifecycle.MUTUAL} - {
        "interested",
        "invited",
    } <= set(lifecycle.MUTUAL)
