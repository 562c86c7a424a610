"""Errors as the caller sees them: RFC 9457 problem details, in Vietnamese, without anything internal."""

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import Scope

from chassis.listening import BrokerUnavailable
from chassis.problem_page import is_wanted, page_of
from chassis.store import Stale, StoreUnavailable
from chassis.wording import reason_of

MEDIA_TYPE: Final = "application/problem+json"
RETRY_AFTER_SECONDS: Final = 5

_log = logging.getLogger(__name__)

_TITLES: Final = {
    400: ("/problems/bad-request", "Yêu cầu không đọc được"),
    404: ("/problems/not-found", "Không tìm thấy"),
    405: ("/problems/method-not-allowed", "Phương thức không được hỗ trợ"),
    413: ("/problems/too-large", "Nội dung quá lớn"),
    415: ("/problems/unsupported-media-type", "Kiểu nội dung không được hỗ trợ"),
}

_DETAILS: Final = {413: "Hãy bớt nội dung, thu nhỏ tệp, hoặc chia làm nhiều lần gửi."}


class Problem(Exception):
    """An answer that is an error: `title` says what kind, `detail` what to do about this one.

    `type` is a URI reference that names the kind of problem, such as ``/problems/stale``; extensions are further
    members of the body, such as ``version=3``.
    """

    def __init__(
        self,
        status: int,
        type: str,
        title: str,
        detail: str = "",
        *,
        headers: Mapping[str, str] | None = None,
        **extensions: Any,
    ) -> None:
        super().__init__(f"{status} {type}: {detail or title}")
        self.status = status
        self.type = type
        self.title = title
        self.detail = detail
        self.headers = headers
        self.extensions = extensions

    def body(self) -> dict[str, Any]:
        """The members of the problem document."""
        detail = {"detail": self.detail} if self.detail else {}
        return {"type": self.type, "title": self.title, "status": self.status, **detail, **self.extensions}

    def answer(self, accept: str = "", home: str = "") -> Response:
        """The HTTP answer: a page, with the way to ``home``, where ``accept`` says that a person's browser asks."""
        if is_wanted(accept):
            return HTMLResponse(page_of(self.status, self.title, self.detail, home), self.status, self.headers)
        return JSONResponse(self.body(), self.status, self.headers, media_type=MEDIA_TYPE)

    def answer_to(self, scope: Scope) -> Response:
        """The answer to a request, as it is asked for."""
        return self.answer(Headers(scope=scope).get("accept", ""), getattr(scope["app"].state, "home", ""))


class ProblemView(BaseModel):
    """A problem as the OpenAPI documents describe it (RFC 9457 section 3.1); each kind of problem adds members."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str | None = None


_DOCUMENTED: Final = {
    "model": ProblemView,
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemView"}}, "text/html": {}},
}
DOCUMENTED: Final[dict[int | str, dict[str, Any]]] = {
    "4XX": {"description": "Refused: the request must be changed, or sent by somebody else or later.", **_DOCUMENTED},
    "503": {"description": "Store or broker away: send it again after `Retry-After`.", **_DOCUMENTED},
}
"""The answers that any route may give besides its own, for the OpenAPI documents."""


def install(app: FastAPI) -> None:
    """Let the app answer every error as a problem: to programs as JSON, to a person's browser as a page."""

    @app.exception_handler(Problem)
    async def problem(request: Request, error: Problem) -> Response:
        return error.answer_to(request.scope)

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> Response:
        return of_status(error.status_code, error.headers).answer_to(request.scope)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        return of_validation(error.errors()).answer_to(request.scope)

    @app.exception_handler(Stale)
    async def stale(request: Request, error: Stale) -> Response:
        return _STALE.answer_to(request.scope)

    @app.exception_handler(StoreUnavailable)
    @app.exception_handler(BrokerUnavailable)
    async def unavailable(request: Request, error: Exception) -> Response:
        _log.warning("answered 503: %r", error)
        return _UNAVAILABLE.answer_to(request.scope)


def of_status(status: int, headers: Mapping[str, str] | None = None) -> Problem:
    """The problem that says no more than an HTTP status does."""
    type, title = _TITLES.get(status, ("about:blank", HTTPStatus(status).phrase))
    return Problem(status, type, title, _DETAILS.get(status, ""), headers=headers)


def of_validation(errors: Sequence[Mapping[str, Any]]) -> Problem:
    """The problem of a request that FastAPI refused, naming each field that is wrong and how."""
    if any(error["type"] == "json_invalid" for error in errors):
        return Problem(400, *_TITLES[400], "Nội dung không phải JSON hợp lệ.")
    wrong = [
        {"in": error["loc"][0], "pointer": "".join(f"/{part}" for part in error["loc"][1:]), "reason": reason_of(error)}
        for error in errors
    ]
    detail = "; ".join(f"`{entry['pointer'].lstrip('/') or entry['in']}`: {entry['reason']}" for entry in wrong)
    return Problem(422, "/problems/invalid", "Yêu cầu không hợp lệ", detail, errors=wrong)


UNEXPECTED: Final = Problem(
    500,
    "/problems/unexpected",
    "Lỗi ngoài dự kiến",
    "Hệ thống gặp lỗi khi xử lý yêu cầu này. Lỗi đã được ghi lại; xin thử lại sau.",
)
_STALE: Final = Problem(
    409,
    "/problems/stale",
    "Dữ liệu đã thay đổi",
    "Có người vừa thay đổi dữ liệu này. Hãy đọc lại rồi gửi lại yêu cầu.",
)
_UNAVAILABLE: Final = Problem(
    503,
    "/problems/unavailable",
    "Tạm thời chưa phục vụ được",
    "Hệ thống tạm thời không lưu hoặc không chuyển được dữ liệu. Xin gửi lại yêu cầu sau ít giây.",
    headers={"Retry-After": str(RETRY_AFTER_SECONDS)},
)
