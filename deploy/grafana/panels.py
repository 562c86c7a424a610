"""Panels and dashboards as Grafana reads them, from as little as can be said of them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Form = Literal["timeseries", "stat", "table", "bargauge"]
_SCHEMA = 39
_WIDTH = 24
_DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}


@dataclass(frozen=True)
class Panel:
    """A panel: what it shows, the queries with their legends, its unit in Grafana's words, its size on a grid of 24."""

    title: str
    queries: Sequence[tuple[str, str]]
    unit: str = "short"
    form: Form = "timeseries"
    width: int = 8
    height: int = 8
    text: str = ""


@dataclass(frozen=True)
class Variable:
    """A choice at the top of a dashboard: the values of a label."""

    name: str
    label: str
    query: str


@dataclass(frozen=True)
class Dashboard:
    """Rows of panels under their headings."""

    uid: str
    title: str
    rows: Sequence[tuple[str, Sequence[Panel]]]
    variables: Sequence[Variable] = field(default=())
    span: str = "now-6h"
    every: str = "30s"


def rendered(dashboard: Dashboard) -> dict[str, Any]:
    """The dashboard as Grafana's JSON."""
    return {
        "uid": dashboard.uid,
        "title": dashboard.title,
        "tags": ["hop-luc"],
        "schemaVersion": _SCHEMA,
        "version": 1,
        "editable": False,
        "timezone": "Asia/Ho_Chi_Minh",
        "refresh": dashboard.every,
        "time": {"from": dashboard.span, "to": "now"},
        "templating": {"list": [_datasource(), *(_variable(one) for one in dashboard.variables)]},
        "panels": _placed(dashboard.rows),
    }


def _placed(rows: Sequence[tuple[str, Sequence[Panel]]]) -> list[dict[str, Any]]:
    """Panels from left to right, a new line where one does not fit, each row under its heading."""
    found: list[dict[str, Any]] = []
    top = 0
    for heading, panels in rows:
        place = {"x": 0, "y": top, "w": _WIDTH, "h": 1}
        found.append({"id": len(found) + 1, "type": "row", "title": heading, "gridPos": place, "collapsed": False})
        left, top, tallest = 0, top + 1, 0
        for panel in panels:
            if left + panel.width > _WIDTH:
                left, top, tallest = 0, top + tallest, 0
            place = {"x": left, "y": top, "w": panel.width, "h": panel.height}
            found.append(_panel(panel, len(found) + 1, place))
            left, tallest = left + panel.width, max(tallest, panel.height)
        top += tallest
    return found


def _panel(panel: Panel, id: int, place: dict[str, int]) -> dict[str, Any]:
    targets = [
        {
            "refId": chr(ord("A") + number),
            "datasource": _DATASOURCE,
            "expr": query,
            "legendFormat": legend,
            "instant": panel.form != "timeseries",
            "range": panel.form == "timeseries",
            "format": "table" if panel.form == "table" else "time_series",
        }
        for number, (query, legend) in enumerate(panel.queries)
    ]
    return {
        "id": id,
        "type": panel.form,
        "title": panel.title,
        "description": panel.text,
        "gridPos": place,
        "datasource": _DATASOURCE,
        "targets": targets,
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0}, "overrides": []},
        "options": {},
    }


def _datasource() -> dict[str, Any]:
    return {"name": "datasource", "label": "Prometheus", "type": "datasource", "query": "prometheus", "hide": 0}


def _variable(variable: Variable) -> dict[str, Any]:
    return {
        "name": variable.name,
        "label": variable.label,
        "type": "query",
        "datasource": _DATASOURCE,
        "query": {"query": variable.query, "refId": variable.name},
        "refresh": 2,
        "sort": 1,
        "multi": True,
        "includeAll": True,
        "allValue": ".*",
        "current": {"text": "All", "value": "$__all"},
    }
