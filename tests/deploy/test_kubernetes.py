"""deploy/k8s names only what the code has: commands, variables, secrets, ports, probes."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import yaml

from chassis.auth import Keyring
from chassis.health import Health
from chassis.http import make_app
from chassis.metrics import Metrics
from chassis.settings import ServiceSettings
from tests.access.test_matrix import TABLE
from tests.deploy.manifests import (
    BASE,
    DEPLOY,
    OVERLAY,
    ROOT,
    SETTINGS,
    container,
    environment,
    kinds,
    literals,
    mounted,
    patch,
    variables,
)


@pytest.mark.parametrize("name", SETTINGS)
def test_a_deployment_and_its_job_run_commands_that_there_are(name: str) -> None:
    assert container(kinds("Deployment")[name])["args"] == [f"services.{name}"]
    assert container(kinds("Job")[f"{name}-prepare"])["args"] == [f"services.{name}", "prepare"]


@pytest.mark.parametrize("name", SETTINGS)
def test_a_deployment_is_told_only_what_it_reads_and_secrets_are_files(name: str) -> None:
    for workload in (kinds("Deployment")[name], kinds("Job")[f"{name}-prepare"]):
        own = environment(workload)
        assert set(own) <= variables(SETTINGS[name])
        assert all(variable.endswith("_FILE") for variable in set(own) - {"KAFKA_USERNAME"})
        told = literals(BASE) | own
        assert {value for variable, value in told.items() if variable.endswith("_FILE")} == set(mounted(workload))


@pytest.mark.parametrize("folder", [BASE, OVERLAY], ids=["base", "overlay"])
def test_the_config_map_holds_variables_that_a_service_reads_and_takes(
    folder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = literals(BASE) | literals(folder)
    assert set(told) <= set().union(*map(variables, SETTINGS.values()))
    for variable, value in told.items():
        monkeypatch.setenv(variable, value)
    for settings in SETTINGS.values():
        assert settings().kafka_bootstrap == told["KAFKA_BOOTSTRAP"]
    values = {name for name in told if not name.endswith("_FILE")}
    assert not [name for name in values if "PASSWORD" in name or name == "MONGODB_URI"], "secrets are no settings"


def test_no_manifest_contains_a_secret() -> None:
    assert not kinds("Secret")
    assert not kinds("Secret", OVERLAY)


def test_every_secret_that_a_manifest_names_is_in_the_list_of_those_to_make() -> None:
    text = (ROOT / "docs" / "deploying.md").read_text().split("### Secrets to make\n")[1].split("\n## ")[0]
    rows = [[re.findall(r"`([^`]+)`", cell) for cell in row.split("|")[1:3]] for row in text.splitlines() if "|" in row]
    listed = {(name, key) for names, keys in rows for name in names for key in keys}
    assert listed == set(named_secrets())


def named_secrets() -> Iterator[tuple[str, str]]:
    """Every secret and key that a manifest refers to."""
    (backup,) = kinds("CronJob").values()
    for workload in (*kinds("Deployment").values(), *kinds("Job").values(), backup["spec"]["jobTemplate"]):
        for volume in workload["spec"]["template"]["spec"]["volumes"]:
            for source in volume.get("projected", {"sources": []})["sources"]:
                yield from ((source["secret"]["name"], item["key"]) for item in source["secret"]["items"])
    for login in kinds("TriggerAuthentication").values():
        yield from ((row["name"], row["key"]) for row in login["spec"]["secretTargetRef"])
    for ingress in kinds("Ingress", OVERLAY).values():
        yield from ((tls["secretName"], key) for tls in ingress["spec"]["tls"] for key in ("tls.crt", "tls.key"))


async def test_probes_ask_what_the_services_answer_on_the_port_they_have() -> None:
    (service,) = patch("Deployment")["spec"]["template"]["spec"]["containers"]
    app = make_app("x", health=Health(1.0), metrics=Metrics("registry"), keyring=Keyring())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service") as client:
        for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
            asked = service[probe]["httpGet"]
            assert asked["port"] == "http"
            assert (await client.get(asked["path"])).status_code == 200
    (port,) = service["ports"]
    image = (BASE.parents[1] / "image" / "Dockerfile").read_text()
    assert f"HTTP_PORT={port['containerPort']}" in image


def test_liveness_waits_longer_than_a_service_takes_to_say_that_it_is_stuck() -> None:
    spec = patch("Deployment")["spec"]["template"]["spec"]
    parts = 4  # the longest chain of parts that have something to finish: http, hearing, relay, store
    drain = ServiceSettings.model_fields["drain_seconds"].default
    assert spec["terminationGracePeriodSeconds"] >= parts * drain
    (service,) = spec["containers"]
    within = ServiceSettings.model_fields["ready_within_seconds"].default
    assert service["readinessProbe"]["timeoutSeconds"] > within
    assert service["startupProbe"]["periodSeconds"] * service["startupProbe"]["failureThreshold"] >= 600


@pytest.mark.parametrize("kind", ["Deployment", "Job"])
def test_nobody_is_root_nothing_is_written_and_no_token_is_mounted(kind: str) -> None:
    spec = patch(kind)["spec"]["template"]["spec"]
    assert spec["automountServiceAccountToken"] is False
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    (service,) = spec["containers"]
    assert service["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert kinds("ServiceAccount")[spec["serviceAccountName"]]["automountServiceAccountToken"] is False
    assert f"USER {spec['securityContext']['runAsUser']}:" in (BASE.parents[1] / "image" / "Dockerfile").read_text()


@pytest.mark.parametrize("name", SETTINGS)
def test_every_deployment_has_limits_a_service_and_a_disruption_budget(name: str) -> None:
    deployment = kinds("Deployment")[name]
    resources = container(deployment)["resources"]
    assert set(resources["requests"]) == {"cpu", "memory"}
    assert "memory" in resources["limits"]
    labels = deployment["spec"]["template"]["metadata"]["labels"]
    assert kinds("Service")[name]["spec"]["selector"].items() <= labels.items()
    budget = kinds("PodDisruptionBudget")[name]["spec"]
    assert budget["selector"]["matchLabels"].items() <= labels.items()
    assert budget["maxUnavailable"] == 1


def test_databases_are_backed_up_in_the_order_that_the_runbook_gives() -> None:
    pod = kinds("CronJob")["backup"]["spec"]["jobTemplate"]["spec"]["template"]
    spec = pod["spec"]
    steps = [*spec["initContainers"], *spec["containers"]]
    assert [step["args"][:2] for step in steps] == [
        *([f"services.{name}", "backup"] for name in ("notify", "reporting", "support", "registry")),
        ["services.registry", "backup-keys"],
    ]
    assert len({step["args"][2] for step in steps}) == len(steps), "a file of its own each"
    for step in steps:
        service = step["args"][0].removeprefix("services.")
        assert step["securityContext"]["readOnlyRootFilesystem"] is True
        assert step["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert {mount["name"] for mount in step["volumeMounts"]} == {"backups", f"{service}-secrets"}, "no other's"
        assert {one["name"] for one in step["env"]} - {"RUN"} <= variables(SETTINGS[service])
    for volume in spec["volumes"]:
        held = [source["secret"]["name"] for source in volume.get("projected", {"sources": []})["sources"]]
        assert held in ([], [volume["name"].replace("-secrets", "-mongodb")]), "a backup asks Kafka nothing"
    assert spec["securityContext"]["runAsNonRoot"] is True
    policy = kinds("NetworkPolicy")["stores"]["spec"]["podSelector"]["matchLabels"]
    assert policy.items() <= pod["metadata"]["labels"].items()


def test_the_network_is_closed_but_for_what_is_said() -> None:
    policies = kinds("NetworkPolicy")
    closed = policies["default-deny"]["spec"]
    assert closed == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    labels = patch("Deployment")["spec"]["template"]["metadata"]["labels"]
    for name in ("stores", "http"):
        assert policies[name]["spec"]["podSelector"]["matchLabels"].items() <= labels.items()
    for job in kinds("Job").values():
        own = job["spec"]["template"]["metadata"]["labels"]
        assert policies["stores"]["spec"]["podSelector"]["matchLabels"].items() <= own.items()
        assert "hop-luc/answers" not in own
    (way,) = policies["mail"]["spec"]["egress"]
    assert [str(port["port"]) for port in way["ports"]] == [literals(BASE)["SMTP_PORT"]]


def from_outside() -> set[tuple[str, str, str]]:
    """Host, service and beginning of a path that the ingress passes on."""
    rules = kinds("Ingress", OVERLAY)["hop-luc"]["spec"]["rules"]
    paths = [(rule["host"], path) for rule in rules for path in rule["http"]["paths"]]
    assert all(path["pathType"] == ("Exact" if path["path"] == "/" else "Prefix") for _, path in paths)
    return {(host, path["backend"]["service"]["name"], path["path"]) for host, path in paths}


def test_the_outside_reaches_every_route_but_notifys_and_never_health_or_metrics() -> None:
    routes = (route.split() for route in TABLE)
    wanted = {(service, "/" + path.split("/")[1]) for service, _, path in routes if service != "notify"}
    assert {(service, path) for _, service, path in from_outside()} == wanted | {("reporting", "/")}


def test_the_addresses_in_mails_and_documents_are_those_that_the_outside_reaches() -> None:
    told = literals(OVERLAY)
    submit = urlsplit(told["SUBMIT_URL"])
    assert told["SUBMIT_URL"].removeprefix(told["PUBLIC_ADDRESS"]) == "/periods/{period}/report"
    assert (submit.hostname, "reporting", "/periods") in from_outside()


def test_prometheus_finds_the_pods_by_what_they_bear_and_calls_them_as_the_rules_do() -> None:
    (job,) = yaml.safe_load((DEPLOY / "prometheus" / "kubernetes.yml").read_text())["scrape_configs"]
    (usual,) = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text())["scrape_configs"]
    assert job["job_name"] == usual["job_name"]
    assert job["kubernetes_sd_configs"] == [{"role": "pod", "namespaces": {"names": list(kinds("Namespace"))}}]
    by = {step["source_labels"][0].removeprefix("__meta_kubernetes_pod_"): step for step in job["relabel_configs"]}
    assert by["label_app_kubernetes_io_component"]["target_label"] == "service"
    for name, deployment in kinds("Deployment").items():
        assert deployment["spec"]["template"]["metadata"]["labels"]["app.kubernetes.io/component"] == name
    (service,) = patch("Deployment")["spec"]["template"]["spec"]["containers"]
    assert by["container_port_name"]["regex"] == service["ports"][0]["name"]


def test_a_body_that_a_service_takes_comes_through_the_ingress() -> None:
    notes = kinds("Ingress", OVERLAY)["hop-luc"]["metadata"]["annotations"]
    megabytes = int(notes["nginx.ingress.kubernetes.io/proxy-body-size"].removesuffix("m"))
    assert megabytes << 20 == ServiceSettings.model_fields["max_body_bytes"].default


def test_copies_are_counted_by_the_manifest_or_by_keda_and_never_by_both() -> None:
    scaled = {one["spec"]["scaleTargetRef"]["name"] for one in kinds("ScaledObject").values()}
    counted = {name for name, deployment in kinds("Deployment").items() if "replicas" in deployment["spec"]}
    assert scaled | counted == set(SETTINGS)
    assert not scaled & counted, "each release would put back what KEDA has scaled"
