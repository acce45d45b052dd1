"""Health, metrics and the documentation itself."""

from mattebox.answers import Delivery, Readiness
from mattebox_registry.http.openapi.model import JSON, Answer, Operation, Part, answer

SERVICE = Part(
    "Service",
    "For whoever runs it.",
    (
        Operation("GET", "/healthz", "Is it alive?", None, {200: answer("The process answers.", Readiness)}),
        Operation(
            "GET", "/readyz", "Can it work?", None,
            {200: answer("Database and Redis answer, and jobs are delivered.", Readiness)},
            problems={503: "not_ready; `checks` says which part is down"},
        ),
        Operation(
            "GET", "/api/v1/delivery", "See who draws", "read",
            {200: answer("The renderers that are alive, and how many jobs of each lane are where.", Delivery)},
            problems={503: "not_ready"},
        ),
        Operation(
            "GET", "/metrics", "Read the metrics", "read",
            {200: Answer("Every metric.", {"text/plain": {"type": "string"}})},
        ),
        Operation(
            "GET", "/api/v1/openapi.json", "Read this document", None,
            {200: Answer("OpenAPI 3.1.", {JSON: {"type": "object"}})},
        ),
    ),
)  # fmt: skip
