"""Every kind has an example that is kept and parses for ever; the documents say what the contracts say."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from contracts.__main__ import main
from contracts.asyncapi import asyncapi
from contracts.document import document
from contracts.envelope import read
from contracts.fields import fields_of
from contracts.golden import NoExample, all_goldens, data_of
from contracts.kinds import KINDS, RETRACTED, Kind, Retraction, kind_of
from contracts.shapes import Shape

FOLDER = Path(__file__).parent / "golden"
DOCS = Path(__file__).parents[2] / "docs"
FILES = sorted(FOLDER.glob("*.json"))


def test_every_kind_has_its_golden_and_every_golden_its_kind() -> None:
    assert {path.name for path in FILES} == set(all_goldens())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_golden_parses_and_means_what_it_says(path: Path) -> None:
    text = path.read_bytes()
    event, told = read(text), json.loads(text)
    assert event.envelope.type == path.stem
    assert event.kind is kind_of(path.stem)
    assert event.retracted is path.stem.endswith(RETRACTED)
    assert json.loads(msgspec.json.encode(event.data)) == told["data"]
    assert (event.envelope.agency, event.envelope.subject) == (told["agency"], told["subject"])


@pytest.mark.parametrize("name", KINDS)
def test_nothing_became_required_since_the_golden_was_kept(name: str) -> None:
    """A field that must be there and is not in the kept example would refuse what was accepted before."""
    data = json.loads((FOLDER / f"{name}.json").read_bytes())["data"]
    assert {field.name for field in fields_of(KINDS[name]) if field.required} <= set(data)


def test_every_field_has_its_vietnamese_title() -> None:
    untitled = [f"{name}.{field.name}" for name, kind in KINDS.items() for field in fields_of(kind) if not field.title]
    assert not untitled


def test_every_code_has_its_vietnamese_label_and_no_two_of_a_field_the_same() -> None:
    coded = {f"{name}.{field.name}": field.labels for name, kind in KINDS.items() for field in fields_of(kind)}
    assert not [(place, code) for place, labels in coded.items() for code, label in labels.items() if code == label]
    assert not [place for place, labels in coded.items() if len({*labels.values()}) < len(labels)]


def test_the_documents_are_what_the_contracts_say() -> None:
    assert (DOCS / "events.md").read_text() == document()
    assert json.loads((DOCS / "asyncapi.json").read_text()) == asyncapi()


def test_every_reference_of_the_asyncapi_document_leads_somewhere() -> None:
    whole = asyncapi()

    def references(part: Any) -> list[str]:
        if isinstance(part, dict):
            own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
            return own + [one for value in part.values() for one in references(value)]
        return [one for value in part for one in references(value)] if isinstance(part, list) else []

    found = references(whole)
    assert len(found) > len(KINDS)
    for reference in found:
        target: Any = whole
        for step in reference.removeprefix("#/").split("/"):
            target = target[step]


def test_every_kind_is_a_message_of_its_speakers_channel() -> None:
    said = {name for channel in asyncapi()["channels"].values() for name in channel["messages"]}
    assert said == {*KINDS, "retraction"}
    assert Retraction.__name__ in asyncapi()["components"]["schemas"]


def test_a_field_without_an_example_is_refused_by_name() -> None:
    class Novelty(Shape, frozen=True, kw_only=True):
        """A shape with a field that nobody gave an example."""

        unheard_of: int

    with pytest.raises(NoExample, match="unheard_of"):
        data_of(Kind("novelty.seen", "support", "Điều mới", Novelty))


@pytest.mark.parametrize("name", KINDS)
def test_an_example_sets_every_field(name: str) -> None:
    assert {field.name for field in fields_of(KINDS[name])} == set(data_of(KINDS[name]))


def test_a_golden_that_is_there_is_never_written_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "training.held.json").write_text("kept")
    assert main(["golden", str(tmp_path)]) == 0
    assert (tmp_path / "training.held.json").read_text() == "kept"
    assert {path.name for path in tmp_path.iterdir()} == set(all_goldens())
    assert len(capsys.readouterr().out.splitlines()) == len(all_goldens()) - 1


def test_the_command_line_prints_the_documents(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["events"]) == 0
    assert capsys.readouterr().out == (DOCS / "events.md").read_text()
    assert main(["asyncapi"]) == 0
    assert capsys.readouterr().out == (DOCS / "asyncapi.json").read_text()
    assert main([]) == 2
