"""docs/operating.md names every setting and every metric, as the code has them."""

from pathlib import Path

import pytest
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from chassis.metrics import METRICS, Metric
from chassis.settings import ServiceSettings
from services.notify.settings import Settings as Notify
from services.registry.settings import Settings as Registry
from services.reporting.settings import Settings as Reporting
from services.support.settings import Settings as Support

TEXT = (Path(__file__).parents[2] / "docs" / "operating.md").read_text()
SERVICES: tuple[type[ServiceSettings], ...] = (Registry, Support, Reporting, Notify)


def setting_row(name: str, field: FieldInfo) -> str:
    """A setting as a row of a table: its environment variable, its default, what it means."""
    assert field.default is not PydanticUndefined, f"{name} has no default"
    default = "" if field.default is None else str(field.default)
    return f"| `{name.upper()}` | {f'`{default}`' if default else ''} | {field.description} |"


def metric_row(metric: Metric) -> str:
    """A metric as a row of a table."""
    labels = ", ".join(f"`{label}`" for label in metric.labels)
    return f"| `{metric.name}` | {metric.kind} | {metric.unit} | {labels} | {metric.help} |"


def own_rows(settings: type[ServiceSettings]) -> list[str]:
    """What a service adds to the settings of every service, or sets otherwise."""
    common = {setting_row(name, field) for name, field in ServiceSettings.model_fields.items()}
    return [row for name, field in settings.model_fields.items() if (row := setting_row(name, field)) not in common]


def rows_under(heading: str) -> list[str]:
    """The rows of the table that follows a heading, without its head."""
    section = TEXT.split(f"\n{heading}\n")[1].split("\n#")[0]
    return [line for line in section.splitlines() if line.startswith("| `")]


def same(heading: str, wanted: list[str]) -> None:
    """Fail with the rows that should stand there, to be pasted."""
    assert rows_under(heading) == wanted, f"docs/operating.md, {heading!r} should have:\n" + "\n".join(wanted)


def test_every_setting_of_all_services_is_described_as_it_is() -> None:
    common = [setting_row(name, field) for name, field in ServiceSettings.model_fields.items()]
    same("### Every service", [row for row in common if "`MONGODB_DATABASE`" not in row])


@pytest.mark.parametrize("settings", SERVICES, ids=lambda settings: settings.__module__.split(".")[1])
def test_every_setting_of_a_service_is_described_as_it_is(settings: type[ServiceSettings]) -> None:
    same(f"### {settings.__module__.split('.')[1].capitalize()}", own_rows(settings))


def test_every_metric_is_described_as_it_is() -> None:
    same("## Metrics", [metric_row(metric) for metric in METRICS])
