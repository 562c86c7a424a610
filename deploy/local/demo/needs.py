"""What the plan needs to hear, and from whom."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from catalogue.model import Indicator, Plan, Term
from catalogue.windows import local_day
from contracts.kinds import KINDS
from deploy.local.demo.year import Saying

BATCH_DAYS = 10
MIDSUMMER = date(2021, 6, 15)


@dataclass(frozen=True)
class Need:
    """Events that a term wants from one owner of its task."""

    agency: str
    unit: str | None
    term: Term


def needs(plan: Plan) -> list[Need]:
    """Every term of every indicator, once for each owner; what registry says is not asked of agencies."""
    found = []
    for task in plan.tasks:
        for agency in plan.owners(task.code, MIDSUMMER):
            unit = plan.agency(agency).unit
            found += [Need(agency, unit, term) for term in _spoken(task.indicators)]
    return found


def _spoken(indicators: Iterable[Indicator]) -> Iterator[Term]:
    for indicator in indicators:
        yield from (term for term in indicator.terms if KINDS[term.kind].speaker == "support")


def saying(agency: str, kind: str, subject: str, at: datetime, data: Mapping[str, Any], revision: int = 1) -> Saying:
    """A sound event in the agency's next batch."""
    event = {
        "specversion": "1.0",
        "id": f"{subject}-r{revision}",
        "source": f"urn:langson:{agency.lower()}:minh-hoa",
        "type": kind,
        "subject": subject,
        "time": at.isoformat(),
        "datacontenttype": "application/json",
        **({"revision": revision} if revision > 1 else {}),
        "data": dict(data),
    }
    return Saying(next_batch(agency, at), agency, event)


def next_batch(agency: str, at: datetime) -> datetime:
    """An agency's system sends three times a month, at 20:00."""
    day = local_day(at)
    wait = (sum(agency.encode()) - day.toordinal()) % BATCH_DAYS
    return at.replace(hour=20, minute=0) + timedelta(days=wait)
