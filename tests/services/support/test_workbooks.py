"""Workbooks over HTTP: templates for whom they concern, receipts row by row, refused rows back to be mended."""

import io
from typing import Any

import httpx
import openpyxl
import pytest

from catalogue.model import Plan
from chassis.workbook.layout import LISTS
from chassis.workbook.package import MEDIA_TYPE
from tests.kit.workbooks import column, day, written
from tests.services.support.saying import training
from tests.services.support.standing import Standing, standing

DAY = day(2021, 5, 12)


@pytest.fixture
def support(plan: Plan) -> Standing:
    return standing(plan, events_per_write=3, workbook_max_rows=20)


async def template(support: Standing, kind: str = "training.held", by: str = "SNV") -> bytes:
    answer = await support.http.get(f"/v1/templates/{kind}.xlsx", headers={"Authorization": f"Bearer {by}"})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"] == f'attachment; filename="{kind}.xlsx"'
    return answer.content


def fill(content: bytes, *rows: dict[str, Any]) -> bytes:
    return written(content, rows)


def course(subject: str, people: Any = 40, **more: Any) -> dict[str, Any]:
    told = {"data.people": people, "data.audience": "Cán bộ, công chức", "data.topic": "Quản lý nhà nước"}
    return {"subject": subject, "time": DAY, **told, **more}


async def upload(support: Standing, content: bytes, *, by: str | None = "SNV", **headers: str) -> httpx.Response:
    sent = {"Content-Type": MEDIA_TYPE, "Accept": "application/json"} | headers
    return await support.http.post(
        "/v1/workbooks", content=content, headers=sent | ({"Authorization": f"Bearer {by}"} if by else {})
    )


async def receipts(support: Standing, content: bytes, *, by: str = "SNV") -> dict[str, Any]:
    answer = await upload(support, content, by=by)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def outcomes(told: dict[str, Any]) -> list[str]:
    return [receipt["outcome"] for receipt in told["receipts"]]


async def test_an_agency_is_shown_the_templates_of_what_it_may_say_today(support: Standing) -> None:
    answer = await support.http.get("/v1/templates", headers={"Authorization": "Bearer SNV"})
    found = {told["kind"]: told for told in answer.json()["templates"]}
    assert found["training.held"]["title"] == "Tổ chức đào tạo, bồi dưỡng"
    assert "loan.disbursed" not in found
    assert (await support.http.get(found["training.held"]["href"], headers={"Authorization": "Bearer SNV"})).is_success


async def test_only_agencies_have_templates_and_send_workbooks(support: Standing) -> None:
    for path in ("/v1/templates", "/v1/templates/training.held.xlsx"):
        assert (await support.http.get(path)).status_code == 401
        assert (await support.http.get(path, headers={"Authorization": "Bearer leader"})).status_code == 403
    assert (await upload(support, b"", by=None)).status_code == 401
    assert (await upload(support, b"", by="leader")).status_code == 403


@pytest.mark.parametrize("kind", ["no.such", "cooperative.registered"])
async def test_there_are_templates_of_supports_kinds_only(support: Standing, kind: str) -> None:
    answer = await support.http.get(f"/v1/templates/{kind}.xlsx", headers={"Authorization": "Bearer SNV"})
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/no-such-template")


async def test_a_units_committee_chooses_its_own_unit_only_and_others_any_that_stands(support: Standing) -> None:
    async def units(by: str) -> list[str]:
        lists = openpyxl.load_workbook(io.BytesIO(await template(support, by=by)))[LISTS]
        (found,) = (cells for cells in lists.columns if cells[0].value == "Mã đơn vị hành chính")
        return [cell.value for cell in found[1:] if cell.value]

    assert await units("UBND-181") == ["181 - Huyện Bình Gia"]
    assert len(await units("SNV")) == 11


async def test_rows_become_events_and_the_file_sent_again_is_duplicates(support: Standing) -> None:
    content = written(await template(support), (course(f"c-{n}", n) for n in range(5)))
    told = await receipts(support, content)
    assert outcomes(told) == ["example", *["accepted"] * 5]
    assert [receipt["row"] for receipt in told["receipts"]] == [3, 4, 5, 6, 7, 8]
    assert (told["form"], told["accepted"], told["refused"]) == ("training.held", 5, 0)
    events = await support.events()
    assert [(event.envelope.subject, event.data.people) for event in events] == [  # type: ignore[union-attr]
        (f"c-{n}", n) for n in range(5)
    ]
    assert {event.envelope.agency for event in events} == {"SNV"}
    assert outcomes(await receipts(support, content)) == ["example", *["duplicate"] * 5]
    assert len(await support.events()) == 5


async def test_a_changed_row_needs_a_higher_revision_and_is_then_a_correction(support: Standing) -> None:
    await receipts(support, fill(await template(support), course("c-1", 40)))
    told = await receipts(support, fill(await template(support), course("c-1", 41), course("c-2"), course("c-2", 9)))
    assert outcomes(told) == ["example", "refused", "accepted", "refused"]
    (fault,) = told["receipts"][1]["faults"]
    assert (fault["code"], fault["column"]) == ("changed-without-revision", "Lần sửa")
    told = await receipts(support, fill(await template(support), course("c-1", 41, revision=2)))
    assert outcomes(told) == ["example", "accepted"]
    told = await receipts(support, fill(await template(support), course("c-1", 41, revision=3, retracted="nhầm")))
    assert outcomes(told) == ["example", "accepted"]
    assert [event.retracted for event in await support.events()] == [False, False, False, True]


async def test_a_row_that_takes_back_needs_a_higher_revision(support: Standing) -> None:
    await receipts(support, fill(await template(support), course("c-1", 40)))
    told = await receipts(support, fill(await template(support), course("c-1", 40, retracted="nhầm")))
    assert outcomes(told) == ["example", "refused"]
    (fault,) = told["receipts"][1]["faults"]
    assert (fault["code"], fault["column"]) == ("retraction-without-revision", "Lần sửa")
    assert [event.retracted for event in await support.events()] == [False]


async def test_what_is_unusual_about_a_row_is_told_by_column(support: Standing) -> None:
    grant = {"subject": "loan-9/granted", "time": DAY, "data.cooperative": "HTX-VANLANG", "data.loan": "9"}
    grant |= {
        "data.programme": "Nghị quyết 08/2019/NQ-HĐND",
        "data.amount": 6_000_000_000,
        "data.purpose": "Mở rộng sản xuất, kinh doanh",
        "data.branch": "LS-1",
    }
    content = fill(await template(support, "loan.granted", by="NHNN"), grant)
    (receipt,) = (await receipts(support, content, by="NHNN"))["receipts"][1:]
    assert receipt["outcome"] == "held", "registry has told of no cooperative here"
    (warning,) = receipt["warnings"]
    assert (warning["code"], warning["column"]) == ("interest-ceiling", "Số tiền (đồng) *")
    assert warning["cell"].endswith("4")
    assert "5 tỷ" in warning["reason"]
    told = await receipts(support, fill(await template(support), course("c-1", revision=2)))
    assert [one["code"] for one in told["receipts"][1]["warnings"]] == ["no-earlier-revision"]


async def test_a_district_may_leave_its_unit_out_and_send_the_same_again(support: Standing) -> None:
    rows = [{"subject": "o-1", "time": DAY, "data.title": "Thiếu vốn"}]
    content = fill(await template(support, "obstacle.raised", by="UBND-181"), *rows)
    assert outcomes(await receipts(support, content, by="UBND-181")) == ["example", "accepted"]
    assert outcomes(await receipts(support, content, by="UBND-181")) == ["example", "duplicate"]
    assert (await support.events())[0].data.unit == "181"  # type: ignore[union-attr]


async def test_every_refusal_names_the_column_and_the_cell(support: Standing) -> None:
    rows = [
        course("c-1", people=-1),
        course("c-2", people="bốn mươi", **{"data.women": 1.5}),
        course("c-3", time=day(2030, 1, 1)),
        course("c-4", **{"data.cooperatives": "HTX-1, htx 2"}),
        course("c-5", **{"data.unit": "05977"}),
        {"subject": "c-6", "time": DAY},
    ]
    told = await receipts(support, fill(await template(support), *rows))
    faults = [[(f["column"], f["cell"], f["code"]) for f in receipt["faults"]] for receipt in told["receipts"][1:]]
    assert faults == [
        [("Số người (người) *", "D4", "malformed")],
        [("Số người (người) *", "D5", "not-whole"), ("Trong đó nữ (người)", "I5", "not-whole")],
        [("Ngày xảy ra *", "C6", "in-the-future")],
        [("Các hợp tác xã liên quan", "O7", "malformed")],
        [("Mã đơn vị hành chính", "G8", "unit-not-standing")],
        [
            (f"{name} *", f"{cell}9", "missing")
            for name, cell in (("Số người (người)", "D"), ("Đối tượng", "E"), ("Nội dung", "F"))
        ],
    ]
    assert all(f["reason"] and f["remedy"] for receipt in told["receipts"] for f in receipt["faults"])
    assert told["receipts"][1]["faults"][0]["remedy"] == "Số nguyên, từ 0 trở lên."
    assert await support.events() == []


async def test_the_refused_rows_come_back_and_mended_there_are_accepted(support: Standing) -> None:
    content = fill(await template(support), course("c-1"), course("c-2", "nhiều"), course("c-3"), course("c-4", None))
    answer = await upload(support, content, Accept=MEDIA_TYPE)
    assert (answer.status_code, answer.headers["content-type"]) == (200, MEDIA_TYPE)
    assert column(answer.content, "subject") == ["c-2", "c-4"]
    assert "Số người: «nhiều» không phải số nguyên." in column(answer.content, "reason")[0]
    told = await receipts(support, fill(answer.content, {"data.people": 8}, {"data.people": 9}))
    assert outcomes(told) == ["example", "accepted", "accepted"]
    again = await receipts(support, content)
    assert outcomes(again) == ["example", "duplicate", "refused", "duplicate", "refused"]
    assert len(await support.events()) == 4


async def test_who_may_not_say_a_kind_is_told_so_on_every_row(support: Standing) -> None:
    told = await receipts(support, fill(await template(support, by="NHNN"), course("c-1")), by="NHNN")
    assert told["receipts"][1]["faults"][0]["code"] == "not-entitled"


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [(b"not a workbook", 422, "not-a-workbook"), (b"", 422, "not-a-workbook")],
)
async def test_a_file_that_cannot_be_read_is_a_problem(
    support: Standing, content: bytes, status: int, code: str
) -> None:
    answer = await upload(support, content)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{code}")
    assert answer.json()["remedy"]


async def test_a_file_of_another_type_or_with_too_many_rows_is_a_problem(support: Standing) -> None:
    assert (await upload(support, b"", **{"Content-Type": "text/csv"})).status_code == 415
    many = written(await template(support), (course(f"c-{n}") for n in range(21)))
    assert (await upload(support, many)).status_code == 413
    assert await support.events() == []


async def test_a_row_and_an_event_with_its_source_and_id_are_one(
    support: Standing,
) -> None:
    row = course("c-1", 40)
    event = training("c-1/training.held/1", source="/workbooks", subject="c-1", time="2021-05-12T00:00:00+07:00")
    event["data"] = {"people": 40, "audience": "officials", "topic": "state-management"}
    assert (await support.send(event))["accepted"] == 1
    assert outcomes(await receipts(support, fill(await template(support), row))) == ["example", "duplicate"]
