"""An agency's own page and its report: the same figures, and words on whose they are."""

import html
import re
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from hypothesis import given, settings

from catalogue.model import Plan
from tests.services.reporting.said import said
from tests.services.reporting.test_organisation import told
from tests.services.reporting.test_routes import Office, office

__all__ = ["office"]

OWN, DRAFT = "/periods/2025", "/v1/periods/2025/draft"
COURSE = {"people": 4, "audience": "workers", "topic": "vocational"}


async def asked(office: Office, path: str) -> httpx.Response:
    """As Sở Nội vụ, in whose place of 2025 also Sở LĐTB&XH reported before."""
    return await office.http.get(path, headers={"Authorization": "Bearer SNV"})


def results(page: str) -> dict[str, str]:
    """The result of each indicator on a page, by what opens it."""
    found: dict[str, str] = {}
    for link, value in re.findall(r'<td class="n"><a href="([^"]*figure[^"]*)">([^<]*)</a></td>', page):
        found.setdefault(parse_qs(urlsplit(html.unescape(link)).query)["indicator"][0], value)
    return found


async def moved(office: Office, values: list[bytes]) -> None:
    """Late in 2025, after mergers and the end of districts, these have been heard."""
    office.clock.advance(datetime(2025, 12, 20, tzinfo=UTC) - office.clock.now())
    await office.say(values)


@settings(max_examples=6)
@given(values=told())
async def test_an_agencys_page_has_the_figures_of_its_report(plan: Plan, values: list[bytes]) -> None:
    office = Office(plan)
    await moved(office, values)
    shown = results((await asked(office, OWN)).text)
    draft = (await asked(office, DRAFT)).json()
    figures = [figure for task in draft["tasks"] for figure in task["figures"]]
    assert figures
    for figure in figures:
        value = "–" if figure["denominator"] == 0 else f"{figure['value']:,}".replace(",", ".")
        assert shown[figure["code"]] == value
    await office.http.aclose()


@pytest.mark.parametrize(
    ("query", "value", "words", "leads_to"),
    [
        ("", "2", "phần cơ quan chịu trách nhiệm báo cáo, như trong", "map=day"),
        ("?map=answering", "2", "phần cơ quan chịu trách nhiệm báo cáo, như trong", "map=day"),
        ("?map=day", "1", "chỉ gồm phần cơ quan tự báo", "?calendar=administrative"),
        ("?map=today", "2", "phần của cơ quan mà cơ quan đang đứng thay", "?calendar=administrative"),
    ],
)
async def test_an_agencys_page_says_whose_figures_it_shows_and_leads_to_the_others(
    office: Office, query: str, value: str, words: str, leads_to: str
) -> None:
    january, april = datetime(2025, 1, 10, 3, tzinfo=UTC), datetime(2025, 4, 10, 3, tzinfo=UTC)
    await moved(
        office,
        [
            said("SLDTBXH", "training.held", "t-1", january, COURSE),
            said("SNV", "training.held", "t-2", april, COURSE),
        ],
    )
    page = (await asked(office, f"{OWN}{query}")).text
    assert results(page)["II.2.h.1/classes"] == value
    told = " ".join(page.split())
    assert words in told
    assert re.search(rf'<a href="[^"]*{re.escape(leads_to)}[^"]*">[^<]*phần cơ quan', told)
    for link in set(re.findall(r'<td class="n"><a href="([^"]*figure[^"]*II.2.h.1%2Fclasses[^"]*)">', page)):
        opened = (await asked(office, f"/periods/{html.unescape(link)}")).text
        assert f": {value} " in opened[: opened.index("</h1>")]


async def test_those_above_see_whose_names_they_ask_for_and_no_agencys_own_words(office: Office) -> None:
    for query, chosen in (("", "Tên tại thời điểm báo cáo"), ("&map=answering", "Cơ quan chịu trách nhiệm báo cáo")):
        page = (await office.http.get(f"{OWN}?by=agency{query}")).text
        assert re.search(rf'aria-current="page">{chosen}<', page)
        assert "phần cơ quan tự báo" not in page


async def test_an_agencys_page_offers_no_paper_that_it_may_not_fetch_and_speaks_of_no_province(office: Office) -> None:
    assert (await office.post("/v1/periods/2021-Q2/consolidation", "consolidator")).status_code == 201
    own, above = (await asked(office, "/periods/2021-Q2")).text, (await office.http.get("/periods/2021-Q2")).text
    paper = "/v1/periods/2021-Q2/consolidation.docx"
    assert (await asked(office, paper)).status_code == 403
    for page, whole, offered in ((own, "Cả cơ quan", False), (above, "Toàn tỉnh", True)):
        assert f'aria-current="page">{whole}<' in page
        assert (paper in page) == offered


async def test_who_knows_the_address_alone_is_led_to_the_page_of_todays_quarter(office: Office) -> None:
    answer = await office.http.get("/", headers={"Authorization": "Bearer SNV"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/periods/2021-Q3")
    obstacles = await office.http.get("/obstacles", headers={"Authorization": "Bearer SNV"})
    assert '<a href="/">' in obstacles.text
