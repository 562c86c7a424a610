"""The register looked through: by name as people type it, page by page while it changes, as CSV and as a workbook."""

import csv
import io
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.model import Plan
from services.registry.exports import HEADINGS
from tests.services.registry.asking import register
from tests.services.registry.standing import Standing, standing


@pytest.fixture
async def registry(plan: Plan) -> Standing:
    registry = standing(plan)
    for code, name, more in (
        ("HTX-181-01", "HTX Đồng Đăng", {"members": 60}),
        ("HTX-181-02", "Hợp tác xã Na Bản Lăng", {"sector": "transport"}),
        ("HTX-181-03", "=HYPERLINK(0)", {}),
        ("THT-181-04", "Tổ hợp tác Đồng Mỏ", {"form": "tht"}),
    ):
        await enter(registry, code, name=name, **more)
    return registry


async def enter(registry: Standing, code: str, **more: Any) -> None:
    answer = await registry.post("", register(code=code, **more).model_dump(mode="json"))
    assert answer.status_code == 201, answer.text


async def found(registry: Standing, **asked: Any) -> list[str]:
    answer = await registry.get("", **asked)
    assert answer.status_code == 200, answer.text
    return [one["code"] for one in answer.json()["cooperatives"]]


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ({"q": "dong"}, ["HTX-181-01", "THT-181-04"]),
        ({"q": "ĐỒNG đăng"}, ["HTX-181-01"]),
        ({"q": "dang dong"}, ["HTX-181-01"]),
        ({"q": "htx-181-0"}, ["HTX-181-01", "HTX-181-02", "HTX-181-03"]),
        ({"q": "lang", "sector": "transport"}, ["HTX-181-02"]),
        ({"q": "khong co"}, []),
        ({"form": "tht"}, ["THT-181-04"]),
        ({"size": "small"}, ["HTX-181-01"]),
        ({"size": "unknown"}, ["THT-181-04"]),
        ({"unit": "182"}, []),
    ],
)
async def test_cooperatives_are_found_as_people_type(
    registry: Standing, asked: dict[str, Any], codes: list[str]
) -> None:
    assert await found(registry, **asked) == codes


async def test_a_district_finds_its_own_only(registry: Standing) -> None:
    answer = await registry.get("", by="UBND-182", q="dong")
    assert answer.json()["cooperatives"] == []
    assert (await registry.get("/export.csv", by="UBND-182")).text.count("\n") == 1


async def test_a_cursor_that_no_page_gave_is_refused(registry: Standing) -> None:
    for cursor in ("é", "A"):
        answer = await registry.get("", after=cursor)
        assert answer.status_code == 422, cursor
        assert "trang trước" in answer.json()["detail"]


async def test_the_selection_comes_as_csv_that_no_spreadsheet_computes(registry: Standing) -> None:
    answer = await registry.get("/export.csv", form="htx")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    head, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert head == list(HEADINGS)
    assert [row[:2] for row in rows] == [
        ["HTX-181-01", "HTX Đồng Đăng"],
        ["HTX-181-02", "Hợp tác xã Na Bản Lăng"],
        ["HTX-181-03", "'=HYPERLINK(0)"],
    ]
    assert rows[0][2:6] == ["Hợp tác xã", "Nông, lâm nghiệp, thủy sản", "Đang hoạt động", "Nhỏ"]


async def test_the_selection_comes_as_a_workbook_with_typed_cells(registry: Standing) -> None:
    answer = await registry.get("/export.xlsx", q="htx-181")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    head, *rows = sheet.iter_rows(values_only=True)
    assert head == HEADINGS
    assert rows[2][1] == "=HYPERLINK(0)"
    assert sheet["B4"].data_type == "s", "text, not a formula"
    assert rows[0][HEADINGS.index("Thành viên")] == 60
    assert f"{rows[0][HEADINGS.index('Ngày đăng ký')]:%d/%m/%Y}" == "02/03/2021"


async def test_what_a_number_begins_with_and_the_law_of_its_day_are_in_both(registry: Standing) -> None:
    numbers = {"tax_number": "0100109106", "registration_number": "0007", "industries": ["0118"]}
    await enter(registry, "HTX-181-09", **numbers)
    table = (await registry.get("/export.csv", q="htx-181-09")).content.decode("utf-8-sig")
    sheet = openpyxl.load_workbook(io.BytesIO((await registry.get("/export.xlsx", q="htx-181-09")).content)).active
    assert sheet is not None
    for _, row in (tuple(csv.reader(io.StringIO(table))), tuple(sheet.iter_rows(values_only=True))):
        cells = dict(zip(HEADINGS, row, strict=True))
        kept = [cells[name] for name in ("Mã số thuế", "Số đăng ký", "Ngành nghề (VSIC)", "Đơn vị hành chính")]
        assert kept == ["0100109106", "0007", "0118", "181"]
        assert cells["Luật áp dụng khi đăng ký"] == "Luật Hợp tác xã năm 2012"


@settings(max_examples=40)
@given(
    before=st.sets(st.integers(0, 30), min_size=1, max_size=15), new=st.sets(st.integers(0, 30)), size=st.integers(1, 4)
)
async def test_paging_loses_none_and_shows_none_twice_while_others_come_and_change(
    plan: Plan, before: set[int], new: set[int], size: int
) -> None:
    registry = standing(plan)
    for number in before:
        await enter(registry, f"HTX-181-{number:02}")
    seen: list[str] = []
    coming = sorted(new - before, reverse=True)
    after: dict[str, str] = {}
    while True:
        page = (await registry.get("", limit=size, **after)).json()
        seen += [one["code"] for one in page["cooperatives"]]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
        if coming:
            await enter(registry, f"HTX-181-{coming.pop():02}")
        changed = {"at": "2021-06-01T08:00:00+07:00", "name": f"HTX {len(seen)}"}
        await registry.post(f"/{seen[-1]}/amendments", changed)
    assert len(seen) == len(set(seen))
    assert {f"HTX-181-{number:02}" for number in before} <= set(seen)
