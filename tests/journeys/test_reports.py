"""An agency's report on real servers: drafted, handed in, returned, mended, accepted, consolidated."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from deploy.local.stack import Stack
from tests.journeys.spine import WITHIN, Province, running, training
from tests.kit.wait import until

pytestmark = pytest.mark.journey

CLASSES = "II.3.b/classes"
PATH = "/v1/reports/SNV/2021-Q2"


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with running("registry", "support", "reporting", "notify") as stack:
        yield stack


@pytest.fixture
async def province(stack: Stack) -> AsyncIterator[Province]:
    province = Province(stack)
    yield province
    await province.http.aclose()


async def hand_in(province: Province, **more: Any) -> dict[str, Any]:
    body = {"periods": ["2021-Q2"], "outcome": "activity", "document": "215/BC-SNV", **more}
    answer = await province.post("reporting", "/v1/reports", "SNV", json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json()["reports"][0])


async def review(province: Province, what: str, **body: Any) -> None:
    answer = await province.post("reporting", f"{PATH}/{what}", "consolidator", json=body)
    assert answer.status_code == 201, answer.text


async def test_a_report_goes_from_its_draft_into_the_consolidation(province: Province) -> None:
    await province.say("SNV", [training(1, people=30), training(2, people=20)])
    await province.folded(2)
    draft = await province.get("reporting", "/v1/periods/2021-Q2/draft", "SNV")
    figures = {one["code"]: one for task in draft["tasks"] for one in task["figures"]}
    assert figures[CLASSES]["sentence"].startswith("Trong kỳ có 2 lớp đào tạo, bồi dưỡng")

    obstacle = {"text": "Thiếu giảng viên", "task": "II.3.b"}
    first = await hand_in(province, words={"II.3.b": "Đã mở lớp."}, declared={CLASSES: 3}, obstacles=[obstacle])
    assert first["version"] == 1
    told = await province.get("reporting", "/v1/periods/2021-Q2/discrepancies")
    assert [(one["declared"], one["counted"]) for one in told["discrepancies"]] == [(3, 2)]
    await review(province, "return", version=1, remarks="Số lớp kê khai chưa khớp.")

    def letters() -> list[Any]:
        return [one for one in province.stack.inbox.letters() if "SNV.2021-Q2.returned-1@" in one["Message-ID"]]

    await until(letters, within=WITHIN, what="the agency is told that its report was returned")
    assert "Số lớp kê khai chưa khớp." in letters()[0].get_content()

    await province.say("SNV", [training(3, people=10)])
    await province.folded(3)
    assert (await province.get("reporting", "/v1/periods/2021-Q2/discrepancies"))["discrepancies"] == []
    added = {"estimates": {CLASSES: 7}, "proposals": ["Thêm kinh phí."], "obstacles": [obstacle]}
    second = await hand_in(province, words={"II.3.b": "Đã mở 03 lớp."}, declared={CLASSES: 3}, **added)
    assert second["version"] == 2
    await review(province, "acceptance", version=2)

    frozen = (await province.post("reporting", "/v1/periods/2021-Q2/consolidation", "consolidator")).json()
    assert [(one["agency"], one["text"]) for one in frozen["narrative"]] == [("SNV", "Đã mở 03 lớp.")]
    assert [one["text"] for one in frozen["proposals"]] == ["Thêm kinh phí."]
    assert [one["text"] for one in frozen["obstacles"]] == ["Thiếu giảng viên"]
    assert frozen["discrepancies"] == []
    figures = {one["code"]: one for task in frozen["summary"]["tasks"] for one in task["indicators"]}
    assert (figures[CLASSES]["value"], figures[CLASSES]["estimate"]) == (3, 7)
    duty = next(one for one in frozen["register"]["duties"] if one["agency"] == "SNV")
    assert (duty["report_state"], duty["version"]) == ("accepted", 2)


async def test_who_signed_and_who_received_is_told_once_that_a_signed_figure_is_restated(province: Province) -> None:
    path, inbox = "/v1/periods/2021-Q2", province.stack.inbox
    frozen = await province.get("reporting", f"{path}/consolidation")
    signature = {"digest": frozen["digest"], "document": "5/BC-STC", "basis": "Nghị định số 09/2019/NĐ-CP"}
    answer = await province.post("reporting", f"{path}/signature", "consolidator", json=signature)
    assert answer.status_code == 201, answer.text
    await province.say("SNV", [training(4, people=40)])
    await province.folded(4)

    def letters() -> list[Any]:
        return [one for one in inbox.letters() if ".2021-Q2.restated-" in one["Message-ID"]]

    await until(lambda: len(letters()) == 2, within=WITHIN, what="signer and receiver are told of the restatement")
    assert {one["To"] for one in letters()} == {"van-thu@stc.langson.example", "van-thu@ubndtinh.langson.example"}
    text = letters()[0].get_content()
    assert "văn bản số 5/BC-STC" in text
    assert "Số đã ký: 3 lớp; số hiện nay: 4 lớp (tăng 1 so với số đã ký)." in text

    province.stack.kill("notify")
    province.stack.restart("notify")

    async def looked() -> bool:
        return (await province.get("notify", "/v1/notifications?limit=1"))["looked_until"] is not None

    await until(looked, within=WITHIN, what="the new notify has heard all and looked")
    told = await province.get("notify", "/v1/notifications?period=2021-Q2")
    assert told["counts"]["restated"] == {"planned": 0, "sent": 2, "dropped": 0}
    assert (len(letters()), inbox.dropped()) == (2, [])


async def test_its_versions_outlive_the_service(province: Province) -> None:
    province.stack.kill("reporting")
    province.stack.restart("reporting")

    report = await province.get("reporting", PATH)
    assert [(one["version"], one["state"]) for one in report["versions"]] == [(2, "accepted"), (1, "returned")]
    first = await province.get("reporting", f"{PATH}?version=1", "SNV")
    assert (first["words"], first["remarks"]) == ({"II.3.b": "Đã mở lớp."}, "Số lớp kê khai chưa khớp.")
    refused = await province.post("reporting", "/v1/reports", "SNV", json={"periods": ["2021-Q2"], "outcome": "nil"})
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/accepted")
