import re
from pathlib import Path

import pytest

from matching.lifecycle import SELECTION
from matching.models import Selection
from web.lifecycle import StepRefused

DOCS = Path(__file__).parents[2] / "docs" / "lifecycles.md"
HEADING = "\n## A selection record (Berita acara pemilihan)\n"


def test_the_diagram_in_the_docs_is_the_table():
    section = DOCS.read_text(encoding="utf-8").split(HEADING, 1)[1].split("\n## ", 1)[0]
    (diagram,) = re.findall(r"```mermaid\n(.*?)\n```", section, re.DOTALL)
    assert diagram == SELECTION.mermaid()


def test_the_states_are_those_that_users_read():
    assert set(SELECTION.states) == set(Selection.Status.values)


def test_what_is_final_has_no_step_and_offices_take_none():
    assert SELECTION.actions("final", roles=["owner", "staff", "officer"]) == ()
    assert SELECTION.actions("draft", roles=["officer"]) == ()
    with pytest.raises(StepRefused):
        SELECTION.step("final", "finish", roles=["owner"])
