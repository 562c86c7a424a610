"""What can be asked of agencies' reports, by whom, and what stays."""

import hashlib
from base64 import b64encode
from datetime import timedelta
from typing import Any

import pytest

from contracts.envelope import read
from contracts.kinds.reporting import ReportSubmitted
from tests.services.reporting.reports.asking import get, handed_in
from tests.services.reporting.test_routes import Office

PATH = "/v1/reports/SNV/2021-Q2"
PDF = b"%PDF-1.7 bien ban"
FILE = {"name": "../Biên bản.pdf", "content": b64encode(PDF).decode()}


async def test_a_report_says_it_all_and_is_read_back(office: Office) -> None:
    said = {
        "summary": "Hoàn thành kế hoạch.",
        "words": {"II.3.b": "Đã mở 02 lớp."},
        "declared": {"II.3.b/classes": 2},
        "estimates": {"II.3.b/classes": 5},
        "proposals": ["Bổ sung kinh phí."],
    }
    answer = await handed_in(office, **said)
    assert answer.status_code == 201, answer.text
    told = (await get(office, PATH)).json()
    assert {name: told[name] for name in said} == said
    assert (told["version"], told["state"], len(told["versions"])) == (1, "submitted", 1)


async def test_a_report_is_its_agencys_and_of_those_above(office: Office) -> None:
    await handed_in(office)
    codes = {key: (await get(office, PATH, key)).status_code for key in ("SNV", "VPCP", "consolidator", "leader")}
    assert codes == {"SNV": 200, "VPCP": 403, "consolidator": 200, "leader": 200}
    for path in ("/v1/reports/SCT/2021-Q2", f"{PATH}?version=2"):
        missing = await get(office, path, "leader")
        assert (missing.status_code, missing.json()["type"]) == (404, "/problems/no-report")


async def test_it_is_returned_comes_again_is_accepted_and_every_version_stays(office: Office) -> None:
    await handed_in(office, words={"II.3.b": "Đã mở lớp."})
    unseen = await office.post(f"{PATH}/acceptance", "consolidator", {"version": 2})
    assert (unseen.status_code, unseen.json()["type"]) == (422, "/problems/other-version")
    returned = await office.post(f"{PATH}/return", "consolidator", {"version": 1, "remarks": "Nêu rõ số lớp."})
    assert (returned.status_code, returned.json()["state"]) == (201, "returned")
    again = (await handed_in(office, words={"II.3.b": "Đã mở 02 lớp."})).json()["reports"][0]
    assert (again["version"], again["state"]) == (2, "submitted")
    accepted = await office.post(f"{PATH}/acceptance", "consolidator", {"version": 2})
    assert accepted.status_code == 201
    refused = await handed_in(office)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/accepted")

    told = (await get(office, PATH)).json()
    history = [(one["version"], one["state"], one["remarks"]) for one in told["versions"]]
    assert history == [(2, "accepted", None), (1, "returned", "Nêu rõ số lớp.")]
    first = (await get(office, f"{PATH}?version=1")).json()
    assert first["words"] == {"II.3.b": "Đã mở lớp."}
    [unsent] = await office.store.unsent("reports", 9)
    events = [read(message.value) for message in unsent.messages]
    assert [(event.kind.name, event.envelope.revision) for event in events] == [
        ("report.submitted", 1), ("report.returned", 1), ("report.submitted", 2), ("report.accepted", 2),
    ]  # fmt: skip
    register = (await get(office, "/v1/periods/2021-Q2/register")).json()["duties"][0]
    assert (register["state"], register["report_state"], register["version"]) == ("activity", "accepted", 2)


async def test_a_single_task_is_marked_and_told_in_report_event_draft_register_and_consolidation(
    office: Office,
) -> None:
    marks = {"II.3.b": {"outcome": "excused", "document": "12/SNV-VP"}, "II.4.d": {"outcome": "nil"}}
    assert (await handed_in(office, marks={"II.3.b": {"outcome": "excused"}})).json()["type"] == "/problems/no-document"
    assert (await handed_in(office, marks=marks)).status_code == 201
    kept = {"II.3.b": {"outcome": "excused", "document": "12/SNV-VP"}, "II.4.d": {"outcome": "nil", "document": None}}
    assert (await get(office, PATH)).json()["marks"] == kept
    [unsent] = await office.store.unsent("reports", 9)
    data = read(unsent.messages[0].value).data
    assert isinstance(data, ReportSubmitted)
    assert (data.tasks_nil, data.tasks_excused) == (("II.4.d",), ("II.3.b",))
    draft = (await get(office, "/v1/periods/2021-Q2/draft", "SNV")).json()
    assert {one["code"]: one["mark"] for one in draft["tasks"] if one["mark"]} == kept
    tasks = (await get(office, "/v1/periods/2021-Q2/tasks/register")).json()
    states = {one["task"]: (one["state"], one["document"]) for one in tasks["entries"] if one["agency"] == "SNV"}
    assert (states["II.3.b"], states["II.4.d"]) == (("excused", "12/SNV-VP"), ("nil", None))
    path = "/v1/periods/2021-Q2/consolidation"
    frozen = (await office.post(path, "consolidator")).json()
    assert {one["task"]: one["mark"] for one in frozen["narrative"]} == kept
    assert (await handed_in(office, words={"II.3.b": "Đã mở lớp."})).status_code == 201
    assert (await get(office, f"{PATH}?version=1")).json()["marks"] == kept
    assert (await get(office, PATH)).json()["marks"] == {}
    assert (await office.http.get(path)).json() == frozen


async def test_a_document_of_two_periods_is_kept_for_both_or_none_and_declares_for_one(office: Office) -> None:
    await handed_in(office)
    await office.post(f"{PATH}/acceptance", "consolidator", {"version": 1})
    both = {"periods": ["2021-H1", "2021-Q2"]}
    assert (await handed_in(office, **both)).json()["type"] == "/problems/accepted"
    assert await office.store.count("reports") == 1
    refused = await handed_in(office, **both, declared={"II.3.b/classes": 1})
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/one-period")


async def test_a_file_is_kept_with_the_report_and_served_to_be_saved(office: Office) -> None:
    assert (await handed_in(office, files=[FILE])).status_code == 201
    [file] = (await get(office, PATH)).json()["attachments"]
    assert (file["name"], file["size"]) == ("Biên bản.pdf", len(PDF))
    assert file["digest"] == hashlib.sha256(PDF).hexdigest()
    served = await get(office, f"{PATH}/files/{file['digest']}")
    assert (served.content, served.headers["content-type"]) == (PDF, "application/pdf")
    assert served.headers["content-disposition"] == "attachment; filename*=UTF-8''Bi%C3%AAn%20b%E1%BA%A3n.pdf"
    assert served.headers["x-content-type-options"] == "nosniff"
    assert (await get(office, f"{PATH}/files/{file['digest']}", "VPCP")).status_code == 403
    assert (await get(office, f"{PATH}/files/{'0' * 64}")).status_code == 404


async def test_a_new_version_keeps_the_files_it_names_and_old_ones_stay_to_be_read(office: Office) -> None:
    await handed_in(office, files=[FILE])
    digest = hashlib.sha256(PDF).hexdigest()
    await handed_in(office, keep=[digest])
    assert [file["digest"] for file in (await get(office, PATH)).json()["attachments"]] == [digest]
    await handed_in(office)
    assert (await get(office, PATH)).json()["attachments"] == []
    assert (await get(office, f"{PATH}/files/{digest}")).status_code == 200
    refused = await handed_in(office, keep=[digest])
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/unknown-file")


@pytest.mark.parametrize(
    ("files", "type"),
    [
        ([{"name": "a.exe", "content": "TVo="}], "/problems/file-type"),
        ([{"name": "a.pdf", "content": "TVo="}], "/problems/file-content"),
        ([{"name": "a.pdf", "content": "%%%"}], "/problems/invalid"),
        ([{"name": "a.pdf", "content": b64encode(PDF + b" " * 1_000).decode()}], "/problems/file-too-large"),
        ([{"name": f"{n}.pdf", "content": b64encode(PDF + bytes([n])).decode()} for n in range(3)],
         "/problems/too-many-files"),
    ],
)  # fmt: skip
async def test_a_file_that_is_not_taken_refuses_the_report(office: Office, files: Any, type: str) -> None:
    refused = await handed_in(office, files=files)
    assert (refused.status_code, refused.json()["type"]) == (422, type)
    assert await office.store.count("reports") == await office.store.count("attachments") == 0


async def test_a_declared_figure_that_differs_is_told_and_goes_when_either_side_agrees(office: Office) -> None:
    path = "/v1/periods/2021-Q2/discrepancies"
    await office.hear(3)
    await handed_in(office, declared={"II.3.b/classes": 5})
    [found] = (await get(office, path)).json()["discrepancies"]
    assert (found["agency"], found["indicator"], found["declared"], found["counted"]) == ("SNV", "II.3.b/classes", 5, 3)
    assert (await get(office, path, "consolidator")).json()["discrepancies"] == [found]
    assert (await get(office, f"{path}?agency=SCT", "leader")).json()["discrepancies"] == []
    assert (await get(office, f"{path}?agency=SCT")).status_code == 403
    figures = (await get(office, "/v1/periods/2021-Q2/summary")).json()
    values = {one["code"]: one["value"] for task in figures["tasks"] for one in task["indicators"]}
    assert values["II.3.b/classes"] == 3

    await handed_in(office, declared={"II.3.b/classes": 3})
    assert (await get(office, path)).json()["discrepancies"] == []
    await office.hear(5)  # two more classes: now what was declared is wrong
    assert [one["counted"] for one in (await get(office, path)).json()["discrepancies"]] == [5]


async def test_an_estimate_stands_beside_the_figure_and_is_no_part_of_it(office: Office) -> None:
    await office.hear(3)
    await handed_in(office, estimates={"II.3.b/classes": 8})
    summary = (await office.http.get("/v1/periods/2021-Q2/summary")).json()
    found = {one["code"]: one for task in summary["tasks"] for one in task["indicators"]}
    assert (found["II.3.b/classes"]["value"], found["II.3.b/classes"]["estimate"]) == (3, 8)
    assert found["II.3.b/people"]["estimate"] is None
    before = (await office.http.get("/v1/periods/2021-Q2/summary?as_of=2021-06-30T00:00:00Z")).json()
    assert all(one["estimate"] is None for task in before["tasks"] for one in task["indicators"])


async def test_a_report_with_an_obstacle_that_is_refused_raises_none_of_them(office: Office) -> None:
    difficulties = [{"text": "Thiếu giảng viên"}, {"text": "Thiếu kinh phí", "task": "IX.9"}]
    refused = await handed_in(office, obstacles=difficulties)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/unknown-task")
    assert (await get(office, "/v1/obstacles")).json()["obstacles"] == []
    assert await office.store.count("reports") == 0


async def test_a_summary_of_the_past_knows_the_reports_of_then(office: Office) -> None:
    async def known(day: int) -> tuple[int | None, int]:
        summary = (await office.http.get(f"/v1/periods/2021-Q2/summary?as_of=2021-07-{day:02d}T12:00:00Z")).json()
        found = {one["code"]: one for task in summary["tasks"] for one in task["indicators"]}
        return found["II.3.b/classes"]["estimate"], found["II.3.b/classes"]["agencies"]["in"]

    await handed_in(office, estimates={"II.3.b/classes": 8})  # on 1 July
    office.clock.advance(timedelta(days=2))
    returned = {"version": 1, "remarks": "Xem lại."}
    assert (await office.post("/v1/reports/SNV/2021-Q2/return", "consolidator", returned)).status_code == 201
    office.clock.advance(timedelta(days=2))
    await handed_in(office, estimates={"II.3.b/classes": 5})
    office.clock.advance(timedelta(days=2))
    assert [await known(day) for day in (1, 2, 3, 4, 5, 6)] == [(8, 1), (8, 1), (None, 0), (None, 0), (5, 1), (5, 1)]
    before = (await office.http.get("/v1/periods/2021-Q2/summary?as_of=2021-06-30T00:00:00Z")).json()
    assert all(one["agencies"]["in"] == 0 for task in before["tasks"] for one in task["indicators"])


async def test_words_proposals_and_discrepancies_are_frozen_unless_the_report_is_returned(office: Office) -> None:
    await office.hear(1)
    said = {"words": {"II.3.b": "Đã mở lớp."}, "proposals": ["Bổ sung kinh phí."], "declared": {"II.3.b/classes": 2}}
    await handed_in(office, **said)
    path = "/v1/periods/2021-Q2/consolidation"
    frozen = (await office.post(path, "consolidator")).json()
    assert [(one["task"], one["agency_name"], one["text"]) for one in frozen["narrative"]] == [
        ("II.3.b", "Sở Nội vụ", "Đã mở lớp.")
    ]
    assert [one["text"] for one in frozen["proposals"]] == ["Bổ sung kinh phí."]
    assert [(one["declared"], one["counted"]) for one in frozen["discrepancies"]] == [(2, 1)]
    await office.post(f"{PATH}/return", "consolidator", {"version": 1, "remarks": "Xem lại."})
    again = (await office.post(path, "consolidator")).json()
    assert (again["narrative"], again["proposals"]) == ([], [])
    assert (await office.http.get(path)).json()["version"] == 2


async def test_a_version_that_came_after_the_signature_says_so(office: Office) -> None:
    await handed_in(office)
    digest = (await office.post("/v1/periods/2021-Q2/consolidation", "consolidator")).json()["digest"]
    signature = {"digest": digest, "document": "12/BC-SKHĐT", "basis": "Nghị định số 09/2019/NĐ-CP"}
    assert (await office.post("/v1/periods/2021-Q2/signature", "consolidator", signature)).status_code == 201
    office.clock.set(office.clock.now().replace(day=2))
    await handed_in(office)
    versions = (await get(office, PATH)).json()["versions"]
    assert [(one["version"], one["after_signing"]) for one in versions] == [(2, True), (1, False)]
