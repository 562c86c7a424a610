"""The dashboards: one for operators, one for those who follow the plan, per task and period, in Vietnamese."""

from deploy.grafana.panels import Dashboard, Panel, Variable

_ASKED = 'route!~"/livez|/readyz|/metrics", service=~"$service"'
_BY_ROUTE = f"sum by (service, route, status_class) (rate(hopluc_http_request_seconds_count{{{_ASKED}}}[5m]))"
_SLOWEST = f"sum by (service, route, le) (rate(hopluc_http_request_seconds_bucket{{{_ASKED}}}[5m]))"

OPERATORS = Dashboard(
    uid="hop-luc-operators",
    title="Hợp Lực: operators",
    variables=[Variable("service", "Service", "label_values(hopluc_build_info, service)")],
    rows=[
        (
            "Is it well?",
            [
                Panel("Services that answer", [('sum(up{job="hop-luc"})', "up")], form="stat", width=4, height=5),
                Panel(
                    "Alerts that fire",
                    [('count(ALERTS{alertstate="firing"}) or vector(0)', "")],
                    form="stat",
                    width=4,
                    height=5,
                ),
                Panel(
                    "Heartbeat behind",
                    [("hopluc_heartbeat:behind_seconds", "behind")],
                    unit="s",
                    form="stat",
                    width=4,
                    height=5,
                    text="How old the newest heartbeat is that came through every stage.",
                ),
                Panel(
                    "Checks of readiness",
                    [("min by (service, check) (hopluc_ready)", "{{service}} {{check}}")],
                    form="bargauge",
                    width=12,
                    height=5,
                ),
            ],
        ),
        (
            "Requests",
            [
                Panel(
                    "Requests a second",
                    [('service:hopluc_http_requests:rate5m{service=~"$service"}', "{{service}}")],
                    unit="reqps",
                ),
                Panel(
                    "Share of 5xx",
                    [('service:hopluc_http_errors:ratio5m{service=~"$service"}', "{{service}}")],
                    unit="percentunit",
                ),
                Panel(
                    "99 of 100 within",
                    [('service:hopluc_http_request_seconds:p99_5m{service=~"$service"}', "{{service}}")],
                    unit="s",
                ),
                Panel(
                    "By route and class of status",
                    [
                        (
                            f"topk(10, {_BY_ROUTE})",
                            "{{service}} {{route}} {{status_class}}",
                        )
                    ],
                    unit="reqps",
                    width=12,
                ),
                Panel(
                    "Slowest routes",
                    [
                        (
                            f"topk(10, histogram_quantile(0.99, {_SLOWEST}))",
                            "{{service}} {{route}}",
                        )
                    ],
                    unit="s",
                    width=12,
                ),
            ],
        ),
        (
            "Events",
            [
                Panel(
                    "Heard a second, by topic",
                    [("topic:hopluc_events_heard:rate5m", "{{service}} {{topic}}")],
                    unit="ops",
                ),
                Panel("Waiting, oldest", [("group:hopluc_consumer_lag_seconds:max", "{{group}} {{topic}}")], unit="s"),
                Panel(
                    "Waiting, records", [("sum by (group, topic) (hopluc_consumer_lag_events)", "{{group}} {{topic}}")]
                ),
                Panel(
                    "From the log to the end of hearing",
                    [("group:hopluc_event_delay_seconds:p99_5m", "{{group}} {{topic}}")],
                    unit="s",
                ),
                Panel(
                    "A batch is heard within", [("group:hopluc_hear_seconds:p99_5m", "{{service}} {{group}}")], unit="s"
                ),
                Panel(
                    "Failures in ten minutes",
                    [
                        (
                            "sum by (service, group) (increase(hopluc_hear_failures_total[10m]))",
                            "{{service}} {{group}} hearing",
                        ),
                        (
                            "sum by (service, group) (increase(hopluc_commit_failures_total[10m]))",
                            "{{service}} {{group}} commits",
                        ),
                    ],
                ),
                Panel(
                    "Heartbeat, from its making to each stage",
                    [("stage:hopluc_heartbeat_seconds:p99_1h", "{{stage}}")],
                    unit="s",
                    width=12,
                ),
                Panel("Ledger's position", [("hopluc_ledger_watermark", "{{topic}}/{{partition}}")], width=12),
            ],
        ),
        (
            "What waits for somebody",
            [
                Panel("Outboxes, documents", [("hopluc_outbox_depth", "{{service}} {{collection}}")]),
                Panel(
                    "Outboxes, same message in front for",
                    [("hopluc_outbox_oldest_seconds", "{{service}} {{collection}}")],
                    unit="s",
                ),
                Panel(
                    "Refused and held, an hour",
                    [
                        ("sum by (reason) (increase(hopluc_events_refused_total[1h]))", "refused {{reason}}"),
                        ("sum by (reason) (increase(hopluc_events_held_total[1h]))", "held {{reason}}"),
                    ],
                ),
                Panel(
                    "Dead letters", [("max by (service, reason) (hopluc_dead_letters_open)", "{{service}} {{reason}}")]
                ),
                Panel(
                    "Oldest dead letter",
                    [("max by (service) (hopluc_dead_letters_oldest_seconds)", "{{service}}")],
                    unit="s",
                ),
                Panel("Oldest held event", [("max(hopluc_held_oldest_seconds)", "held")], unit="s"),
            ],
        ),
        (
            "Processes",
            [
                Panel(
                    "Memory", [('process_resident_memory_bytes{job="hop-luc"}', "{{service}}")], unit="bytes", width=12
                ),
                Panel("Processors", [('rate(process_cpu_seconds_total{job="hop-luc"}[5m])', "{{service}}")], width=12),
            ],
        ),
    ],
)

_CHOSEN = 'task=~"$task", period=~"$period"'

BUSINESS = Dashboard(
    uid="hop-luc-plan",
    title="Hợp Lực: tình hình thực hiện kế hoạch",
    variables=[
        Variable("task", "Nhiệm vụ", "label_values(hopluc_indicator, task)"),
        Variable("period", "Kỳ báo cáo", "label_values(hopluc_duties, period)"),
    ],
    span="now-90d",
    every="5m",
    rows=[
        (
            "Báo cáo",
            [
                Panel(
                    "Chưa nộp, đã quá hạn",
                    [('max by (period) (hopluc_missing_reports{period=~"$period"})', "{{period}}")],
                    form="stat",
                    width=6,
                ),
                Panel(
                    "Tình trạng nộp báo cáo",
                    [('max by (period, state) (hopluc_duties{period=~"$period"})', "{{period}} {{state}}")],
                    form="bargauge",
                    width=10,
                    text="activity: có hoạt động; nil: không phát sinh; excused: được miễn; missing: chưa có báo cáo.",
                ),
                Panel(
                    "Nhắc báo cáo trong 30 ngày",
                    [("sum by (stage, state) (increase(hopluc_reminders_sent_total[30d]))", "{{stage}} {{state}}")],
                    form="bargauge",
                ),
            ],
        ),
        (
            "Khó khăn, vướng mắc",
            [
                Panel(
                    "Chưa kết thúc, theo tình trạng",
                    [("sum by (state) (max by (state, age) (hopluc_obstacles_open))", "{{state}}")],
                    form="bargauge",
                    text="open: chưa chuyển UBND tỉnh; forwarded: đã chuyển; answered: đã trả lời, chưa kết thúc.",
                ),
                Panel(
                    "Chưa kết thúc, theo số ngày đã nêu",
                    [("sum by (age) (max by (state, age) (hopluc_obstacles_open))", "{{age}}")],
                    form="bargauge",
                    text="7: đến 7 ngày; 30: 8 đến 30 ngày; 90: 31 đến 90 ngày; more: trên 90 ngày.",
                ),
                Panel("Tồn đọng lâu nhất, ngày", [("max(hopluc_obstacles_oldest_days)", "ngày")], form="stat"),
            ],
        ),
        (
            "Nhiệm vụ $task",
            [
                Panel(
                    "Số liệu quý này",
                    [(f"sort_desc(max by (task, indicator, unit, period) (hopluc_indicator{{{_CHOSEN}}}))", "")],
                    form="table",
                    width=12,
                    height=14,
                    text="Số liệu tạm tính theo kỳ hành chính; số liệu đã ký xem ở trang tổng hợp của kỳ.",
                ),
                Panel(
                    "Diễn biến",
                    [(f"max by (indicator, unit) (hopluc_indicator{{{_CHOSEN}}})", "{{indicator}} ({{unit}})")],
                    width=12,
                    height=14,
                ),
            ],
        ),
        (
            "Nguồn số liệu",
            [
                Panel(
                    "Sự kiện được nhận mỗi ngày",
                    [("sum(increase(hopluc_events_accepted_total[1d]))", "sự kiện")],
                    width=12,
                ),
                Panel(
                    "Bảng kiểm đếm còn chênh lệch",
                    [("sum by (agency) (max by (service, agency) (hopluc_control_totals_open)) > 0", "{{agency}}")],
                    width=12,
                ),
            ],
        ),
    ],
)

DASHBOARDS = (OPERATORS, BUSINESS)
