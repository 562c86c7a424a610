"""The period's page as a person sees it, in a real browser."""

import pytest
from playwright.async_api import Error, Page

from deploy.local.stack import Stack
from tests.journeys.spine import Province, running, training
from tests.kit.browser import shot, signed_in

pytestmark = pytest.mark.browser


async def test_a_period_is_read_on_one_page_wide_and_narrow(page: Page) -> None:
    errors: list[str] = []
    with running() as stack:
        province = Province(stack)
        await province.say("SNV", [training(1, people=1_234)])
        await province.folded(1)
        report = {"periods": ["2021-Q2"], "outcome": "activity"}
        assert (await province.post("reporting", "/v1/reports", "SNV", json=report)).status_code == 201
        await province.http.aclose()

        with pytest.raises(Error, match="ERR_INVALID_AUTH_CREDENTIALS"):  # asks, and nobody answers
            await page.goto(f"{stack.services['reporting']}/periods/2021-Q2")
        page = await signed_in(page, stack.api_keys["leader"])
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        await page.goto(f"{stack.services['reporting']}/periods/2021-Q2")
        assert (await page.title()).startswith("Quý II năm 2021 – Kế hoạch thực hiện Nghị quyết số 134/NQ-CP")
        assert await page.locator("h3 code").count() == 46
        codes = await page.locator("h3 code").all_inner_texts()
        assert codes.index("II.2.d.2") + 1 == codes.index("II.2.đ.1") < codes.index("II.2.e.1")
        row = page.locator("section", has_text="II.3").locator("tr", has_text="1.234")
        assert await row.count() >= 1
        register = page.locator(".duties tr", has_text="Sở Nội vụ")
        assert "Có hoạt động" in await register.inner_text()
        await shot(page, "period-wide")
        await _registers(page)

        await _signed_and_late(stack)
        await page.reload()
        assert "Số đã ký không thay đổi" in await page.locator("header").inner_text()
        people = page.locator("tr", has_text="1.238")
        assert "1.234" in await people.first.inner_text()
        await shot(page, "period-signed")
        await people.first.get_by_role("link", name="1.238").click()
        assert "1.238 lượt người" in await page.locator("h1").inner_text()
        assert await page.locator("tbody tr").count() == 2
        await shot(page, "figure")
        await page.get_by_role("link", name="Tất cả chỉ tiêu của kỳ").click()

        await page.get_by_role("link", name="Kỳ dương lịch").click()
        assert "01/04/2021 đến hết 30/06/2021" in await page.locator("header").inner_text()
        await page.set_viewport_size({"width": 390, "height": 900})
        assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        await shot(page, "period-narrow")
    assert not errors


async def _registers(page: Page) -> None:
    """Who is obliged stands apart from who is asked; tasks are told owner by owner; the year has a page of its own."""
    parts = page.locator("details.register h3")
    assert await parts.all_inner_texts() == [
        "Cơ quan, đơn vị phải báo cáo",
        "Tổ chức được đề nghị báo cáo",
        "Nhiệm vụ được giao",
        "Nhiệm vụ đề nghị thực hiện",
    ]
    classes = page.locator(".tasks tr", has_text="II.3.b")
    assert (await classes.inner_text()).split("\t")[1:4] == ["1", "1", "0"]
    owners = page.locator(".tasks tr", has_text="II.2.k.1")
    assert (await owners.inner_text()).split("\t")[1:2] == ["11"]
    await shot(page, "register")
    await page.get_by_role("link", name="Cả năm 2021").click()
    assert await page.locator("h1").inner_text() == "Sổ theo dõi báo cáo năm 2021"
    await shot(page, "register-year")
    await page.go_back()


async def _signed_and_late(stack: Stack) -> None:
    """The second quarter is signed, then one more class becomes known."""
    province, path = Province(stack), "/v1/periods/2021-Q2"
    frozen = (await province.post("reporting", f"{path}/consolidation", "consolidator")).json()
    signature = {"digest": frozen["digest"], "document": "12/BC-SKHĐT", "basis": "Nghị định số 09/2019/NĐ-CP"}
    assert (await province.post("reporting", f"{path}/signature", "consolidator", json=signature)).status_code == 201
    await province.say("SNV", [training(2, people=4)])
    await province.folded(2)
    restated = await province.get("reporting", f"{path}/restatements")
    assert [change["subject"] for change in restated["changes"]] == ["training-SNV-2"]
    await province.http.aclose()


async def test_obstacles_are_read_on_one_page_with_what_became_of_each(page: Page) -> None:
    text = "Chưa có hướng dẫn quyết toán hỗ trợ liên kết theo Nghị định số 98/2018/NĐ-CP"
    with running("reporting") as stack:
        province = Province(stack)
        told = await province.post("reporting", "/v1/obstacles", "SNNMT", json={"text": text, "task": "II.2.c.3"})
        path = f"/v1/obstacles/{told.json()['obstacle']}"
        for step, who, body in (
            ("forwarding", "consolidator", {"document": "15/SKHĐT-KTN"}),
            ("answer", "leader", {"document": "80/UBND-KT", "text": "Giao Sở Tài chính hướng dẫn trước ngày 30."}),
        ):
            assert (await province.post("reporting", f"{path}/{step}", who, json=body)).status_code == 200
        await province.post("reporting", "/v1/obstacles", "STC", json={"text": "HTX thiếu vốn đối ứng"})
        await province.http.aclose()

        page = await signed_in(page, stack.api_keys["leader"])
        await page.goto(f"{stack.services['reporting']}/periods/2021-Q2")
        await page.get_by_role("link", name="Khó khăn, vướng mắc").click()
        answered = page.locator("tbody tr", has_text=text)
        assert "Đã trả lời" in await answered.inner_text()
        assert "văn bản 80/UBND-KT" in await answered.inner_text()
        await shot(page, "obstacles")
        await page.get_by_role("link", name="Chưa chuyển").click()
        assert await page.locator("tbody tr").count() == 1
        await page.set_viewport_size({"width": 390, "height": 900})
        assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        await shot(page, "obstacles-narrow")
