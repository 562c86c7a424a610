"""The one list of metrics: complete, documented, bounded."""

import ast
from functools import cache
from pathlib import Path

import pytest

from chassis import metrics as module
from chassis.metrics import HTTP_REQUESTS, LAG_EVENTS, METRICS, OUTBOX_DEPTH, Metric, Metrics

ROOT = Path(__file__).parents[2]
CONSTANTS = {name: value for name, value in vars(module).items() if isinstance(value, Metric)}
# What a label may stand for: things whose number is bounded by the plan and the code, not by what happens.
BOUNDED = {
    "agency",
    *("service", "version", "method", "route", "status", "topic", "partition", "group", "collection"),
    *("check", "status_class", "task", "indicator", "unit"),
    *("kind", "source", "reason", "period", "stage", "state", "age", "agency"),
}


@cache
def used() -> set[str]:
    names: set[str] = set()
    for folder in ("chassis", "services"):
        for file in (ROOT / folder).rglob("*.py"):
            if file != Path(module.__file__):
                tree = ast.parse(file.read_text())
                names |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
                names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return names


def test_every_metric_says_what_it_counts_in_which_unit() -> None:
    assert len({metric.name for metric in METRICS}) == len(METRICS) == len(CONSTANTS)
    for metric in METRICS:
        assert metric.name.startswith("hopluc_")
        assert metric.help.endswith("."), metric.name
        assert metric.unit or metric.name.endswith("_info"), metric.name
        assert (metric.kind == "counter") == metric.name.endswith("_total"), metric.name
        assert (metric.kind == "histogram") == bool(metric.buckets), metric.name
        assert metric.unit != "seconds" or metric.name.endswith("_seconds"), metric.name


def test_no_label_grows_with_what_happens() -> None:
    for metric in METRICS:
        assert set(metric.labels) <= BOUNDED, metric.name


@pytest.mark.parametrize("name", sorted(CONSTANTS))
def test_every_metric_in_the_list_is_measured_somewhere(name: str) -> None:
    if name != "BUILD":
        assert name in used()


def test_nothing_is_measured_that_is_not_in_the_list() -> None:
    with pytest.raises(KeyError):
        Metrics("x").count(Metric("hopluc_secret_total", "counter", "Hidden.", "things"))
    for folder in ("chassis", "services"):
        for file in (ROOT / folder).rglob("*.py"):
            assert file == Path(module.__file__) or "prometheus_client" not in file.read_text(), file


def test_two_processes_in_one_test_do_not_share_their_counts() -> None:
    one, two = Metrics("one"), Metrics("two")
    one.count(HTTP_REQUESTS, method="GET", route="/", status="200")
    assert one.value(HTTP_REQUESTS, method="GET", route="/", status="200") == 1
    assert two.value(HTTP_REQUESTS, method="GET", route="/", status="200") == 0


def test_a_gauge_that_is_not_ours_any_more_is_not_told() -> None:
    metrics = Metrics("x")
    metrics.set(LAG_EVENTS, 5, group="g", topic="t", partition="0")
    metrics.set(OUTBOX_DEPTH, 3, collection="c")
    metrics.forget(LAG_EVENTS, group="g", topic="t", partition="0")
    metrics.forget(LAG_EVENTS, group="g", topic="t", partition="1")
    text = metrics.render().decode()
    assert 'hopluc_outbox_depth{collection="c"} 3.0' in text
    assert "hopluc_consumer_lag_events{" not in text
