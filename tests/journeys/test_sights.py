"""Every page as a browser shows it: axe finds nothing, nothing is too wide, nothing breaks the strict policy."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page

from accounts.models import User
from tests.journeys import places as table
from tests.journeys.prepared import STEPS
from tests.journeys.register import sample
from tests.journeys.test_every_page import browser_of, lines

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# A plain run shows each page twice; with --full every page of every role is shown in all ways.
WIDTHS = (320, 360, 1280)
ONLY_FAULTS = {"resultTypes": ["violations"]}


class Sight(NamedTuple):
    label: str
    role: str
    url: str
    client: Client


def sights(s: SimpleNamespace, *, all_roles: bool) -> Iterator[Sight]:
    """Pages with the browser that has them, role by role; each page once, unless all roles are wanted."""
    seen, clients = set(), {}
    for place in sorted(table.places(s), key=lambda place: place.role):
        words = {name: value for name, value in place.arguments.items() if isinstance(value, str)}
        page = (place.name, *words.values(), place.query)
        if all_roles or page not in seen:
            seen.add(page)
            client = clients.get(place.role) or clients.setdefault(place.role, browser_of(s, place.role))
            yield Sight(place.label, place.role, place.url, client)
    for name, step in STEPS.items():
        client, url = step(s)
        yield Sight(name, name, url, client)


def context_of(browser: Browser, sight: Sight, base: str, language: str, width: int) -> BrowserContext:
    context = browser.new_context(viewport={"width": width, "height": 800}, locale="id-ID", base_url=base)
    cookies = {"django_language": language} | {
        name: each.value for name, each in sight.client.cookies.items()
    }
    context.add_cookies([{"name": name, "value": value, "url": base} for name, value in cookies.items()])
    return context


def faults(page: Page, language: str) -> Iterator[object]:
    found = Axe().run(page, options=ONLY_FAULTS).response["violations"]
    yield from ((rule["id"], *(node["target"] for node in rule["nodes"][:2])) for rule in found)
    facts = page.evaluate(
        """() => [document.documentElement.scrollWidth - document.documentElement.clientWidth,
                  document.querySelectorAll("h1").length, document.documentElement.lang]"""
    )
    if facts != [0, 1, language]:
        yield f"too wide, h1, language: {facts}"


def look(browser: Browser, base: str, found: list[Sight], language: str, width: int) -> list[tuple]:
    """(page, what is wrong with it)"""
    problems: list[tuple] = []
    context, role = None, None
    for sight in found:
        if sight.role != role:
            if context:
                context.close()
            context, role = context_of(browser, sight, base, language, width), sight.role
            page, said = context.new_page(), []
            page.on(
                "console",
                lambda message, said=said: said.append(message) if message.type != "debug" else None,
            )
            page.on("pageerror", lambda error, said=said: said.append(error))
        said.clear()
        answer = page.goto(sight.url)
        problems += [(sight.label, sight.url, fault) for fault in faults(page, language)]
        wanted = answer is not None and answer.status < 400
        problems += [(sight.label, sight.url, str(each)) for each in said if wanted]
    if context:
        context.close()
    return problems


def show(live_server, browser, language: str, width: int, *, all_roles: bool) -> None:
    s = sample()
    User.objects.update(language=language)
    found = list(sights(s, all_roles=all_roles))
    assert lines(look(browser, live_server.url, found, language, width)) == ""


# Two classes, so that two workers share them.


@pytest.mark.early
class TestPhone:
    def test_each_page(self, live_server, browser):
        show(live_server, browser, "id", 360, all_roles=False)


@pytest.mark.early
class TestDesk:
    def test_each_page_in_english(self, live_server, browser):
        show(live_server, browser, "en", 1280, all_roles=False)


@pytest.mark.full
@pytest.mark.parametrize("width", WIDTHS)
class TestAllRoles:
    def test_in_indonesian(self, live_server, browser, width):
        show(live_server, browser, "id", width, all_roles=True)

    def test_in_english(self, live_server, browser, width):
        show(live_server, browser, "en", width, all_roles=True)
