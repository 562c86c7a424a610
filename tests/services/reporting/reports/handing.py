"""Reports as agencies hand them in, for tests."""

from datetime import datetime

from catalogue.model import Plan
from services.reporting.reports.decide import Submission, submit
from services.reporting.reports.model import Report


def handed_in(plan: Plan, at: datetime, *, agency: str = "SNV", outcome: str = "activity", **more: str) -> Report:
    submission = Submission(agency, "2021-Q2", outcome, more.get("document"))  # type: ignore[arg-type]
    return submit(plan, submission, None, at)
