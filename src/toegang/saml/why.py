"""Why a partner's metadata is refused, as far as the person who brings it can do something about it.

A refusal carries one of these beside its detail: the detail is for the log, this has words on a page
(web/words_of_metadata.py). What has none here is told by the code of the refusal.
"""

from __future__ import annotations

import enum


class Why(enum.StrEnum):
    """What is wrong with a document; the words are stored in the trail and never change."""

    TOO_LARGE = "too-large"
    NOT_XML = "not-xml"
    DOCTYPE = "doctype"
    NOT_METADATA = "not-metadata"
    UNSIGNED = "unsigned"
    OTHER_SIGNER = "other-signer"
    CHANGED_AFTER_SIGNING = "changed-after-signing"
    WEAK_ALGORITHM = "weak-algorithm"
    OTHER_DOCUMENT = "other-document"
    ENDED = "ended"
    NAMED_TWICE = "named-twice"
    WEAK_KEY = "weak-key"
    NO_KEY = "no-key"
    NOT_HTTPS = "not-https"
