"""Every metric there is, in one list, and the `Metrics` of a process that counts them.

No metric is labelled by cooperative, event or document: the number of series stays bounded by the plan's size.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST

disable_created_metrics()  # type: ignore[no-untyped-call]

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_WAITS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0)
_EVENTS = (1.0, 10.0, 50.0, 100.0, 500.0, 1000.0, 2000.0, 5000.0)


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric: what it counts, in which unit, by which labels. `buckets` only for a histogram."""

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    help: str
    unit: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = field(default=())


BUILD = Metric("hopluc_build_info", "gauge", "1, labelled with what runs.", "", ("service", "version"))
READY = Metric("hopluc_ready", "gauge", "1 while a check of /readyz is well, 0 while it is not.", "boolean", ("check",))

HTTP_REQUESTS = Metric(
    "hopluc_http_requests_total", "counter", "Requests answered.", "requests", ("method", "route", "status")
)
HTTP_SECONDS = Metric(
    "hopluc_http_request_seconds",
    "histogram",
    "Time to the last byte of an answer.",
    "seconds",
    ("method", "route", "status_class"),
    _SECONDS,
)

EVENTS_HEARD = Metric("hopluc_events_heard_total", "counter", "Records handed to a listener.", "events", ("topic",))
EVENTS_ACCEPTED = Metric(
    "hopluc_events_accepted_total", "counter", "Events accepted from agencies.", "events", ("kind",)
)
EVENTS_DUPLICATE = Metric(
    "hopluc_events_duplicate_total", "counter", "Events seen before, counted once.", "events", ("source",)
)
EVENTS_HELD = Metric(
    "hopluc_events_held_total", "counter", "Events held until what they wait for is there.", "events", ("reason",)
)
HELD_EVENTS = Metric("hopluc_held_events", "gauge", "Events held now.", "events")
HELD_OLDEST = Metric("hopluc_held_oldest_seconds", "gauge", "How long the oldest held event has waited.", "seconds")
CONTROL_TOTALS_OPEN = Metric(
    "hopluc_control_totals_open", "gauge", "Control totals that differ from what is kept.", "totals", ("agency",)
)
EVENTS_REFUSED = Metric(
    "hopluc_events_refused_total", "counter", "Events refused with a receipt that says why.", "events", ("reason",)
)
STEPS_REFUSED = Metric(
    "hopluc_steps_refused_total",
    "counter",
    "Parts of divisions and mergers that were refused when they were to be carried out, and never will be.",
    "steps",
)
EVENTS_DEAD = Metric(
    "hopluc_events_dead_lettered_total",
    "counter",
    "Records put aside with their bytes and the reason.",
    "events",
    ("topic",),
)
DEAD_LETTERS_OPEN = Metric(
    "hopluc_dead_letters_open", "gauge", "Dead letters that are not settled.", "letters", ("reason",)
)
DEAD_LETTERS_OLDEST = Metric(
    "hopluc_dead_letters_oldest_seconds", "gauge", "Age of the oldest unsettled dead letter.", "seconds", ("reason",)
)
EVENTS_SAID = Metric(
    "hopluc_events_said_total", "counter", "Messages acknowledged by the broker.", "events", ("topic",)
)

HEAR_SECONDS = Metric(
    "hopluc_hear_seconds", "histogram", "Time a listener took for one batch.", "seconds", ("group",), _SECONDS
)
HEAR_FAILURES = Metric(
    "hopluc_hear_failures_total",
    "counter",
    "Batches that a listener failed on, to be heard again.",
    "batches",
    ("group",),
)
COMMIT_FAILURES = Metric(
    "hopluc_commit_failures_total",
    "counter",
    "Offset commits that failed; the records come again.",
    "commits",
    ("group",),
)
LAG_EVENTS = Metric(
    "hopluc_consumer_lag_events",
    "gauge",
    "Records in the log not heard yet.",
    "events",
    ("group", "topic", "partition"),
)
LOG_SEEN = Metric(
    "hopluc_log_end_seen_timestamp_seconds",
    "gauge",
    "When the log's end was last seen, as Unix time: so old is what the lag says.",
    "seconds",
    ("group",),
)
EVENT_DELAY = Metric(
    "hopluc_event_delay_seconds",
    "histogram",
    "From when the oldest record of a batch was written to the log until it was heard to its end.",
    "seconds",
    ("group", "topic"),
    _WAITS,
)
LAG_SECONDS = Metric(
    "hopluc_consumer_lag_seconds",
    "gauge",
    "How long the oldest record not heard yet has been waiting.",
    "seconds",
    ("group", "topic", "partition"),
)

OUTBOX_DEPTH = Metric(
    "hopluc_outbox_depth", "gauge", "Documents with messages not sent yet.", "documents", ("collection",)
)
OUTBOX_OLDEST = Metric(
    "hopluc_outbox_oldest_seconds",
    "gauge",
    "Age of the oldest document with unsent messages.",
    "seconds",
    ("collection",),
)

FOLD_EVENTS = Metric("hopluc_fold_batch_events", "histogram", "Events folded at once.", "events", (), _EVENTS)
FOLD_SECONDS = Metric("hopluc_fold_seconds", "histogram", "Time to fold and write one batch.", "seconds", (), _SECONDS)
LEDGER_WATERMARK = Metric(
    "hopluc_ledger_watermark",
    "gauge",
    "Offset up to which the ledger holds every event.",
    "offset",
    ("topic", "partition"),
)
NEWEST_EVENT = Metric(
    "hopluc_newest_folded_event_timestamp_seconds",
    "gauge",
    "Business time of the newest event folded, as Unix time.",
    "seconds",
    ("topic", "partition"),
)
REBUILD_DONE = Metric(
    "hopluc_rebuild_done_ratio", "gauge", "How much of the ledger the newest new count has counted, 0 to 1.", "ratio"
)
HEARTBEAT_INTERVAL = Metric(
    "hopluc_heartbeat_interval_seconds", "gauge", "Time between two heartbeats; 0 where none are made.", "seconds"
)
HEARTBEAT_NEWEST = Metric(
    "hopluc_heartbeat_newest_timestamp_seconds",
    "gauge",
    "When the newest heartbeat that reached a stage was made, as Unix time.",
    "seconds",
    ("stage",),
)
HEARTBEAT_DELAY = Metric(
    "hopluc_heartbeat_seconds",
    "histogram",
    "How long heartbeats took from where they are made to a stage.",
    "seconds",
    ("stage",),
    _WAITS,
)

INDICATOR = Metric(
    "hopluc_indicator",
    "gauge",
    "What an indicator of the plan has come to in the present quarter, in the unit that the label names.",
    "as labelled",
    ("task", "indicator", "unit", "period"),
)
DUTIES = Metric(
    "hopluc_duties",
    "gauge",
    "Duties of those obliged to report, for the periods of the register, by how they stand.",
    "duties",
    ("period", "state"),
)
MISSING_REPORTS = Metric(
    "hopluc_missing_reports",
    "gauge",
    "Duties of those obliged, past their last moment, whose report has not come, or was returned.",
    "reports",
    ("period",),
)
REMINDERS_PLANNED = Metric("hopluc_reminders_planned_total", "counter", "Reminders planned.", "reminders", ("stage",))
REMINDERS_WAITING = Metric(
    "hopluc_reminders_waiting", "gauge", "Reminders planned and not sent yet.", "reminders", ("stage",)
)
OBSTACLES_OPEN = Metric(
    "hopluc_obstacles_open",
    "gauge",
    "Obstacles that are not closed, by state and by age up to so many days.",
    "obstacles",
    ("state", "age"),
)
OBSTACLES_OLDEST = Metric(
    "hopluc_obstacles_oldest_days", "gauge", "For how many days the oldest obstacle has been open.", "days"
)
REMINDERS_SENT = Metric(
    "hopluc_reminders_sent_total", "counter", "Reminders delivered, or failed.", "reminders", ("stage", "state")
)

METRICS: tuple[Metric, ...] = tuple(value for value in dict(globals()).values() if isinstance(value, Metric))


class Metrics:
    """The metrics of one process, in a registry of its own, so that several can live in one test."""

    content_type = CONTENT_TYPE_LATEST

    def __init__(self, service: str, version: str = "0.1.0") -> None:
        self.registry = CollectorRegistry()
        self._counters: Mapping[str, Counter] = {m.name: self._counter(m) for m in METRICS if m.kind == "counter"}
        self._gauges: Mapping[str, Gauge] = {m.name: self._gauge(m) for m in METRICS if m.kind == "gauge"}
        self._histograms: Mapping[str, Histogram] = {
            m.name: self._histogram(m) for m in METRICS if m.kind == "histogram"
        }
        ProcessCollector(registry=self.registry)  # memory, processor time, when it was started
        self.set(BUILD, 1, service=service, version=version)

    def count(self, metric: Metric, amount: float = 1, **labels: str) -> None:
        """Add to a counter."""
        counter = self._counters[metric.name]
        (counter.labels(**labels) if metric.labels else counter).inc(amount)

    def set(self, metric: Metric, value: float, **labels: str) -> None:
        """Set a gauge."""
        gauge = self._gauges[metric.name]
        (gauge.labels(**labels) if metric.labels else gauge).set(value)

    def observe(self, metric: Metric, value: float, **labels: str) -> None:
        """Add an observation to a histogram."""
        histogram = self._histograms[metric.name]
        (histogram.labels(**labels) if metric.labels else histogram).observe(value)

    def forget(self, metric: Metric, **labels: str) -> None:
        """Drop a gauge's series, when what it measured is no longer ours. There need not be one."""
        if self.registry.get_sample_value(metric.name, labels) is not None:
            self._gauges[metric.name].remove(*(labels[name] for name in metric.labels))

    def value(self, metric: Metric, **labels: str) -> float:
        """What a counter or gauge stands at, or a histogram's number of observations; 0 if never touched."""
        name = f"{metric.name}_count" if metric.kind == "histogram" else metric.name
        return self.registry.get_sample_value(name, labels) or 0.0

    def render(self) -> bytes:
        """All of them in Prometheus' text format."""
        return generate_latest(self.registry)

    def _counter(self, metric: Metric) -> Counter:
        return Counter(metric.name, metric.help, metric.labels, registry=self.registry)

    def _gauge(self, metric: Metric) -> Gauge:
        return Gauge(metric.name, metric.help, metric.labels, registry=self.registry)

    def _histogram(self, metric: Metric) -> Histogram:
        return Histogram(metric.name, metric.help, metric.labels, registry=self.registry, buckets=metric.buckets)
