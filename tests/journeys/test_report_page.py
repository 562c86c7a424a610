"""An agency's report as a clerk sees it and sends it, and as it is returned, in a real browser."""

import pytest
from playwright.async_api import FilePayload, Page

from deploy.local.stack import Stack
from tests.journeys.spine import Province, running, training
from tests.kit.browser import shot, signed_in

pytestmark = pytest.mark.browser

PDF: FilePayload = {"name": "Biên bản.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 bien ban"}


async def test_a_clerk_fills_in_the_report_and_it_is_returned_on_the_page(page: Page) -> None:
    errors: list[str] = []
    with running() as stack:
        province = Province(stack)
        await province.say("SNV", [training(number, people=20 + number) for number in range(1, 4)])
        await province.folded(3)
        url = f"{stack.services['reporting']}/periods/2021-Q2/report"
        clerk = await signed_in(page, stack.api_keys["SNV"])
        clerk.on("pageerror", lambda error: errors.append(str(error)))
        clerk.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        await clerk.goto(url)
        assert "Chưa nộp" in await clerk.locator(".notice").inner_text()
        await shot(clerk, "report-draft")
        await _fill(clerk)
        await shot(clerk, "report-filled", whole=True)
        await clerk.get_by_role("button", name="Gửi báo cáo").click()
        await clerk.wait_for_url("**/report?sent=true")
        assert "Đã nhận báo cáo lần 1" in await clerk.locator(".notice.good").inner_text()
        assert await clerk.get_by_role("textbox", name="Số kê khai: Lớp đào tạo, bồi dưỡng").input_value() == "1.200"
        assert "1.197" in await clerk.locator("section", has_text="Chênh lệch cần đối chiếu").inner_text()
        told = await province.get("reporting", "/v1/reports/SNV/2021-Q2", "SNV")
        assert told["words"] == {"II.3.b": "Đã mở 03 lớp bồi dưỡng cán bộ."}
        assert [file["name"] for file in told["attachments"]] == ["Biên bản.pdf"]
        await shot(clerk, "report-sent")
        await _returned(page, stack, url)
        await clerk.goto(url)
        assert "Số lớp kê khai chưa khớp." in await clerk.locator(".notice.bad").inner_text()
        await clerk.set_viewport_size({"width": 390, "height": 900})
        assert await clerk.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        await shot(clerk, "report-narrow")
        await province.http.aclose()
    assert not errors


async def _fill(clerk: Page) -> None:
    task = clerk.locator("section", has_text="II.3")
    await clerk.locator("textarea[name='words:II.3.b']").fill("Đã mở 03 lớp bồi dưỡng cán bộ.")
    await task.locator("details:has(input[name='declared:II.3.b/classes']) summary").click()
    await clerk.locator("input[name='declared:II.3.b/classes']").fill("1.200")
    await clerk.locator("input[name='estimate:II.3.b/classes']").fill("5")
    await clerk.locator("textarea[name='obstacle']").fill("Thiếu giảng viên chuyên sâu về kế toán HTX.")
    await clerk.locator("select[name='obstacle_task']").select_option("II.3.b")
    await clerk.locator("textarea[name='proposals']").fill("Bổ sung kinh phí bồi dưỡng.\nBiên soạn lại tài liệu.")
    await clerk.locator("input[name='files']").set_input_files([PDF])
    await clerk.get_by_label("Có hoạt động").check()
    await clerk.locator("input[name='document']").fill("215/BC-SNV")


async def _returned(page: Page, stack: Stack, url: str) -> None:
    """The consolidator returns it on the same page."""
    office = await signed_in(page, stack.api_keys["consolidator"])
    await office.goto(f"{url}?agency=SNV")
    await office.locator("textarea[name='remarks']").fill("Số lớp kê khai chưa khớp.")
    await shot(office, "report-review", whole=True)
    await office.get_by_role("button", name="Trả lại để hoàn thiện").click()
    await office.wait_for_url("**/report?agency=SNV")
    assert "Bị trả lại" in await office.locator(".notice.bad").inner_text()
    await office.close()
