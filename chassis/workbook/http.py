"""Workbooks over HTTP: taken from a request, answered as receipts or as a workbook; read and written in threads."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

from fastapi import Request, Response
from pydantic import BaseModel

from chassis.problem import Problem
from chassis.workbook.layout import Layout
from chassis.workbook.package import MEDIA_TYPE, Limits, NotAWorkbook, TooLarge
from chassis.workbook.read import Filled, Find, read
from chassis.workbook.receipts import Judged, WorkbookReceiptsView, receipts_of, refused_of
from chassis.workbook.write import template
from contracts.kinds import Kind

FILE: dict[str, Any] = {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}
"""A workbook as content, for the OpenAPI document."""

UPLOAD: dict[str, Any] = {"requestBody": {"required": True, "content": FILE}}

_TAKEN_AS = (MEDIA_TYPE, "application/octet-stream")


class TemplateView(BaseModel):
    """A template; ``href`` is where it is."""

    kind: str
    title: str
    href: str


class TemplatesView(BaseModel):
    """Templates. Whether the speaker may say what is filled in is judged row by row."""

    templates: list[TemplateView]


def templates_at(prefix: str, kinds: Iterable[Kind]) -> TemplatesView:
    """The kinds' templates, each at the prefix and its name."""
    return TemplatesView(
        templates=[TemplateView(kind=kind.name, title=kind.title, href=f"{prefix}/{kind.name}.xlsx") for kind in kinds]
    )


class Uploads:
    """Reads what is uploaded, one workbook at a time: what one may unpack to is much."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._reading = asyncio.Semaphore(1)

    async def read(self, request: Request, find: Find) -> Filled:
        """The form in the request's body. Raises `Problem` where there is none."""
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type not in _TAKEN_AS:
            detail = f"Gửi nội dung tệp .xlsx với Content-Type: {MEDIA_TYPE}."
            raise Problem(415, "/problems/media-type", "Loại nội dung không được nhận", detail)
        content = await request.body()
        try:
            async with self._reading:
                return await asyncio.to_thread(read, content, find, self._limits)
        except NotAWorkbook as error:
            raise _problem(error) from error

    async def answer(
        self, request: Request, filled: Filled, judged: Sequence[Judged], layout: Layout
    ) -> WorkbookReceiptsView | Response:
        """The receipts; or, where the caller accepts a workbook, the refused rows in a form of this layout."""
        if MEDIA_TYPE not in request.headers.get("accept", ""):
            return receipts_of(filled, judged)
        content = await asyncio.to_thread(refused_of, filled, judged, layout, rows=self._limits.rows)
        return _download(content, f"{layout.name}.tu-choi.xlsx")

    async def empty(self, layout: Layout) -> Response:
        """The template, to be saved under the form's name."""
        return _download(await asyncio.to_thread(template, layout, rows=self._limits.rows), f"{layout.name}.xlsx")


def _problem(error: NotAWorkbook) -> Problem:
    status = 413 if isinstance(error, TooLarge) else 422
    detail = f"{error.reason[:1].upper()}{error.reason[1:]}."
    return Problem(status, f"/problems/{error.code}", "Không nhận được bảng tính", detail, remedy=error.remedy)


def _download(content: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=MEDIA_TYPE, headers=headers)
