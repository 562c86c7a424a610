"""What a period's page says of itself, and what it leaves blank."""

from datetime import datetime

from services.reporting.summary_views import SummaryView
from services.reporting.words import moment
from tests.services.reporting.crawled import cells_of
from tests.services.reporting.test_routes import Office, office
from tests.services.reporting.test_summary import CLASSES, by_code, sign

__all__ = ["office"]


async def test_an_average_of_none_is_signed_as_nothing(office: Office) -> None:
    await office.hear(1)
    await sign(office)
    page = (await office.http.get("/periods/2021-Q2")).text
    figures = by_code(SummaryView.model_validate((await office.http.get("/v1/periods/2021-Q2/summary")).json()))
    averages = [one for one in figures.values() if one.measure == "average"]
    assert averages
    assert {(one.signed, one.pending) for one in averages} == {(None, None)}
    blank = [cell.text for cell in cells_of(page, "figures") if cell.heading == "Số đã ký"].count("–")
    assert blank == len(averages)


async def test_the_page_speaks_of_pending_changes_only_where_it_has_the_column(office: Office) -> None:
    await office.hear(3)
    await sign(office)
    snv = {"Authorization": "Bearer SNV"}
    pages = {
        query: (await office.http.get(f"/periods/2021-Q2{query}", headers=headers)).text
        for query, headers in (("", None), ("?calendar=calendar", None), ("?map=day", snv))
    }
    for query, page in pages.items():
        assert "Đã ký tại văn bản 12/BC-SKHĐT" in page
        assert ("«Chờ điều chỉnh»" in page) == (">Chờ điều chỉnh</th>" in page) == (query == "")
        assert ("là số hiện nay, không phải số đã ký" in page) == (query != "")


async def test_a_page_in_consolidation_says_what_is_frozen_and_that_it_shows_what_is_known_now(office: Office) -> None:
    assert "Đã tổng hợp lần" not in (await office.http.get("/periods/2021-Q2")).text
    for _ in range(2):
        frozen = (await office.post("/v1/periods/2021-Q2/consolidation", "consolidator")).json()
    page = " ".join((await office.http.get("/periods/2021-Q2")).text.split())
    at = moment(datetime.fromisoformat(frozen["consolidated_at"]))
    assert f"Đã tổng hợp lần 2, chốt số liệu lúc {at}." in page
    assert "Văn bản Word và bảng Excel theo số đã chốt; số liệu dưới đây là số hiện nay." in page
    own = (await office.http.get("/periods/2021-Q2", headers={"Authorization": "Bearer SNV"})).text
    assert "Đã tổng hợp lần 2" in own
    assert "Word" not in own  # which it may not fetch
    await sign(office)
    assert "chốt số liệu lúc" not in (await office.http.get("/periods/2021-Q2")).text


async def test_an_estimate_stands_only_beside_figures_of_the_window_it_is_of(office: Office) -> None:
    body = {"periods": ["2021-Q2"], "outcome": "activity", "estimates": {CLASSES: 12}}
    assert (await office.post("/v1/reports", "SNV", body)).status_code == 201
    for calendar, estimate in (("administrative", 12), ("calendar", None)):
        answer = (await office.http.get(f"/v1/periods/2021-Q2/summary?calendar={calendar}")).json()
        assert by_code(SummaryView.model_validate(answer))[CLASSES].estimate == estimate
        page = (await office.http.get(f"/periods/2021-Q2?calendar={calendar}")).text
        assert ("Ước thực hiện: <a" in page) == (estimate is not None)
