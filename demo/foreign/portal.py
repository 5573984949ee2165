"""A health portal on django-digid-eherkenning: `python -m demo.foreign.portal PORT FOLDER`.

Settings and addresses as in its documentation; what its administrator fills in on pages is filled in here.
The library comes with templates that look like an existing login means; none of them is shown.
"""

from __future__ import annotations

from typing import Any, Final

import django
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import include, path

from demo.foreign import pages
from demo.foreign.pages import HEADERS, Fact
from demo.foreign.portal_pages import NAME, SERVICE, WHY, language_of, on_the_way, refused, shown
from demo.foreign.site import read_static, serve, told
from demo.words import LANGUAGE_COOKIE, LANGUAGES, Words

PORT, FOLDER, SITE = told()
BSN: Final = Words(
    "Uw BSN. Zorgaanbieders moeten het gebruiken om zeker te weten wie u bent.",
    "Your BSN. Providers of health care must use it to be certain who you are.",
)


def configure() -> None:
    """Set everything that Django and the library ask."""
    settings.configure(
        ROOT_URLCONF="demo.foreign.portal",
        SECRET_KEY="demo-not-a-secret-for-sessions",
        ALLOWED_HOSTS=["localhost", "127.0.0.1"],
        SESSION_COOKIE_NAME="demo-portal",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{FOLDER}/site.db"}},
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        AUTH_USER_MODEL="people.User",
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.messages",
            "django.contrib.sessions",
            "sessionprofile",
            "simple_certmanager",
            "solo",
            "digid_eherkenning",
            "demo.foreign.people.People",
        ],
        MIDDLEWARE=[
            "demo.foreign.portal.headers",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "sessionprofile.middleware.SessionProfileMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        AUTHENTICATION_BACKENDS=["digid_eherkenning.backends.DigiDBackend"],
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
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


if not settings.configured:
    configure()

from digid_eherkenning.choices import ConfigTypes  # noqa: E402 needs the settings
from digid_eherkenning.models import ConfigCertificate, DigidConfiguration  # noqa: E402
from digid_eherkenning.views import DigiDLoginView  # noqa: E402
from simple_certmanager.constants import CertificateTypes  # noqa: E402
from simple_certmanager.models import Certificate  # noqa: E402

from demo.foreign import for_another  # noqa: E402

RSA_SHA256: Final = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
SHA256: Final = "http://www.w3.org/2001/04/xmlenc#sha256"


def fill_in() -> None:
    """Do what an administrator does on the pages for it."""
    call_command("migrate", run_syncdb=True, verbosity=0)
    certificate = Certificate.objects.create(
        label="made up for the demo",
        type=CertificateTypes.key_pair,
        public_certificate=ContentFile((FOLDER / "certificate.pem").read_bytes(), "certificate.pem"),
        private_key=ContentFile((FOLDER / "key.pem").read_bytes(), "key.pem"),
    )
    ConfigCertificate.objects.create(config_type=ConfigTypes.digid, certificate=certificate)
    found = DigidConfiguration.get_solo()
    found.entity_id = f"{SITE['home']}/metadata/digid"
    found.base_url = SITE["home"]
    found.service_name = found.service_description = NAME.nl
    found.idp_service_entity_id = SITE["partner"]
    found.want_assertions_signed = True
    found.artifact_resolve_content_type = "text/xml"
    found.signature_algorithm, found.digest_algorithm = RSA_SHA256, SHA256
    partner = ContentFile((FOLDER / "partner.xml").read_bytes())
    found.idp_metadata_file.save("partner.xml", partner, save=False)
    found.slo = True
    found.save()


def headers(get_response: Any) -> Any:  # noqa: ANN401 Django's own
    """Put on every answer what the pages of the demo have, and keep a chosen language."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in HEADERS.items():
            response[name] = value
        if request.GET.get("language") in LANGUAGES:
            response.set_cookie(LANGUAGE_COOKIE, language_of(request), httponly=True, samesite="Lax")
        return response

    return answer


def home(request: HttpRequest) -> HttpResponse:
    """Show what there is to log in for."""
    language = language_of(request)
    here = request.user.is_authenticated
    words = Words(f"Log in voor {SERVICE.nl}", f"Log in for {SERVICE.en}")
    body = pages.paragraph(WHY, language=language)
    body += pages.link("/mine", SERVICE, language) if here else pages.link("/digid/login/", words, language)
    body += for_another.offered(language)
    return shown(request, Words(f"Welkom bij {NAME.nl}", f"Welcome to {NAME.en}"), body)


def mine(request: HttpRequest) -> HttpResponse:
    """Show what was received."""
    language = language_of(request)
    user = request.user
    if not user.is_authenticated:
        return HttpResponseRedirect("/")
    body = pages.paragraph(WHY, language=language)
    body += pages.received([Fact(name="BSN", value=user.bsn, why=BSN)], language)
    body += pages.form("/digid/logout/", pages.LOG_OUT, language)
    return shown(request, SERVICE, body)


def static(_: HttpRequest, name: str) -> HttpResponse:
    """Give a file of the demo's look."""
    found = read_static(name)
    return HttpResponse(found.body, content_type=found.kind, status=int(found.status[:3]))


def health(_: HttpRequest) -> HttpResponse:
    """Answer that the portal is up."""
    return HttpResponse("ok")


class Login(DigiDLoginView):  # type: ignore[misc]
    """The library's own request, on a page with our look."""

    def render_to_response(self, context: dict[str, Any], **_: Any) -> HttpResponse:  # noqa: ANN401 Django's own
        """Show the form that carries the request."""
        fields = {name: str(value) for name, value in context["form"].initial.items()}
        return on_the_way(self.request, context["url"], fields)


urlpatterns = [
    path("", home),
    path("healthz", health),
    path("mine", mine),
    path("refused", refused),
    path("digid/login/", Login.as_view()),
    *for_another.addresses(SITE, FOLDER),
    path("", include("digid_eherkenning.urls")),
    path("static/<path:name>", static),
]

if __name__ == "__main__":
    (FOLDER / "site.db").unlink(missing_ok=True)
    fill_in()
    serve(get_wsgi_application(), PORT)
