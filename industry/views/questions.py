"""Questions and answers about a need."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import acts_for, roles_of
from industry import interests, questions
from industry.forms.interest import AnswerForm, QuestionForm
from industry.models import Need, Question
from web.lifecycle import StepRefused


@require_http_methods(["GET", "POST"])
def asked(request: HttpRequest, pk: int) -> HttpResponse:
    """For the buyer and its office: every question with its asker. For a workshop: what was answered, and its own."""
    found = Need.objects.shown_to(request.user).select_related("company__organisation")
    need = get_object_or_404(found, pk=pk)
    roles = roles_of(request.user, need.company.organisation)
    membership = request.membership
    workshop = membership.organisation if membership and membership.organisation.kind == "ikm" else None
    if roles:
        every = need.questions.select_related("organisation")
        context = {"need": need, "questions": every, "may_answer": bool(roles & {"owner", "staff"})}
        return render(request, "industry/questions.html", context)
    return of_workshop(request, need, workshop)


def of_workshop(request: HttpRequest, need: Need, workshop) -> HttpResponse:
    may_ask = workshop is not None and need.is_open
    form = QuestionForm(request.POST if request.method == "POST" and may_ask else None)
    if form.is_bound and form.is_valid() and put(request, need, form):
        return redirect("industry:questions", pk=need.pk)
    context = {
        "need": need,
        "questions": questions.shown_to(need, workshop),
        "workshop": workshop,
        "form": form if may_ask else None,
    }
    return render(request, "industry/questions_for_workshop.html", context)


def put(request: HttpRequest, need: Need, form: QuestionForm) -> bool:
    """Ask; what stands in the way is said. True: back to the page."""
    try:
        questions.ask(need, request.membership.organisation, text=form.cleaned_data["text"], by=request.user)
    except questions.TooMany:
        form.add_error(
            "text", _("Masih ada %(n)d pertanyaan Anda yang belum dijawab.") % {"n": questions.MOST_OPEN}
        )
        return False
    except interests.NotPublished:
        form.add_error("text", _("Bertanya bisa setelah profil usaha Anda disetujui Dinas."))
        return False
    except (interests.NotOpen, StepRefused):
        messages.warning(request, _("Kebutuhan ini tidak menerima pertanyaan lagi."))
        return True
    messages.success(request, _("Pertanyaan terkirim. Jawabannya sampai lewat pemberitahuan."))
    return True


@require_http_methods(["GET", "POST"])
@acts_for("company")
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The buyer's answer, which all who are in contact read."""
    mine = Question.objects.filter(
        need__in=Need.objects.editable_by(request.user).filter(
            company__organisation=request.membership.organisation_id
        )
    ).select_related("need__company__organisation", "organisation")
    question = get_object_or_404(mine, pk=pk)
    form = AnswerForm(request.POST if request.method == "POST" else None, initial={"text": question.answer})
    if form.is_bound and form.is_valid():
        questions.answer(question, text=form.cleaned_data["text"], by=request.user)
        messages.success(request, _("Jawaban dikirim kepada semua IKM yang berminat atau diundang."))
        return redirect("industry:questions", pk=question.need_id)
    context = {"question": question, "need": question.need, "form": form}
    return render(request, "industry/question_answer.html", context)
