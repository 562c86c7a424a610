"""Invented events for the fold's tests: few subjects and revisions, so that they collide often."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from hypothesis import strategies as st

from contracts.envelope import Event, read

COOPERATIVES = ("HTX-001", "HTX-002", "HTX-003", "LHHTX-01")
TIMES = st.integers(min_value=0, max_value=400).map(lambda day: datetime(2020, 12, 10, 3, tzinfo=UTC) + timedelta(day))

_YEAR = {"year": 2020, "form": "htx", "sector": "agriculture", "profit": -7, "wages": 0, "workers": 0}
_TEMPLATES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("SNV", "training.held", {"people": 30, "audience": "officials", "topic": "state-management", "cost": 5_000_000}),
    ("LMHTX", "training.held", {"people": 20, "audience": "managers", "topic": "accounting"}),
    ("NHNN", "loan.disbursed", {"cooperative": "HTX-001", "loan": "L1", "programme": "commercial", "amount": 700}),
    ("NHNN", "loan.repaid", {"cooperative": "HTX-001", "loan": "L1", "programme": "commercial", "amount": 200}),
    ("SCT", "trade_promotion.held", {"cooperatives": ["HTX-001", "HTX-002"], "form": "fair", "stands": 3}),
    ("SNNPTNT", "linkage.signed", {"cooperatives": ["HTX-002", "HTX-003"], "amount": 10, "area": 900}),
    ("UBND-178", "inspection.held", {"cooperatives": ["HTX-003"], "findings": 2, "unit": "178"}),
    ("UBND-180", "inspection.held", {"cooperatives": ["HTX-003", "LHHTX-01"], "unit": "180"}),
    ("UBND-178", "activity.reported", {**_YEAR, "cooperative": "HTX-001", "revenue": 900, "wages": 35, "workers": 2}),
    ("UBND-180", "activity.reported", {**_YEAR, "cooperative": "HTX-002", "revenue": 25, "estimate": True}),
    ("MTTQ", "propaganda.held", {"people": 99, "audience": "members"}),
)


@st.composite
def events(draw: st.DrawFn) -> bytes:
    """One canonical event: any template, of a handful of subjects, revisions and days, now and then a retraction."""
    agency, kind, data = draw(st.sampled_from(_TEMPLATES))
    subject = f"{kind}-{draw(st.integers(1, 3))}/{draw(st.integers(1, 2))}"
    revision = draw(st.integers(1, 3))
    retracted = draw(st.integers(0, 5)) == 0
    time = draw(TIMES)
    more = {"people": draw(st.integers(0, 50))} if "people" in data else {}
    body = {"reason": "nhập nhầm"} if retracted else {**data, **more}
    # An id names one event: everything drawn goes into it.
    id = f"{agency}-{subject}-{revision}-{retracted}-{time:%m%d}-{more.get('people', '')}"
    return said(agency, kind + (".retracted" if retracted else ""), subject, time, body, id=id, revision=revision)


def said(
    agency: str, kind: str, subject: str, time: datetime, data: dict[str, Any], *, id: str = "", revision: int = 1
) -> bytes:
    """A canonical event's bytes."""
    attributes = {
        "specversion": "1.0",
        "id": id or f"{agency}-{subject}-{revision}",
        "source": "urn:test",
        "type": kind,
        "subject": subject,
        "time": time,
        "agency": agency,
        "revision": revision,
        "data": data,
    }
    return msgspec.json.encode(attributes)


def event(value: bytes) -> Event:
    return read(value)


JUNE_EVENTS = tuple(
    said(agency, kind, f"{kind}-{number}", datetime(2021, 6, 1 + number, 3, tzinfo=UTC), data)
    for agency, kind, data in _TEMPLATES
    for number in range(3)
)
"""Three facts of each template, in June 2021."""
