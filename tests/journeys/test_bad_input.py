"""Whatever is sent: never a 500; the right status or an error at its field; nothing that was typed is lost."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

import pytest
import time_machine
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve
from django.utils import timezone

from tests.journeys import places as table
from tests.journeys.forms import CHOSEN, TYPED, Field, Form, forms_of
from tests.journeys.prepared import STEPS
from tests.journeys.register import picture
from tests.journeys.test_every_page import Links, browser_of, lines


def app_of(name: str) -> str:
    return name.partition(":")[0] if ":" in name else name.partition("_")[0]


ANSWERS = {200, 302, 400, 403, 404, 409, 410, 413, 422, 429}
WORDS = {
    "nothing": "",
    "spaces": "   ",
    "nul": "a\0b",
    "control": "a\x07\x1bb",
    "turned": "a\u202eb\u200b",
    "long": "a" * 10_000,
    "zero": "0",
    "negative": "-1",
    "absurd": "9" * 30,
    "exponent": "1e400",
    "not a number": "NaN",
    "unknown": "tidak-ada",
    "no such day": "2026-02-30",
    "markup": "<script>alert(1)</script>'\"",
    "object": json.dumps({"id": "x"}),
}
# Addresses by the app that has them.
APPS = {
    app: [name for name in table.names() if app_of(name) == app]
    for app in sorted({app_of(name) for name in table.names()})
}
# Those of a plain run; with --full all of them.
FEW = ("nul", "control", "long", "negative", "absurd", "markup")
MANY = tuple(word for word in WORDS if word not in FEW)
IN_TURN = pytest.mark.parametrize(
    "words", [FEW, pytest.param(MANY, marks=pytest.mark.full)], ids=["few", "many"]
)
NO_NUMBER = {"negative", "absurd", "exponent", "not a number", "unknown", "no such day", "markup", "object"}
NO_DAY = {"control", "long", "zero", "negative", "absurd", "exponent", "unknown", "no such day", "markup"}
CHOICES = ("nul", "absurd", "unknown")
MORE_CHOICES = ("nothing", "long", "negative", "object")
NO_CHOICE = {"long", "negative", "absurd", "unknown", "object"}
# What the page carries, not what is asked; `jenis` and `category` say which form it is.
OWN = frozenset(["csrfmiddlewaretoken", "next", "seen", "version", "opened", "kembali", "untuk"])
# Which of the two is wrong is nobody's business.
SECRET = frozenset(["account_login", "accounts:card_entry"])
# Text of any kind is read, and what was read is shown.
READ_OUT = frozenset(["industry:many"])
# Whatever comes back is compared with what was issued, and the page says that it is another file.
COMPARED = frozenset(["matching:selection_compare"])
# Where another was first, both versions are read side by side; the form is opened anew.
SIDE_BY_SIDE = frozenset(["matching:selection_decisions"])
# Forms without questions, on pages that the sample register has nobody for.
BARE = {
    "accounts:same_person": "head",
    "industry:company_submit": "waiting_buyer",
    "industry:need_open": "buyer",
}
# Answers a form, which its page shows only to whom it can help.
HIDDEN = frozenset(["mfa_deactivate_totp"])


@dataclass
class Subject:
    """A form, and a browser that has it before it."""

    browser: Client
    form: Form
    page: str

    def named(self, *kinds: str) -> list[str]:
        return [name for name, each in self.form.fields.items() if each.kind in kinds and name not in OWN]

    def complete(self) -> dict[str, object]:
        """What stands in the form, with a choice where none is made yet, and its first button."""
        sent = self.form.filled_in()
        for name, each in self.form.fields.items():
            offered = [option for option in each.options if option]
            if each.kind in {"radio", "select"} and offered and not any(sent.get(name, [])):
                sent[name] = offered[:1]
        pressed = sorted(self.form.buttons, key=lambda button: button[0])[:1]  # the main button has no name
        return {name: [value] for name, value in pressed if name} | sent

    def send(self, data: dict[str, object]) -> HttpResponse:
        """The answer; what it changed stays."""
        return self.browser.post(self.form.action, data)

    def post(self, data: dict[str, object]) -> HttpResponse:
        """The answer; what it changed is taken back."""
        cookies = self.browser.cookies.copy()
        with transaction.atomic():
            answer = self.send(data)
            transaction.set_rollback(True)
        self.browser.cookies = cookies
        return answer


def every_page(register) -> Iterator[tuple[Client, str, str]]:
    """Browser, address and content of every page that may hold a form."""
    browsers: dict[str, Client] = {}
    for place in table.places(register):
        browser = browsers.get(place.role) or browsers.setdefault(
            place.role, browser_of(register, place.role)
        )
        answer = browser.get(place.url, follow=True)
        here = answer.redirect_chain[-1][0] if answer.redirect_chain else place.url
        yield browser, here, answer.content.decode()
    for step in STEPS.values():
        browser, here = step(register)
        yield browser, here, browser.get(here).content.decode()


@pytest.fixture(scope="module")
def walked(seeded) -> list[tuple[Client, str, str]]:
    pages = list(every_page(seeded))
    for browser, _page, _html in pages:
        browser.raise_request_exception = False
    return pages


@pytest.fixture(scope="module")
def subjects(seeded, walked) -> dict[str, list[Subject]]:
    """By the name of the address that takes it: each form that some page shows, once."""
    found: dict[str, dict[tuple, Subject]] = {}
    for browser, page, html in walked:
        for form in forms_of(html, page):
            name = resolve(urlsplit(form.action).path).view_name
            if form.method == "post" and name != "styles":
                shape = tuple(sorted({re.sub(r"\d+", "", each) for each in form.names}))
                found.setdefault(name, {}).setdefault(shape, Subject(browser, form, page))
    for place in table.actions(seeded):
        if place.name in BARE and place.name not in found:
            browser = browser_of(seeded, place.role)
            found[place.name] = {(): Subject(browser, Form(place.url, "post"), place.url)}
    # Reviews differ by what the workshop states: the longest forms have all of it.
    reviews = sorted(found["ikm:review"].values(), key=lambda each: -len(each.form.fields))
    return {name: list(forms.values()) for name, forms in found.items()} | {"ikm:review": reviews[:2]}


def shown_again(answer: HttpResponse, subject: Subject) -> dict[str, Field]:
    """The fields of the forms on a page that came back."""
    return {
        name: each
        for form in forms_of(answer.content.decode(), subject.page)
        if form.method == "post"
        for name, each in form.fields.items()
    }


def says_what_is_wrong(answer: HttpResponse) -> bool:
    return 'class="error-summary"' in answer.content.decode()


def faults(subject: Subject, name: str, word: str, changed: list[str]) -> Iterator[str]:
    """What is wrong with the answer to a form in which the `changed` fields hold the word."""
    text = WORDS[word]
    answer = subject.post(subject.complete() | dict.fromkeys(changed, text))
    if answer.status_code not in ANSWERS:
        yield f"status {answer.status_code}"
    if word == "nul" and answer.status_code != 400:
        yield f"took a NUL: {answer.status_code}"
    if answer.status_code in {200, 409, 422} and name not in READ_OUT:
        if not says_what_is_wrong(answer):
            yield "says nothing of an error"
        back = shown_again(answer, subject)
        yield from (f"lost {each}" for each in lost(subject, back, changed, text))
        yield from (f"took {each}" for each in taken(subject, back, changed, word) if name not in SECRET)
    if answer.status_code == 302 and word == "long" and set(changed) & set(subject.named("text", "textarea")):
        yield "took 10,000 characters"


def lost(subject: Subject, back: dict[str, Field], changed: list[str], text: str) -> Iterator[str]:
    for name in changed:
        typed = subject.form.fields[name].kind in TYPED - {"password"}
        if typed and name in back and "".join(back[name].values).strip() != text.strip():
            yield name


def taken(subject: Subject, back: dict[str, Field], changed: list[str], word: str) -> Iterator[str]:
    """Fields that would have to be marked as wrong, and are not."""
    for name in changed:
        one = subject.form.fields[name]
        if one.kind == "password":
            continue
        never = (
            (one.is_number and word in NO_NUMBER)
            or (one.kind == "date" and word in NO_DAY)
            or (one.kind in {"text", "textarea"} and word == "long")
        )
        if never and name in back and not back[name].is_wrong:
            yield name


@IN_TURN
@pytest.mark.parametrize("app", APPS)
def test_whatever_is_typed_is_refused_at_its_field_and_kept(register, subjects, app, words):
    problems = []
    for name, subject in of_app(subjects, app):
        typed = subject.named(*TYPED)
        for word in words if typed else ():
            problems += [(subject.page, word, fault) for fault in faults(subject, name, word, typed)]
    assert lines(problems) == ""


@pytest.mark.parametrize(
    "words", [CHOICES, pytest.param(MORE_CHOICES, marks=pytest.mark.full)], ids=["few", "many"]
)
@pytest.mark.parametrize("app", APPS)
def test_what_was_not_offered_cannot_be_chosen(register, subjects, app, words):
    problems = []
    for _name, subject in of_app(subjects, app):
        chosen, hidden = subject.named(*CHOSEN), subject.named("hidden")
        for word in words:
            for each in filter(None, (chosen, hidden)):
                problems += [(subject.page, word, fault) for fault in faults_of_choice(subject, word, each)]
    assert lines(problems) == ""


def faults_of_choice(subject: Subject, word: str, changed: list[str]) -> Iterator[str]:
    answer = subject.post(subject.complete() | dict.fromkeys(changed, WORDS[word]))
    if answer.status_code not in ANSWERS:
        yield f"status {answer.status_code} for {changed}"
    # A word that was typed beside the choice decides where the choice makes no sense.
    asked = [n for n in changed if subject.form.fields[n].options and f"{n}_kata" not in subject.form.fields]
    if asked and word in NO_CHOICE and answer.status_code == 302:
        yield f"took {asked}"


def test_an_empty_form_is_answered(register, subjects):
    """And an address that takes forms has one here: who adds a form has it tried with all of this."""
    problems, places = [], [*table.places(register), *table.parts(register)]
    for name in table.names():
        for subject in subjects.get(name, []):
            if (status := subject.post({}).status_code) not in ANSWERS:
                problems.append((subject.page, status))
        for place in places if name not in subjects else ():
            if place.name == name:
                status = browser_of(register, place.role).post(place.url).status_code
                if status not in {302, 404, 405} and name not in HIDDEN:
                    problems.append((place.url, "takes a form that no page of the table shows", status))
    assert lines(problems) == ""


@pytest.mark.full
@pytest.mark.parametrize("app", APPS)
def test_field_by_field(register, subjects, app):
    problems = []
    for _name, subject in of_app(subjects, app):
        for one in subject.named(*TYPED, *CHOSEN, "hidden"):
            for word, text in WORDS.items():
                answer = subject.post(subject.complete() | {one: text})
                if answer.status_code not in ANSWERS:
                    problems.append((subject.page, one, word, answer.status_code))
    assert lines(problems) == ""


def of_app(subjects: dict[str, list[Subject]], app: str) -> list[tuple[str, Subject]]:
    return [(name, subject) for name in APPS[app] for subject in subjects.get(name, [])]


# --- Files

JPEG = picture(40, 30).read()
FILES = {
    "text": ("foto.jpg", b"bukan gambar", "image/jpeg"),
    "empty": ("foto.jpg", b"", "image/jpeg"),
    "program": ("sertifikat.pdf", b"MZ" + bytes(2000), "application/pdf"),
    "markup": ("foto.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "image/png"),
    "cut off": ("foto.jpg", JPEG[: len(JPEG) // 2], "image/jpeg"),
    "page": ("x.html", b"<html><script>alert(1)</script>", "text/html"),
    "zip": ("tabel.xlsx", b"PK\x03\x04" + bytes(100), "application/zip"),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_file_that_is_not_what_it_claims_is_refused_at_its_field(register, subjects, kind):
    problems, tried = [], 0
    name, content, content_type = FILES[kind]
    for address, forms in subjects.items():
        for subject in forms:
            for one in subject.named("file"):
                tried += 1
                if (kind == "text" and address in READ_OUT) or (kind != "empty" and address in COMPARED):
                    continue
                upload = SimpleUploadedFile(name, content, content_type)
                answer = subject.post(subject.complete() | {one: upload})
                back = shown_again(answer, subject) if answer.status_code in {200, 422} else {}
                if one not in back or not back[one].is_wrong:
                    problems.append((subject.page, one, answer.status_code))
    assert tried >= 5
    assert lines(problems) == ""


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.jpg", "a" * 5000 + ".jpg", "\u202egpj.exe", " .jpg", "a\0b.jpg"]
)
def test_a_file_may_have_any_name(register, subjects, name):
    subject = next(each for each in subjects["industry:attachments"])
    answer = subject.post(subject.complete() | {"file": SimpleUploadedFile(name, JPEG, "image/jpeg")})
    assert answer.status_code in {200, 302, 400}


# --- Foreign keys


def test_keys_of_others_are_refused(register, subjects):
    from ikm.models import Product

    foreign = Product.objects.exclude(ikm=register.ikm["owner"]).first()
    officer, other = register.people["officer"], register.waiting_company.organisation
    tries = [
        ("accounts:choose", "membership", officer.memberships.get().pk, 404),
        ("accounts:card_issue", "holder", officer.pk, 200),
        ("ikm:product_details", "same_hands", foreign.pk, 200),
        ("ikm:certificate_new", "for_company", register.office.pk, 200),
        ("ikm:certificate_new", "category", "kontainer-kantor", 200),
        ("ikm:product_new", "category", "komponen-mesin-industri", 404),
        ("ikm:section", "area", other.pk, 200),
    ]
    answers = []
    for name, one, value, _status in tries:
        subject = next(each for each in subjects[name] if one in {*each.form.fields, "membership"})
        changed = {one: [str(value)], f"{one}_kata": [""]}
        answers.append((name, one, value, subject.post(subject.complete() | changed).status_code))
    assert answers == tries


def test_a_review_decides_nothing_of_another_workshop(register, subjects):
    from ikm.models import Product

    foreign = Product.objects.filter(ikm=register.ikm["waiting"]).first()
    subject = subjects["ikm:review"][0]
    assert f"/{register.ikm['waiting'].pk}/" not in subject.page
    subject.send(subject.complete() | {f"product-{foreign.pk}-found": "verified", "method": "visit"})
    foreign.refresh_from_db()
    assert foreign.evidence == "claimed"


# --- Twice, and too late

COUNTED = [
    model
    for model in apps.get_models()
    if model._meta.app_label in {"accounts", "ikm", "industry", "web", "account", "mfa"}
    and "event" not in model._meta.model_name
]
VALID = {
    "account_signup": {"name": "Sri", "contact": "sri@contoh.example", "password1": "besi siku 40x40"},
    "accounts:claim": {"decision": "accept"},
    "accounts:members": {"contact": "rekan@contoh.example"},
    "ikm:start": {
        "name": "CV Bubut Baru",
        "area_kata": "Citangkil",
        "area_untuk": "Citangkil",
        "area": "36.72.03",
    },
    "ikm:product_new": {"name": "Roller 89", "capacity_per_month": "1.250"},
    "ikm:certificate_new": {"number": "A-1", "valid_until": "2028-01-01"},
    "ikm:register_for_owner": {
        "name": "Bengkel Pacul Baru",
        "area": "36.72.03",
        "area_kata": "Citangkil",
        "area_untuk": "Citangkil",
        "contact_name": "Rahmat",
        "whatsapp": "0812 3456 7890",
    },
    "ikm:withdraw": {"reason": "Pindah."},
    "industry:attachments": {"file": picture(44, 33)},
    "industry:need_copy": {"start": "2027-01-01", "end": "2027-06-30"},
    "industry:need_new": {
        "title": "Roller 89 mm",
        "category": "roller-konveyor",
        "category_kata": "Roller",
        "category_untuk": "Roller",
    },
    "industry:need_reopen": {"start": "2027-01-01", "end": "2027-06-30"},
    "industry:promise": {"janji": "ya"},
    "industry:start": {
        "name": "PT Baru",
        "sector": "Baja",
        "area": "36.72.03",
        "area_kata": "Citangkil",
        "area_untuk": "Citangkil",
    },
}
# A new card ends the older one: that is what one asks for twice. Each code is mailed anew.
EACH_TIME = frozenset("accounts:card_issue account_request_login_code account_reset_password".split())


def rewind(data: dict[str, object]) -> None:
    for file in data.values():
        if isinstance(file, SimpleUploadedFile):
            file.seek(0)


@pytest.mark.parametrize("app", APPS)
def test_what_is_sent_twice_is_done_once(register, subjects, app):
    problems = []
    for name, subject in of_app(subjects, app):
        data = subject.complete() | VALID.get(name, {})
        # Within a second, as two presses are: mails are told apart by their second.
        with time_machine.travel(timezone.now().replace(microsecond=0)), transaction.atomic():
            counts = []
            for _time in range(2):
                rewind(data)
                status = subject.send(data).status_code
                counts.append([model._default_manager.count() for model in COUNTED])
                if status not in ANSWERS:
                    problems.append((subject.page, status))
            transaction.set_rollback(True)
        more = [
            model.__name__ for model, first, second in zip(COUNTED, *counts, strict=True) if first != second
        ]
        if more and name not in EACH_TIME:
            problems.append((subject.page, *more))
    assert lines(problems) == ""


def test_valid_forms_are_taken(register, subjects):
    """What the test above sends twice does something the first time."""
    for name, more in VALID.items():
        subject = subjects[name][0]
        rewind(more)
        assert (name, subject.post(subject.complete() | more).status_code) == (name, 302)


def test_a_stale_form_is_refused_with_what_was_typed(register, subjects):
    problems, tried = [], set()
    for name, forms in subjects.items():
        for subject in forms if name != "industry:review" else ():  # decided, it asks nothing any more
            stored, one = stale_field(subject)
            if one is None:
                continue
            tried.add(name)
            first, second = ("7", "8") if one.is_number else ("Kata pertama", "Kata kedua")
            with transaction.atomic():
                saved = subject.send(stored | {one.name: [first]})
                late = subject.send(stored | {one.name: [second]})
                back = shown_again(late, subject)
                transaction.set_rollback(True)
            kept = one.name in back and back[one.name].values == [second]
            if name in SIDE_BY_SIDE:
                kept = second in late.content.decode()
            if (saved.status_code, late.status_code, kept) != (302, 409, True):
                problems.append((subject.page, one.name, saved.status_code, late.status_code))
    assert {
        "ikm:section",
        "ikm:product",
        "ikm:certificate",
        "industry:need_topic",
        "matching:need_conditions",
    } <= tried
    assert lines(problems) == ""


def stale_field(subject: Subject) -> tuple[dict[str, object], Field | None]:
    """A form that knows which version it shows, and a field of it that takes any words or any number."""
    if (
        "seen" not in subject.form.fields
        or not subject.form.fields["seen"].values[0]
        or "/baru/" in subject.page
    ):
        return {}, None
    typed = [subject.form.fields[name] for name in subject.named("text", "textarea")]
    words = [each for each in typed if not each.is_number and each.name not in {"phone", "whatsapp"}]
    words.sort(key=lambda each: each.name == "name")  # another name sends a company to the office
    numbers = [each for each in typed if each.is_number and each.name not in {"nib", "npwp", "year_founded"}]
    return subject.complete(), next(iter(words + numbers), None)


# --- What stands behind the question mark


@pytest.fixture(scope="module")
def questions(walked) -> list[tuple[Client, str, list[str]]]:
    """Browser, path, and all that some form or link of the page asks there."""
    found = {}
    for browser, page, html in walked:
        path, _, query = page.partition("?")
        asked = {name for form in forms_of(html, page) if form.method == "get" for name in form.fields}
        for link in (*Links(html).found, f"?{query}"):
            parts = urlsplit(link)
            if not parts.netloc and parts.path in {"", path}:
                asked |= {name for name, _value in parse_qsl(parts.query, keep_blank_values=True)}
        if asked:
            found[path, *sorted(asked)] = (browser, path, [*asked, "page"])
    return list(found.values())


@IN_TURN
def test_whatever_stands_behind_the_question_mark(register, questions, words):
    problems = []
    for browser, path, asked in questions:
        for word in words:
            status = browser.get(path, dict.fromkeys(asked, WORDS[word])).status_code
            if status not in ({400} if word == "nul" else {200, 302, 404}):
                problems.append((path, sorted(asked), word, status))
    assert len(questions) > 10
    assert lines(problems) == ""
