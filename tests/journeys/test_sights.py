"""Every page as a browser shows it: axe finds nothing, nothing is too wide, nothing breaks the strict policy."""

import os
from collections.abc import Iterator
from types import SimpleNamespace
from typing import NamedTuple

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page

from accounts.models import User
from tests.journeys import places as table
from tests.journeys.prepared import STEPS
from tests.journeys.register import sample
from tests.journeys.test_every_page import browser_of, lines

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# A plain run shows each page once in each language; with --full every page of every role is shown in all ways.
IS_FULL = os.environ.get("PORTAL_FULL") == "1"
WIDTHS = (320, 360, 1280)
RUN_AXE = """async () => (await axe.run({resultTypes: ["violations"]})).violations
    .map((rule) => [rule.id, ...rule.nodes.slice(0, 2).map((node) => String(node.target))])"""


class Sight(NamedTuple):
    label: str
    role: str
    url: str
    client: Client
    # Another role has shown the same page before.
    again: bool = False


def sights(s: SimpleNamespace, *, all_roles: bool) -> Iterator[Sight]:
    """Pages with the browser that has them, role by role; each page once, unless all roles are wanted."""
    seen, clients = set(), {}
    for place in sorted(table.places(s), key=lambda place: place.role):
        words = {name: value for name, value in place.arguments.items() if isinstance(value, str)}
        page = (place.name, *words.values(), place.query)
        again = page in seen
        if all_roles or not again:
            seen.add(page)
            client = clients.get(place.role) or clients.setdefault(place.role, browser_of(s, place.role))
            yield Sight(place.label, place.role, place.url, client, again)
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
    # In a plain run axe looks at one language: what differs in the other is the length of words.
    if IS_FULL or language == "id":
        if not page.evaluate("!!window.axe"):
            page.evaluate(AXE_SCRIPT)
        yield from page.evaluate(RUN_AXE)
    facts = page.evaluate(
        """() => [document.documentElement.scrollWidth - document.documentElement.clientWidth,
                  document.querySelectorAll("h1").length, document.documentElement.lang]"""
    )
    if facts != [0, 1, language]:
        yield f"too wide, h1, language: {facts}"


def look(browser: Browser, base: str, found: list[Sight], language: str, widths: tuple) -> list[tuple]:
    """(page, width, what is wrong with it); a page is fetched once and shown at every width, again at the first."""
    problems: list[tuple] = []
    context, role = None, None
    for sight in found:
        if sight.role != role:
            if context:
                context.close()
            context, role = context_of(browser, sight, base, language, widths[0]), sight.role
            page, said = context.new_page(), []
            page.on(
                "console",
                lambda message, said=said: said.append(message) if message.type != "debug" else None,
            )
            page.on("pageerror", lambda error, said=said: said.append(error))
        said.clear()
        answer = page.goto(sight.url)
        for width in widths[:1] if sight.again else widths:
            page.set_viewport_size({"width": width, "height": 800})
            problems += [(sight.label, sight.url, width, fault) for fault in faults(page, language)]
        wanted = answer is not None and answer.status < 400
        problems += [(sight.label, sight.url, str(each)) for each in said if wanted]
    if context:
        context.close()
    return problems


TYPED = "input:not([type=hidden]):not([type=radio]):not([type=checkbox]):not([type=file]), textarea"
FIND_FORM = f"""() => [...document.querySelectorAll("main form[method=post]")]
    .find((form) => form.querySelector("{TYPED}"))"""
# One word that breaks nowhere and is longer than a line may be, in every field that is typed into.
FILL_BADLY = f"""() => {{
    const form = ({FIND_FORM})();
    for (const input of form.querySelectorAll("{TYPED}")) {{
        input.type = input.tagName === "TEXTAREA" ? undefined : "text";
        input.value = "W".repeat(5100);
    }}
    const buttons = [...form.querySelectorAll("button:not([type=button])")];
    form.noValidate = true;
    form.requestSubmit(buttons.find((button) => !button.name) || buttons[0] || null);
}}"""


def refused(live_server, browser, language: str, width: int) -> None:
    s = sample()
    User.objects.update(language=language)
    problems, seen, context, role = [], 0, None, None
    for sight in sights(s, all_roles=False):
        if sight.role != role:
            if context:
                context.close()
            context, role = context_of(browser, sight, live_server.url, language, width), sight.role
            page = context.new_page()
        page.goto(sight.url)
        # The page of styles shows a form that takes no answer.
        if sight.url == reverse("styles") or not page.evaluate(f"!!({FIND_FORM})()"):
            continue
        with page.expect_navigation():
            page.evaluate(FILL_BADLY)
        if page.locator(".error-summary").count():
            seen += 1
            problems += [(sight.label, sight.url, fault) for fault in faults(page, language)]
    context.close()
    assert lines(problems) == ""
    assert seen > 25


@pytest.mark.full
class TestRefusedForms:
    def test_on_a_phone(self, live_server, browser):
        refused(live_server, browser, "id", 320)


@pytest.mark.full
class TestRefusedFormsInEnglish:
    def test_on_a_desk(self, live_server, browser):
        refused(live_server, browser, "en", 1280)


def show(live_server, browser, language: str, plainly: int) -> None:
    s = sample()
    User.objects.update(language=language)
    found = list(sights(s, all_roles=IS_FULL))
    widths = WIDTHS if IS_FULL else (plainly,)
    assert lines(look(browser, live_server.url, found, language, widths)) == ""


# Classes, so that two workers share them.


@pytest.mark.early
class TestIndonesian:
    def test_each_page(self, live_server, browser):
        show(live_server, browser, "id", plainly=360)


@pytest.mark.early
class TestEnglish:
    def test_each_page(self, live_server, browser):
        show(live_server, browser, "en", plainly=1280)
