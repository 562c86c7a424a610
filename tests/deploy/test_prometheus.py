"""Alerts and what they stand on: metrics that there are, a runbook each, a test each. What promtool can judge,
``make prometheus-check`` lets it judge."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from chassis.metrics import METRICS
from deploy.local.watch import command, main, prepare, targets, write_targets

ROOT = Path(__file__).parents[2]
PROMETHEUS, RUNBOOKS = ROOT / "deploy" / "prometheus", ROOT / "docs" / "runbooks"
SERVICES = {"registry": "http://127.0.0.1:1", "reporting": "http://127.0.0.1:2"}
_NAME = re.compile(r"\b(?:\w+:)?hopluc_\w+(?::\w+)?|\bprocess_\w+")
_ENDINGS = re.compile(r"_(?:bucket|count|sum)$")


def rules(file: str) -> list[dict[str, Any]]:
    groups = yaml.safe_load((PROMETHEUS / "rules" / file).read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


ALERTS = {rule["alert"]: rule for rule in rules("alerts.yml")}
RECORDED = {rule["record"] for rule in rules("recording.yml")}
TOLD = {metric.name for metric in METRICS} | RECORDED | {"process_start_time_seconds"}
NAMES = sorted(ALERTS)


def named(expression: str) -> set[str]:
    """The metrics that an expression asks for, histograms by their own name."""
    histograms = {metric.name for metric in METRICS if metric.kind == "histogram"}
    found = _NAME.findall(re.sub(r'"[^"]*"', "", expression))
    return {_ENDINGS.sub("", name) if _ENDINGS.sub("", name) in histograms else name for name in found}


@pytest.mark.parametrize(
    "rule", [*ALERTS.values(), *rules("recording.yml")], ids=lambda r: r.get("alert") or r["record"]
)
def test_every_metric_that_a_rule_asks_for_is_told(rule: dict[str, Any]) -> None:
    asked = named(rule["expr"])
    assert asked or "up{" in rule["expr"]
    assert asked <= TOLD


@pytest.mark.parametrize("name", NAMES)
def test_every_alert_says_how_urgent_it_is_what_it_is_about_and_what_to_do(name: str) -> None:
    rule = ALERTS[name]
    assert rule["labels"]["severity"] in ("critical", "warning", "info")
    assert rule["annotations"]["summary"]
    runbook = ROOT / rule["annotations"]["runbook_url"]
    assert runbook.stem == re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()
    text = runbook.read_text()
    assert text.startswith(f"# {name}: ")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["What it means", "How to look", "How to mend"]


def test_every_runbook_of_an_alert_has_its_alert() -> None:
    titles = [re.match(r"# ([A-Z]\w+[A-Z]\w+): ", runbook.read_text()) for runbook in RUNBOOKS.glob("*.md")]
    assert {title[1] for title in titles if title} == set(NAMES)


@pytest.mark.parametrize("runbook", sorted(RUNBOOKS.glob("*.md")), ids=lambda path: path.stem)
def test_a_runbook_asks_only_for_what_is_told(runbook: Path) -> None:
    asked = {name for query in re.findall(r"^promtool .*$", runbook.read_text(), re.MULTILINE) for name in named(query)}
    assert {name for name in asked if name.startswith(("hopluc", "service:", "group:"))} <= TOLD


@cache
def cases() -> list[dict[str, Any]]:
    return list(yaml.safe_load((PROMETHEUS / "tests" / "alerts_test.yml").read_text())["tests"])


@pytest.mark.parametrize("name", NAMES)
def test_every_alert_is_tested_to_fire_and_not_to_fire(name: str) -> None:
    expected = [case["exp_alerts"] for test in cases() for case in test["alert_rule_test"] if case["alertname"] == name]
    assert any(expected)
    assert [] in expected


def test_alertmanager_knows_the_alerts_it_names_and_every_urgency() -> None:
    text = (PROMETHEUS / "alertmanager.yml").read_text()
    assert set(re.findall(r"\b[A-Z][a-z]+[A-Z]\w+\b", text)) <= set(NAMES)
    used = {rule["labels"]["severity"] for rule in ALERTS.values()}
    assert set(re.findall(r"severity = (\w+)", text)) | {"warning"} == used


def test_targets_say_where_each_service_is() -> None:
    assert json.loads(targets(SERVICES)) == [
        {"targets": ["127.0.0.1:1"], "labels": {"service": "registry"}},
        {"targets": ["127.0.0.1:2"], "labels": {"service": "reporting"}},
    ]


def test_the_configuration_that_watches_a_stack_is_the_projects_own(tmp_path: Path) -> None:
    config = prepare(tmp_path / "same", SERVICES)
    assert config.read_text() == (PROMETHEUS / "prometheus.yml").read_text()
    assert (config.parent / "rules" / "alerts.yml").read_text() == (PROMETHEUS / "rules" / "alerts.yml").read_text()
    assert json.loads((config.parent / "targets" / "embedded.json").read_text()) == json.loads(targets(SERVICES))
    assert f"--config.file={config}" in command(config, 9090)


def test_it_can_be_made_to_look_more_often_and_wait_less(tmp_path: Path) -> None:
    config = prepare(tmp_path, SERVICES, every="1s", patience="2s")
    told = yaml.safe_load(config.read_text())["global"]
    assert (told["scrape_interval"], told["evaluation_interval"]) == ("1s", "1s")
    hastened = yaml.safe_load((tmp_path / "rules" / "alerts.yml").read_text())["groups"]
    assert {rule["for"] for group in hastened for rule in group["rules"]} == {"2s"}
    assert {rule["expr"] for group in hastened for rule in group["rules"]} == {rule["expr"] for rule in ALERTS.values()}


def test_without_a_stack_there_is_nothing_to_watch(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--ready-file", str(tmp_path / "none.json")]) == 1
    assert re.search("no stack is ready|no Prometheus here", capsys.readouterr().err)


def test_targets_are_replaced_in_one_step(tmp_path: Path) -> None:
    file = tmp_path / "embedded.json"
    for services in (SERVICES, {"notify": "http://127.0.0.1:3"}):
        write_targets(file, services)
        assert file.read_text() == targets(services)
    assert list(tmp_path.iterdir()) == [file]
