"""What lies in deploy/, read: compose's services, Kubernetes' objects, the image's instructions."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from chassis.settings import ServiceSettings
from services.notify.settings import Settings as Notify
from services.registry.settings import Settings as Registry
from services.reporting.settings import Settings as Reporting
from services.support.settings import Settings as Support

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
BASE = DEPLOY / "k8s" / "base"
OVERLAY = DEPLOY / "k8s" / "overlays" / "province"
SETTINGS: Mapping[str, type[ServiceSettings]] = {
    "registry": Registry,
    "support": Support,
    "reporting": Reporting,
    "notify": Notify,
}
Object = dict[str, Any]


@cache
def compose() -> Object:
    return dict(yaml.safe_load((DEPLOY / "compose.yaml").read_text()))


@cache
def dockerfile() -> list[tuple[str, str]]:
    """The instructions, with continued lines joined."""
    text = re.sub(r"\\\n\s*", "", (DEPLOY / "image" / "Dockerfile").read_text())
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines)]


@cache
def objects(folder: Path = BASE) -> tuple[Object, ...]:
    """Every object of a folder's files, patches and kustomizations left out."""
    files = (file for file in sorted(folder.glob("*.yaml")) if not file.name.startswith(("kustomization", "hardened")))
    return tuple(found for file in files for found in yaml.safe_load_all(file.read_text()) if found)


def kinds(kind: str, folder: Path = BASE) -> dict[str, Object]:
    """The objects of a kind, by name."""
    return {found["metadata"]["name"]: found for found in objects(folder) if found["kind"] == kind}


def patch(kind: str) -> Object:
    """What base lays on every object of a kind."""
    return dict(yaml.safe_load((BASE / f"hardened-{kind.lower()}.yaml").read_text()))


def literals(folder: Path) -> dict[str, str]:
    """The variables of a kustomization's config map."""
    read = yaml.safe_load((folder / "kustomization.yaml").read_text())
    pairs = (line.partition("=") for made in read["configMapGenerator"] for line in made["literals"])
    return {name: value for name, _, value in pairs}


def container(workload: Object) -> Object:
    """The one container of a deployment or job."""
    (only,) = workload["spec"]["template"]["spec"]["containers"]
    return dict(only)


def variables(settings: type[ServiceSettings]) -> set[str]:
    """The environment variables that a service reads."""
    return {name.upper() for name in settings.model_fields}


def environment(workload: Object) -> dict[str, str]:
    """The variables that a workload is given besides those of the config map."""
    return {one["name"]: one["value"] for one in container(workload)["env"]}


def mounted(workload: Object) -> dict[str, tuple[str, str]]:
    """The files that a workload's container finds, and the secret and key that each is."""
    (mount,) = container(workload)["volumeMounts"]
    (volume,) = workload["spec"]["template"]["spec"]["volumes"]
    assert mount["name"] == volume["name"]
    sources = [source["secret"] for source in volume["projected"]["sources"]]
    return {
        f"{mount['mountPath']}/{item['path']}": (secret["name"], item["key"])
        for secret in sources
        for item in secret["items"]
    }
