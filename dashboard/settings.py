"""Greenroom's settings, all from the environment. README lists the variables; `manage.py check` names wrong ones."""

from __future__ import annotations

import os
import tempfile
import warnings
from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from django.conf import global_settings

from dashboard import env

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.text("GREENROOM_VAR", str(BASE_DIR / "var")))

# What is wrong with the environment; rooms.checks names each.
SETTINGS_PROBLEMS = env.problems

DEBUG = env.flag("DEBUG")

# `make run` without LIVEKIT_URL: a simulator, accounts with printed passwords, its own database, loopback only.
DEMO = env.flag("GREENROOM_DEMO")

# The LiveKit server whose project appears by itself.
LIVEKIT_URL = env.text("LIVEKIT_URL")
LIVEKIT_API_KEY = env.text("LIVEKIT_API_KEY")
LIVEKIT_API_SECRET = env.secret("LIVEKIT_API_SECRET")

# livekit-server --dev signs with a short secret; that is LiveKit's choice, and no news in every log.
warnings.filterwarnings("ignore", message="The HMAC key is")

# Database

# IMMEDIATE takes the write lock when a transaction starts, so two writers wait instead of failing halfway.
SQLITE_OPTIONS: dict[str, Any] = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 10,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-8000;",
}
DATABASE_URL = env.text("DATABASE_URL")
DATABASES = {
    "default": env.database(
        DATABASE_URL or f"sqlite:///{VAR_DIR}/{'demo' if DEMO else 'greenroom'}.sqlite3", SQLITE_OPTIONS
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    Path(DATABASES["default"]["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    # A file per process: coroutines and the test's own thread use two connections, and runs do not meet.
    DATABASES["default"]["TEST"] = {"NAME": f"{tempfile.gettempdir()}/greenroom-test-{os.getpid()}.sqlite3"}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Secrets

SECRET_KEY = env.secret("SECRET_KEY") or env.kept_secret(VAR_DIR / "secret_key")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
# Fernet keys for the API secrets at rest. The first encrypts, all decrypt; `manage.py rotate_keys` moves to the first.
GREENROOM_KEYS = [part.strip() for part in env.secret("GREENROOM_KEYS").split(",") if part.strip()]
GREENROOM_KEYS_KEPT = not GREENROOM_KEYS
if GREENROOM_KEYS_KEPT:
    GREENROOM_KEYS = [env.kept_secret(VAR_DIR / "greenroom_key", lambda: Fernet.generate_key().decode())]

# Addresses

ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", ("localhost", "127.0.0.1", "[::1]"))
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
# How many proxies stand in front, each adding to X-Forwarded-For. 0 believes no such header.
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 0, int, 0)

ROOT_URLCONF = "dashboard.urls"
ASGI_APPLICATION = "dashboard.asgi.application"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"

INSTALLED_APPS = [
    # Makes `runserver` an ASGI server that reloads changed code; it costs every start two thirds of a second.
    *(["daphne"] if DEBUG else []),
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "axes",
    "channels",
    "django_htmx",
    "rooms",
]

# Every one of these knows coroutines: a single sync-only one would move whole requests to threads. Django still runs
# the steps of its own in a thread each, a tenth of a page's time; its deployment checks know them by these names.
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "rooms.middleware.security_headers",
    "rooms.middleware.StaticFiles",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "rooms.middleware.SignedIn",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "rooms.context.shell",
            ],
        },
    }
]

# Cache and channel layer: in this process, or in Redis when there are several

REDIS_URL = env.text("REDIS_URL")
CACHES: dict[str, dict[str, Any]]
CHANNEL_LAYERS: dict[str, dict[str, Any]]
# A Redis that has moved away must not hold a page for as long as TCP waits.
REDIS_SECONDS = 2
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_connect_timeout": REDIS_SECONDS, "socket_timeout": REDIS_SECONDS},
        }
    }
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {
                "hosts": [{"address": REDIS_URL, "socket_connect_timeout": REDIS_SECONDS}],
                "prefix": "greenroom",
            },
        }
    }
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "OPTIONS": {"MAX_ENTRIES": 10_000},
        }
    }
    # One consumer with more than `capacity` messages waiting loses the rest without a word; 100 is the default.
    CHANNEL_LAYERS = {
        "default": {"BACKEND": "channels.layers.InMemoryChannelLayer", "CONFIG": {"capacity": 10_000}},
    }

# Accounts

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# Beside Django's, what reads the stamped hashes of accounts that were switched off.
PASSWORD_HASHERS = [*global_settings.PASSWORD_HASHERS, "rooms.models.password.StampedHasher"]
# One-time password links.
PASSWORD_RESET_TIMEOUT = int(timedelta(days=2).total_seconds())
# Not in Redis: a page has to open while Redis is away, and a session that ended meanwhile must not come back with it.
SESSION_ENGINE = "django.contrib.sessions.backends.db" if REDIS_URL else "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = int(timedelta(hours=env.number("SESSION_HOURS", 12, int, 1)).total_seconds())
SESSION_COOKIE_NAME = "greenroom_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "greenroom_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "rooms.views.errors.csrf_failure"

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=5)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "rooms.moderation.addresses.client_address"
AXES_LOCKOUT_CALLABLE = "rooms.views.accounts.locked_out"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True

# Transport and headers

HTTPS = env.flag("HTTPS")
SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = env.number("HSTS_SECONDS", 31_536_000 if HTTPS else 0, int, 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("HSTS_INCLUDE_SUBDOMAINS")
SECURE_HSTS_PRELOAD = env.flag("HSTS_PRELOAD")
# Binding a whole domain to HTTPS is for its owner to decide, so not deciding it is no finding.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
PERMISSIONS_POLICY = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"
# A room's metadata may be 512 KiB, and a form sends it URL-encoded.
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

# Static files: from the sources as they are, or hashed and collected once STATIC_ROOT is set

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = env.text("STATIC_ROOT") or None
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "dashboard.storage.HashedFiles"
        if STATIC_ROOT
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = STATIC_ROOT is None
WHITENOISE_AUTOREFRESH = STATIC_ROOT is None

# Language and time

USE_I18N = False
LANGUAGE_CODE = "en"
USE_TZ = True
TIME_ZONE = env.text("TIME_ZONE", "UTC")

LOG_LEVEL = env.text("LOG_LEVEL", "INFO").upper()
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_tokens": {"()": "dashboard.logs.NoTokens"}},
    "formatters": {"line": {"format": "{asctime} {levelname:<7} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["no_tokens"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "rooms": {"level": LOG_LEVEL},
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # A page that is not there is no news; what fails is.
        "django.request": {"handlers": [], "level": "ERROR", "propagate": True},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
        # These two write requests with their headers, and so tokens, at DEBUG.
        "livekit": {"level": "WARNING"},
        "aiohttp": {"level": "WARNING"},
    },
}
