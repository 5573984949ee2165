"""Every page, in every language, as a browser reads it."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import jinja2
import pytest
from jinja2 import TemplateNotFound, meta, nodes

from tests.web.samples import SAMPLES, WITH_ERRORS, values
from tests.web.sentences import WEB
from toegang.web import moments
from toegang.web.assets import Assets
from toegang.web.forms import Form, Notice
from toegang.web.languages import Language
from toegang.web.pages import _FRAME, Names, Pages

TEMPLATES = WEB / "templates"
PAGES = Pages(Assets.load(), Names(demo=True, operator="Stichting Voorbeeld"))
FORMS_ELSEWHERE = {"login/posting", "login/leaving", "logout/leaving"}
"""Pages with a form that goes to another website."""

FRAME = {"place", "form", "time_left", "notices", "signed_in", "mandates_at", "behalf", "together"}
WORDS = {
    "level_name",
    "level_meaning",
    "attribute_name",
    "factor_names",
    "field_name",
    "trouble_words",
    "key_use",
    "key_state",
    "certificate_purpose",
    "reason",
    "error_words",
    "event_words",
    "basis_name",
    "line_words",
    "party_name",
    "ended_because",
    "suspended_because",
    "document_kind",
    "refusal_words",
    "taken_words",
    "done_words",
    "fate_words",
    "door_words",
    "order_words",
    "cause_words",
    "mandate_kind",
    "source_words",
    "rule_words",
    "mandate_state",
    "data_name",
    "data_value",
}
HOUSE = {"names", "language", "languages", "in_language", "asset", "origin_only", "spoken"}
GLOBALS = {"_", "ngettext", "c", "title"} | HOUSE | WORDS
SHOW_TITLES = {
    "account/history_entry",
    "cockpit/explained",
    "cockpit/metadata_refused",
    "cockpit/not_operator",
    "error",
    "login/refused",
    "login/too_late",
}  # their titles depend on values


class Seen(HTMLParser):
    """What a test looks for in a page."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def all(self, name: str) -> list[str]:
        return [value for _, attribute, value in self.attributes if attribute == name]


def page_of(name: str, language: Language, **more: object) -> bytes:
    return PAGES.render(name, language, **(values(name) | more))


def every_page() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("name", sorted(SAMPLES))


def test_a_missing_value_is_an_error_not_an_empty_place() -> None:
    with pytest.raises(jinja2.UndefinedError, match="number_end"):
        PAGES.render("citizen/sms_code", Language.NL, purpose="login")


def test_an_unknown_page_is_an_error() -> None:
    with pytest.raises(TemplateNotFound):
        PAGES.render("login/nowhere", Language.NL)


def test_what_people_and_parties_give_is_never_markup() -> None:
    attack = "<script>alert(1)</script>\"'"
    form = Form(csrf=attack, values={"user_name": attack}, errors={"user_name": ("empty",)})
    notice = Notice(text=attack)
    page = page_of("citizen/sign_in", Language.NL, form=form, notices=(notice,), place=f"/x?{attack}")
    assert b"<script>alert" not in page
    assert b"&lt;script&gt;alert(1)&lt;/script&gt;&#34;&#39;" in page


def test_a_password_and_a_code_are_never_shown_again() -> None:
    form = Form(values={"new_password": "not-a-real-password"})
    assert b"not-a-real-password" not in page_of("citizen/choose_credentials", Language.NL, form=form)


def test_every_template_has_a_sample_and_every_sample_a_template() -> None:
    parts = {"base", "components"}
    found = {str(path.relative_to(TEMPLATES).with_suffix("")) for path in TEMPLATES.rglob("*.html")}
    assert {name for name in found if "/_" not in name} - parts == set(SAMPLES)


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.stem)
def test_the_first_lines_of_a_template_name_the_values_it_needs(path: Path) -> None:
    if path.stem in {"base", "components"}:
        pytest.skip("the frame and the parts: their values are in pages.py and in each macro")
    source = path.read_text(encoding="utf-8")
    named = set(re.findall(r"^   (\w+):", source.split("#}")[0], re.MULTILINE)) - {"Sends"}
    own = used_by(source) | used_by_parts(source)
    assert own <= named
    assert named - own <= {"service", "provider"}  # given on every page of a login
    assert named <= SAMPLES.get(str(path.relative_to(TEMPLATES).with_suffix("")), dict.fromkeys(named)).keys()


def used_by(source: str) -> set[str]:
    environment = jinja2.Environment(autoescape=True, extensions=["jinja2.ext.i18n", "jinja2.ext.do"])
    environment.filters.update(moments.in_language(Language.NL))
    parsed = environment.parse(source)
    own = {name.name for name in parsed.find_all(nodes.Name) if name.ctx == "store"}
    own |= {macro.name for macro in parsed.find_all(nodes.Macro)}
    return meta.find_undeclared_variables(parsed) - own - FRAME - GLOBALS


def used_by_parts(source: str) -> set[str]:
    parts = re.findall(r'{% include "(.*?)" %}', source)
    return set().union(*(used_by((TEMPLATES / part).read_text(encoding="utf-8")) for part in parts))


@every_page()
@pytest.mark.parametrize("language", list(Language))
@pytest.mark.requires("WCAG22-3.1.1")
def test_a_page_says_its_language_once_and_nothing_in_it_runs_inline(name: str, language: Language) -> None:
    seen = Seen(page_of(name, language))
    assert ("html", "lang", language.value) in seen.attributes
    assert seen.tags.count("h1") == seen.tags.count("main") == seen.tags.count("title") == 1
    assert "style" not in seen.tags
    assert not {attribute for _, attribute, _ in seen.attributes} & {"style", "onclick", "onload"}
    sources = [name for tag, name, _ in seen.attributes if (tag, name) == ("script", "src")]
    assert seen.tags.count("script") == len(sources)


@every_page()
@pytest.mark.requires("WCAG22-1.3.1")
def test_every_reference_inside_a_page_has_its_target(name: str) -> None:
    seen = Seen(page_of(name, Language.NL, form=WITH_ERRORS.get(name, Form())))
    ids = seen.all("id")
    assert len(ids) == len(set(ids))
    wanted = {one for text in seen.all("aria-describedby") for one in text.split()}
    wanted |= {value for _, attribute, value in seen.attributes if attribute == "for"}
    wanted |= {address[1:] for address in seen.all("href") if address.startswith("#")}
    assert wanted - set(ids) == set()


@every_page()
def test_every_form_carries_its_proof_of_origin_and_every_button_its_type(name: str) -> None:
    seen = Seen(page_of(name, Language.NL))
    searches = seen.attributes.count(("form", "method", "get"))
    goes_nowhere = seen.attributes.count(("form", "method", "dialog"))  # read by a script, never sent
    own_forms = seen.tags.count("form") - searches - goes_nowhere - (name in FORMS_ELSEWHERE)
    assert seen.all("value").count("obviously-fake") == own_forms
    buttons = [attribute for tag, attribute, _ in seen.attributes if tag == "button" and attribute == "type"]
    assert len(buttons) == seen.tags.count("button")


def test_no_two_pages_have_the_same_title() -> None:
    titles = [
        re.findall(r"<title>(.*?)</title>", page_of(name, Language.NL).decode())[0]
        for name in SAMPLES
        if name not in SHOW_TITLES
    ]
    assert sorted(titles) == sorted(set(titles))


@pytest.mark.requires("WCAG22-3.3.1")
def test_errors_stand_first_name_their_field_and_are_in_the_title() -> None:
    form = WITH_ERRORS["citizen/apply_person"]
    page = page_of("citizen/apply_person", Language.NL, form=form).decode()
    assert "<title>Fout: Wie bent u? - Toegang</title>" in page
    assert '<a class="nl-link" href="#bsn">Burgerservicenummer (BSN): Dit is geen geldig BSN.' in page
    assert 'aria-describedby="bsn-description bsn-error" aria-invalid="true"' in page
    assert 'value="31-31-1980"' in page


@pytest.mark.requires("WCAG22-2.2.1")
def test_a_page_with_an_end_says_when_and_gives_more_time_without_a_script() -> None:
    page = page_of("citizen/phone", Language.NL).decode()
    assert "U kunt deze pagina gebruiken tot 13:00 uur." in page
    assert 'name="do" value="extend" formnovalidate' in page
    assert "http-equiv" not in page


@pytest.mark.requires("WCAG22-3.3.8")
def test_codes_and_passwords_can_be_pasted_and_filled_in_by_a_password_manager() -> None:
    assert b'autocomplete="one-time-code"' in page_of("citizen/sms_code", Language.NL)
    sign_in = page_of("citizen/sign_in", Language.NL)
    assert b'autocomplete="username webauthn"' in sign_in
    assert b'autocomplete="current-password"' in sign_in
    assert page_of("citizen/choose_credentials", Language.NL).count(b'autocomplete="new-password"') == 2
    assert b"onpaste" not in sign_in


def test_the_other_language_keeps_the_place_and_is_named_in_itself() -> None:
    page = page_of("citizen/phone", Language.NL).decode()
    assert 'lang="en" hreflang="en" href="/citizen/phone?login=7&amp;ui_locales=en">English</a>' in page


def test_the_demo_says_so_on_every_page_and_production_never_does() -> None:
    real = Pages(Assets.load(), Names(hub_name="Loket"))
    for name in SAMPLES:
        assert b"Dit is een demo" in page_of(name, Language.NL)
        page = real.render(name, Language.NL, **values(name))
        assert b"demo" not in page.replace(b"band demo", b"")
        assert b"- Loket</title>" in page


@pytest.mark.parametrize("language", Language)
def test_what_is_settled_beforehand_says_what_rendering_all_of_it_would(language: Language) -> None:
    settled = PAGES._environments[language]
    plain = jinja2.Environment(
        loader=settled.loader,
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    plain.globals.update(settled.globals)
    plain.filters.update(settled.filters)

    for name in SAMPLES:
        said = page_of(name, language).decode()
        whole = plain.get_template(f"{name}.html").render({**_FRAME, **values(name)})
        assert unescape(said) == unescape(whole), name
