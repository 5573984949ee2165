"""Pages: a template and its values become bytes.

Every template begins with a comment that names the values it needs. All are compiled once, at start,
per language; a value that is missing is an error, not an empty place on the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import jinja2
from jinja2 import nodes
from jinja2.visitor import NodeTransformer

from toegang.keys.certificates import spoken
from toegang.web import languages, moments, words, words_of_metadata
from toegang.web.forms import Form
from toegang.web.languages import Language

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from toegang.web.assets import Assets

MEDIA_TYPE = "text/html; charset=utf-8"

# What every page may be given besides its own values.
_FRAME: Mapping[str, object] = {
    "place": "",  # path and query at which this page can be read again; the language links go there
    "form": Form(),  # what the page's form shows
    "time_left": None,  # a TimeLeft, when the page cannot be used for ever
    "notices": (),  # Notices to show above the page
    "signed_in": False,  # in My account: offer to log out
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
        """Compile every template for every language (about a second), so that no person waits for it."""
        for environment in self._environments.values():
            for file in environment.list_templates(extensions=["html"]):
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


class _Settled(NodeTransformer):
    """Replaces what is the same on every rendering by its value: sentences and file addresses.

    Each language has templates of its own, so a sentence without a variable in it is settled when the
    template is compiled. Most of a page's time went into looking these up.
    """

    def __init__(self, functions: Mapping[str, Callable[[str], str]]) -> None:
        """Settle calls of these functions with one constant."""
        self._functions = functions

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 jinja2 names visitors after nodes
        """Replace `node` if it is such a call."""
        self.generic_visit(node)
        if isinstance(node.node, nodes.Name) and node.node.name in self._functions:
            match node.args, node.kwargs:
                case [nodes.Const(value=value)], []:
                    return nodes.Const(self._functions[node.node.name](value), lineno=node.lineno)
        return node


class _Environment(jinja2.Environment):
    """Templates of one language, with what never changes settled."""

    def __init__(self, settled: Mapping[str, Callable[[str], str]]) -> None:
        """Make every value required and every text escaped."""
        self._settled = _Settled(settled)
        super().__init__(
            loader=jinja2.PackageLoader("toegang.web"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            auto_reload=False,
            cache_size=-1,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        )

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Parse, then settle."""
        parsed: nodes.Template = self._settled.visit(super()._parse(source, name, filename))
        return parsed


def _environment(assets: Assets, names: Names, language: Language) -> jinja2.Environment:
    """Make the templates' surroundings for one language."""
    sentences = languages.translations(language)
    environment = _Environment({"_": sentences.ugettext, "asset": assets.url})
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
        **words_of_metadata.in_language(sentences),
    )
    environment.filters.update(moments.in_language(language))
    return environment


def _origin_only(address: str) -> str:
    """Return the host of `address`, for a person to recognise."""
    return urlsplit(address).hostname or ""
