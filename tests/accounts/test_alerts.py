import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts import alerts
from accounts.models import CategoryFollow, DigestChoice, ReminderPolicy, SavedSearch
from catalogue.models import Category
from tests import offices, races
from tests.browsers import logged_in


@pytest.fixture
def ani(db):
    return offices.person("Ani")


def test_the_same_query_is_saved_once(ani):
    one = alerts.save_search(name="Cangkul", query="q=cangkul", known=[3, 1], by=ani)
    two = alerts.save_search(name="Pacul", query="q=cangkul", known=[9], by=ani)
    row = SavedSearch.objects.get()
    assert one == two == row
    assert (row.name, row.known, row.seen_at is not None) == ("Pacul", [1, 3], True)
    assert DigestChoice.objects.get(user=ani).rhythm == "week"


def test_there_is_an_end_to_searches_and_categories(ani, monkeypatch):
    monkeypatch.setattr(alerts, "MOST_SEARCHES", 1)
    monkeypatch.setattr(alerts, "MOST_CATEGORIES", 1)
    alerts.save_search(name="A", query="q=a", by=ani)
    cangkul, roller = (Category.objects.get(slug=slug) for slug in ("cangkul", "roller-konveyor"))
    alerts.follow(cangkul, by=ani)
    alerts.follow(cangkul, by=ani)
    with pytest.raises(ValidationError):
        alerts.save_search(name="B", query="q=b", by=ani)
    with pytest.raises(ValidationError):
        alerts.save_search(name="C", query="q=" + "c" * 1500, by=ani)
    with pytest.raises(ValidationError):
        alerts.follow(roller, by=ani)
    alerts.unfollow(cangkul, by=ani)
    alerts.follow(roller, by=ani)
    assert CategoryFollow.objects.get().category == roller


def test_nobody_switches_anothers_searches(ani):
    budi = offices.person("Budi")
    own = alerts.save_search(name="A", query="q=a", by=ani)
    other = alerts.save_search(name="A", query="q=a", by=budi)
    alerts.choose(rhythm="day", searches_on=[other.pk], by=ani)
    assert dict(SavedSearch.objects.values_list("pk", "is_on")) == {own.pk: False, other.pk: True}
    alerts.choose(rhythm="day", searches_on=[own.pk], by=ani)
    assert SavedSearch.objects.get(pk=own.pk).is_on
    with pytest.raises(ValueError, match="hourly"):
        alerts.choose(rhythm="hourly", searches_on=[], by=ani)


@pytest.mark.django_db(transaction=True)
def test_two_first_searches_at_once():
    budi = offices.person("Budi")
    saved = races.both(lambda number: alerts.save_search(name="A", query="q=a", by=budi))
    assert saved == ["done", "done"]
    assert (SavedSearch.objects.count(), DigestChoice.objects.count()) == (1, 1)


# --- Unsubscribing (RFC 8058)


@pytest.fixture
def mail_program(client):
    """No cookie, no log-in, and Django looks for a token in every form."""
    client.handler.enforce_csrf_checks = True
    return client


def test_a_look_ends_nothing_and_one_post_does(mail_program, ani):
    alerts.save_search(name="A", query="q=a", by=ani)
    url = alerts.unsubscribe_path(ani)
    page = mail_program.get(url)
    assert (page.status_code, DigestChoice.objects.get().rhythm) == (200, "week")
    for _again in range(2):
        done = mail_program.post(url, {"List-Unsubscribe": "One-Click"})
        assert (done.status_code, DigestChoice.objects.get().rhythm) == (200, "off")
    assert (SavedSearch.objects.count(), "_auth_user_id" in mail_program.session) == (1, False)


def test_a_cut_off_address_ends_nothing(mail_program, ani):
    alerts.save_search(name="A", query="q=a", by=ani)
    url = alerts.unsubscribe_path(ani)
    assert mail_program.post(url[:-4] + "/").status_code == 410
    assert DigestChoice.objects.get().rhythm == "week"


def test_who_is_gone_can_end_nothing(mail_program, ani):
    url = alerts.unsubscribe_path(ani)
    ani.delete()
    assert mail_program.post(url).status_code == 410


def test_the_settings_lead_there(client, ani):
    client.force_login(ani)
    assert reverse("ikm:alerts") in client.get(reverse("accounts:settings")).content.decode()


def test_the_operator_sets_when_the_portal_reminds(db):
    operator = offices.person("Oki", is_staff=True, is_superuser=True)
    browser = logged_in(operator)
    url = reverse("admin:accounts_reminderpolicy_add")
    steps = {"confirm_months": "5,200", "leaving_days": "14", "certificate_days": "60,0", "need_days": "3"}
    assert "Paling banyak 24." in browser.post(url, steps).content.decode()
    assert browser.post(url, steps | {"confirm_months": "5,8"}).status_code == 302
    assert ReminderPolicy.in_force().confirm_months == [5, 8]
    assert browser.get(url).status_code == 403
