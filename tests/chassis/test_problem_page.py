"""What a person's browser is shown of an error."""

import httpx
import pytest
from fastapi import FastAPI

from chassis.problem import Problem
from tests.chassis.test_http import app, client

__all__ = ["app", "client"]  # fixtures

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.mark.parametrize(
    ("method", "path", "status", "words"),
    [
        ("GET", "/v1/errors/own", 409, "Kỳ 2021-Q2 đã khóa."),
        ("GET", "/nowhere", 404, "Không tìm thấy"),
        ("DELETE", "/v1/raw", 405, "Phương thức không được hỗ trợ"),
        ("POST", "/v1/raw", 413, "Nội dung quá lớn"),
        ("GET", "/v1/errors/bug", 500, "Lỗi đã được ghi lại"),
        ("POST", "/v1/orders/x", 422, "<code>code</code>: phải là số nguyên"),
    ],
)
async def test_a_persons_browser_is_shown_an_error_as_a_page(
    client: httpx.AsyncClient, app: FastAPI, method: str, path: str, status: int, words: str
) -> None:
    app.state.home = "/first"
    answer = await client.request(method, path, headers=BROWSER, content=b"x" * 101 if status == 413 else None)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert words in answer.text
    assert '<html lang="vi">' in answer.text
    assert '<a href="/first">' in answer.text
    assert "secret" not in answer.text


async def test_what_was_asked_for_is_no_mark_up_of_the_page_about_it(app: FastAPI, client: httpx.AsyncClient) -> None:
    @app.get("/mark-up")
    async def mark_up() -> None:
        raise Problem(404, "/problems/none", "Không có <b>", "Không có `<script>`.")

    page = (await client.get("/mark-up", headers=BROWSER)).text
    assert "<script>" not in page
    assert "<code>&lt;script&gt;</code>" in page
    assert "<b>" not in page
    assert "<a " not in page  # a service without pages has nowhere to lead to
