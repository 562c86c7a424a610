"""Dashboards: as the code says, whole, and asking only for what the services tell."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from chassis.metrics import METRICS
from deploy.grafana.__main__ import FOLDER, main, texts
from deploy.grafana.boards import DASHBOARDS
from tests.deploy.test_prometheus import TOLD, named

ROOT = Path(__file__).parents[2]
BOARDS = {name: json.loads(text) for name, text in texts().items()}
PROCESS = {"process_resident_memory_bytes", "process_cpu_seconds_total", "process_start_time_seconds"}
UNITS = {"short", "s", "reqps", "ops", "percentunit", "bytes"}


@pytest.fixture(params=sorted(BOARDS))
def board(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = BOARDS[request.param]
    return found


def queries(board: dict[str, Any]) -> list[str]:
    return [target["expr"] for panel in board["panels"] for target in panel.get("targets", ())]


def test_the_files_are_what_the_code_says() -> None:
    assert {file.name: file.read_text() for file in FOLDER.glob("*.json")} == texts()
    assert main(["--check"]) == 0


def test_every_panel_has_an_id_and_a_place_of_its_own(board: dict[str, Any]) -> None:
    panels = board["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        place = panel["gridPos"]
        assert 0 <= place["x"] < place["x"] + place["w"] <= 24
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        taken |= cells


def test_every_panel_says_what_it_shows_in_a_unit_that_grafana_knows(board: dict[str, Any]) -> None:
    for panel in board["panels"]:
        assert panel["title"]
        if panel["type"] != "row":
            assert panel["targets"]
            assert panel["fieldConfig"]["defaults"]["unit"] in UNITS
            assert len({target["refId"] for target in panel["targets"]}) == len(panel["targets"])


def test_dashboards_ask_only_for_metrics_that_are_told(board: dict[str, Any]) -> None:
    for query in queries(board):
        asked = named(query)
        assert asked or "up{" in query or "ALERTS{" in query, query
        assert asked <= TOLD | PROCESS, query
    choices = [one["query"]["query"] for one in board["templating"]["list"] if one["type"] == "query"]
    assert {name for query in choices for name in named(query)} <= TOLD


def test_queries_name_only_labels_that_the_metric_has(board: dict[str, Any]) -> None:
    labels = {metric.name: set(metric.labels) for metric in METRICS}
    for one in board["templating"]["list"]:
        if one["type"] == "query":
            metric, label = one["query"]["query"].removeprefix("label_values(").removesuffix(")").split(", ")
            assert label in labels[metric]


def test_the_source_of_all_data_can_be_chosen(board: dict[str, Any]) -> None:
    assert board["templating"]["list"][0]["type"] == "datasource"
    for panel in board["panels"]:
        for target in panel.get("targets", ()):
            assert target["datasource"]["uid"] == "${datasource}"
    declared = {one["name"] for one in board["templating"]["list"]}
    used = {word for query in queries(board) for word in declared if f"${word}" in query}
    assert used == declared - {"datasource"}


def test_dashboards_have_names_of_their_own_and_are_provisioned() -> None:
    assert len({board.uid for board in DASHBOARDS}) == len(DASHBOARDS) == 2
    told = yaml.safe_load((FOLDER.parent / "provisioning" / "dashboards" / "hop-luc.yml").read_text())
    path = told["providers"][0]["options"]["path"]
    mounts = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())["services"]["grafana"]["volumes"]
    assert f"./grafana/dashboards:{path}:ro" in mounts
    assert "./grafana/provisioning/dashboards:/etc/grafana/provisioning/dashboards:ro" in mounts
