"""The sample register, and beside it what its pages need to be reached: links, cards, files, people without a role."""

import io
from datetime import date
from types import SimpleNamespace

from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.mfa.models import Authenticator
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts import alerts, cards, claims, data_requests, documents, memberships, notices
from accounts.models import Claim, Consent, Membership, Organisation, SavedSearch, User
from accounts.people import create_person
from ikm import confirming
from ikm.directory.refreshing import refresh as refresh_directory
from ikm.models import Certificate, Favourite, Ikm, Product, Report
from ikm.views import start as ikm_start
from industry import attachments, interests
from industry.models import Company, Interest, Need, Question
from industry.views import companies as industry_start
from matching import selections
from matching.lists import refresh
from partnership_portal.seeding import IMPORTED, seed
from tests.journeys.hygiene import add_hygiene
from tests.journeys.keys import credential

# Who opens pages, by the name that the tests use for them.
PEOPLE = {
    "owner": "ikm16@contoh.example",  # approved
    "phone_owner": "+6281200000010",  # approved, without an e-mail address
    "drafting": "ikm51@contoh.example",
    "waiting": "ikm52@contoh.example",
    "returned": "ikm54@contoh.example",
    "withdrawn": "ikm55@contoh.example",
    "buyer": "pengadaan1@contoh.example",
    "other_buyer": "pengadaan2@contoh.example",
    "waiting_buyer": "pengadaan7@contoh.example",
    "officer": "petugas.a@contoh.example",
    "officer_b": "petugas.b@contoh.example",
    "head": "kepala@contoh.example",
    "far_officer": "petugas.serang@contoh.example",
    "operator": "pengelola@contoh.example",
    "newcomer": "baru@contoh.example",  # belongs to nobody yet
}


def picture(
    width: int = 60, height: int = 40, form: str = "JPEG", name: str = "foto.jpg"
) -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.effect_noise((width, height), 40).convert("RGB").save(file, form)
    return SimpleUploadedFile(name, file.getvalue(), content_type=f"image/{form.lower()}")


def sample(today: date | None = None) -> SimpleNamespace:
    """Seed the register, score it, and return what the pages' addresses are made of."""
    seed(today=today)
    newcomer = create_person(
        name="Pendatang Baru", email=PEOPLE["newcomer"], password="besi siku 40x40", by=None
    )
    EmailAddress.objects.create(user=newcomer, email=newcomer.email, verified=False, primary=True)
    found = SimpleNamespace(
        people={name: person(login) for name, login in PEOPLE.items()},
        office=Organisation.objects.get(ref="dinas-cilegon-contoh"),
        ikm={name: workshop_of(PEOPLE[name]) for name in ("owner", "phone_owner", "drafting", "waiting")},
        imported=Ikm.objects.get(organisation__ref=IMPORTED),
        company=Company.objects.get(organisation__memberships__user__email=PEOPLE["buyer"]),
        waiting_company=Company.objects.get(organisation__memberships__user__email=PEOPLE["waiting_buyer"]),
    )
    found.ikm |= {name: workshop_of(PEOPLE[name]) for name in ("returned", "withdrawn")}
    found.entered = Ikm.objects.get(organisation__ref="bengkel-bubut-ciwaduk")
    found.new_officer = create_person(name="Petugas Baru", email="petugas.baru@contoh.example", by=None)
    Membership.objects.create(user=found.new_officer, organisation=found.office, role="officer")
    add_needs(found)
    add_files(found)
    add_links(found)
    add_hygiene(found)
    add_selections(found)
    add_interests(found)
    found.report, found.settled_report = Report.objects.order_by("settled_at", "pk")[:2][::-1]
    found.favourite = Favourite.objects.filter(organisation=found.company.organisation).first()
    refresh()
    refresh_directory()
    return found


def person(login: str) -> User:
    return User.objects.get_by_natural_key(login)


def workshop_of(login: str) -> Ikm:
    return Ikm.objects.get(organisation__memberships__user=person(login))


def add_needs(found: SimpleNamespace) -> None:
    own = Need.objects.filter(company=found.company)
    found.need = (
        own.filter(status="open", category="roller-konveyor").first() or own.filter(status="open").first()
    )
    found.draft_need = own.get(ref="n-draf-2")
    found.closed_need = own.get(ref="n-tutup-1")


def add_files(found: SimpleNamespace) -> None:
    owner, buyer = found.people["owner"], found.people["buyer"]
    ikm = found.ikm["owner"]
    found.product = Product.objects.filter(ikm=ikm).order_by("pk").first()
    found.certificate = Certificate.objects.filter(ikm=ikm).order_by("pk").first()
    found.product.photo = documents.store(picture(), organisation=ikm.organisation, by=owner)
    found.product.save(update_fields=["photo"])
    found.certificate.document = documents.store(picture(), organisation=ikm.organisation, by=owner)
    found.certificate.save(update_fields=["document"])
    now = timezone.now()
    found.retired_product = Product.objects.create(
        ikm=ikm,
        name="Roller lama",
        category_id="roller-konveyor",
        unit_id="pcs",
        retired_at=now,
        changed_by=owner,
    )
    found.retired_certificate = Certificate.objects.create(
        ikm=ikm, kind_id="iso-14001", number="LAMA-1", retired_at=now, changed_by=owner
    )
    found.attachment = attachments.attach(found.need, picture(), visibility="public", by=buyer)
    found.secret = attachments.attach(found.need, picture(80, 50), visibility="confidential", by=buyer)


def add_interests(found: SimpleNamespace) -> None:
    """A pair in talks, one that waits for the buyer, one for the workshop, and a question without an answer."""
    found.other_need = Need.objects.get(ref="n02-jasa-bubut-payung")
    workshop, buyer = found.ikm["owner"].organisation, found.people["buyer"]
    interests.answer(found.other_need, workshop, by=found.people["owner"])
    (found.talks,) = interests.invite(found.other_need, [workshop], by=buyer)
    of_buyer = Interest.objects.filter(need__company=found.company)
    found.applied = of_buyer.filter(status="interested").first()
    found.invited = Interest.objects.get(organisation=found.ikm["phone_owner"].organisation, status="invited")
    found.question = Question.objects.filter(need=found.need, answered_at=None).first()


def add_selections(found: SimpleNamespace) -> None:
    """A final record of the need, and a draft whose shortlist waits for decisions."""
    buyer = found.people["buyer"]
    found.selection = selections.start(found.need, by=buyer)
    first, second = [row["ikm"] for row in found.selection.content["rows"][:2]]
    selections.shortlist(found.selection, [first, second], by=buyer)
    selections.choose(
        found.selection, first, verdict="chosen", reason="other", words="Contohnya baik.", by=buyer
    )
    selections.choose(found.selection, second, verdict="not_chosen", reason="too_late", by=buyer)
    selections.finish(found.selection, by=buyer)
    found.draft_selection = selections.start(found.need, by=buyer)
    selections.shortlist(found.draft_selection, [first, second], by=buyer)


def add_links(found: SimpleNamespace) -> None:
    officer, newcomer, buyer = (found.people[name] for name in ("officer", "newcomer", "buyer"))
    plain = found.ikm["phone_owner"].organisation
    found.card, code = cards.issue(plain, office=found.office, by=officer, person=found.people["phone_owner"])
    found.card_token = cards.token_of(found.card, code)
    found.invitation = memberships.invite(
        found.company.organisation, role="staff", by=buyer, email="staf.baru@contoh.example"
    )
    found.claim = claims.claim(found.imported.organisation, by=newcomer, message="Saya pemiliknya.")
    found.answered_claim = Claim.objects.create(
        user=newcomer,
        organisation=found.ikm["withdrawn"].organisation,
        state="refused",
        decided_at=timezone.now(),
        decided_by=officer,
        reason="Namanya tidak sama dengan yang di NIB.",
    )
    found.data_request = data_requests.ask(
        kind="correction",
        by=found.people["owner"],
        organisation=found.ikm["owner"].organisation,
        text="Nama jalan salah.",
    )
    leaving = found.people["phone_owner"]
    found.deletion = data_requests.ask(kind="deletion", by=leaving, subject=leaving.name)
    found.news = {}
    for name in ("owner", "phone_owner"):
        found.news[name] = notices.notify(
            found.ikm[name].organisation,
            key=f"sample-{name}",
            title="Profil Anda disetujui",
            text="Industri besar kini melihat usaha Anda.",
            url=reverse("ikm:profile"),
            sender=found.office,
        )
    found.news_token = notices.link_of(found.news["phone_owner"]).rsplit("/", 2)[1]
    address = EmailAddress.objects.get(user=newcomer)
    found.email_key = EmailConfirmationHMAC(address).key
    found.found_ikm = signing.dumps([found.ikm["waiting"].pk, newcomer.pk], salt=ikm_start.SALT)
    found.found_company = signing.dumps([found.company.pk, newcomer.pk], salt=industry_start.SALT)
    found.confirm_token = confirming.path_of(found.ikm["phone_owner"]).split("/")[-2]
    found.unsubscribe_token = alerts.unsubscribe_path(buyer).split("/")[-2]
    found.saved_search = SavedSearch.objects.filter(user=buyer).first()
    found.owner_invitation = memberships.invite_owner(
        found.entered.organisation, by=officer, phone="+6281200000188"
    )
    # Written by the office, and its owner has not yet looked.
    found.ikm["waiting"].entered_by = found.people["head"]
    found.ikm["waiting"].save(update_fields=["entered_by"])
    Consent.objects.filter(organisation=found.ikm["waiting"].organisation).update(user=found.people["head"])
    found.key = Authenticator.objects.create(
        user=found.people["head"],
        type=Authenticator.Type.WEBAUTHN,
        data={"name": "Ponsel", "credential": credential()},
    )
    found.colleague = Membership.objects.get(user=found.people["officer_b"], organisation=found.office)
