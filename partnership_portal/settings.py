"""All settings, in one file. What differs between machines comes from the environment (docs/operations.md)."""

import os
import secrets
from pathlib import Path

import dj_database_url
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from redis.backoff import NoBackoff
from redis.retry import Retry

BASE_DIR = Path(__file__).resolve().parent.parent
STATE_DIR = Path(os.environ.get("PORTAL_STATE", BASE_DIR / ".state"))

# demo: sample data, mail to a page and to files, the sample officer's code is shown; test: the test suite.
PORTAL_MODE = os.environ.get("PORTAL_MODE", "production")
if PORTAL_MODE not in {"demo", "test", "production"}:
    raise ImproperlyConfigured(f"PORTAL_MODE is {PORTAL_MODE!r}; it must be demo, test or production.")
IS_SAMPLE = PORTAL_MODE in {"demo", "test"}
DEBUG = False


def secret_key() -> str:
    """SECRET_KEY, else the content of $PORTAL_STATE/secret_key: made once, readable by its owner only."""
    if key := os.environ.get("SECRET_KEY"):
        return key
    path = STATE_DIR / "secret_key"
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        STATE_DIR.mkdir(parents=True, exist_ok=True)
    # Two processes may start at once: the first link wins and both read the same key.
    draft = STATE_DIR / f".secret_key.{os.getpid()}"
    draft.touch(mode=0o600)
    draft.write_text(secrets.token_urlsafe(50))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text().strip()


SECRET_KEY = secret_key()
ALLOWED_HOSTS = os.environ.get(
    "ALLOWED_HOSTS", "localhost,127.0.0.1,[::1],testserver" if IS_SAMPLE else "localhost"
).split(",")
SITE_URL = os.environ.get("SITE_URL", f"http://localhost:{os.environ.get('PORT', '8000')}").rstrip("/")
USES_TLS = SITE_URL.startswith("https://")

INSTALLED_APPS = [
    "partnership_portal.apps.PortalConfig",
    "web",
    "catalogue",
    "accounts",
    "ikm",
    "industry",
    "matching",
    "pghistory.admin",  # before admin, whose pages it adds the record of changes to
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",  # widget templates, which TemplatesSetting looks for among the apps
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_filters",
    "django_htmx",
    "pghistory",
    "pgtrigger",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "web.middleware.InputMiddleware",
    "web.middleware.UnavailableMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "web.middleware.ErrorCookieMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.LanguageMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.ActingMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
]

ROOT_URLCONF = "partnership_portal.urls"
WSGI_APPLICATION = "partnership_portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "partnership_portal.context.page",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Database, cache, sessions: all in PostgreSQL, so that a log-in works while Redis is down.
if "DATABASE_URL" not in os.environ:
    raise ImproperlyConfigured("DATABASE_URL is not set. Use ./portal, or name a PostgreSQL database.")
DATABASES = {
    "default": dj_database_url.parse(os.environ["DATABASE_URL"], conn_max_age=60, conn_health_checks=True)
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "web_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = USES_TLS
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if USES_TLS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if USES_TLS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

# --- People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if PORTAL_MODE == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email", "phone")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email", "phone"}
ACCOUNT_SIGNUP_FIELDS = ["phone", "email", "password1*"]
SILENCED_SYSTEM_CHECKS = ["account.W001"]  # the sign-up form asks for either of the two
ACCOUNT_PHONE_VERIFICATION_ENABLED = False  # no gateway for text messages
ACCOUNT_EMAIL_VERIFICATION = "optional"  # a draft needs no address; what needs a confirmed one asks for it
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
ACCOUNT_FORMS = {
    "login": "accounts.forms.entrance.LoginForm",
    "signup": "accounts.forms.entrance.SignupForm",
    "request_login_code": "accounts.forms.entrance.RequestLoginCodeForm",
    "confirm_login_code": "accounts.forms.entrance.ConfirmLoginCodeForm",
    "reset_password": "accounts.forms.entrance.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.entrance.ResetPasswordKeyForm",
    "set_password": "accounts.forms.entrance.SetPasswordForm",
    "change_password": "accounts.forms.entrance.ChangePasswordForm",
    "reauthenticate": "accounts.forms.entrance.ReauthenticateForm",
    "add_email": "accounts.forms.entrance.ChangeEmailForm",
}
# A PIN has six figures, so a log-in name takes 30 wrong ones a day. Many phones share one address: per IP more.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "20/m/ip,5/5m/key,30/d/key",
    "signup": "20/m/ip",
    "entry_card": "10/m/ip,60/h/ip",
    "reauthenticate": "10/m/user",
}
MFA_ADAPTER = "accounts.adapter.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an invited officer sets it up at once
MFA_TOTP_ISSUER = "Portal Kemitraan IKM Logam"
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = (
    not USES_TLS
)  # browsers allow passkeys without TLS on http://localhost only
MFA_FORMS = {
    "authenticate": "accounts.forms.entrance.AuthenticateForm",
    "reauthenticate": "accounts.forms.entrance.MfaReauthenticateForm",
    "activate_totp": "accounts.forms.entrance.ActivateTotpForm",
    "add_webauthn": "accounts.forms.entrance.AddWebAuthnForm",
    "edit_webauthn": "accounts.forms.entrance.EditWebAuthnForm",
    "authenticate_webauthn": "accounts.forms.entrance.AuthenticateWebAuthnForm",
    "login_webauthn": "accounts.forms.entrance.LoginWebAuthnForm",
    "reauthenticate_webauthn": "accounts.forms.entrance.ReauthenticateWebAuthnForm",
}
# Proxies of our own in front of gunicorn: without them a client could name any address in X-Forwarded-For.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TRUSTED_PROXIES", "0"))

# --- Language and time
LANGUAGE_CODE = "id"
LANGUAGES = [("id", _("Bahasa Indonesia")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365
TIME_ZONE = "Asia/Jakarta"
USE_TZ = True
FORMAT_MODULE_PATH = ["web.locale_formats"]

# --- Files
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_ROOT = BASE_DIR / "static" / "root"  # files at the top of the site: /favicon.ico
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT", STATE_DIR / "static"))
MEDIA_ROOT = Path(os.environ.get("MEDIA_ROOT", STATE_DIR / "uploads"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if PORTAL_MODE == "test"
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
FILE_UPLOAD_PERMISSIONS = 0o600
LARGEST_REQUEST = 12 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# --- Mail: every mail is a row first (web.OutgoingMail); DELIVERY_BACKEND carries it out.
EMAIL_BACKEND = "web.backend.EmailBackend"
DELIVERY_BACKEND = (
    "django.core.mail.backends.filebased.EmailBackend"
    if IS_SAMPLE
    else "django.core.mail.backends.smtp.EmailBackend"
)
EMAIL_FILE_PATH = STATE_DIR / "mail"
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("EMAIL_USE_TLS", "") == "1"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "portal@localhost")

# The office that answers questions; shown in every footer.
SAMPLE_HELP = {"WHATSAPP": "+6281200000900", "PHONE": "+62254000900", "HOURS": "Senin–Jumat 08.00–15.30 WIB"}
HELP_CONTACT = {
    "office": os.environ.get("HELP_OFFICE", "Dinas Perindustrian dan Perdagangan Kota Cilegon"),
    **{
        name.lower(): os.environ.get(f"HELP_{name}", sample if IS_SAMPLE else "")
        for name, sample in SAMPLE_HELP.items()
    },
}

# --- Background work. A frozen Redis costs a request half a second, never more (no retry, short timeouts).
REDIS_URL = os.environ.get("REDIS_URL", "redis://localhost:6379/0")
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 0.5,
    "socket_connect_timeout": 0.5,
    "retry_on_timeout": False,
    "retry": Retry(NoBackoff(), 0),
    "visibility_timeout": 3600,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(STATE_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "send-mail": {"task": "web.tasks.send_mail", "schedule": 15.0, "options": {"expires": 14}},
    "sweep-matches": {"task": "matching.tasks.sweep", "schedule": 15.0, "options": {"expires": 14}},
    "sweep-directory": {"task": "ikm.tasks.refresh_directory", "schedule": 15.0, "options": {"expires": 14}},
    "own-data-copies": {
        "task": "partnership_portal.tasks.sweep_exports",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "keep-times": {"task": "partnership_portal.tasks.keep_times", "schedule": crontab(hour=3, minute=10)},
    "sweep-imports": {"task": "ikm.tasks.sweep_imports", "schedule": 15.0, "options": {"expires": 14}},
    "find-duplicates": {"task": "ikm.tasks.find_duplicates", "schedule": 60.0, "options": {"expires": 59}},
    "forget-imports": {"task": "ikm.tasks.forget_imports", "schedule": crontab(hour=2, minute=50)},
    "forget": {"task": "web.tasks.forget", "schedule": crontab(hour=2, minute=40)},
    "remind": {"task": "partnership_portal.tasks.remind", "schedule": crontab(hour=5, minute=30)},
    "tell-news": {"task": "partnership_portal.tasks.tell_news", "schedule": crontab(hour=6, minute=0)},
    "invite": {"task": "matching.tasks.invite_due", "schedule": crontab(minute=5, hour="8-17")},
    "new-day": {"task": "matching.tasks.sweep", "schedule": crontab(hour=0, minute=1)},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
}
