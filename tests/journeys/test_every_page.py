"""Every page of every role, in the process of the test: light, few queries, one heading, no link that leads nowhere."""

import gzip
import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.browsers import logged_in
from tests.journeys import places as table

MOST_QUERIES, LARGEST_PAGE = 12, 20 * 1024
# Pages that say by their status what they are.
STATUS = {("error_page", 404): 404, ("accounts:news", "rusak"): 410, ("ikm:still_correct", "rusak"): 410}
ROLES = sorted(
    "public newcomer owner phone_owner drafting waiting returned withdrawn buyer waiting_buyer officer officer_b head "
    "far_officer operator".split()
)


class Links(HTMLParser):
    def __init__(self, html: str):
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        said = dict(attributes)
        self.found += [said[name] for name in ("href", "src") if said.get(name)]


def lines(problems: list[tuple]) -> str:
    """One a line, so that a failure shows all of them."""
    return "\n".join(" | ".join(map(str, each)) for each in problems)


def browser_of(register, role: str) -> Client:
    return Client() if role == "public" else logged_in(register.people[role])


def of_role(register, role: str) -> list[table.Place]:
    return [place for place in table.places(register) if place.role == role]


def expected_status(place: table.Place) -> int:
    return STATUS.get((place.name, next(iter(place.arguments.values()), None)), 200)


def test_every_address_is_named_in_the_table(register):
    kinds = [table.places(register), table.actions(register), table.parts(register)]
    named = [{place.name for place in kind} for kind in kinds] + [table.PASSED]
    assert sorted(set.union(*map(set, named))) == table.names()
    assert sum(map(len, named)) == len(table.names())
    assert {place.role for place in table.places(register)} == set(ROLES)


@pytest.mark.parametrize("role", ROLES)
def test_pages_are_light_and_ask_little_and_no_link_leads_nowhere(register, role):
    browser, problems, linked = browser_of(register, role), [], {}
    for place in of_role(register, role):
        with CaptureQueriesContext(connection) as asked:
            answer = browser.get(place.url, follow=True)
        if len(asked) > MOST_QUERIES:  # the first page that names catalogue words reads them, once a process
            with CaptureQueriesContext(connection) as asked:
                answer = browser.get(place.url, follow=True)
        html = answer.content.decode()
        said = {
            "status": answer.status_code != expected_status(place) and answer.status_code,
            "queries": len(asked) > MOST_QUERIES and not answer.redirect_chain and len(asked),
            "bytes": (size := len(gzip.compress(answer.content, 6))) > LARGEST_PAGE and size,
            "headings": (count := len(re.findall(r"<h1[\s>]", html))) != 1 and f"{count} h1",
            "title": not re.search(r"<title>\s*\S", html) and "no title",
        }
        problems += [(place.label, place.url, what, value) for what, value in said.items() if value]
        linked |= dict.fromkeys(targets(html), place)
    opened = {place.url for place in of_role(register, role)}
    for target, place in linked.items():
        if target not in opened and (status := status_of(browser, target)) >= 400:
            problems.append((place.label, "links to", target, status))
    assert lines(problems) == ""


def targets(html: str) -> set[str]:
    """Addresses of the portal that a page links to or shows."""
    found = {link.partition("#")[0] for link in Links(html).found if not any(urlsplit(link)[:2])}
    return {link for link in found if link.startswith("/") and not link.startswith("/static/")}


def status_of(browser: Client, target: str) -> int:
    answer = browser.get(target)
    if answer.streaming:
        answer.getvalue()  # a file, which is closed once it is read
    return answer.status_code


def test_what_changes_something_answers_to_post_alone(register):
    found = {
        place.url: browser_of(register, place.role).get(place.url).status_code
        for place in table.actions(register)
    }
    assert set(found.values()) == {405}


def test_files_and_parts_of_pages_come(register):
    for place in table.parts(register):
        assert (place.label, status_of(browser_of(register, place.role), place.url)) == (place.label, 200)
