"""The page of an agency's report: the draft to read, a form to hand it in, another to return or accept it."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import StringConstraints
from starlette.datastructures import FormData, UploadFile

from catalogue.windows import Period
from chassis.auth import Principal, speaker
from chassis.problem import DOCUMENTED, Problem
from services.reporting.asked import AsOf, Day, Reader, ThePeriod, known_at
from services.reporting.deps import Deps
from services.reporting.handlers import Folding
from services.reporting.model import Refused
from services.reporting.proofs import then_of
from services.reporting.reports.decide import accept, give_back
from services.reporting.reports.files import clean_name
from services.reporting.reports.filled import Filled, WrongForm, as_text, filled_of, read_form, submission_of
from services.reporting.reports.forms import MOST_REMARKS
from services.reporting.reports.handing_in import Files, hand_in, review, submissions_of
from services.reporting.reports.pages import Shown, also_due, report_page
from services.reporting.reports.queries import draft_of
from services.reporting.reports.routes import agency_of

# Without the page's own policy browsers would say nothing of where a form comes from (Referrer Policy, section 3).
_HEADERS = {
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'self'",
}
_MOST_FIELDS = 2_000
_LONGEST_FIELD = 262_144
_VERSION = re.compile("[0-9]{1,6}")
ACode = Annotated[str, StringConstraints(max_length=7)]
_ANSWERS: dict[int | str, dict[str, Any]] = {
    303: {"description": "Done: the page again, to read"},
    422: {
        "description": "The page again, with what is to be mended; a problem where no page can be shown",
        "content": {"text/html": {}, **DOCUMENTED["4XX"]["content"]},
    },
}


def _form(media_type: str, names: dict[str, object], required: list[str]) -> dict[str, object]:
    """A form's fields for the OpenAPI document; others may be there and are passed by."""
    schema = {"type": "object", "properties": names, "required": required, "additionalProperties": {"type": "string"}}
    return {"requestBody": {"required": True, "content": {media_type: {"schema": schema}}}}


def report_pages(router: APIRouter, deps: Deps, folding: Folding) -> None:
    """The routes."""
    pages = _Pages(deps, folding)
    _reading(router, pages)
    _sending(router, pages)
    _deciding(router, pages)


@dataclass(frozen=True)
class _Pages:
    """Lays out an agency's report for a period as it stands now, or as it was known at a moment: then only to read."""

    deps: Deps
    folding: Folding

    async def answer(
        self,
        who: Principal,
        agency: str,
        period: Period,
        shown: Shown,
        status: int = 200,
        moment: datetime | None = None,
    ) -> Response:
        await self.folding.flush()
        draft = await draft_of(self.deps, agency, period, await then_of(self.deps, moment))
        standing = draft.report is not None and draft.report.state == "accepted"
        shown = replace(
            shown,
            own=who.role == "agency",
            editable=who.role == "agency" and draft.last_moment is not None and not standing and moment is None,
            reviewing=who.role == "consolidator" and moment is None,
            filled=shown.filled or filled_of(draft.report),
        )
        return HTMLResponse(report_page(self.deps.plan, draft, shown), status, headers=_HEADERS)


def _reading(router: APIRouter, pages: _Pages) -> None:
    @router.get("/periods/{period}/report", response_class=HTMLResponse)
    async def report_as_page(
        period: ThePeriod,
        who: Reader,
        agency: Annotated[str | None, Query(max_length=32)] = None,
        sent: Annotated[bool, Query(description="Whether it was sent just now")] = False,
        also: Annotated[list[ACode] | None, Query(max_length=4, description="For which other periods too")] = None,
        as_of: AsOf = None,
        day: Day = None,
    ) -> Response:
        """An agency's report as it writes itself, as a page: to fill in for the agency, to read for those above; of a
        moment gone by, to read for all."""
        chosen, moment = agency_of(pages.deps, who, agency), known_at(as_of, day, pages.deps.clock.now())
        return await pages.answer(
            who, chosen, period, Shown(limits=pages.deps.files, sent=sent, also=also or ()), moment=moment
        )


def _sending(router: APIRouter, pages: _Pages) -> None:
    names: dict[str, object] = {
        "outcome": {"type": "string", "enum": ["activity", "nil", "excused"]},
        "document": {"type": "string"},
        "also": {"type": "array", "items": {"type": "string"}},
        "files": {"type": "array", "items": {"type": "string", "format": "binary"}},
    }

    @router.post(
        "/periods/{period}/report",
        status_code=303,
        response_class=Response,
        responses=_ANSWERS,
        openapi_extra=_form("multipart/form-data", names, ["outcome"]),
    )
    async def report_from_page(
        period: ThePeriod, request: Request, who: Annotated[Principal, Depends(speaker("agency", from_page=True))]
    ) -> Response:
        """Hand in the report as the page's form has it; the page again where something is to be mended. Fields are
        named `words:TASK`, `mark:TASK` (`nil`, `excused`), `mark_document:TASK`, `declared:INDICATOR`,
        `estimate:INDICATOR`; `also` is another period that it reports on, of those that end on the same day; a browser
        must send it from the page itself."""
        deps, agency = pages.deps, who.agency or ""
        form = await _sent(request, files=21, fields=_MOST_FIELDS)
        filled = read_form((name, text) for name, text in form.multi_items() if isinstance(text, str))
        try:
            files = await _files(form, filled)
        finally:
            await form.close()
        try:
            also = await _handed_in(deps, agency, period, filled, files)
        except (WrongForm, Refused) as wrong:
            problems = wrong.problems if isinstance(wrong, WrongForm) else [_sentence(wrong.reason)]
            shown = Shown(limits=deps.files, filled=filled, problems=[*problems, *_lost(files)])
            return await pages.answer(who, agency, period, shown, 422)
        told = urlencode({"sent": "true", "also": also}, doseq=True)
        return RedirectResponse(f"/periods/{period.code}/report?{told}", 303)


async def _handed_in(deps: Deps, agency: str, period: Period, filled: Filled, files: Files) -> list[str]:
    """Hand in what was filled in; returns for which other periods it was too."""
    others = [other.code for other in also_due(deps.plan, agency, period)]
    titles = {code: indicator.title for code, indicator in deps.plan.indicator_by_code.items()}
    body = submission_of(filled, period.code, others, titles)
    await hand_in(deps, submissions_of(agency, body.periods, body), files, body.obstacles)
    return body.periods[1:]


async def _sent(request: Request, *, files: int, fields: int) -> FormData:
    try:
        return await request.form(max_files=files, max_fields=fields, max_part_size=_LONGEST_FIELD)
    except UnicodeError as error:
        detail = "Biểu mẫu phải được gửi bằng mã UTF-8."
        raise Problem(422, "/problems/unreadable-form", "Không đọc được biểu mẫu", detail) from error


async def _files(form: FormData, filled: Filled) -> Files:
    """The files that were chosen: a browser sends an empty one without a name where none is."""
    chosen = [part for part in form.getlist("files") if isinstance(part, UploadFile) and part.filename]
    return Files([(part.filename or "", await part.read()) for part in chosen], dict.fromkeys(filled.keep))


def _lost(files: Files) -> list[str]:
    """A browser fills no file in again."""
    names = ", ".join(f"«{clean_name(name)}»" for name, _ in files.new)
    return [f"Tệp đã chọn chưa được nhận, xin chọn lại: {names}."] if names else []


def _deciding(router: APIRouter, pages: _Pages) -> None:
    names: dict[str, object] = {
        "agency": {"type": "string", "maxLength": 32},
        "version": {"type": "string", "pattern": "^[0-9]{1,6}$"},
        "decision": {"type": "string", "enum": ["accept", "return"]},
        "remarks": {"type": "string", "maxLength": 2000},
    }

    @router.post(
        "/periods/{period}/report/review",
        status_code=303,
        response_class=Response,
        responses=_ANSWERS,
        openapi_extra=_form("application/x-www-form-urlencoded", names, ["agency", "version", "decision"]),
    )
    async def review_from_page(
        period: ThePeriod, request: Request, who: Annotated[Principal, Depends(speaker("consolidator", from_page=True))]
    ) -> Response:
        """Return or accept the version that the page showed; the page again where that can't be."""
        deps, now = pages.deps, pages.deps.clock.now()
        form = await _sent(request, files=0, fields=20)
        fields = {name: as_text(text).strip() for name, text in form.multi_items() if isinstance(text, str)}
        agency = agency_of(deps, who, fields.get("agency"))
        version, remarks = fields.get("version", ""), fields.get("remarks", "")
        seen = int(version) if _VERSION.fullmatch(version) else 0
        try:
            if len(remarks) > MOST_REMARKS:
                raise Refused("too-long", f"ý kiến không được quá {MOST_REMARKS} ký tự")
            match fields.get("decision"):
                case "accept":
                    await review(deps, agency, period.code, lambda one, by: accept(one, seen, by, remarks or None, now))
                case "return" if remarks:
                    await review(deps, agency, period.code, lambda one, by: give_back(one, seen, by, remarks, now))
                case "return":
                    raise Refused("no-remarks", "trả lại báo cáo phải nêu ý kiến để cơ quan hoàn thiện")
                case _:
                    raise Refused("no-decision", "cần chọn chấp nhận hoặc trả lại")
        except Refused as refused:
            shown = Shown(limits=deps.files, problems=[_sentence(refused.reason)], remarks=remarks)
            return await pages.answer(who, agency, period, shown, 422)
        return RedirectResponse(f"/periods/{period.code}/report?agency={agency}", 303)


def _sentence(reason: str) -> str:
    return f"{reason[:1].upper()}{reason[1:]}."
