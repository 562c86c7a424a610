"""The documents hold together: links lead somewhere, what they name is there, decisions are complete.

That docs/operating.md has every setting and metric is for `tests.docs.test_operating` to say.
"""

import re
from functools import cache
from pathlib import Path

import pytest

from services.reporting.ledger import RUNBOOK

ROOT = Path(__file__).parents[2]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
DOCUMENTS = (ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").rglob("*.md")))
HEADINGS = ["Context", "Decision", "Consequences", "Reopen when"]

_FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)|^\[[^\]]+\]:\s*(\S+)", re.MULTILINE)
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_PATH = re.compile(r"(?:contracts|catalogue|chassis|services|deploy|tests|docs)/[\w./-]+\.\w+")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def prose(document: Path) -> str:
    """A document without its fenced blocks."""
    return _FENCED.sub("", document.read_text())


@cache
def anchors(document: Path) -> frozenset[str]:
    """What GitHub makes of the headings: lower case, without punctuation, hyphens for spaces."""
    headings = (heading.replace("`", "").strip().lower() for heading in _HEADING.findall(prose(document)))
    return frozenset(re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in headings)


def leads_nowhere(document: Path, link: str) -> bool:
    target, _, anchor = link.partition("#")
    if re.match(r"[a-z]+:", target):
        return False  # another site's business
    file = (document.parent / target).resolve() if target else document
    return not file.exists() or bool(anchor and anchor not in anchors(file))


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_link_leads_somewhere(document: Path) -> None:
    links = ["".join(found) for found in _LINK.findall(_CODE.sub("", prose(document)))]
    assert not [link for link in links if leads_nowhere(document, link)]


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_file_and_target_that_is_named_is_there(document: Path) -> None:
    paths = [path for code in _CODE.findall(prose(document)) for path in _PATH.findall(code)]
    assert not [path for path in paths if not (ROOT / path).exists()]
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    named = re.findall(r"^make ([a-z-]+)|`make ([a-z-]+)", document.read_text(), re.MULTILINE)
    assert not {"".join(found) for found in named} - set(targets)


@pytest.mark.parametrize("decision", DECISIONS, ids=name_of)
def test_a_decision_says_context_decision_consequences_and_when_to_reopen(decision: Path) -> None:
    title, *headings = _HEADING.findall(decision.read_text())
    assert title.startswith(f"{int(decision.name[:4])}. ")
    assert headings == HEADINGS
    assert all(part.strip() for part in re.split(r"^## .+$", decision.read_text(), flags=re.MULTILINE)[1:])


def test_no_two_decisions_have_the_same_number() -> None:
    assert len({decision.name[:4] for decision in DECISIONS}) == len(DECISIONS)


def test_the_runbook_that_a_refusal_names_is_there() -> None:
    assert (ROOT / RUNBOOK).is_file()
