"""Questions to a workshop that holds the processes for something it does not offer; "Tidak" is remembered."""

from django.db import transaction

from accounts.models import User
from catalogue.models import Category
from ikm.models import Ikm
from matching.models import DismissedQuestion


@transaction.atomic
def dismiss(ikm: Ikm, category: Category, *, by: User) -> None:
    """She does not make this: the question is not asked again. Said twice, it is kept once."""
    DismissedQuestion.objects.get_or_create(ikm=ikm, category=category, defaults={"answered_by": by})


@transaction.atomic
def ask_again(ikm: Ikm, category: Category, *, by: User) -> None:
    """Takes the answer back, by whoever works for the workshop."""
    DismissedQuestion.objects.filter(ikm=ikm, category=category).delete()
