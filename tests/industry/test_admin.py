import pytest
from django.urls import reverse

from accounts.models import User
from industry import attachments
from industry.models import ConfidentialityPromise, DemandVersion, Need
from tests.browsers import logged_in
from tests.industry import people
from tests.industry.test_attachments import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def tab(cast):
    return logged_in(User.objects.create_superuser(email="operator@contoh.example", name="Operator"))


def test_the_operator_finds_and_reads_everything(cast, tab, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    need = people.opened(cast.company, cast.owner)
    attachments.attach(need, picture(), visibility="confidential", by=cast.owner)
    given = attachments.promise(need, organisation=cast.workshop.organisation, by=cast.smith)
    for model, one in (("company", cast.company), ("need", need), ("confidentialitypromise", given)):
        listed = tab.get(
            reverse(f"admin:industry_{model}_changelist"),
            {"q": "Baja"} if model != "confidentialitypromise" else {},
        )
        assert listed.status_code == 200
        assert tab.get(reverse(f"admin:industry_{model}_change", args=[one.pk])).status_code == 200
        assert tab.get(reverse(f"admin:industry_{model}_add")).status_code == 403
        assert (
            tab.post(reverse(f"admin:industry_{model}_delete", args=[one.pk]), {"post": "yes"}).status_code
            == 403
        )
    assert Need.objects.exists()
    assert ConfidentialityPromise.objects.exists()


def test_what_the_operator_changes_raises_the_version_and_no_state(cast, tab):
    need = people.opened(cast.company, cast.owner)
    before = DemandVersion.objects.get(pk=need.pk).version
    address = reverse("admin:industry_need_change", args=[need.pk])
    fields = tab.get(address).context["adminform"].form.initial
    data = {name: "" if value is None else value for name, value in fields.items()}
    data |= {"title": "Judul baru", "status": "closed", "allow_pooling": ""}
    data |= {f"attachments-{name}_FORMS": "0" for name in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM")}
    assert tab.post(address, data).status_code == 302
    need.refresh_from_db()
    assert (need.title, need.status) == ("Judul baru", "open")
    assert DemandVersion.objects.get(pk=need.pk).version > before


def test_everybody_else_stays_outside(cast):
    for person in (cast.owner, cast.officer):
        answer = logged_in(person).get(reverse("admin:industry_need_changelist"))
        assert answer.status_code in {302, 403}
