"""Pages in the middle of a log-in: what comes before them, and a browser that stands there."""

from collections.abc import Callable
from types import SimpleNamespace

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.test import Client
from django.urls import reverse

from accounts.sample import PASSWORD

Standing = tuple[Client, str]  # a browser, and the page on which it stands


def code_by_mail(s: SimpleNamespace) -> Standing:
    browser = Client()
    asked = browser.post(reverse("account_request_login_code"), {"email": s.people["owner"].email})
    return browser, asked["Location"]


def second_step(s: SimpleNamespace) -> Standing:
    browser = Client()
    officer = s.people["officer"]
    answer = browser.post(reverse("account_login"), {"login": officer.email, "password": PASSWORD})
    return browser, answer["Location"]


def password_again(s: SimpleNamespace) -> Standing:
    browser = Client()
    browser.force_login(s.people["owner"])
    return browser, reverse("account_reauthenticate")


def second_step_again(s: SimpleNamespace) -> Standing:
    browser = Client()
    browser.force_login(s.people["officer"])
    return browser, reverse("mfa_reauthenticate")


def key_again(s: SimpleNamespace) -> Standing:
    browser = Client()
    browser.force_login(s.people["head"])
    return browser, reverse("mfa_reauthenticate_webauthn")


def second_step_to_set_up(s: SimpleNamespace) -> Standing:
    browser = Client()
    browser.force_login(s.new_officer)
    return browser, reverse("accounts:second_factor")


def new_password(s: SimpleNamespace) -> Standing:
    browser, owner = Client(), s.people["owner"]
    key = default_token_generator.make_token(owner)
    link = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(owner), key])
    return browser, browser.get(link)["Location"]


def new_pin(s: SimpleNamespace) -> Standing:
    browser = Client()
    browser.get(reverse("accounts:card_scanned", args=[s.card_token]))
    return browser, reverse("accounts:card_pin")


def mail_sent(s: SimpleNamespace) -> Standing:
    return Client(), reverse("account_email_verification_sent")


STEPS: dict[str, Callable[[SimpleNamespace], Standing]] = {
    "account_confirm_login_code": code_by_mail,
    "account_email_verification_sent": mail_sent,
    "account_reauthenticate": password_again,
    "account_reset_password_from_key": new_password,
    "accounts:card_pin": new_pin,
    "accounts:second_factor": second_step_to_set_up,
    "mfa_authenticate": second_step,
    "mfa_reauthenticate": second_step_again,
    "mfa_reauthenticate_webauthn": key_again,
}
