"""Questions about a need: a workshop asks, the buyer answers, and all who are in contact read it without a name."""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import followups
from accounts.models import Organisation, User
from accounts.notices import notify
from industry import lifecycle
from industry.interests import NotOpen, NotPublished, is_published, works_for
from industry.models import Interest, Need, Question
from web.lifecycle import StepRefused
from web.workdays import add_working_days

ANSWER_WITHIN, MOST_OPEN = 3, 5
ANSWER_QUESTION = gettext_noop("Jawab pertanyaan IKM")
# Who is told an answer: whoever still has, or had just now, a stake in the need.
IN_CONTACT = (lifecycle.INTERESTED, lifecycle.INVITED, lifecycle.TALKS, lifecycle.AGREED)


class TooMany(Exception):
    """The workshop has MOST_OPEN questions about this need that wait for an answer."""


@transaction.atomic
def ask(need: Need, organisation: Organisation, *, text: str, by: User) -> Question:
    """The workshop asks; the same words twice are one question. NotOpen, NotPublished, TooMany, StepRefused."""
    locked = _locked(need)
    if not works_for(by, organisation):
        raise StepRefused(locked.status, "ask")
    if not Need.objects.taking_part(timezone.localdate()).filter(pk=locked.pk).exists():
        raise NotOpen
    if not is_published(organisation):
        raise NotPublished
    own = locked.questions.filter(organisation=organisation)
    if twin := own.filter(text=text).first():
        return twin
    if own.open().count() >= MOST_OPEN:
        raise TooMany
    question = Question.objects.create(need=locked, organisation=organisation, text=text, asked_by=by)
    buyer = locked.company.organisation
    followups.agree(
        buyer,
        key=_prefix(question),
        what=ANSWER_QUESTION,
        due_on=add_working_days(timezone.localdate(), ANSWER_WITHIN),
        url=_url(locked),
        about=locked.title,
        counterpart=organisation,
    )
    notify(
        buyer,
        key=f"{_prefix(question)}asked",
        title=format_lazy(_("Pertanyaan tentang “{title}”"), title=locked.title),
        text=question.text,
        url=_url(locked),
    )
    return question


@transaction.atomic
def answer(question: Question, *, text: str, by: User) -> Question:
    """The buyer answers; all who are in contact about the need are told. A changed answer is told again.

    StepRefused where `by` does not work for the buyer.
    """
    need = _locked(question.need)
    locked = Question.objects.get(pk=question.pk)
    if not works_for(by, need.company.organisation):
        raise StepRefused(need.status, "answer")
    if locked.answer == text:
        return locked
    locked.answer, locked.answered_at, locked.answered_by = text, timezone.now(), by
    locked.save(update_fields=["answer", "answered_at", "answered_by"])
    followups.settle(_prefix(locked), by=by)
    for organisation in readers(need):
        notify(
            organisation,
            key=f"{_prefix(locked)}answered-{locked.answered_at:%Y%m%d%H%M%S%f}-{organisation.pk}",
            title=format_lazy(_("Jawaban pembeli tentang “{title}”"), title=need.title),
            text=format_lazy(
                _("Pertanyaan: {question}\nJawaban: {answer}"), question=locked.text, answer=text
            ),
            url=_url(need),
            sender=organisation.reviewing_office,
        )
    return locked


def readers(need: Need) -> list[Organisation]:
    """Workshops in contact about the need, and those who asked."""
    in_contact = Interest.objects.filter(need=need, status__in=IN_CONTACT).values("organisation")
    asked = need.questions.values("organisation")
    return list(
        Organisation.objects.filter(pk__in=in_contact.union(asked))
        .select_related("reviewing_office")
        .order_by("pk")
    )


def shown_to(need: Need, organisation: Organisation | None) -> list[Question]:
    """What a workshop reads: whatever was answered, and its own questions; of others not even that they wait."""
    return [
        one
        for one in need.questions.all()
        if one.answered_at or (organisation and one.organisation_id == organisation.pk)
    ]


def _prefix(question: Question) -> str:
    return f"question-{question.pk}:"


def _url(need: Need) -> str:
    return reverse("industry:questions", args=[need.pk])


def _locked(need: Need) -> Need:
    return (
        Need.objects.select_for_update(of=("self",), no_key=True)
        .select_related("company__organisation")
        .get(pk=need.pk)
    )
