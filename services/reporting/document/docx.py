"""The consolidated report as a Word document, laid out after decree 30/2020/NĐ-CP, Annex I (docs/documents.md)."""

import io
from typing import assert_never

from docx.document import Document as DocumentType

from catalogue.model import Plan
from services.reporting.document import letterhead, page
from services.reporting.document.annexes import annexes
from services.reporting.document.grid import Links, grid
from services.reporting.document.heading import Heading, Sender
from services.reporting.document.opening import Opened, closed
from services.reporting.document.outline import Block, writable
from services.reporting.document.package import steady
from services.reporting.document.report import annex_name, report
from services.reporting.document.tables import Table
from services.reporting.views import ConsolidationView


def render(plan: Plan, frozen: ConsolidationView, head: Heading, sender: Sender, opened: Opened = closed) -> bytes:
    """The document's bytes: the same for the same report. ``opened`` tells where numbers open."""
    document, tables = page.blank(), annexes(plan, frozen)
    letterhead.above(document, head)
    for block in report(plan, frozen, head, sender, tables):
        _block(document, block)
    letterhead.below(document, head)
    links = Links(document, opened)
    for number, table in enumerate(tables, start=1):
        _annex(document, annex_name(number, len(tables)), table, links)
    _properties(document, head, frozen)
    buffer = io.BytesIO()
    document.save(buffer)
    return steady(buffer.getvalue())


def _block(document: DocumentType, block: Block) -> None:
    match block.level:
        case "part":
            document.add_paragraph(block.number, style="Report Part")
            document.add_paragraph(block.text, style="Report Part Title")
        case "section":
            document.add_paragraph(f"{block.number} {block.text}", style="Report Section")
        case "clause":
            document.add_paragraph(f"{block.number} {block.text}", style="Report Clause")
        case "point" | "dash":
            document.add_paragraph(f"{block.number} {block.text}", style="Report Text")
        case "text":
            document.add_paragraph(block.text, style="Report Text")
        case _:
            assert_never(block.level)


def _annex(document: DocumentType, name: str, table: Table, links: Links) -> None:
    """What it belongs to is left open: an electronic document says so by itself (decree 30/2020/NĐ-CP, Annex I, IV)."""
    page.annex(document)
    document.add_paragraph(name, style="Annex Name")
    document.add_paragraph(writable(table.title).upper(), style="Annex Title")
    note = "(Kèm theo Báo cáo số ……/…… ngày … tháng … năm …… của ……………)"
    document.add_paragraph(note, style="Annex Note")
    grid(document, table, links)


def _properties(document: DocumentType, head: Heading, frozen: ConsolidationView) -> None:
    told, at = document.core_properties, frozen.consolidated_at.replace(tzinfo=None)
    told.author = told.last_modified_by = head.issuer
    told.title, told.subject = " ".join(head.subject), head.symbol
    told.created = told.modified = at
    told.comments, told.language = "", "vi-VN"
