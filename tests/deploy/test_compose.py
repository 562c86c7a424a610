"""deploy/compose.yaml names only what the code has, publishes nothing but to this machine, and runs nothing as root."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from catalogue.load import load
from chassis.auth import Keyring
from contracts.topics import TOPICS
from deploy import credentials
from services.notify.contacts import load_contacts
from tests.conftest import PLAN
from tests.deploy.manifests import DEPLOY, SETTINGS, compose, variables

SERVICES: dict[str, dict[str, Any]] = compose()["services"]
OTHERS = [name for name in SERVICES if name not in SETTINGS]


@pytest.mark.parametrize("name", SETTINGS)
def test_a_service_is_told_only_what_it_reads(name: str) -> None:
    service = SERVICES[name]
    assert service["command"] == [f"services.{name}"]
    assert set(service["environment"]) <= variables(SETTINGS[name])
    mounted = {f"/run/secrets/{one if isinstance(one, str) else one['target']}" for one in service["secrets"]}
    named = {value for variable, value in service["environment"].items() if variable.endswith("_FILE")}
    assert named == mounted, "every secret that is mounted is read, and the other way round"


@pytest.mark.parametrize("name", SETTINGS)
def test_a_services_values_are_taken(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for variable, value in SERVICES[name]["environment"].items():
        default = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", str(value))
        if variable.endswith("_FILE"):
            (tmp_path / variable).write_text("x")
            default = str(tmp_path / variable)
        monkeypatch.setenv(variable, default)
    settings = SETTINGS[name]()
    assert settings.kafka_bootstrap == "kafka:9092"
    assert settings.mongodb_uri == "x"


@pytest.mark.parametrize("name", SETTINGS)
def test_a_service_is_asked_where_it_answers(name: str) -> None:
    service = SERVICES[name]
    port = service["environment"]["HTTP_PORT"]
    asked = urlsplit(re.findall(r"http://[^']+", service["healthcheck"]["test"][-1])[0])
    assert (asked.port, asked.path) == (int(port), "/readyz")
    (published,) = service["ports"]
    assert published.endswith(f":{port}")


@pytest.mark.parametrize("name", SERVICES)
def test_nothing_is_published_beyond_this_machine_and_nobody_is_root(name: str) -> None:
    service = SERVICES[name]
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert not re.match(r"(0|root)\b", service["user"])
    assert not service.get("privileged")
    assert "network_mode" not in service
    tag = service["image"].rpartition(":")[2]
    assert re.search(r"\d+\.\d+", tag), "pinned"


def test_only_the_stores_write_outside_their_volumes() -> None:
    assert {name for name, service in SERVICES.items() if not service.get("read_only")} == {"kafka", "mongo"}


def test_the_stores_are_on_the_network_without_a_way_out() -> None:
    assert compose()["networks"]["inside"]["internal"] is True
    assert {tuple(SERVICES[name]["networks"]) for name in ("kafka", "mongo", "mongo-init")} == {("inside",)}


def test_every_service_that_stays_says_whether_it_is_well() -> None:
    assert {name for name, service in SERVICES.items() if "healthcheck" not in service} == {"mongo-init"}


def test_every_file_that_is_mounted_is_there_or_is_made(tmp_path: Path) -> None:
    mounts = [mount.split(":")[0] for service in SERVICES.values() for mount in service.get("volumes", ())]
    assert not [path for path in mounts if path.startswith("./") and not (DEPLOY / path).exists()]
    credentials.write_missing(tmp_path / "secrets", lambda _: None)
    declared = {Path(secret["file"]).name for secret in compose()["secrets"].values()}
    assert declared == {file.name for file in (tmp_path / "secrets").iterdir()}
    used = {one if isinstance(one, str) else one["source"] for s in SERVICES.values() for one in s.get("secrets", ())}
    assert used == set(compose()["secrets"])


def test_topics_are_made_by_services_alone_and_can_be_made() -> None:
    kafka = SERVICES["kafka"]["environment"]
    assert kafka["KAFKA_AUTO_CREATE_TOPICS_ENABLE"] == "false", "a broker's own topics have the wrong partitions"
    assert SERVICES["registry"]["environment"]["KAFKA_REPLICATION"] == "1"
    assert len(TOPICS) == 4


async def test_the_credentials_that_are_made_are_taken(tmp_path: Path) -> None:
    told: list[str] = []
    made = credentials.write_missing(tmp_path, told.append)
    key = told[0].rpartition(" ")[2].strip()
    principal = await Keyring.load(tmp_path / "api-keys.json").find(key)
    assert principal is not None
    assert principal.role == "administrator"
    assert load_contacts(tmp_path / "contacts.json") == {}
    assert (tmp_path / "contacts.json").stat().st_mode & 0o777 == 0o644, "filled in by hand, read by containers' users"
    for service in SETTINGS:
        uri = urlsplit((tmp_path / f"mongodb-uri-{service}").read_text())
        assert (uri.username, uri.hostname, uri.port) == (service, "mongo", 27017)
        assert len(uri.password or "") > 30
    before = {name: (tmp_path / name).read_text() for name in made}
    assert credentials.write_missing(tmp_path, told.append) == []
    assert {name: (tmp_path / name).read_text() for name in made} == before


def test_prometheus_asks_every_service_where_it_answers() -> None:
    groups = json.loads((DEPLOY / "compose" / "targets" / "services.json").read_text())
    told = {group["labels"]["service"]: group["targets"] for group in groups}
    assert told == {name: [f"{name}:8080"] for name in SETTINGS}
    read = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text())
    listed = [*read["scrape_configs"], *read["alerting"]["alertmanagers"]]
    asked = {Path(name) for one in listed for found in one["file_sd_configs"] for name in found["files"]}
    mounted = SERVICES["prometheus"]["volumes"]
    for folder in (name.parent for name in asked):
        assert f"./compose/{folder}:/etc/prometheus/{folder}:ro" in mounted
        assert list((DEPLOY / "compose" / folder).glob("*.json"))


def test_mongo_makes_a_user_for_each_service_and_its_database() -> None:
    script = (DEPLOY / "compose" / "mongo-init.js").read_text()
    assert f"[{', '.join(repr(name) for name in SETTINGS)}]".replace("'", '"') in script
    for name, settings in SETTINGS.items():
        assert settings.model_fields["mongodb_database"].default == f"hop_luc_{name}"
    assert "hop_luc_access" in script
    assert load(PLAN).agencies, "the plan that the image holds"
