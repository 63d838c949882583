from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.history import recorded


class UserManager(BaseUserManager):
    def create_user(self, *, email=None, phone=None, password=None, **fields):
        """A person with an e-mail address or a mobile number (+62…) as log-in name; ValueError with neither."""
        if not (email or phone):
            raise ValueError("a user needs an e-mail address or a mobile number")
        user = self.model(email=email.lower() if email else None, phone=phone or None, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, *, email, password=None, **fields):
        return self.create_user(email=email, password=password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username):
        """Log-in name: an e-mail address in any case, or a mobile number as stored (+62…)."""
        return self.get(models.Q(email=username.lower()) | models.Q(phone=username))


@recorded(exclude=["password", "last_login"])
class User(AbstractBaseUser, PermissionsMixin):
    email = models.EmailField(_("e-mail"), unique=True, null=True, blank=True)
    phone = models.CharField(_("nomor ponsel"), max_length=20, unique=True, null=True, blank=True)
    name = models.CharField(_("nama"), max_length=120)
    language = models.CharField(_("bahasa"), max_length=2, default="id")
    is_staff = models.BooleanField(_("pengelola sistem"), default=False)
    is_active = models.BooleanField(_("aktif"), default=True)
    joined_at = models.DateTimeField(_("terdaftar"), default=timezone.now)
    # The person asked to be forgotten: the row stays for what points at it, and names nobody any more.
    deleted_at = models.DateTimeField(_("dihapus"), null=True, blank=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("pengguna")
        verbose_name_plural = _("pengguna")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email__isnull=False)
                | models.Q(phone__isnull=False)
                | models.Q(deleted_at__isnull=False),
                name="user_has_login_name",
            ),
            models.CheckConstraint(
                condition=models.Q(deleted_at=None)
                | models.Q(email=None, phone=None, is_active=False, is_staff=False),
                name="user_deleted_is_nobody",
            ),
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_lower"),
            models.CheckConstraint(
                condition=models.Q(phone=None) | models.Q(phone__regex=r"^\+[0-9]{8,15}$"),
                name="user_phone_e164",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.login_name

    @property
    def login_name(self) -> str:
        return self.email or self.phone or ""

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]

    @property
    def needs_second_factor(self) -> bool:
        """Dinas, operator and administrators may not work without TOTP or a passkey."""
        return self.is_staff or self.memberships.current().of_kinds("dinas", "operator").exists()


class EntryCardQuerySet(models.QuerySet):
    def usable(self, now):
        """Neither used nor over at `now`."""
        return self.filter(used_at=None, expires_at__gt=now)

    def of_officer(self, user):
        """Cards of the offices the user works for."""
        return self.filter(office__memberships__user=user, office__memberships__left_on=None).distinct()


@recorded(exclude=["code_hash"])
class EntryCard(models.Model):
    """Kartu masuk: a printed QR with an eight-figure code from the office, used once, also the way back in."""

    user = models.ForeignKey(User, models.CASCADE, related_name="entry_cards")
    organisation = models.ForeignKey("accounts.Organisation", models.CASCADE, null=True, related_name="+")
    office = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="+")
    code_hash = models.CharField(max_length=64, unique=True)
    issued_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects = EntryCardQuerySet.as_manager()

    class Meta:
        verbose_name = _("kartu masuk")
        verbose_name_plural = _("kartu masuk")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("issued_at")), name="card_expires_later"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} ({self.issued_at:%Y-%m-%d})"
