"""Settings: everything comes from the environment, with defaults fit for one machine."""

import os
import secrets
from datetime import time
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from shouwen.config import environment
from shouwen.core.database import embedded_url
from shouwen.core.http import networks

BASE_DIR = Path(__file__).resolve().parent.parent.parent
PACKAGE_DIR = BASE_DIR / "shouwen"
DATA_DIR = Path(environment.text("DATA_DIR") or BASE_DIR / "data").resolve()


def _secret_key() -> str:
    """The key from SECRET_KEY, or one made on the first start and kept in the data folder."""
    if given := environment.text("SECRET_KEY"):
        return given
    path = DATA_DIR / "secret.key"
    if not path.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(64))
    return path.read_text().strip()


def _hours(text: str) -> list[time]:
    """Hours of the day such as `03:30,13:00`; empty or `off` means never."""
    words = [one.strip() for one in text.split(",") if one.strip() not in {"", "off"}]
    return [time.fromisoformat(one) for one in words]


SECRET_KEY = _secret_key()
DEBUG = environment.flag("DEBUG")
PORT = environment.number("PORT")
PUBLIC_URL = (environment.text("PUBLIC_URL") or f"http://127.0.0.1:{PORT}").rstrip("/")
ALLOWED_HOSTS = environment.text("ALLOWED_HOSTS").split(",")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
IS_HTTPS = PUBLIC_URL.startswith("https://")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "django_htmx",
    "csp",
    "shouwen.core",
    "shouwen.ui",
    "shouwen.accounts",
    "shouwen.mailroom",
    "shouwen.deadlines",
    "shouwen.exports",
    "shouwen.notices",
    "shouwen.customers",
    "shouwen.knowledge",
    "shouwen.conversations",
    "shouwen.cases",
    "shouwen.quality",
    "shouwen.packs",
    "shouwen.api",
    "shouwen.demo",
    "shouwen.keeping",
    "shouwen.web",
]

MIDDLEWARE = [
    "shouwen.core.requestlog.RequestLogMiddleware",
    "shouwen.keeping.middleware.RequestMetricsMiddleware",
    "shouwen.core.middleware.DatabaseAwayMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "shouwen.core.middleware.NoNulMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "shouwen.api.idempotency.IdempotencyMiddleware",
]

ROOT_URLCONF = "shouwen.config.urls"
ASGI_APPLICATION = "shouwen.config.asgi.application"
WSGI_APPLICATION = None

_TEMPLATE_LOADERS = [
    "shouwen.ui.loader.Loader",
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [("django.template.loaders.cached.Loader", _TEMPLATE_LOADERS)],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "csp.context_processors.nonce",
                "shouwen.web.context.shell",
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "django.templatetags.i18n",
                "django.templatetags.static",
                "shouwen.core.templatetags.slots",
                "shouwen.core.templatetags.times",
            ],
        },
    }
]

IS_EMBEDDED = not environment.text("DATABASE_URL")
DATABASE_URL = environment.text("DATABASE_URL") or embedded_url(DATA_DIR)
_database: dict[str, Any] = dict(dj_database_url.parse(DATABASE_URL))
# A machine that is gone without a word is noticed from both ends, so that its locks come free.
_NOTICED = {
    "connect_timeout": 4,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
_SESSION = {
    "statement_timeout": 30_000,
    "idle_in_transaction_session_timeout": 60_000,
    "tcp_keepalives_idle": 10,
    "tcp_keepalives_interval": 5,
    "tcp_keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
_database |= {
    "ENGINE": "shouwen.core.postgres",
    "CONN_MAX_AGE": 0,
    "CONN_HEALTH_CHECKS": True,
    "OPTIONS": dict(_database.get("OPTIONS") or {})
    | _NOTICED
    | {
        "pool": {
            "min_size": 1,
            "max_size": environment.number("DB_POOL"),
            "timeout": 2,
            "reconnect_timeout": 2,
        },
        "options": " ".join(f"-c {name}={value}" for name, value in _SESSION.items()),
    },
}
DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# How many jobs one worker process runs at once.
WORKER_CONCURRENCY = environment.number("WORKER_CONCURRENCY")
REDIS_URL = environment.text("REDIS_URL")
# Only pace limits live in the cache: losing it harms nothing.
CACHES = {
    "default": {
        "BACKEND": (
            "shouwen.core.cache.ForgivingRedisCache"
            if REDIS_URL
            else "django.core.cache.backends.locmem.LocMemCache"
        ),
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 2} if REDIS_URL else {},
    }
}

AUTH_USER_MODEL = "accounts.Staff"
AUTHENTICATION_BACKENDS = ["shouwen.accounts.backends.SessionBackend"]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 8},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = environment.text("TIME_ZONE")
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(environment.text("STATIC_ROOT") or BASE_DIR / ".build" / "static")
MEDIA_ROOT = Path(environment.text("FILES_DIR") or DATA_DIR / "files")
MEDIA_URL = "/files/"


FILE_BUCKET = environment.text("S3_BUCKET")


def _default_storage() -> dict[str, object]:
    """Files on disk, or in an S3-compatible store when S3_BUCKET is set."""
    if bucket := FILE_BUCKET:
        options = {
            "bucket_name": bucket,
            "endpoint_url": environment.text("S3_ENDPOINT") or None,
            "access_key": environment.text("S3_ACCESS_KEY") or None,
            "secret_key": environment.text("S3_SECRET_KEY") or None,
            "region_name": environment.text("S3_REGION") or None,
            "default_acl": "private",
            "file_overwrite": True,
        }
        return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
    return {"BACKEND": "shouwen.core.files.DurableFileSystemStorage"}


STORAGES = {
    "default": _default_storage(),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

# Backups: at these local hours, by itself where the database is our own; how many are kept, and where.
BACKUP_AT = _hours(environment.text("BACKUP_AT") or ("03:30" if IS_EMBEDDED else "off"))
BACKUP_KEEP = environment.number("BACKUP_KEEP")
BACKUP_DIR = Path(environment.text("BACKUP_DIR") or DATA_DIR / "backups").resolve()

# Limits on what people may send: in bytes, and characters for text.
FILE_SIZE_LIMIT = environment.number("FILE_SIZE_LIMIT")
MAIL_SIZE_LIMIT = environment.number("MAIL_SIZE_LIMIT")
LINE_LENGTH_LIMIT = 4000
# Who looks at files, and whether files are taken while nobody does.
VIRUS_SCANNER = environment.text("VIRUS_SCANNER")
TAKES_UNSCANNED = environment.text("VIRUS_SCANNER_AWAY") == "take"
# Below this, what would change something is refused with 507: see core/room.py.
DISK_RESERVE_MB = environment.number("DISK_RESERVE_MB")

# How fast strangers may be: people type slower, robots do not; an office behind one address fits in.
VISITOR_LINES_A_MINUTE = environment.number("VISITOR_LINES_A_MINUTE")
VISITOR_FILES_A_MINUTE = environment.number("VISITOR_FILES_A_MINUTE")
VISITORS_AN_HOUR = environment.number("VISITORS_AN_HOUR")
FORMS_AN_HOUR = environment.number("FORMS_AN_HOUR")
# Whether mail servers may lie inside this server's own network (see mailroom/hosts.py).
MAILROOM_ALLOW_PRIVATE = environment.flag("MAILROOM_ALLOW_PRIVATE")

SESSION_COOKIE_NAME = "__Host-shouwen" if IS_HTTPS else "shouwen"
SESSION_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_NAME = "__Host-shouwen-csrf" if IS_HTTPS else "shouwen-csrf"
CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_HTTPONLY = False
LANGUAGE_COOKIE_NAME = "__Host-shouwen-language" if IS_HTTPS else "shouwen-language"
LANGUAGE_COOKIE_SECURE = IS_HTTPS
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = 31536000 if IS_HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Addresses and networks of the proxies in front: only they may say who the client is.
TRUSTED_PROXIES = networks(environment.text("TRUSTED_PROXIES"))

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "connect-src": [SELF, "ws:", "wss:"] if DEBUG else [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
FORM_RENDERER = "shouwen.ui.forms.FormRenderer"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
TEST_RUNNER = "django.test.runner.DiscoverRunner"
COTTON_DIR = "cotton"
COTTON_SNAKE_CASED_NAMES = False

LOG_FORMAT = environment.text("LOG_FORMAT")
LOG_DIR = Path(environment.text("LOG_DIR") or DATA_DIR / "log")
LOG_KEEP_DAYS = environment.number("LOG_KEEP_DAYS")
LOG_REQUESTS = environment.flag("LOG_REQUESTS")
SIGN_IN_LOG_DAYS = environment.number("SIGN_IN_LOG_DAYS")
READ_LOG_DAYS = environment.number("READ_LOG_DAYS")
METRICS_TOKEN = environment.text("METRICS_TOKEN")
# Each process counts in a file of its own there; whoever is asked for /metrics adds them up.
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(DATA_DIR / "metrics")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "shouwen.core.logs.OneLineFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        },
        "json": {"()": "shouwen.core.logs.JsonFormatter"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT},
        "file": {
            "class": "shouwen.core.logs.DailyFileHandler",
            "formatter": LOG_FORMAT,
            "folder": str(LOG_DIR),
        },
    },
    "root": {"handlers": ["console", "file"], "level": environment.text("LOG_LEVEL") or "WARNING"},
    "loggers": {
        "shouwen": {"level": environment.text("LOG_LEVEL") or "INFO"},
        "procrastinate": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
    },
}
