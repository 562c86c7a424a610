"""Who may do what on Kafka, as sentences: an agency two things, a service what its wiring needs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.model import Plan
from contracts.topics import REGISTRY, REPORTING, REPORTING_BEATS, SUPPORT, SUPPORT_BEATS, TOPICS, intake, receipts
from deploy.kafka.grants import SCALED, SCALER, WORK, Grant, grants, principal_of
from services.registry import events as registry
from services.reporting import wiring as reporting
from services.support import handlers as support

ALL = (*TOPICS, SUPPORT_BEATS, REPORTING_BEATS)
CODES = st.from_regex(r"[A-Z][A-Z0-9-]{0,8}", fullmatch=True)


def may(principal: str, operation: str, resource: str, name: str, granted: list[Grant]) -> bool:
    """As the broker judges it: by the whole name, or by how it begins."""
    return any(
        (one.principal, one.operation, one.resource) == (principal, operation, resource)
        and (name.startswith(one.name) if one.prefixed else name == one.name)
        for one in granted
    )


@given(st.sets(CODES, min_size=2, max_size=6))
def test_an_agency_writes_only_its_own_intake_and_reads_only_its_own_receipts(codes: set[str]) -> None:
    granted = grants(codes)
    names = [make(code).name for code in codes for make in (intake, receipts)] + [topic.name for topic in ALL]
    for me in codes:
        assert [name for name in names if may(me, "write", "topic", name, granted)] == [intake(me).name]
        assert [name for name in names if may(me, "read", "topic", name, granted)] == [receipts(me).name]
        assert not any(may(me, "create", "topic", name, granted) for name in names)
        others = [f"{code}.archive" for code in codes - {me}] + [
            group for work in WORK.values() for group in work.groups
        ]
        assert not any(may(me, "read", "group", group, granted) for group in others)
        assert may(me, "read", "group", f"{me}.archive", granted)


@pytest.mark.parametrize("service", WORK)
def test_a_service_says_its_own_topic_and_replays_only_what_it_hears(service: str) -> None:
    granted, me = grants(["SNV"]), principal_of(service)
    written = {topic for topic in ALL if may(me, "write", "topic", topic.name, granted)}
    read = {topic for topic in ALL if may(me, "read", "topic", topic.name, granted)}
    own = {topic for topic in ALL if topic.speaker == service}
    assert own == set(WORK[service].says)
    assert own <= written
    assert written - own <= read - {SUPPORT_BEATS, REPORTING_BEATS}


def test_only_registry_and_support_touch_the_topics_of_agencies() -> None:
    granted = grants(["SNV"])
    readers = {name for name in WORK if may(principal_of(name), "read", "topic", intake("SNV").name, granted)}
    writers = {name for name in WORK if may(principal_of(name), "write", "topic", receipts("SNV").name, granted)}
    forgers = {name for name in WORK if may(principal_of(name), "write", "topic", intake("SNV").name, granted)}
    assert readers == writers == {"registry", "support"}
    assert forgers == {"support"}, "it replays the dead letters of intake topics"


def test_the_groups_are_those_that_the_services_hear_as() -> None:
    assert WORK["registry"].groups == (registry.GROUP,)
    assert WORK["support"].groups == (support.GROUP, support.INTAKE_GROUP)
    assert WORK["reporting"].groups == (reporting.GROUP,)


def test_reporting_hears_what_it_counts_and_says_what_it_wrote() -> None:
    assert WORK["reporting"].hears == (REGISTRY, SUPPORT)
    assert WORK["reporting"].says == (REPORTING, REPORTING_BEATS)


def test_keda_looks_at_what_it_measures_and_may_do_nothing_else() -> None:
    mine = {one for one in grants(["SNV"]) if one.principal == SCALER}
    assert {one.operation for one in mine} == {"describe"}
    assert not any(one.prefixed for one in mine)
    assert {one.name for one in mine if one.resource == "group"} == {support.GROUP, reporting.GROUP}
    assert {one.name for one in mine if one.resource == "topic"} == {REGISTRY.name, SUPPORT.name}
    assert {group: set(topics) for group, topics in SCALED.items()} == {
        support.GROUP: {REGISTRY},
        reporting.GROUP: {REGISTRY, SUPPORT},
    }


def test_nobody_else_is_only_let_look() -> None:
    assert {one.principal for one in grants(["SNV"]) if one.operation == "describe"} == {SCALER}


def test_no_agency_of_the_plan_bears_the_name_of_a_service_or_of_keda(plan: Plan) -> None:
    assert not {agency.code for agency in plan.agencies} & {SCALER, *map(principal_of, WORK)}
