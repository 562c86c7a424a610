"""What can be asked of agencies' reports."""

from functools import partial
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import Response
from pydantic import BaseModel

from chassis.auth import Principal, speaker, whose
from chassis.problem import Problem
from services.reporting.asked import AsOf, Reader, ThePeriod, known_at, refusal, the_period
from services.reporting.deps import Deps
from services.reporting.handlers import Folding
from services.reporting.model import Refused
from services.reporting.proofs import then_of
from services.reporting.reports import queries
from services.reporting.reports import store as kept
from services.reporting.reports.decide import accept, give_back
from services.reporting.reports.draft import DraftView
from services.reporting.reports.forms import AcceptanceBody, ReturnBody, SubmissionBody
from services.reporting.reports.handing_in import Decide, Files, hand_in, review, submissions_of
from services.reporting.reports.model import Report
from services.reporting.reports.views import DiscrepanciesView, FullReportView, ReportView, report_view
from services.reporting.words import moment as moment_words

AGENCY_PATTERN = "^[A-Z0-9]+(-[A-Z0-9]+)*$"
TheAgency = Annotated[str, Path(max_length=32, json_schema_extra={"pattern": AGENCY_PATTERN})]
Consolidator = Annotated[Principal, Depends(speaker("consolidator"))]


class ReportsView(BaseModel):
    reports: list[ReportView]


def reporting(router: APIRouter, deps: Deps, folding: Folding) -> None:
    """The routes."""
    _handing_in(router, deps)
    _reading(router, deps, folding)
    _reviewing(router, deps)

    @router.get("/v1/periods/{period}/discrepancies")
    async def discrepancies(
        period: ThePeriod, who: Reader, agency: Annotated[str | None, Query(max_length=32)] = None, as_of: AsOf = None
    ) -> DiscrepanciesView:
        """Declared figures that are not what the events make, to be settled: by sending or correcting events, or by a
        report that declares otherwise; or those of a moment. An agency sees its own."""
        chosen, moment = whose(who, agency), known_at(as_of, None, deps.clock.now())
        await folding.flush()
        found = await queries.discrepancies_of(deps, period, chosen, await then_of(deps, moment))
        return DiscrepanciesView(period=period.code, as_of=moment, discrepancies=found)


def agency_of(deps: Deps, who: Principal, asked: str | None) -> str:
    """Whose report is meant: an agency's own; whoever else names one.

    Raises:
        Problem: 403 for another's, 422 where none is named, 404 where there is no such agency.
    """
    chosen = whose(who, asked)
    if chosen is None:
        raise Problem(422, "/problems/which-agency", "Chưa chọn cơ quan", "Cần nêu cơ quan: `?agency=` mã cơ quan.")
    if chosen not in deps.plan.roster.agency:
        raise Problem(404, "/problems/unknown-agency", "Không có cơ quan này", f"Kế hoạch không có cơ quan `{chosen}`.")
    return chosen


def _handing_in(router: APIRouter, deps: Deps) -> None:
    @router.post("/v1/reports", status_code=201)
    async def hand_in_report(
        body: SubmissionBody, who: Annotated[Principal, Depends(speaker("agency"))]
    ) -> ReportsView:
        """Hand in an agency's report; again means a new version, and the old one stays."""
        periods = [the_period(code).code for code in dict.fromkeys(body.periods)]
        files = Files([(file.name, file.bytes) for file in body.files], dict.fromkeys(body.keep))
        try:
            submissions = submissions_of(who.agency or "", periods, body)
            reports = await hand_in(deps, submissions, files, body.obstacles)
        except Refused as refused:
            raise refusal(refused) from refused
        return ReportsView(reports=[_short(deps, report) for report in reports])


def _reading(router: APIRouter, deps: Deps, folding: Folding) -> None:
    @router.get("/v1/periods/{period}/draft")
    async def draft(
        period: ThePeriod, who: Reader, agency: Annotated[str | None, Query(max_length=32)] = None, as_of: AsOf = None
    ) -> DraftView:
        """An agency's report as it writes itself, or would have at a moment: its tasks with their figures as sentences,
        what it has added so far, its discrepancies and open obstacles."""
        chosen, moment = agency_of(deps, who, agency), known_at(as_of, None, deps.clock.now())
        await folding.flush()
        return await queries.draft_of(deps, chosen, period, await then_of(deps, moment))

    @router.get("/v1/reports/{agency}/{period}")
    async def report(
        agency: TheAgency,
        period: ThePeriod,
        who: Reader,
        version: Annotated[int | None, Query(ge=1, le=100_000, description="The newest, where left out")] = None,
        as_of: AsOf = None,
    ) -> FullReportView:
        """A report with all it says, in any of its versions, and its history; now, or as known at a moment."""
        moment = known_at(as_of, None, deps.clock.now())
        told = await queries.report_told(deps, whose(who, agency) or agency, period.code, version, moment)
        if told is None:
            then = f" đến {moment_words(moment)}" if moment else ""
            detail = f"{agency} chưa nộp báo cáo {period.code}{then}."
            raise Problem(404, "/problems/no-report", "Không có báo cáo này", detail)
        return told

    @router.get("/v1/reports/{agency}/{period}/files/{digest}", response_class=Response)
    async def file(
        agency: TheAgency,
        period: ThePeriod,
        digest: Annotated[str, Path(max_length=64, json_schema_extra={"pattern": "^[0-9a-f]{64}$"})],
        who: Reader,
    ) -> Response:
        """A file that any version of the report carries."""
        newest = await kept.report_of(deps.store, whose(who, agency) or agency, period.code)
        versions = await kept.versions_of(deps.store, newest.report) if newest else []
        found = next((one for report in versions for one in report.contents.attachments if one.digest == digest), None)
        content = await kept.file_of(deps.store, agency, digest) if found else None
        if found is None or content is None:
            raise Problem(404, "/problems/no-file", "Không có tệp này", "Báo cáo không kèm tệp này.")
        headers = {
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.name, safe='')}",
            "X-Content-Type-Options": "nosniff",
        }
        return Response(content, media_type=found.media_type, headers=headers)


def _reviewing(router: APIRouter, deps: Deps) -> None:
    @router.post("/v1/reports/{agency}/{period}/return", status_code=201)
    async def return_report(agency: TheAgency, period: ThePeriod, who: Consolidator, body: ReturnBody) -> ReportView:
        """Return a version with remarks, also an accepted one: the report is owed again."""
        now = deps.clock.now()
        return await _reviewed(
            agency, period.code, lambda report, by: give_back(report, body.version, by, body.remarks, now)
        )

    @router.post("/v1/reports/{agency}/{period}/acceptance", status_code=201)
    async def accept_report(
        agency: TheAgency, period: ThePeriod, who: Consolidator, body: AcceptanceBody
    ) -> ReportView:
        """Accept a version: no other replaces it unless it is returned."""
        now = deps.clock.now()
        return await _reviewed(
            agency, period.code, lambda report, by: accept(report, body.version, by, body.remarks, now)
        )

    _reviewed = partial(_review, deps)


async def _review(deps: Deps, agency: str, period: str, decide: Decide) -> ReportView:
    try:
        return _short(deps, await review(deps, agency, period, decide))
    except Refused as refused:
        raise refusal(refused) from refused


def _short(deps: Deps, report: Report) -> ReportView:
    return report_view(report, queries.punctual(deps, report))
