"""What a node is told: every listener of a safe cluster asks who comes, and copies are as many as there are nodes."""

from pathlib import Path

import pytest

from deploy.kafka.config import Node, Papers, formatting, properties, written

PAPERS = Papers(Path("/papers/node.pem"), Path("/papers/authority.pem"))


def nodes(count: int) -> list[Node]:
    return [Node(number, 15_000 + 10 * number, Path(f"/data/{number}")) for number in range(1, count + 1)]


@pytest.mark.parametrize(("count", "copies", "in_sync"), [(1, "1", "1"), (3, "3", "2")])
def test_a_record_counts_when_two_of_three_have_it(count: int, copies: str, in_sync: str) -> None:
    told = properties(nodes(count)[0], nodes(count), None)
    assert (told["default.replication.factor"], told["min.insync.replicas"]) == (copies, in_sync)
    assert (told["offsets.topic.replication.factor"], told["auto.create.topics.enable"]) == (copies, "false")


def test_no_two_listeners_of_a_cluster_share_an_address() -> None:
    three = nodes(3)
    listeners = [one.split("//")[1] for node in three for one in properties(node, three, None)["listeners"].split(",")]
    assert len(set(listeners)) == 9
    assert {address.split(":")[0].rpartition(".")[0] for address in listeners} == {"127.0.0"}, "loopback only"


def test_clients_are_told_what_stands_in_front_of_a_node_and_nodes_are_not() -> None:
    node = Node(1, 15_000, Path("/data/1"), told=16_000)
    told = properties(node, [node], None)
    assert told["advertised.listeners"] == "CLIENTS://127.0.0.1:16000,BROKERS://127.0.0.3:15002"
    assert "CLIENTS://127.0.0.1:15000" in told["listeners"]


def test_in_a_safe_cluster_nobody_is_anonymous_and_nothing_is_allowed_by_default() -> None:
    told = properties(nodes(1)[0], nodes(1), PAPERS)
    protocols = dict(one.split(":") for one in told["listener.security.protocol.map"].split(","))
    assert protocols == {"CLIENTS": "SASL_SSL", "CONTROLLERS": "SSL", "BROKERS": "SSL"}
    assert told["listener.name.clients.sasl.enabled.mechanisms"] == "SCRAM-SHA-512"
    assert {told[f"listener.name.{name}.ssl.client.auth"] for name in ("brokers", "controllers")} == {"required"}
    assert told["authorizer.class.name"].endswith("StandardAuthorizer")
    assert "allow.everyone.if.no.acl.found" not in told


def test_passwords_are_in_the_file_of_arguments_and_not_in_the_properties() -> None:
    arguments = formatting("/jars/*", Path("/data/server.properties"), {"SNV": "s3cret"})
    assert '"SCRAM-SHA-512=[name=SNV,password=s3cret]"' in arguments.splitlines()
    assert "s3cret" not in written(properties(nodes(1)[0], nodes(1), PAPERS))
