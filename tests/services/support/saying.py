"""Events as agencies' systems would send them; every test changes only what it is about."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from catalogue.model import Plan
from services.support.examine import Terms, examine
from services.support.model import Refused, Sound

NOW = datetime(2022, 1, 1, tzinfo=UTC)
AHEAD = timedelta(minutes=5)
LARGEST = 10_000


def training(id: str = "e-1", **other: Any) -> dict[str, Any]:
    """A class that Sở Nội vụ held."""
    event = {
        "specversion": "1.0",
        "id": id,
        "source": "//snv.langson.gov.vn/qlcb",
        "type": "training.held",
        "subject": f"training-SNV-{id}",
        "time": "2021-03-02T08:00:00+07:00",
        "data": {"people": 40, "women": 18, "audience": "officials", "topic": "state-management"},
    }
    return event | other


def loan(id: str = "e-1", cooperative: str = "HTX-181-01", **other: Any) -> dict[str, Any]:
    """A loan that the State Bank tells of."""
    data = {"cooperative": cooperative, "loan": "118", "programme": "decree-55-2015", "amount": 100_000_000}
    event = training(id, type="loan.disbursed", subject=f"loan-118/{id}", source="//nhnn.langson.gov.vn/td", data=data)
    return event | other


def raised(id: str = "e-1", **data: Any) -> dict[str, Any]:
    """An obstacle, which any agency may raise."""
    return training(id, type="obstacle.raised", subject=f"obstacle-{id}", data={"title": "Thiếu vốn", **data})


def said(event: object) -> bytes:
    return json.dumps(event, ensure_ascii=False).encode()


def examined(plan: Plan, event: object, speaker: str = "SNV", now: datetime = NOW) -> Sound | Refused:
    value = event if isinstance(event, bytes) else said(event)
    return examine(value, Terms(plan, speaker, now, AHEAD, LARGEST))


def sound(plan: Plan, event: object, speaker: str = "SNV", now: datetime = NOW) -> Sound:
    outcome = examined(plan, event, speaker, now)
    assert isinstance(outcome, Sound), outcome
    return outcome


def refused(outcome: object) -> tuple[str, str]:
    """The code and pointer of a refusal, which must say why and how to mend it."""
    assert isinstance(outcome, Refused), outcome
    assert outcome.reason
    assert outcome.remedy
    return outcome.code, outcome.pointer
