"""De Zandbank, which lends its customers' login to others: nanoidp, an OpenID provider, with our look.

`python -m demo.foreign.bank PORT FOLDER`. The page on which customers log in is ours, because nanoidp's own
fetches its style from the internet and does not say that it is a demo; all else is nanoidp as it comes.
"""

from __future__ import annotations

from html import escape
from typing import Any, Final

from flask import request
from jinja2 import ChoiceLoader, DictLoader
from markupsafe import Markup
from nanoidp.app import create_app

from demo.foreign import pages
from demo.foreign.pages import Page, written
from demo.foreign.site import read_static, told
from demo.words import LANGUAGE_COOKIE, Words, language_from

PORT, FOLDER, SETTINGS = told()
NAME: Final = Words("De Zandbank", "De Zandbank")
TITLE: Final = Words("Log in met uw Bankmiddel", "Log in with your bank")
USER: Final = Words("Gebruikersnaam", "User name")
PASSWORD: Final = Words("Wachtwoord", "Password")
LOG_IN: Final = Words("Log in", "Log in")
WHO: Final = Words(
    f"Dit is een demo. Neem een voornaam in kleine letters, zoals “sanne”, en “{SETTINGS['password']}”.",
    f"This is a demo. Take a first name in small letters, such as “sanne”, and “{SETTINGS['password']}”.",
)
WRONG: Final = Words(
    "Deze gebruikersnaam en dit wachtwoord horen niet bij elkaar.",
    "This user name and this password do not belong together.",
)


def login_page(transaction: str, error: str) -> Markup:
    """Write the page on which a customer logs in."""
    wished = request.headers.get("accept-language", "")
    language = language_from(request.args.get("language"), request.cookies.get(LANGUAGE_COOKIE), wished)
    wrong = f'<p role="alert">{WRONG.said(language)}</p>' if error else ""
    body = f"""{pages.paragraph(WHO, language=language)}{wrong}<form method="post">
<input type="hidden" name="transaction_id" value="{escape(transaction)}">
<p><label for="username">{USER.said(language)}</label>
<input id="username" name="username" autocomplete="username" required></p>
<p><label for="password">{PASSWORD.said(language)}</label>
<input id="password" name="password" type="password" autocomplete="current-password" required></p>
<p><button>{LOG_IN.said(language)}</button></p>
</form>"""
    page = Page(look="bank", name=NAME, title=TITLE, body=body, switch=False)
    return Markup(written(page, language))  # noqa: S704 every value in it is escaped above


def make() -> Any:  # noqa: ANN401 nanoidp has no types
    """Make nanoidp, with that one page in place of its own."""
    made = create_app(str(FOLDER), strict_config=True)
    ours = {"authorize.html": "{{ demo_page(transaction_id or '', error or '') }}"}
    made.jinja_loader = ChoiceLoader([DictLoader(ours), made.jinja_loader])
    made.jinja_env.globals["demo_page"] = login_page

    def style() -> Any:  # noqa: ANN401 Flask's own
        found = read_static(pages.STYLE)
        return made.response_class(found.body, mimetype=found.kind)

    made.add_url_rule(pages.STYLE, "demo_style", style)
    return made


if __name__ == "__main__":
    make().run(host="127.0.0.1", port=PORT, threaded=True)
