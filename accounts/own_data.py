"""What the portal holds of people and organisations: one table per app, read by the export, the deletion and a test.

A row that is left out here would be neither told to the person nor forgotten; tests/partnership_portal finds it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import (
    CategoryFollow,
    Claim,
    Consent,
    DataExport,
    DataRequest,
    DigestChoice,
    Document,
    EntryCard,
    FollowUp,
    Introduction,
    Invitation,
    Membership,
    Notification,
    Organisation,
    SavedSearch,
    Told,
    User,
)
from accounts.models.organisations import new_ref

DELETED_PERSON, DELETED_ORGANISATION = "Akun dihapus", "Usaha dihapus"


@dataclass(frozen=True)
class Holding:
    """Rows of `model`, and by which ways they lead to the person or organisation that they tell of.

    They are removed with their subject, unless `blank` says what takes the place of their words, or `kept` why they
    stay as they are. Who merely did something ("checked_by") is an actor: the row then points at nobody's account.
    """

    model: type[models.Model]
    person: tuple[str, ...] = ()
    organisation: tuple[str, ...] = ()
    # Ways by which rows are forgotten with an organisation that must not be told of them (another's favourites).
    also: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    blank: Mapping[str, Any] = field(default_factory=dict)
    cleared: tuple[str, ...] = ()
    kept: str | Promise = ""
    # Where the model has no words of its own.
    title: str | Promise = ""

    @property
    def words(self) -> str:
        return str(self.title or self.model._meta.verbose_name_plural)

    @property
    def is_removed(self) -> bool:
        return not (self.blank or self.kept)

    @property
    def columns(self) -> list[models.Field]:
        """What is told of a row: no secrets, and nobody else's name."""
        left_out = {*self.hidden, *self.actors, *self.cleared}
        return [each for each in self.model._meta.concrete_fields if each.name not in left_out]

    def told(self, *, person: User | None = None, organisation: Organisation | None = None) -> Any:
        """The rows that the person, or who leads the organisation, may have a copy of."""
        found = self._found(_any(self.person, _keys(person)) | _any(self.organisation, _keys(organisation)))
        links = [each.name for each in self.columns if each.is_relation]
        return found.select_related(*links).order_by("pk")

    def forgotten(self, person: User | None, organisations: Iterable[Organisation]) -> Any:
        """The rows that go, or lose their words, with the person or the organisations."""
        ways = (*self.organisation, *self.also)
        return self._found(_any(self.person, _keys(person)) | _any(ways, _keys(*organisations)))

    def recorded(
        self, person: User | None, organisations: Iterable[Organisation], *, told: bool = False
    ) -> Any:
        """The same in the record of changes, rows that are gone included; None where the model has no record.

        `told`: only what the person may have a copy of.
        """
        record = getattr(self.model, "pgh_event_model", None)
        if record is None:
            return None
        ways = _in_record((*self.organisation, *(() if told else self.also)))
        wanted = _any(_in_record(self.person), _keys(person)) | _any(ways, _keys(*organisations))
        return record._base_manager.filter(wanted) if wanted else record._base_manager.none()

    def _found(self, wanted: Q) -> Any:
        rows = self.model._base_manager
        return rows.filter(pk__in=rows.filter(wanted).values("pk")) if wanted else rows.none()


def _keys(*subjects: models.Model | None) -> list[Any]:
    return [subject.pk for subject in subjects if subject is not None]


def _any(ways: Iterable[str], keys: list[Any]) -> Q:
    wanted = Q()
    for way in ways if keys else ():
        wanted |= Q(**{f"{way}__in": keys})
    return wanted


def _in_record(ways: Iterable[str]) -> tuple[str, ...]:
    return tuple("pgh_obj_id" if way == "pk" else way for way in ways)


def settled(values: Mapping[str, Any]) -> dict[str, Any]:
    """What takes the place of the words, made anew where it must differ from row to row."""
    return {name: value() if callable(value) else value for name, value in values.items()}


HOLDINGS = (
    Holding(EmailAddress, person=("user",)),
    Holding(Authenticator, person=("user",), hidden=("data",), title=_("langkah kedua saat masuk")),
    Holding(DigestChoice, person=("user",)),
    Holding(SavedSearch, person=("user",), hidden=("known",)),
    Holding(CategoryFollow, person=("user",)),
    Holding(Told, person=("user",)),
    Holding(
        Notification,
        person=("user",),
        organisation=("organisation",),
        also=("sender",),
        actors=("handed_over_by",),
        hidden=("key", "sender"),
    ),
    Holding(
        FollowUp, organisation=("organisation",), also=("counterpart",), actors=("done_by",), hidden=("key",)
    ),
    Holding(Introduction, organisation=("first", "second")),
    Holding(
        Invitation,
        person=("accepted_by",),
        organisation=("organisation",),
        actors=("invited_by",),
        hidden=("token", "email", "phone"),  # of the one who was invited
    ),
    Holding(
        Claim, person=("user",), organisation=("organisation",), actors=("decided_by",), hidden=("user",)
    ),
    Holding(
        EntryCard,
        person=("user",),
        organisation=("organisation",),
        actors=("issued_by", "office"),
        hidden=("code_hash", "user"),
    ),
    Holding(
        Document,
        organisation=("organisation",),
        actors=("uploaded_by",),
        hidden=("file", "thumbnail"),
    ),
    Holding(
        Consent,
        person=("user",),
        organisation=("organisation",),
        hidden=("user",),
        kept=_("bukti bahwa persetujuan pernah diberikan dan ditarik, tanpa nama"),
    ),
    Holding(
        DataExport,
        person=("user",),
        organisation=("organisation",),
        hidden=("user", "file", "task", "stage", "done", "total", "attempts", "error"),
    ),
    Holding(
        DataRequest,
        person=("user",),
        organisation=("organisation",),
        actors=("decided_by", "office"),
        hidden=("user",),
        blank={"text": "", "subject": "", "url": "", "answer": _("Dihapus.")},
    ),
    Holding(Membership, person=("user",), organisation=("organisation",), hidden=("user",)),
    Holding(
        Organisation,
        organisation=("pk",),
        actors=("reviewing_office",),
        blank={
            "name": DELETED_ORGANISATION,
            "ref": new_ref,
            **dict.fromkeys(
                ["address", "postcode", "nib", "npwp", "contact_name", "phone", "whatsapp", "email"], ""
            ),
            # No office has it in its lists any more, and none takes it over.
            "area": None,
            "reviewing_office": None,
            "office_is_chosen": True,
        },
    ),
    Holding(
        User,
        person=("pk",),
        hidden=("password", "is_staff", "is_superuser"),
        cleared=("groups", "user_permissions"),
        blank={
            "name": DELETED_PERSON,
            "email": None,
            "phone": None,
            "language": "id",
            "password": lambda: make_password(None),
            "last_login": None,
            "is_active": False,
            "is_superuser": False,
            "deleted_at": timezone.now,
        },
    ),
)
