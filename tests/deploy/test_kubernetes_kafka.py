"""Kafka as deploy/k8s has it: over TLS, each with its own login, and KEDA as somebody who may only look."""

from pathlib import Path

import pytest
import trustme
import yaml

from chassis.connection import Connection
from contracts.topics import TOPICS
from deploy.kafka.grants import SCALED, SCALER, Grant, grants, principal_of
from services.reporting.wiring import GROUP as REPORTING_GROUP
from services.support.handlers import GROUP as SUPPORT_GROUP
from tests.deploy.manifests import BASE, OVERLAY, SETTINGS, environment, kinds, literals, mounted

GROUPS = {"reporting": REPORTING_GROUP, "support": SUPPORT_GROUP}
PARTITIONS = {topic.name: topic.partitions for topic in TOPICS}
AUTHORITY = ("kafka-ca", "ca.crt")
KEDA_CALLS = {"SCRAM-SHA-512": "scram_sha512"}


@pytest.mark.parametrize("name", SETTINGS)
def test_a_service_and_its_job_find_their_own_password_and_the_authority_where_they_look(name: str) -> None:
    for workload in (kinds("Deployment")[name], kinds("Job")[f"{name}-prepare"]):
        told = literals(BASE) | environment(workload)
        files = mounted(workload)
        assert told["KAFKA_USERNAME"] == principal_of(name)
        assert files[told["KAFKA_PASSWORD_FILE"]] == (f"{name}-kafka", "password")
        assert files[told["KAFKA_CA_FILE"]] == AUTHORITY
        assert [secret for secret, _ in files.values() if secret.endswith("-kafka")] == [f"{name}-kafka"], "no other's"


@pytest.mark.parametrize("folder", [BASE, OVERLAY], ids=["base", "overlay"])
@pytest.mark.parametrize("name", SETTINGS)
def test_what_a_service_is_told_lets_it_log_in_over_tls(
    name: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = literals(BASE) | literals(folder) | environment(kinds("Deployment")[name])
    word = f"{name} knocks"
    (tmp_path / "password").write_text(word + "\n")
    (tmp_path / "ca.crt").write_bytes(trustme.CA().cert_pem.bytes())
    for variable, value in told.items():
        if variable.startswith("KAFKA_"):
            monkeypatch.setenv(variable, value)
    monkeypatch.setenv("KAFKA_PASSWORD_FILE", str(tmp_path / "password"))
    monkeypatch.setenv("KAFKA_CA_FILE", str(tmp_path / "ca.crt"))
    options = Connection.of(SETTINGS[name]()).options()
    assert options["security_protocol"] == "SASL_SSL"
    assert options["sasl_mechanism"] == "SCRAM-SHA-512"
    assert options["sasl_plain_username"] == principal_of(name)
    assert options["sasl_plain_password"] == word
    assert options["ssl_context"].check_hostname


def test_the_network_leads_to_the_port_that_kafka_is_asked_at_and_to_no_other_of_it() -> None:
    (way,) = kinds("NetworkPolicy")["stores"]["spec"]["egress"]
    open_ = {port["port"] for port in way["ports"]}
    for folder in (BASE, OVERLAY):
        asked = {int(broker.rpartition(":")[2]) for broker in literals(folder)["KAFKA_BOOTSTRAP"].split(",")}
        assert open_ == asked | {27017}


@pytest.mark.parametrize("name", GROUPS)
def test_scaling_looks_at_the_services_group_and_ends_at_the_partitions(name: str) -> None:
    scaled = kinds("ScaledObject")[name]
    assert set(scaled) == {"apiVersion", "kind", "metadata", "spec"}
    assert scaled["apiVersion"] == "keda.sh/v1alpha1"
    spec = scaled["spec"]
    assert spec["scaleTargetRef"] == {"name": name}
    assert name in kinds("Deployment")
    triggers = [trigger["metadata"] for trigger in spec["triggers"]]
    assert {trigger["type"] for trigger in spec["triggers"]} == {"kafka"}
    assert {trigger["consumerGroup"] for trigger in triggers} == {GROUPS[name]}
    assert spec["maxReplicaCount"] == max(PARTITIONS[trigger["topic"]] for trigger in triggers)
    assert spec["minReplicaCount"] <= spec["maxReplicaCount"]
    assert all(isinstance(value, str) for trigger in triggers for value in trigger.values()), "KEDA takes strings"
    assert {trigger["bootstrapServers"] for trigger in triggers} == {literals(BASE)["KAFKA_BOOTSTRAP"]}


@pytest.mark.parametrize("name", GROUPS)
def test_keda_logs_in_over_tls_with_a_name_that_the_manifests_give_and_a_password_that_they_do_not(name: str) -> None:
    for trigger in kinds("ScaledObject")[name]["spec"]["triggers"]:
        assert trigger["metadata"]["tls"] == "enable"
        assert trigger["metadata"]["sasl"] == KEDA_CALLS[literals(BASE)["KAFKA_SASL_MECHANISM"]]
        spec = kinds("TriggerAuthentication")[trigger["authenticationRef"]["name"]]["spec"]
        assert set(spec) == {"configMapTargetRef", "secretTargetRef"}
        assert references(spec["secretTargetRef"]) == {"password": ("keda-kafka", "password"), "ca": AUTHORITY}
        named = references(spec["configMapTargetRef"])
        assert set(named) == {"username"}
        config_map, key = named["username"]
        assert kinds("ConfigMap")[config_map]["data"][key] == SCALER


def references(rows: list[dict[str, str]]) -> dict[str, tuple[str, str]]:
    """Where KEDA finds each of its parameters: object and key."""
    assert all(set(row) == {"parameter", "name", "key"} for row in rows)
    return {row["parameter"]: (row["name"], row["key"]) for row in rows}


def test_keda_may_look_at_exactly_what_its_triggers_ask_about() -> None:
    triggers = [
        trigger["metadata"] for scaled in kinds("ScaledObject").values() for trigger in scaled["spec"]["triggers"]
    ]
    asked = {(trigger["consumerGroup"], trigger["topic"]) for trigger in triggers}
    assert asked == {(group, topic.name) for group, topics in SCALED.items() for topic in topics}
    looks = {Grant(SCALER, "describe", "group", group) for group, _ in asked}
    looks |= {Grant(SCALER, "describe", "topic", topic) for _, topic in asked}
    assert {one for one in grants(["SNV"]) if one.principal == SCALER} == looks


def test_an_overlay_tells_keda_of_the_brokers_that_it_tells_the_services() -> None:
    read = yaml.safe_load((OVERLAY / "kustomization.yaml").read_text())
    values = {step["value"] for one in read["patches"] for step in yaml.safe_load(one["patch"])}
    assert values == {literals(OVERLAY)["KAFKA_BOOTSTRAP"]}
    steps = [(one["target"]["name"], step["path"]) for one in read["patches"] for step in yaml.safe_load(one["patch"])]
    wanted = [
        (name, f"/spec/triggers/{number}/metadata/bootstrapServers")
        for name, scaled in kinds("ScaledObject").items()
        for number in range(len(scaled["spec"]["triggers"]))
    ]
    assert sorted(steps) == sorted(wanted)
