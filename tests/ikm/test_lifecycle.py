import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikm import lifecycle
from ikm.models.profile import Status
from web.lifecycle import StepRefused

DOCS = Path(__file__).parents[2] / "docs" / "lifecycles.md"
ROLES = ["owner", "staff", "officer"]


def test_the_diagram_in_the_docs_is_the_table():
    text = DOCS.read_text(encoding="utf-8")
    section = text.split("## A workshop's profile", 1)[1].split("\n## ", 1)[0]
    (diagram,) = re.findall(r"```mermaid\n(.*?)\n```", section, re.DOTALL)
    assert diagram == lifecycle.PROFILE.mermaid()


def test_the_states_are_those_that_users_read():
    assert set(lifecycle.PROFILE.states) == set(Status.values)


@given(st.sampled_from(lifecycle.PROFILE.states), st.text(max_size=8), st.sets(st.sampled_from(ROLES)))
def test_whatever_is_no_step_is_refused_and_whatever_is_offered_is_a_step(state, action, roles):
    offered = lifecycle.PROFILE.actions(state, roles=roles)
    for name in offered:
        assert lifecycle.PROFILE.step(state, name, roles=roles).source == state
    if action not in offered:
        with pytest.raises(StepRefused) as refused:
            lifecycle.PROFILE.step(state, action, roles=roles)
        assert (refused.value.state, refused.value.action) == (state, action)


def test_only_officers_decide_and_they_never_recall():
    for state in lifecycle.PROFILE.states:
        assert not {"approve", "return"} & set(lifecycle.PROFILE.actions(state, roles=["owner", "staff"]))
        assert "recall" not in lifecycle.PROFILE.actions(state, roles=["officer"])
