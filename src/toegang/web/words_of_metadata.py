"""Closed lists in plain words for operators who bring metadata in: why it was refused, what would change.

As in words.py English stands here, and is the key of the translation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.catalogue.partners.preview import Door, Fate
from toegang.catalogue.partners.takeover import Taken
from toegang.saml.why import Why

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from babel.support import NullTranslations

N_ = str  # marks a sentence for the translators' list


@dataclass(frozen=True, slots=True)
class RefusalWords:
    """What is wrong with a document, and what to do now."""

    wrong: str
    now: str


_ASK_PARTNER = N_("Ask the partner for another file.")
_AGAIN = N_("Upload the file again.")

REFUSALS: Mapping[str, RefusalWords] = {
    Why.TOO_LARGE: RefusalWords(
        N_("The file is larger than this page takes, or holds more than any honest file."),
        N_("Take a large file over with the command “toegang metadata import”."),
    ),
    Why.NOT_XML: RefusalWords(N_("The file is no XML that can be read."), _ASK_PARTNER),
    Why.DOCTYPE: RefusalWords(
        N_("The file holds a document type (DOCTYPE), or another part that metadata may not have."),
        N_("Such parts are used for attacks. Ask the partner for a file without them."),
    ),
    Why.NOT_METADATA: RefusalWords(
        N_("The file is no metadata: it holds no EntityDescriptor and no EntitiesDescriptor."), _ASK_PARTNER
    ),
    Why.UNSIGNED: RefusalWords(
        N_("Nobody signed this file."),
        N_("Ask for a signed file. Or agree the SHA-256 of this file by telephone or letter."),
    ),
    Why.OTHER_SIGNER: RefusalWords(
        N_("The file is signed with another key than that of the certificate you gave."),
        N_(
            "Ask the partner by telephone or letter with which certificate they sign. Do not trust this file."
        ),
    ),
    Why.CHANGED_AFTER_SIGNING: RefusalWords(
        N_("The file was changed after it was signed."),
        N_("Do not trust this file. Ask the partner for it again."),
    ),
    Why.WEAK_ALGORITHM: RefusalWords(
        N_("The signature is made in an old way that is no longer safe, such as SHA-1."),
        N_("Ask the partner to sign with SHA-256 or better."),
    ),
    Why.OTHER_DOCUMENT: RefusalWords(
        N_("This is not the file that was agreed: its SHA-256 is another."),
        N_("Ask the partner which file they meant. Do not take the SHA-256 from the file itself."),
    ),
    Why.ENDED: RefusalWords(
        N_("The metadata has ended: its “validUntil” is over."), N_("Ask the partner for newer metadata.")
    ),
    Why.NAMED_TWICE: RefusalWords(N_("The same entity stands in the file twice."), _ASK_PARTNER),
    Why.WEAK_KEY: RefusalWords(
        N_("A key is too weak, or of a kind that we do not use."),
        N_("Ask the partner for a key of RSA with 2048 bits or more, or on the curve P-256 or P-384."),
    ),
    Why.NO_KEY: RefusalWords(
        N_("A key to check signatures with is missing. Then anybody could say that they are this partner."),
        N_("Ask the partner for metadata with the key that they sign with."),
    ),
    Why.NOT_HTTPS: RefusalWords(
        N_("An address does not begin with “https://”, or is no address of a website."),
        N_("Ask the partner for metadata with addresses that are protected."),
    ),
    "malformed": RefusalWords(N_("The metadata is not as the standard (SAML 2.0) wants it."), _ASK_PARTNER),
    "proof-invalid": RefusalWords(
        N_("The signature is not right, or stands in the wrong place."),
        N_("Do not trust this file. Ask the partner for it again."),
    ),
    "too-many": RefusalWords(
        N_("There are more entities in the file than you can look at on one page."),
        N_("Take a large file over with the command “toegang metadata import”."),
    ),
    "changed-meanwhile": RefusalWords(
        N_("The catalogue was changed after you looked. Taking the file over would now do something else."),
        N_("Look again at what would change. Then decide."),
    ),
    "upload-gone": RefusalWords(
        N_("This file was taken over already, or you waited too long."),
        _AGAIN,
    ),
    "upload-elsewhere": RefusalWords(
        N_("This file was uploaded by somebody else, or in another browser."),
        _AGAIN,
    ),
}
_UNKNOWN = RefusalWords(N_("The file cannot be taken over."), _ASK_PARTNER)

TAKEN: Mapping[str, str] = {
    Taken.NEW: N_("New"),
    Taken.CHANGED: N_("Changes"),
    Taken.SAME: N_("Stays as it is"),
    Taken.FOREIGN: N_("Not taken over: what we know came from elsewhere"),
    Taken.UNNAMED: N_("Not taken over: nobody in the catalogue has this entity"),
}

DONE: Mapping[str, str] = {
    Taken.NEW: N_("new"),
    Taken.CHANGED: N_("changed"),
    Taken.SAME: N_("as it was"),
    Taken.FOREIGN: N_("not taken over"),
    Taken.UNNAMED: N_("not taken over"),
}

FATES: Mapping[str, str] = {Fate.NEW: N_("New"), Fate.STAYS: N_("Stays"), Fate.GOES: N_("Goes")}

DOORS: Mapping[str, str] = {
    Door.CONSUMER: N_("answers go there"),
    Door.SIGN_ON: N_("people log in there"),
    Door.LOGOUT: N_("logging out"),
    Door.ARTIFACT: N_("fetching answers"),
}


def in_language(sentences: NullTranslations) -> Mapping[str, Callable[[str], object]]:
    """Return what the templates call these lists by, speaking the language of `sentences`."""
    say = sentences.ugettext

    def refusal_words(why: str) -> RefusalWords:
        """Return the words of a refusal; an unknown one gets the general ones."""
        known = REFUSALS.get(why, _UNKNOWN)
        return RefusalWords(say(known.wrong), say(known.now))

    return {
        "refusal_words": refusal_words,
        "taken_words": lambda taken: say(TAKEN[taken]),
        "done_words": lambda taken: say(DONE[taken]),
        "fate_words": lambda fate: say(FATES[fate]),
        "door_words": lambda door: say(DOORS[door]),
    }
