"""Errors as the caller sees them: RFC 9457 problem details, in Vietnamese, without anything internal."""

from typing import Any

from starlette.responses import JSONResponse

MEDIA_TYPE = "application/problem+json"


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
        headers: dict[str, str] | None = None,
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

    def answer(self) -> JSONResponse:
        """The HTTP answer."""
        return JSONResponse(self.body(), self.status, self.headers, media_type=MEDIA_TYPE)
