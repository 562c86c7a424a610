"""A whole register in one Excel file: every row a cooperative, registered once, or told why not and given back."""

from datetime import date
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.model import Plan
from chassis.workbook.cells import cell_of
from chassis.workbook.package import MEDIA_TYPE, Limits
from chassis.workbook.read import read
from chassis.workbook.rows import Row
from chassis.workbook.write import returned
from services.registry.forms import FORMS, Asked, Form, layout_of, request_of
from services.registry.requests import Register
from tests.kit.workbooks import column, day, written
from tests.services.registry.standing import Standing, standing


@pytest.fixture
def registry(plan: Plan) -> Standing:
    return standing(plan)


REGISTER = FORMS["cooperative.registered"]


async def template(registry: Standing, kind: str = REGISTER.kind.name, by: str = "UBND-181") -> bytes:
    path = f"/v1/cooperatives/templates/{kind}.xlsx"
    answer = await registry.http.get(path, headers={"Authorization": f"Bearer {by}"})
    assert answer.status_code == 200, answer.text
    return answer.content


def entry(number: int, **more: Any) -> dict[str, Any]:
    """A cooperative of Bình Gia."""
    told = {"form": "Hợp tác xã", "sector": "Nông, lâm nghiệp, thủy sản", "members": 9, "capital": 500_000_000}
    where = {"unit": "181 - Huyện Bình Gia", "at": day(2021, 3, 2)}
    return {"code": f"HTX-181-{number:03}", "name": f"HTX số {number}", **told, **where, **more}


async def upload(
    registry: Standing, content: bytes, *, by: str | None = "UBND-181", accept: str = "application/json"
) -> httpx.Response:
    headers = {"Content-Type": MEDIA_TYPE, "Accept": accept} | ({"Authorization": f"Bearer {by}"} if by else {})
    return await registry.http.post("/v1/cooperatives/workbook", content=content, headers=headers)


async def receipts(registry: Standing, content: bytes) -> dict[str, Any]:
    answer = await upload(registry, content)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def outcomes(told: dict[str, Any]) -> list[str]:
    return [receipt["outcome"] for receipt in told["receipts"]]


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.kind.name)
def test_every_column_of_a_form_has_a_title_and_every_code_a_label(plan: Plan, form: Form) -> None:
    columns = layout_of(form, plan.units).columns
    assert {column.name for column in columns} == {"code", *form.asks.model_fields} - {"products", "version"}
    assert all(column.title for column in columns)
    for column_ in columns:
        labels = getattr(column_.holds, "labels", {})
        assert all(label != code for code, label in labels.items()), column_.name


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.kind.name)
def test_the_example_is_a_request_that_can_be_read(plan: Plan, form: Form) -> None:
    layout = layout_of(form, plan.units)
    asked = request_of(Row(3, {}, layout.example), layout)
    assert isinstance(asked, Asked)
    assert asked.code == "HTX-VANLANG"
    assert isinstance(asked.request, form.asks)


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "at": st.dates(date(1997, 1, 1), date(2040, 1, 1)),
                "code": st.from_regex(r"[0-9A-Z][0-9A-Z.-]{2,31}", fullmatch=True),
                "form": st.sampled_from(["htx", "lhhtx", "tht"]),
                "name": st.text("aăđHTX 0=+@&<«🌾", min_size=1, max_size=40).map(lambda text: text.strip() or "x"),
                "sector": st.sampled_from(["agriculture", "credit", "transport"]),
                "members": st.integers(0, 10**9),
                "capital": st.integers(0, 10**15 - 1),
                "unit": st.sampled_from(["181", "05977", "06001"]),
            },
            optional={"registration_number": st.from_regex(r"0[0-9A-Z]{3,9}", fullmatch=True)},
        ),
        max_size=5,
    )
)
def test_what_is_filled_in_comes_back_as_the_same_request(plan: Plan, entries: list[dict[str, Any]]) -> None:
    layout = layout_of(REGISTER, plan.units)
    typed = [
        Row(0, {column.name: cell_of(column.holds, entry.get(column.name)) for column in layout.columns}, entry)
        for entry in entries
    ]
    filled = read(
        returned(layout, [(row, "") for row in typed], rows=5), {layout.name: layout}.get, Limits(9, 99, 10**7)
    )
    back = [request_of(row, layout) for row in filled.rows if not row.example]
    midnight = "T00:00:00+07:00"
    assert back == [
        Asked(layout.name, entry["code"], Register.model_validate(entry | {"at": f"{entry['at']}{midnight}"}))
        for entry in entries
    ]


async def test_only_agencies_have_the_form_and_send_it(registry: Standing) -> None:
    assert (await registry.http.get("/v1/cooperatives/templates/cooperative.registered.xlsx")).status_code == 401
    assert (await upload(registry, b"", by=None)).status_code == 401
    assert (await upload(registry, b"", by="leader")).status_code == 403


async def test_rows_are_registered_once_however_often_the_file_is_sent(registry: Standing) -> None:
    content = written(await template(registry), [entry(number) for number in range(20)])
    assert outcomes(await receipts(registry, content)) == ["example", *["accepted"] * 20]
    told = await receipts(registry, content)
    assert outcomes(told) == ["example", *["duplicate"] * 20]
    assert told["receipts"][1]["of"] == "HTX-181-000"
    events = await registry.events()
    assert [event.envelope.subject for event in events] == [f"HTX-181-{number:03}/1" for number in range(20)]
    found = (await registry.get("/HTX-181-007")).json()
    assert (found["name"], found["unit"], found["members"]) == ("HTX số 7", "181", 9)


async def test_a_row_whose_registration_was_taken_back_is_new_again_and_then_a_duplicate(registry: Standing) -> None:
    content = written(await template(registry), [entry(1)])
    for version in (1, 2):
        assert outcomes(await receipts(registry, content)) == ["example", "accepted"]
        assert outcomes(await receipts(registry, content)) == ["example", "duplicate"]
        mistake = {"version": version, "reason": "Nhập nhầm"}
        assert (await registry.post("/HTX-181-001/annulments", mistake)).status_code == 200


async def test_a_row_of_a_year_that_was_taken_back_is_new_again_and_then_a_duplicate(registry: Standing) -> None:
    await receipts(registry, written(await template(registry), [entry(1)]))
    told = {"code": "HTX-181-001", "at": day(2021, 12, 1), "year": 2021, "grade": "Khá"}
    content = written(await template(registry, "cooperative.evaluated"), [told])
    for _ in range(2):
        assert outcomes(await receipts(registry, content)) == ["example", "accepted"]
        assert outcomes(await receipts(registry, content)) == ["example", "duplicate"]
        mistake = {"what": "evaluation", "year": 2021, "reason": "Nhập nhầm"}
        assert (await registry.post("/HTX-181-001/years/retractions", mistake)).status_code == 200
    assert outcomes(await receipts(registry, content)) == ["example", "accepted"]


async def test_every_refusal_names_its_cell(registry: Standing) -> None:
    rows = [
        entry(1, code="htx nhỏ"),
        entry(2, members=-1),
        entry(3, members=2),
        entry(4, unit="182"),
        entry(5, tax_number="0000000000"),
        entry(6),
        entry(6, name="HTX khác"),
        entry(7, at=day(2031, 1, 1)),
        entry(8, form="Công ty", name=None),
    ]
    told = await receipts(registry, written(await template(registry), rows))
    faults = [[(fault["column"], fault["code"]) for fault in receipt["faults"]] for receipt in told["receipts"][1:]]
    assert faults == [
        [("Mã hợp tác xã, liên hiệp HTX hoặc tổ hợp tác *", "invalid")],
        [("Số thành viên (đơn vị) *", "invalid")],
        [("Số thành viên (đơn vị) *", "too-few-members")],
        [("Mã đơn vị hành chính *", "other-unit")],
        [("Mã số thuế", "tax-number")],
        [],
        [("Mã hợp tác xã, liên hiệp HTX hoặc tổ hợp tác *", "already-registered")],
        [("Ngày có hiệu lực *", "in-the-future")],
        [("Loại hình *", "not-in-list"), ("Tên *", "missing")],
    ]
    assert all(fault["cell"] and fault["remedy"] for receipt in told["receipts"] for fault in receipt["faults"])
    assert (told["accepted"], told["refused"]) == (1, 8)


async def test_refused_rows_come_back_and_are_registered_when_mended(registry: Standing) -> None:
    rows = [entry(number, members=2 if number % 3 == 0 else 9) for number in range(9)]
    content = written(await template(registry), rows)
    back = (await upload(registry, content, accept=MEDIA_TYPE)).content
    assert column(back, "code") == ["HTX-181-000", "HTX-181-003", "HTX-181-006"]
    assert "Số thành viên: " in column(back, "reason")[0]
    mended = written(back, [{"members": 9}] * 3)
    assert outcomes(await receipts(registry, mended)) == ["example", *["accepted"] * 3]
    assert len(await registry.events()) == 9


async def test_a_year_of_many_cooperatives_comes_in_one_file(registry: Standing) -> None:
    await receipts(registry, written(await template(registry), [entry(number) for number in range(5)]))
    told = {"year": 2021, "revenue": 2_000, "profit": -50, "wages": 300, "workers": 6, "at": day(2021, 12, 10)}
    rows = [{"code": f"HTX-181-{number:03}", **told} for number in range(5)]
    content = written(await template(registry, "activity.reported"), [*rows, {**rows[0], "code": "HTX-181-999"}])
    answer = await receipts(registry, content)
    assert outcomes(answer) == ["example", *["accepted"] * 5, "refused"]
    assert answer["receipts"][-1]["faults"][0]["code"] == "unknown"
    assert outcomes(await receipts(registry, content)) == ["example", *["duplicate"] * 5, "refused"]
    said = [event for event in await registry.events() if event.kind.name == "activity.reported"]
    assert len(said) == 5


async def test_cooperatives_are_dissolved_from_a_file_in_which_each_row_says_why(registry: Standing) -> None:
    await receipts(registry, written(await template(registry), [entry(1), entry(2)]))
    gone = {"at": day(2021, 9, 1), "reason": "Không còn hoạt động"}
    rows = [{"code": "HTX-181-001", **gone}, {"code": "HTX-181-002", "at": day(2021, 9, 1)}]
    told = await receipts(registry, written(await template(registry, "cooperative.dissolved"), rows))
    assert outcomes(told) == ["example", "accepted", "refused"]
    assert told["receipts"][-1]["faults"][0]["column"] == "Lý do *"
    assert (await registry.get("/HTX-181-001")).json()["status"] == "dissolved"


async def test_the_templates_are_listed_and_another_is_not_there(registry: Standing) -> None:
    listed = (await registry.get("/templates", by="UBND-181")).json()["templates"]
    assert [one["kind"] for one in listed] == list(FORMS)
    assert all(
        [
            (await registry.http.get(one["href"], headers={"Authorization": "Bearer UBND-181"})).is_success
            for one in listed
        ]
    )
    assert (await registry.get("/templates/cooperative.merged.xlsx", by="UBND-181")).status_code == 404
