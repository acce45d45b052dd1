"""docs/operations.md lists every metric as the code defines it."""

from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from mattebox_runtime.metrics import RegistryMetrics, RendererMetrics

PAGE = Path(__file__).parents[2] / "docs" / "operations.md"


def _rows(service: str, collectors: CollectorRegistry) -> list[str]:
    return [
        f"| `{family.name}{'_total' if family.type == 'counter' else ''}` | {service} | {family.documentation} |"
        for family in collectors.collect()
    ]


@pytest.mark.parametrize("metrics", [RegistryMetrics, RendererMetrics])
def test_every_metric_is_on_the_page_with_its_meaning(metrics: type[RegistryMetrics | RendererMetrics]) -> None:
    """The message of a failure is the rows to put there."""
    page = PAGE.read_text()
    service = metrics.__name__.removesuffix("Metrics").lower()
    missing = [row for row in _rows(service, metrics().collectors) if row not in page]
    assert not missing, "rows missing from docs/operations.md:\n" + "\n".join(missing)
