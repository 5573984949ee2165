"""What the decision point tells about itself at /.well-known/authzen-configuration."""

from __future__ import annotations

from typing import Final

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
