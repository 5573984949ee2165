"""What the decision point tells about itself: its metadata, and its OpenAPI document."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from toegang.jose.segments import parse_object

if TYPE_CHECKING:
    from toegang.jose.segments import JsonObject

EVALUATION: Final = "/evaluation"
EVALUATIONS: Final = "/evaluations"
SUBJECTS: Final = "/search/subject"
RESOURCES: Final = "/search/resource"
ACTIONS: Final = "/search/action"


def metadata_document(issuer: str, base: str) -> dict[str, object]:
    """AuthZEN-9.1: the document, as JSON; `base` is the address that the endpoints stand below."""
    return {
        "policy_decision_point": issuer,
        "access_evaluation_endpoint": base + EVALUATION,
        "access_evaluations_endpoint": base + EVALUATIONS,
        "search_subject_endpoint": base + SUBJECTS,
        "search_resource_endpoint": base + RESOURCES,
        "search_action_endpoint": base + ACTIONS,
    }


def openapi_document(issuer: str) -> JsonObject:
    """OAS-3.1: the document, as it holds at this hub."""
    return {**_document(), "servers": [{"url": issuer}]}


@cache
def _document() -> JsonObject:
    return parse_object(files("toegang.authzen").joinpath("mandates-api.openapi.json").read_bytes())
