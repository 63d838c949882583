import pytest

from ikm import processes, sections
from ikm.models import Ikm, ProcessCapability, Product
from tests.ikm.people import around_a_workshop
from web.lifecycle import StepRefused

pytestmark = pytest.mark.django_db
CHECKED = {"evidence": "verified", "method": "visit", "checked_on": "2026-11-01"}


@pytest.fixture
def people():
    return around_a_workshop(status="draft", facts=False)


def held(ikm):
    return list(ikm.processes.current().order_by("process").values_list("process", flat=True))


def make(people, category, **fields):
    return Product.objects.create(
        ikm=people.ikm, name=category, category_id=category, unit_id="pcs", **fields
    )


def test_products_suggest_what_their_categories_usually_need(people):
    make(people, "cangkul")
    assert {process.slug for process in processes.suggested(people.ikm)} == set(
        people.ikm.products.get().category.typical_processes.values_list("slug", flat=True)
    )


def test_what_is_stated_or_no_longer_made_is_not_suggested(people):
    make(people, "cangkul", retired_at="2026-11-01T00:00Z")
    assert processes.suggested(people.ikm) == []
    product = make(people, "roller-konveyor")
    typical = set(product.category.typical_processes.values_list("slug", flat=True))
    first = sorted(typical)[0]
    processes.state_processes(people.ikm, by=people.owner, held=[first], asked=[first])
    assert {process.slug for process in processes.suggested(people.ikm)} == typical - {first}


def test_suggestions_are_never_taken_for_granted(people):
    make(people, "cangkul")
    processes.state_processes(people.ikm, by=people.owner, held=[], asked=["tempa-mesin", "asah-poles"])
    assert held(people.ikm) == []


def test_ticked_is_held_and_unticked_is_retired(people):
    processes.state_processes(people.ikm, by=people.owner, held=["las-gmaw", "gergaji"], asked=[])
    processes.state_processes(people.ikm, by=people.owner, held=["las-gmaw"], asked=["las-gmaw", "gergaji"])
    assert held(people.ikm) == ["las-gmaw"]


def test_what_did_not_stand_on_the_page_stays(people):
    """A second tab that never showed the process takes nothing away."""
    processes.state_processes(people.ikm, by=people.owner, held=["las-gmaw"], asked=["las-gmaw"])
    processes.state_processes(people.ikm, by=people.owner, held=["gergaji"], asked=["gergaji"])
    assert held(people.ikm) == ["gergaji", "las-gmaw"]


def test_a_retired_process_comes_back_as_a_claim(people):
    row = ProcessCapability.objects.create(
        ikm=people.ikm, process_id="las-gmaw", retired_at="2026-11-01T00:00Z", **CHECKED
    )
    processes.state_processes(people.ikm, by=people.owner, held=["las-gmaw"], asked=["las-gmaw"])
    row.refresh_from_db()
    assert (row.retired_at, row.evidence, row.changed_by) == (None, "claimed", people.owner)


def test_stating_it_again_changes_nothing(people):
    row = ProcessCapability.objects.create(ikm=people.ikm, process_id="las-gmaw", **CHECKED)
    processes.state_processes(people.ikm, by=people.owner, held=["las-gmaw"], asked=["las-gmaw"])
    row.refresh_from_db()
    assert (row.evidence, row.changed_by) == ("verified", None)


def test_none_is_an_answer(people):
    processes.state_processes(people.ikm, by=people.owner, held=[], asked=[])
    assert sections.done(sections.contents(Ikm.objects.get(pk=people.ikm.pk)))["processes"]


def test_other_machines_make_it_a_claim_again(people):
    for slug in ("las-gmaw", "gergaji"):
        ProcessCapability.objects.create(ikm=people.ikm, process_id=slug, machines="1 mesin", **CHECKED)
    processes.describe_machines(
        people.ikm, by=people.owner, machines={"las-gmaw": "2 mesin", "gergaji": "1 mesin"}
    )
    rows = people.ikm.processes.order_by("process").values_list("process", "machines", "evidence")
    assert list(rows) == [("gergaji", "1 mesin", "verified"), ("las-gmaw", "2 mesin", "claimed")]


def test_machines_of_what_is_not_held_are_passed_over(people):
    processes.describe_machines(people.ikm, by=people.owner, machines={"las-saw": "1 mesin"})
    assert held(people.ikm) == []


def test_what_an_officer_reads_is_not_changed():
    people = around_a_workshop(status="submitted")
    with pytest.raises(StepRefused):
        processes.state_processes(people.ikm, by=people.owner, held=[], asked=["las-gmaw"])
    with pytest.raises(StepRefused):
        processes.describe_machines(people.ikm, by=people.owner, machines={"las-gmaw": "x"})
