"""Pages: a template and its values become bytes.

Every template begins with a comment that names the values it needs. Each is compiled once per language:
those of a login at start, others when they are first asked. A value that is missing is an error, not an
empty place on the page. Hubs of one name in one process share what was compiled.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from toegang.keys.certificates import spoken
from toegang.web import languages, moments, words, words_of_data, words_of_metadata, words_of_office
from toegang.web.forms import Form
from toegang.web.languages import Language
from toegang.web.settled import Environment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from toegang.web.assets import Assets

MEDIA_TYPE = "text/html; charset=utf-8"

# The templates of a login: nobody waits for one of these to be compiled.
_OF_A_LOGIN = ("base.", "card/", "citizen/", "components.", "error.", "login/", "pairing/", "passkey/")

# What every page may be given besides its own values.
_FRAME: Mapping[str, object] = {
    "place": "/",  # path and query at which this page can be read again, in any language; empty: nowhere
    "form": Form(),  # what the page's form shows
    "time_left": None,  # a TimeLeft, when the page cannot be used for ever
    "notices": (),  # Notices to show above the page
    "signed_in": False,  # in My account: offer to log out
    "mandates_at": "/account/mandates",  # where the mandates stand that are shown
    "clients_at": "",  # where the clients of an organisation stand, for who may act in its name
    "hand_over_at": "",  # where its clients are handed over, for who administers it
    "teams_at": "",  # where the teams of that organisation stand, for who may change them
    "hand_overs": (),  # what waits for an answer, for who may give it
    "behalf": None,  # mandates.names.Shown of whom somebody stands in for
    "together": False,  # whether another must agree to what is given in that name
    "login_waiting": "",  # in My account: the login that waits meanwhile
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What the house is called and who runs it, as set by its operator."""

    hub_name: str = "Toegang"
    operator: str = ""
    help_mail: str = ""
    help_telephone: str = ""
    demo: bool = False


class Pages:
    """All pages in all languages, ready to be filled."""

    def __init__(self, assets: Assets, names: Names) -> None:
        """Read the sentences; a template is compiled when it is first asked, or by `prepare`."""
        self.names = names
        self._environments = {language: _environment(assets, names, language) for language in Language}

    def prepare(self) -> None:
        """Compile the templates of a login for every language, so that no login waits for it.

        A template takes some 5 milliseconds, and there are two hundred: whoever asks another page first
        waits that long, and a worker that starts does not wait for all of them.
        """
        for environment in self._environments.values():
            for file in environment.list_templates(extensions=["html"]):
                if file.startswith(_OF_A_LOGIN):
                    environment.get_template(file)

    def render(self, name: str, language: Language, **values: object) -> bytes:
        """Fill the page `name` (a template without `.html`) with `values`; UTF-8 HTML.

        Besides the values that the template's first lines name, any of `place`, `form`, `time_left`,
        `notices`, `signed_in` and `login_waiting` may be given.

        Raises:
            jinja2.TemplateNotFound: no such page.
            jinja2.UndefinedError: a value is missing.

        """
        template = self._environments[language].get_template(f"{name}.html")
        return template.render({**_FRAME, **values}).encode()

    def words(self, language: Language) -> Mapping[str, Any]:
        """Return the words that templates write (words.in_language), for what is a file and no page."""
        return self._environments[language].globals


@lru_cache(maxsize=16)
def _environment(assets: Assets, names: Names, language: Language) -> Environment:
    """Make the templates' surroundings for one language."""
    sentences = languages.translations(language)
    environment = Environment({"_": sentences.ugettext, "asset": assets.url})
    environment.install_gettext_translations(sentences, newstyle=True)  # type: ignore[attr-defined]
    environment.globals.update(
        names=names,
        language=language,
        languages=languages.OWN_NAMES,
        in_language=languages.in_language,
        asset=assets.url,
        origin_only=_origin_only,
        spoken=spoken,
        **words.in_language(sentences),
        **words_of_data.in_language(sentences),
        **words_of_metadata.in_language(sentences),
        **words_of_office.in_language(sentences),
    )
    environment.filters.update(moments.in_language(language))
    return environment


def _origin_only(address: str) -> str:
    """Return the host of `address`, for a person to recognise."""
    return urlsplit(address).hostname or ""
