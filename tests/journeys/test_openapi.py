"""Every route keeps to the OpenAPI document that its service gives of itself, whatever is sent."""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from chassis.workbook.package import MEDIA_TYPE
from deploy.local.programs import SERVICES
from deploy.local.stack import Stack
from tests.journeys.spine import running

pytestmark = pytest.mark.journey

# The law and the plan refuse much that has the right form, and a refused event is a receipt in an answer of 200.
OURS_TO_JUDGE: list[Any] = [positive_data_acceptance, negative_data_rejection]
SPEAKERS = {"registry": "UBND-178", "support": "SNV", "reporting": "consolidator", "notify": "SNV"}
EXAMPLES = 50


@schemathesis.serializer(MEDIA_TYPE)
def workbook(context: Any, value: Any) -> bytes:
    """Whatever is made up for a workbook, as bytes."""
    return value if isinstance(value, bytes) else str(value).encode()


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with running(*SERVICES) as stack:
        yield stack


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("service", SERVICES)
def test_a_service_keeps_to_its_openapi_document(stack: Stack, service: str, mode: GenerationMode) -> None:
    """No 5xx, no status, media type or body that the document does not describe: for good requests and for bad."""
    asked = Counter[int]()
    headers = {"Authorization": f"Bearer {stack.api_keys[SPEAKERS[service]]}"}

    def keeps_to_it(case: Any) -> None:
        answer = case.call(headers=headers)
        asked[answer.status_code] += 1
        case.validate_response(answer, excluded_checks=OURS_TO_JUDGE)

    described: Any = schemathesis.openapi.from_url(f"{stack.services[service]}/openapi.json")
    for operation in described.get_all_operations():
        cases = operation.ok().as_strategy(generation_mode=mode)
        few: Any = settings(
            max_examples=EXAMPLES, phases=[Phase.generate], suppress_health_check=[HealthCheck.filter_too_much]
        )
        with suppress(Unsatisfiable):  # nothing that could be sent to this route would break its description
            few(given(cases)(keeps_to_it))()  # type: ignore[no-untyped-call]
    assert asked.total() >= EXAMPLES
    print(service, mode.value, dict(asked))
