"""What is deployed, judged by the tools that would run it: Docker Compose, kubectl, Kubernetes' schemas, hadolint.

None of them asks a server or a network for anything. `make deploy-check` installs them.
"""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy import credentials
from tests.deploy.manifests import BASE, DEPLOY, OVERLAY, ROOT, SETTINGS

pytestmark = pytest.mark.deploy

TOOLS = ROOT / ".venv" / "checks" / "bin"
KUBERNETES = ("1.32", "1.37")
RESTRICTED = {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}


def ran(tool: str | Path, *arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """A tool's answer."""
    command = [str(TOOLS / tool), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, **options)


def composed(folder: Path, change: str = "", by: str = "") -> subprocess.CompletedProcess[str]:
    """Docker Compose's answer to compose.yaml, or to it with a change."""
    text = (DEPLOY / "compose.yaml").read_text()
    assert change in text
    (folder / "compose.yaml").write_text(text.replace(change, by, 1) if change else text)
    credentials.write_missing(folder / "secrets", lambda _: None)
    return ran(_compose(), "-f", folder / "compose.yaml", "config", "--format", "json", env=os.environ)


def _compose() -> Path:
    """The program itself: the package's own wrapper ends with 0 whatever the program says."""
    (program,) = TOOLS.parent.glob("lib/python*/site-packages/compose/docker-compose")
    return program


def rendered(folder: Path) -> list[dict[str, Any]]:
    """What kubectl would apply."""
    answer = ran("kubectl", "kustomize", folder)
    assert answer.returncode == 0, answer.stderr
    return list(yaml.safe_load_all(answer.stdout))


def test_hadolint_finds_nothing_in_the_dockerfile_and_would_find_something(tmp_path: Path) -> None:
    answer = ran("hadolint", "--failure-threshold", "style", DEPLOY / "image" / "Dockerfile")
    assert (answer.returncode, answer.stdout) == (0, "")
    (tmp_path / "Dockerfile").write_text("FROM python:latest\nRUN pip install x\n")
    answer = ran("hadolint", tmp_path / "Dockerfile")
    assert answer.returncode == 1
    assert {"DL3007", "DL3013", "DL3042"} <= {word for word in answer.stdout.split() if word.startswith("DL")}


def test_docker_compose_takes_the_file_and_refuses_a_wrong_one(tmp_path: Path) -> None:
    answer = composed(tmp_path)
    assert answer.returncode == 0, answer.stderr
    assert answer.stderr == ""
    services = json.loads(answer.stdout)["services"]
    assert set(SETTINGS) < set(services)
    for name in SETTINGS:
        assert services[name]["read_only"] is True
        assert {port["host_ip"] for port in services[name]["ports"]} == {"127.0.0.1"}
    assert composed(tmp_path, "read_only: true", "readonly: true").returncode != 0
    assert composed(tmp_path, "condition: service_healthy", "condition: well").returncode != 0
    assert composed(tmp_path, "networks: [inside, outside]", "networks: [elsewhere]").returncode != 0


@pytest.mark.parametrize("version", KUBERNETES)
def test_kubernetes_schemas_take_every_object(version: str, tmp_path: Path) -> None:
    file = tmp_path / "all.yaml"
    found = rendered(OVERLAY)  # all of base, and more
    known = [one for one in found if not one["apiVersion"].startswith("keda.sh/")]  # judged in test_kubernetes_kafka
    assert len(known) > 20
    file.write_text(yaml.safe_dump_all(known))
    answer = ran("kubernetes-validate", "--strict", "-k", version, file)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "WARN" not in answer.stdout + answer.stderr, "a kind without a schema is a kind nobody has judged"
    known[-1]["spec"]["nonsense"] = 1
    file.write_text(yaml.safe_dump_all(known))
    assert ran("kubernetes-validate", "--strict", "-k", version, file).returncode != 0


@pytest.mark.parametrize("folder", [BASE, OVERLAY], ids=["base", "overlay"])
def test_what_is_laid_on_every_workload_arrives_there(folder: Path) -> None:
    found = rendered(folder)
    maps = [one["metadata"]["name"] for one in found if one["kind"] == "ConfigMap"]
    settings = [name for name in maps if name.startswith("settings-")]
    assert {*maps} == {*settings, "keda-kafka"}, "KEDA finds it by a name that no hash is added to"
    workloads = [one for one in found if one["kind"] in ("Deployment", "Job")]
    assert len(workloads) == 2 * len(SETTINGS)
    for workload in workloads:
        spec = workload["spec"]["template"]["spec"]
        (container,) = spec["containers"]
        assert container["securityContext"] == RESTRICTED
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert [source["configMapRef"]["name"] for source in container["envFrom"]] == settings
        assert {mount["name"] for mount in container["volumeMounts"]} == {volume["name"] for volume in spec["volumes"]}
        assert container["image"].endswith(":0.1.0")
    assert {one["metadata"].get("namespace", "hop-luc") for one in found} == {"hop-luc"}
