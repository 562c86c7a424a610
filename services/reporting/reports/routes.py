"""What can be asked of agencies' reports."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from chassis.auth import Principal, speaker
from chassis.store import Stale
from contracts.kinds.reporting import Outcome
from services.reporting.asked import refusal, the_period
from services.reporting.decide import on_time
from services.reporting.deps import Deps
from services.reporting.model import Refused
from services.reporting.reports import store as kept
from services.reporting.reports.decide import Submission, submit
from services.reporting.reports.model import Report
from services.reporting.reports.views import ReportView, report_view

_ATTEMPTS = 3


class SubmissionBody(BaseModel):
    """One document that reports on one or more periods (Q2 with the half-year, Q4 with the year)."""

    periods: Annotated[list[str], Field(min_length=1, max_length=4)]
    outcome: Outcome
    document: Annotated[str | None, Field(max_length=64)] = None
    summary: Annotated[str | None, Field(max_length=20_000)] = None


class ReportsView(BaseModel):
    reports: list[ReportView]


def reporting(router: APIRouter, deps: Deps) -> None:
    """The routes."""

    @router.post("/v1/reports", status_code=201)
    async def hand_in(body: SubmissionBody, who: Annotated[Principal, Depends(speaker("agency"))]) -> ReportsView:
        """Hand in an agency's report; again means a new version."""
        agency = who.agency or ""
        submissions = [
            Submission(agency, the_period(code).code, body.outcome, body.document, body.summary)
            for code in dict.fromkeys(body.periods)
        ]
        for submission in submissions:  # all are checked before any is kept
            _allowed(deps, submission, None)
        reports = [await _keep(deps, submission) for submission in submissions]
        deps.relay.wake()
        return ReportsView(reports=[report_view(report, _punctual(deps, report)) for report in reports])


async def _keep(deps: Deps, submission: Submission) -> Report:
    for attempt in range(_ATTEMPTS):
        earlier = await kept.report_of(deps.store, submission.agency, submission.period)
        report = _allowed(deps, submission, earlier)
        try:
            await kept.put_report(deps.store, report)
        except Stale:
            if attempt == _ATTEMPTS - 1:
                raise
        else:
            return report
    raise AssertionError("unreachable")


def _allowed(deps: Deps, submission: Submission, earlier: Report | None) -> Report:
    try:
        return submit(submission, earlier, deps.plan.duties_for(submission.period), deps.clock.now())
    except Refused as refused:
        raise refusal(refused) from refused


def _punctual(deps: Deps, report: Report) -> bool:
    duties = deps.plan.duties_for(report.period)
    return any(on_time(duty, report.first_submitted_at) for duty in duties if duty.agency == report.agency)
