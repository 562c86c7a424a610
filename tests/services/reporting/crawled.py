"""Pages as they are read: their tables' cells with the links in them; and a figure's page that a link leads to."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx

_VALUE = re.compile(r"<h1>[^<]*: ([-–\d.]+) [^<]*</h1>")


@dataclass
class Cell:
    """A cell of a table: what stands over it and in it, and its links with their words."""

    heading: str
    text: str = ""
    links: list[tuple[str, str]] = field(default_factory=list)


class _Tables(HTMLParser):
    """Reads the cells of tables of one class; no table of these pages spans or nests its cells."""

    def __init__(self, of_class: str) -> None:
        super().__init__()
        self.cells: list[Cell] = []
        self._class = of_class
        self._headings: list[str] = []
        self._inside = False
        self._column = 0
        self._text: list[str] | None = None
        self._link: tuple[str, int] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "table":
            self._inside = self._class in (told.get("class") or "").split()
            self._headings = []
        if not self._inside:
            return
        if tag == "tr":
            self._column = 0
        elif tag in ("th", "td"):
            self._text = []
            if tag == "td":
                self.cells.append(Cell(self._headings[self._column]))
        elif tag == "a" and self._text is not None:
            self._link = told.get("href") or "", len(self._text)

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._inside = False
        if self._text is None:
            return
        if tag == "a" and self._link is not None:
            href, begun = self._link
            self.cells[-1].links.append((href, "".join(self._text[begun:]).strip()))
            self._link = None
        elif tag in ("th", "td"):
            text, self._text = " ".join("".join(self._text).split()), None
            self._column += 1
            if tag == "th":
                self._headings.append(text)
            else:
                self.cells[-1].text = text


def cells_of(page: str, of_class: str) -> list[Cell]:
    """The cells of a page's tables of a class."""
    tables = _Tables(of_class)
    tables.feed(page)
    return tables.cells


async def opened(http: httpx.AsyncClient, page: str, href: str, headers: Mapping[str, str] | None = None) -> str:
    """Follow a link of a page to a figure: the value it tells, after its events were added up, all of them."""
    address = urljoin(page, href)
    told = await http.get(address, headers=headers)
    assert told.status_code == 200, address
    heading = _VALUE.search(told.text)
    assert heading, address
    parts = urlsplit(address)
    json = f"/v1{parts.path.removesuffix('figure')}provenance?{parts.query}&limit=1000"
    answer = (await http.get(json, headers=headers)).json()
    assert heading[1].replace(".", "") == ("–" if answer["denominator"] == 0 else str(answer["value"]))
    assert answer["events"] == len(answer["sources"])
    if answer["measure"] == "distinct":
        assert answer["value"] == len({member for one in answer["sources"] for member in one["members"]})
    elif answer["measure"] != "average":
        assert answer["value"] == sum(one["amount"] for one in answer["sources"])
    return heading[1]
