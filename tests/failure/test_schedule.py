"""The schedule of faults: replayable, and leaves nothing possible out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.local.programs import SERVICES
from tests.failure.schedule import PROCESSES, Broker, of, possible, schedule

BROKERS: tuple[Broker, ...] = ("embedded", "apache", "cluster")
ALONE = ("cut", "half-open")


@given(st.integers(), st.sampled_from(BROKERS), st.integers(0, 80))
def test_a_seed_means_the_same_faults_in_the_order_of_their_moments(seed: int, broker: Broker, number: int) -> None:
    faults = schedule(seed, broker, number)
    assert faults == schedule(seed, broker, number)
    assert [fault.at for fault in faults] == sorted(fault.at for fault in faults)
    assert len(faults) == number
    assert all(0 < fault.at < 1 and fault.seconds >= 0 for fault in faults)


@given(st.integers(), st.sampled_from(BROKERS))
def test_everything_possible_is_done_before_anything_is_done_twice(seed: int, broker: Broker) -> None:
    faults = schedule(seed, broker, len(possible(broker)))
    assert sorted((fault.what, fault.whom) for fault in faults) == sorted(possible(broker))


def test_other_seeds_are_other_faults() -> None:
    assert len({tuple(schedule(seed, "embedded", 5)) for seed in range(20)}) == 20


@pytest.mark.parametrize("broker", BROKERS)
def test_every_process_is_killed_stopped_restarted_and_every_service_has_its_clock_put_wrong(broker: Broker) -> None:
    done = {(what, one) for one in PROCESSES for what in ("kill", "stop", "restart")}
    assert done | {("skew", one) for one in SERVICES} <= set(possible(broker))


@pytest.mark.parametrize("broker", BROKERS)
def test_every_process_is_cut_off_alone_from_each_server_while_the_others_are_not(broker: Broker) -> None:
    alone = {(what, of(server, one)) for server in ("broker", "store") for one in PROCESSES for what in ALONE}
    assert alone <= set(possible(broker))


def test_a_broker_is_killed_only_where_its_log_outlives_it() -> None:
    killed = {
        broker: {whom for what, whom in possible(broker) if what == "kill"} - set(PROCESSES) for broker in BROKERS
    }
    assert killed == {"embedded": {"store"}, "apache": {"store", "broker"}, "cluster": {"store", "leader", "follower"}}


def test_only_a_clock_is_off_by_minutes() -> None:
    for fault in schedule(3, "embedded", 200):
        assert bool(fault.minutes) == (fault.what == "skew")
