"""Every setting of an installation, read once from typed environment variables (docs/settings.md explains each)."""

import contextlib
import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

from environs import Env

from infohub import __version__
from infohub.standards.targets import allowance
from infohub.standards.tlp import Tlp, tlp_from

env = Env(prefix="INFOHUB_")


def secret(name: str, default: str = "") -> str:
    """Read a secret from `INFOHUB_<name>` or from the file that `INFOHUB_<name>_FILE` names."""
    path = env.str(f"{name}_FILE", "")
    return Path(path).read_text(encoding="utf-8").strip() if path else env.str(name, default)


def kept_secret(name: str) -> str:
    """Read a secret, or make one at first start and keep it in the data folder, outside database and backup."""
    given = secret(name.upper())
    if given:
        return given
    path = DATA / "keys" / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_name(f"{name}.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48), encoding="utf-8")
        with contextlib.suppress(FileExistsError):  # another process was first: its key counts
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text(encoding="utf-8").strip()


VERSION = __version__
DATA = Path(env.str("DATA", ".infohub")).resolve()
DATA.mkdir(parents=True, exist_ok=True)
PORT = env.int("PORT", 8000)
BASE_URL = env.str("BASE_URL", f"http://localhost:{PORT}").rstrip("/")
DEMO = env.bool("DEMO", False)
DEBUG = env.bool("DEBUG", False)
HTTPS = BASE_URL.startswith("https://")
HOST = urlsplit(BASE_URL).hostname or "localhost"

SITE_NAME = env.str("SITE_NAME", "Infohub")
SITE_TAGLINE = env.str("SITE_TAGLINE", "")
OUTBOX_SECONDS = env.int("OUTBOX_SECONDS", 120)
# Days that an indicator counts after it was shared, by kind; the others count until they are retracted.
INDICATOR_DAYS: dict[str, int] = {"ipv4": 60, "ipv6": 60, "url": 90, "domain": 180, "email": 180}
INDICATOR_DAYS |= env.dict("INDICATOR_DAYS", {}, subcast_values=int)
SEAL_DAYS = env.int("SEAL_DAYS", 365)
API_PER_MINUTE = env.int("API_PER_MINUTE", 600)
EXCHANGE_PER_MINUTE = env.int("EXCHANGE_PER_MINUTE", 300_000)  # 32 readers at once need as many; a wild one is stopped
FONTS = env.str("FONTS", "")
OUTBOUND_ALLOW = tuple(map(allowance, env.list("OUTBOUND_ALLOW", [])))
AI_URL, AI_MODEL, AI_KEY = env.str("AI_URL", ""), env.str("AI_MODEL", ""), secret("AI_KEY", "")
AI_CEILING = tlp_from(env.str("AI_CEILING", "CLEAR")) or Tlp.CLEAR
UPLOAD_BYTES = env.int("UPLOAD_BYTES", 10 * 1024 * 1024)
CONTACT = env.str("CONTACT", f"mailto:office@{HOST}")

SECRET_KEY = kept_secret("secret_key")
TOKEN_KEY = kept_secret("token_key")
SECOND_STEP_KEYS = kept_secret("second_step_keys").split()  # newest first: the first seals, all of them open
ALLOWED_HOSTS = [HOST, *env.list("EXTRA_HOSTS", []), *(["127.0.0.1", "localhost"] if not HTTPS else [])]
CSRF_TRUSTED_ORIGINS = [BASE_URL]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "servestatic.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "template_partials",
    "infohub.members",
    "infohub.policy",
    "infohub.audit",
    "infohub.catalogue",
    "infohub.delivery",
    "infohub.intel",
    "infohub.assist",
    "infohub.register",
    "infohub.sharing",
    "infohub.releases",
    "infohub.programme",
    "infohub.web",
]

MIDDLEWARE = [
    "infohub.web.headers.headers",
    "django.middleware.security.SecurityMiddleware",
    "infohub.taxii.door.everywhere",
    "infohub.config.machines.straight",
    "infohub.api.problems.everywhere",
    "infohub.web.uploads.limited",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "infohub.web.viewer.viewer",
]

ROOT_URLCONF = "infohub.config.urls"
WSGI_APPLICATION = "infohub.config.wsgi.application"
AUTH_USER_MODEL = "members.Person"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS = [
    *("security.W004", "security.W008", "security.W021"),  # the proxy ends TLS and sets HSTS preload
    "auth.E003",  # addresses are unique whatever their capitals: a constraint on LOWER(email), not on the column
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent.parent / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "infohub.web.context.surroundings",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "infohub.web.templatetags.look",
            ],
        },
    }
]


def database(url: str) -> dict[str, object]:
    """The Django connection for a `postgresql://` or `sqlite:///` address."""
    parts = urlsplit(url)
    if parts.scheme in {"postgres", "postgresql"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": parts.port or "",
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": url.removeprefix("sqlite:///"),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32000; PRAGMA temp_store=MEMORY;"
                "PRAGMA wal_autocheckpoint=10000;"  # 40 MB: a thousand objects dirty more than the usual 4
            ),
        },
    }


DATABASE_URL = secret("DATABASE_URL", f"sqlite:///{DATA / 'infohub.sqlite3'}")
# Throttles and one-time-code guards must not roll back with an action: a connection of their own.
CACHE_DATABASE_URL = DATABASE_URL if DATABASE_URL.startswith("postgres") else f"sqlite:///{DATA / 'cache.sqlite3'}"
DATABASES = {"default": database(DATABASE_URL), "cache": database(CACHE_DATABASE_URL)}
DATABASE_ROUTERS = ["infohub.config.routing.CacheRouter"]
CACHES: dict[str, dict[str, object]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 200_000},  # Django's 300 would cull throttles and used one-time codes
    }
    if env.str("CACHE", "database") == "database"
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "servestatic.storage.CompressedManifestStaticFilesStorage"},
}
FILES = DATA / "files"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_HANDLERS = ["infohub.web.uploads.LimitedUpload"]
REQUEST_BYTES = 25 * UPLOAD_BYTES  # a form with twenty files, and nothing larger, is read at all
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024  # 2 MB of Chinese text is 6 MB on the wire
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000

MAIL = DATA / "mail"
EMAIL_URL = secret("EMAIL_URL", "")
MAIL_FROM = DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", f"{SITE_NAME} <no-reply@{HOST}>")
_smtp = urlsplit(EMAIL_URL)
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend" if EMAIL_URL else "infohub.delivery.channels.filed.FiledMail"
)
EMAIL_HOST, EMAIL_PORT = _smtp.hostname or "", _smtp.port or 587
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_smtp.username or ""), unquote(_smtp.password or "")
EMAIL_USE_TLS, EMAIL_USE_SSL, EMAIL_TIMEOUT = _smtp.scheme == "smtp+tls", _smtp.scheme == "smtps", 10

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hant", "繁體中文"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [Path(__file__).parent.parent / "web" / "locale"]
TIME_ZONE = env.str("TIME_ZONE", "Asia/Hong_Kong")
USE_TZ = True
USE_I18N = True

AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 3600
LOGIN_URL, LOGIN_REDIRECT_URL, ACCOUNT_LOGOUT_REDIRECT_URL = "account_login", "/member/", "/"
ACCOUNT_ADAPTER = "infohub.web.accounts.adapters.AccountAdapter"
MFA_ADAPTER = "infohub.web.accounts.adapters.SecondStepAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # a person proves the address by opening the set-up link sent to it
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "20/m/ip,5/5m/key",
    "reset_password": "20/m/ip,3/h/key",
    "passkey": "60/m/ip",
    "recovery": "20/h/ip,5/d/key",
    "outside_model": "5/m/key,60/h/key",
}
ACCOUNT_FORMS = {
    "login": "infohub.web.accounts.forms.SignInForm",
    "change_password": "infohub.web.accounts.forms.ChangePasswordForm",
    "reset_password": "infohub.web.accounts.forms.ForgottenPasswordForm",
    "reset_password_from_key": "infohub.web.accounts.forms.NewPasswordForm",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("PROXIES", 1 if HTTPS else 0)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # a challenge made for the second step then never does for a passkey alone
MFA_TOTP_ISSUER = SITE_NAME
MFA_RECOVERY_CODE_COUNT = 10
MFA_TOTP_TOLERANCE = 1

SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-infohub" if HTTPS else "infohub"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "infohub.web.errors.csrf_failure"
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "manifest-src": ["'self'"],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", "WARNING")},
    "loggers": {"httpcore": {"level": "WARNING"}},  # below that it writes down headers, cookies and tokens among them
}
