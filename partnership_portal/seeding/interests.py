"""Interest in every state, next steps, questions, a closed need with what both sides say of it."""

from datetime import date, timedelta
from decimal import Decimal

from accounts import contacts, followups
from accounts.models import Membership, User
from industry import contact_news, lifecycle
from industry.models import Interest, Need, NeedSight, Outcome, Question
from industry.turns import PREFIX
from partnership_portal.seeding.register import Seeding
from web.workdays import add_working_days

# (need, workshop, state, days ago, what was said)
SAID: tuple[tuple[str, str, str, int, dict], ...] = (
    (
        "n01-roller-konveyor",
        "cv-konveyor-ramanuju",
        lifecycle.TALKS,
        2,
        {
            "message": "Kami biasa membuat roller untuk jalur batu bara. Contoh bisa dilihat di bengkel.",
            "quantity": Decimal(80),
        },
    ),
    (
        "n01-roller-konveyor",
        "ud-roller-kepuh",
        lifecycle.INTERESTED,
        1,
        {"message": "Bisa mulai minggu depan, bearing dari Anda.", "quantity": Decimal(60)},
    ),
    ("n01-roller-konveyor", "pt-mitra-presisi-kubangsari", lifecycle.DECLINED, 3, {"reason": "full"}),
    ("n02-jasa-bubut-payung", "cv-bubut-ciwedus", lifecycle.INVITED, 2, {}),
    ("n02-jasa-bubut-payung", "ud-bubut-sukmajaya", lifecycle.AGREED, 6, {"quantity": Decimal(400)}),
    (
        "n02-jasa-bubut-payung",
        "cv-bubut-frais-lebak-denok",
        lifecycle.REFUSED,
        4,
        {"reason": "capacity", "reason_words": "Kami perlu dua giliran kerja."},
    ),
    ("n04-cangkul-kelas-a", "bengkel-golok-kotabumi", lifecycle.INVITED, 1, {}),
    ("n04-cangkul-kelas-a", "ud-cangkul-kalitimbang", lifecycle.TAKEN_BACK, 5, {}),
    ("n-tutup-1", "cv-bubut-ciwedus", lifecycle.ENDED, 59, {"reason": "not_bought"}),
    ("n-tutup-1", "ud-bubut-sukmajaya", lifecycle.AGREED, 60, {"quantity": Decimal(150)}),
    ("n-tutup-1", "cv-roller-samangraya", lifecycle.LAPSED, 58, {}),
)
# Who said yes before the state was reached.
YES = {
    lifecycle.INTERESTED: ("interested",),
    lifecycle.INVITED: ("invited",),
    lifecycle.REFUSED: ("interested",),
    lifecycle.TAKEN_BACK: ("interested",),
    lifecycle.LAPSED: ("invited",),
    lifecycle.TALKS: ("interested", "invited"),
    lifecycle.AGREED: ("interested", "invited", "talks"),
    lifecycle.ENDED: ("interested", "invited", "talks"),
}
BY_BUYER = (lifecycle.INVITED, lifecycle.REFUSED, lifecycle.TALKS, lifecycle.AGREED)


def add_interests(seed: Seeding) -> None:
    for ref, slug, state, days_ago, said in SAID:
        add_turn(seed, say(seed, ref, slug, state, days_ago, said))
    add_sights(seed)
    add_questions(seed)
    add_outcomes(seed)


def need_of(ref: str) -> Need:
    return Need.objects.select_related("company__organisation").get(ref=ref)


def one_of(organisation) -> User:
    return Membership.objects.filter(organisation=organisation).order_by("pk").first().user


def say(seed: Seeding, ref: str, slug: str, state: str, days_ago: int, said: dict) -> Interest:
    need, workshop, moment = need_of(ref), seed.ikms[slug].organisation, seed.moment(days_ago)
    by_portal, by_buyer = state == lifecycle.LAPSED, state in BY_BUYER
    earlier = {f"{step}_at": seed.moment(days_ago + 1) for step in YES.get(state, ())}
    interest = Interest.objects.create(
        need=need,
        organisation=workshop,
        status=state,
        moved_at=moment,
        created_at=seed.moment(days_ago + 1),
        moved_by=None if by_portal else one_of(need.company.organisation if by_buyer else workshop),
        moved_side="portal" if by_portal else "buyer" if by_buyer else "workshop",
        **earlier | {lifecycle.MOMENTS[state]: moment} | said,
    )
    if state in lifecycle.MUTUAL:
        contacts.introduce(workshop, need.company.organisation, reason=f"need {need.ref}")
    return interest


def add_turn(seed: Seeding, interest: Interest) -> None:
    buyer, workshop = interest.need.company.organisation, interest.organisation
    turns = {
        lifecycle.INTERESTED: (buyer, workshop, contact_news.ANSWER_INTEREST, 5),
        lifecycle.INVITED: (workshop, buyer, contact_news.ANSWER_INVITATION, 5),
        lifecycle.TALKS: (workshop, buyer, contact_news.STEPS[1], 3),
        lifecycle.AGREED: (buyer, workshop, contact_news.STEPS[5], 4),
    }
    if interest.status not in turns or interest.need.is_closed:
        return
    whose, other, what, days = turns[interest.status]
    followups.agree(
        whose,
        key=f"{PREFIX}{interest.pk}:sample",
        what=what,
        due_on=due(seed, days),
        url=contact_news.url_of(interest),
        about=interest.need.title,
        counterpart=other,
    )


def due(seed: Seeding, days: int) -> date:
    return add_working_days(seed.today, days)


def add_sights(seed: Seeding) -> None:
    seen = [(ref, slug) for ref, slug, state, _days, _said in SAID if state != lifecycle.INVITED]
    seen += [
        ("n01-roller-konveyor", "cv-roller-samangraya"),
        ("n02-jasa-bubut-payung", "cv-roller-samangraya"),
    ]
    NeedSight.objects.bulk_create(
        NeedSight(
            need=need_of(ref),
            organisation=seed.ikms[slug].organisation,
            day=seed.today - timedelta(days=3 if ref != "n-tutup-1" else 70),
        )
        for ref, slug in seen
    )


def add_questions(seed: Seeding) -> None:
    need = need_of("n01-roller-konveyor")
    buyer = one_of(need.company.organisation)
    asked = [
        (
            "cv-konveyor-ramanuju",
            "Apakah bearing disediakan pembeli?",
            "Ya, bearing kami sediakan. Roller dikirim tanpa bearing.",
        ),
        ("ud-roller-kepuh", "Berapa toleransi kelurusan pipa?", ""),
    ]
    for slug, text, answer in asked:
        workshop = seed.ikms[slug].organisation
        question = Question.objects.create(
            need=need,
            organisation=workshop,
            text=text,
            asked_by=one_of(workshop),
            asked_at=seed.moment(4),
            **({"answer": answer, "answered_at": seed.moment(3), "answered_by": buyer} if answer else {}),
        )
        if not answer:
            followups.agree(
                need.company.organisation,
                key=f"question-{question.pk}:",
                what="Jawab pertanyaan IKM",
                due_on=due(seed, 2),
                url=f"/kebutuhan/{need.pk}/tanya-jawab/",
                about=need.title,
                counterpart=workshop,
            )


def add_outcomes(seed: Seeding) -> None:
    """Both sides' words on the closed need: equal for one workshop, different for another."""
    need = need_of("n-tutup-1")
    first, second = (seed.ikms[slug].organisation for slug in ("ud-bubut-sukmajaya", "cv-bubut-ciwedus"))
    buyer = one_of(need.company.organisation)
    said = [
        (first, "buyer", 150, buyer),
        (first, "workshop", 120, one_of(first)),
        (second, "buyer", None, buyer),
        (second, "workshop", None, one_of(second)),
    ]
    Outcome.objects.bulk_create(
        Outcome(
            need=need,
            organisation=organisation,
            side=side,
            bought=bool(quantity),
            quantity=quantity,
            reported_by=by,
            reported_at=seed.moment(55),
        )
        for organisation, side, quantity, by in said
    )
