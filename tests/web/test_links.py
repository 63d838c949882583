from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from web import links
from web.links import LinkRefused

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
WEEK = timedelta(days=7)


def refusal(*args, **options):
    with pytest.raises(LinkRefused) as caught:
        links.read(*args, **options)
    return caught.value.code


def test_a_link_says_what_was_signed():
    token = links.sign("invitation", {"organisation": 7}, lasts=WEEK)
    assert links.read("invitation", token) == {"organisation": 7}


def test_it_is_good_for_its_purpose_only():
    token = links.sign("invitation", 7, lasts=WEEK)
    assert refusal("withdrawal", token) == "broken"


def test_it_ends_when_it_said():
    with time_machine.travel(NOW, tick=False) as clock:
        token = links.sign("invitation", 7, lasts=WEEK)
        clock.shift(WEEK - timedelta(seconds=1))
        assert links.read("invitation", token) == 7
        clock.shift(timedelta(seconds=1))
        assert refusal("invitation", token) == "expired"


def test_one_use():
    token = links.sign("answer", 7, lasts=WEEK, state="waiting")
    assert links.read("answer", token, state=lambda pk: "waiting") == 7
    assert refusal("answer", token, state=lambda pk: "answered") == "used"
    assert refusal("answer", token, state=lambda pk: None) == "used"
    assert refusal("answer", token) == "used"
    assert "waiting" not in token


def test_a_link_without_state_is_not_taken_for_one_with():
    token = links.sign("answer", 7, lasts=WEEK)
    assert refusal("answer", token, state=lambda pk: "waiting") == "used"


def test_the_portals_own_address(settings):
    settings.SITE_URL = "https://contoh.example"
    assert links.absolute("/akun/") == "https://contoh.example/akun/"


@given(st.data())
def test_no_other_token_is_read(data):
    token = links.sign("invitation", 7, lasts=WEEK)
    place = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.characters())
    altered = token[:place] + letter + token[place + 1 :]
    if altered != token:
        assert refusal("invitation", altered) == "broken"
    assert refusal("invitation", token[:place]) == "broken"


@pytest.mark.parametrize("token", ["", ":", "a:b:c", "\x00", "....", "é"])
def test_rubbish(token):
    assert refusal("invitation", token) == "broken"
