from collections import Counter
from datetime import date, timedelta

import pytest
from django.conf import settings

from accounts.models import Membership, Organisation, User
from accounts.sample import LOGINS
from ikm.models import Certificate, Ikm, Product
from industry.models import Need
from partnership_portal.seeding import seed

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


@pytest.fixture
def sample():
    assert seed(today=TODAY) is True


def test_seeding_twice_changes_nothing(sample):
    counts = [model.objects.count() for model in (Organisation, User, Ikm, Product, Certificate, Need)]
    assert seed(today=TODAY + timedelta(days=30)) is False
    assert [m.objects.count() for m in (Organisation, User, Ikm, Product, Certificate, Need)] == counts


def test_every_firm_is_marked_as_a_sample(sample):
    names = Organisation.objects.values_list("name", flat=True)
    assert [name for name in names if not name.endswith("(CONTOH)")] == []
    assert [u.login_name for u in User.objects.all() if "contoh" not in f"{u.email}{u.name}".lower()] == []


def test_reviews_and_evidence_stand_in_every_state(sample):
    assert set(Ikm.objects.values_list("status", flat=True)) == {
        "draft", "submitted", "returned", "approved", "withdrawn",
    }  # fmt: skip
    assert set(Certificate.objects.values_list("evidence", flat=True)) == {"claimed", "verified", "rejected"}
    assert set(Need.objects.values_list("status", flat=True)) == {"draft", "open", "closed"}
    assert Ikm.objects.filter(status="approved").count() == 40
    assert Need.objects.filter(status="open").count() == 14


def test_a_pool_an_import_without_processes_and_a_changed_verified_fact(sample):
    pools = Counter(Product.objects.exclude(pool="").values_list("ikm_id", "pool"))
    assert max(pools.values()) > 1
    bare = Ikm.objects.filter(status="approved", processes=None).get()
    assert (bare.organisation.ref, bare.organisation.memberships.count()) == ("ud-kawat-cibeber", 0)
    changed = Product.objects.get(ikm__organisation__ref="cv-rak-palet-purwakarta", ref="palet-besi")
    assert (changed.evidence, changed.checked_on) == ("claimed", None)


def test_dates_move_with_the_day():
    later = TODAY + timedelta(days=45)
    seed(today=later)
    need = Need.objects.get(ref="n11-penambat-rel")
    assert (need.start, need.end) == (date(2027, 2, 15), date(2027, 4, 14))


def test_every_printed_log_in_works(sample, client):
    for login in LOGINS:
        user = User.objects.get_by_natural_key(login.name)
        assert user.check_password(login.secret), login.who
        assert Membership.objects.current().filter(user=user).exists(), login.who


def test_two_owners_have_a_mobile_number_only(sample):
    assert User.objects.filter(email=None).count() == 2


def test_the_readme_names_every_sample_log_in():
    readme = (settings.BASE_DIR / "README.md").read_text()
    assert [login.name for login in LOGINS if f"`{login.name}`" not in readme] == []
    assert [login.secret for login in LOGINS if f"`{login.secret}`" not in readme] == []
