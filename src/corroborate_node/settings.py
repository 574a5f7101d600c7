"""Django's settings, the same for every vault; what differs is set when one is opened.

Nothing comes from the environment, and no key stands here: the backend of the database asks the open vault for its
own when it connects.
"""

from pathlib import Path

from corroborate_node.core.configuration import LARGEST_REQUEST, LOOPBACK_NAMES

_HERE = Path(__file__).parent
_ROOMS = (  # with templates of their own
    "core",
    "log",
    "release",
    "grants",
    "coding",
    "deadlines",
    "people",
    "finding",
    "files",
    "importing",
    "recording",
    "inquiry",
    "review",
    "estimates",
    "exchange",
    "coalition",
    "coalition/campaign",
    "coalition/advocacy",
    "coalition/supporters",
    "coalition/mailbox",
)
_CSP = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}

DEBUG = False
ALLOWED_HOSTS = [*LOOPBACK_NAMES]
ROOT_URLCONF = "corroborate_node.urls"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "csp",
    "corroborate_node.core",
    "corroborate_node.records",
    "corroborate_node.log",
    "corroborate_node.coding",
    "corroborate_node.deadlines",
    "corroborate_node.survivor",
    "corroborate_node.files",
    "corroborate_node.release",
    "corroborate_node.coalition.campaign",
    "corroborate_node.importing",
    "corroborate_node.recording",
    "corroborate_node.inquiry",
    "corroborate_node.review",
    "corroborate_node.estimates",
    "corroborate_node.exchange",
    "corroborate_node.grants",
    "corroborate_node.finding",
    "corroborate_node.coalition.advocacy",
    "corroborate_node.coalition.supporters",
    "corroborate_node.coalition.mailbox",
    "corroborate_node.http_api",
]
MIDDLEWARE = [
    "corroborate_node.core.wording.Spoken",
    "corroborate_node.core.access.middleware.KnownHost",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "corroborate_node.core.access.middleware.NotStored",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
DATABASES = {"default": {"ENGINE": "corroborate_node.core.database", "NAME": "the open vault"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_HERE / room / "templates" for room in _ROOMS],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "corroborate_node.core.frame.frame",
            ],
            "builtins": [
                "corroborate_node.core.components",
                *(
                    f"corroborate_node.{room}.filters"
                    for room in (
                        "core",
                        "coalition.campaign",
                        "coalition.advocacy",
                        "coalition.supporters",
                        "people",
                        "estimates",
                        "importing",
                        "inquiry",
                    )
                ),
            ],
        },
    }
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
CONTENT_SECURITY_POLICY = _CSP
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = None  # nothing stays on a telephone once its browser is closed
LOGIN_URL = "/log-in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/log-in"
LANGUAGE_CODE = "en-gb"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1 << 20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000  # an interview is one form
FILE_UPLOAD_MAX_MEMORY_SIZE = LARGEST_REQUEST  # nothing that is sent lies on the disk in the clear
LOGGING_CONFIG = None  # Django's own would write requests, and so names, to a console or by mail
