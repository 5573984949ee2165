"""A municipality on django-digid-eherkenning: `python -m django_digid_site PORT FOLDER`.

Settings and addresses as in its documentation; what its administrator fills in on the site is filled in here.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIServer, make_server

import django
from django.conf import settings
from django.contrib.messages import get_messages
from django.contrib.staticfiles.views import serve
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path

PORT, FOLDER = int(sys.argv[1]), Path(sys.argv[2])
SITE = json.loads((FOLDER / "site.json").read_text())


def configure() -> None:
    """Set everything that Django and the library ask."""
    settings.configure(
        ROOT_URLCONF=__name__,
        SECRET_KEY="obviously-not-a-secret-for-sessions",
        ALLOWED_HOSTS=["127.0.0.1"],
        SESSION_COOKIE_NAME="django-digid-session",
        CSRF_COOKIE_NAME="django-digid-csrf",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{FOLDER}/site.db"}},
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        AUTH_USER_MODEL="people.User",
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.messages",
            "django.contrib.sessions",
            "django.contrib.staticfiles",
            "sessionprofile",
            "simple_certmanager",
            "solo",
            "digid_eherkenning",
            "tests.interop.saml.sites.people.People",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "sessionprofile.middleware.SessionProfileMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        AUTHENTICATION_BACKENDS=[
            "digid_eherkenning.backends.DigiDBackend",
            "digid_eherkenning.backends.eHerkenningBackend",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
            }
        ],
        CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
        STATIC_URL="/static/",
        LANGUAGE_CODE="nl",
        USE_TZ=True,
        LOGIN_URL="/refused",
        LOGIN_REDIRECT_URL="/mine",
        LOGOUT_REDIRECT_URL="/",
        PRIVATE_MEDIA_ROOT=f"{FOLDER}/private",
        PRIVATE_MEDIA_URL="/private/",
        SENDFILE_BACKEND="django_sendfile.backends.simple",
        SENDFILE_ROOT=f"{FOLDER}/private",
        LOGGING={
            "version": 1,
            "disable_existing_loggers": False,
            "handlers": {"console": {"class": "logging.StreamHandler"}},
            "root": {"handlers": ["console"], "level": "INFO"},
        },
    )
    django.setup()


configure()

from digid_eherkenning.choices import ConfigTypes  # noqa: E402 needs the settings
from digid_eherkenning.models import (  # noqa: E402
    ConfigCertificate,
    DigidConfiguration,
    EherkenningConfiguration,
)
from simple_certmanager.constants import CertificateTypes  # noqa: E402
from simple_certmanager.models import Certificate  # noqa: E402

RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"


def fill_in() -> None:
    """Do what an administrator does on the pages for it."""
    call_command("migrate", run_syncdb=True, verbosity=0)
    certificate = Certificate.objects.create(
        label="made for a test",
        type=CertificateTypes.key_pair,
        public_certificate=ContentFile((FOLDER / "certificate.pem").read_bytes(), "certificate.pem"),
        private_key=ContentFile((FOLDER / "key.pem").read_bytes(), "key.pem"),
    )
    for kind in ConfigTypes:
        ConfigCertificate.objects.create(config_type=kind, certificate=certificate)
    digid = DigidConfiguration.get_solo()
    _fill_in_both(digid, "digid")
    digid.slo = True
    digid.save()
    company = EherkenningConfiguration.get_solo()
    _fill_in_both(company, "eherkenning")
    company.eh_loa = SITE["company_level"]
    company.eh_service_uuid = SITE["company_service"]
    company.eh_attribute_consuming_service_index = SITE["company_index"]
    company.oin = company.makelaar_id = SITE["oin"]
    company.no_eidas = True
    company.privacy_policy = company.service_description_url = f"{SITE['home']}/privacy"
    company.save()


def _fill_in_both(found: Any, kind: str) -> None:  # noqa: ANN401 Django's own
    found.entity_id = f"{SITE['home']}/metadata/{kind}"
    found.base_url = SITE["home"]
    found.service_name = found.service_description = SITE["name"]
    found.idp_service_entity_id = SITE["partner"]
    found.want_assertions_signed = SITE["wants_assertions_signed"]
    found.artifact_resolve_content_type = "text/xml"
    found.signature_algorithm, found.digest_algorithm = RSA_SHA256, SHA256
    found.idp_metadata_file.save(
        f"{kind}.xml", ContentFile((FOLDER / "partner.xml").read_bytes()), save=False
    )


def home(request: HttpRequest) -> HttpResponse:
    """Say where this is, and what the library wants to be said."""
    said = [str(message) for message in get_messages(request)]
    return JsonResponse({"at": request.path} | ({"said": said} if said else {}))


def mine(request: HttpRequest) -> HttpResponse:
    """Show what was received."""
    user: Any = request.user
    known = {"bsn": user.bsn, "rsin": user.rsin} if user.is_authenticated else {}
    return JsonResponse({"here": user.is_authenticated} | known)


urlpatterns = [
    path("", home),
    path("refused", home),
    path("mine", mine),
    path("", include("digid_eherkenning.urls")),
    path("static/<path:path>", serve, {"insecure": True}),
]


class Server(ThreadingMixIn, WSGIServer):
    """Answers beside each other: a browser opens connections that it does not use."""

    daemon_threads = True


if __name__ == "__main__":
    fill_in()
    make_server("127.0.0.1", PORT, get_wsgi_application(), server_class=Server).serve_forever()
