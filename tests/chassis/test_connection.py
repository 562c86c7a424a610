"""How Kafka is reached: as the settings say, and a setting that cannot be is refused by name, without its secret."""

from pathlib import Path
from typing import Any

import pytest
import trustme

from chassis.connection import Connection
from chassis.settings import ServiceSettings


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "authority.pem").write_bytes(trustme.CA().cert_pem.bytes())
    (tmp_path / "password").write_text("hush\n")
    (tmp_path / "empty").touch()
    return tmp_path


def connection(**settings: Any) -> Connection:
    return Connection.of(ServiceSettings(kafka_bootstrap="one:9092,two:9092", **settings))


def test_without_more_the_brokers_are_only_reached() -> None:
    options = connection().options()
    assert options == {"bootstrap_servers": ["one:9092", "two:9092"]}


def test_a_login_goes_over_tls_that_trusts_the_given_authority_alone(files: Path) -> None:
    options = connection(
        kafka_security_protocol="SASL_SSL",
        kafka_username="hop-luc-support",
        kafka_password_file=files / "password",
        kafka_ca_file=files / "authority.pem",
    ).options()
    context = options.pop("ssl_context")
    assert options == {
        "bootstrap_servers": ["one:9092", "two:9092"],
        "security_protocol": "SASL_SSL",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": "hop-luc-support",
        "sasl_plain_password": "hush",
    }
    assert context.check_hostname
    assert len(context.get_ca_certs()) == 1


def test_tls_without_a_login(files: Path) -> None:
    options = connection(kafka_security_protocol="SSL", kafka_ca_file=files / "authority.pem").options()
    assert options["security_protocol"] == "SSL"
    assert "sasl_mechanism" not in options


def test_nothing_that_is_printed_shows_the_password(files: Path) -> None:
    settings: dict[str, Any] = {"kafka_username": "x", "kafka_password_file": files / "password"}
    made = connection(kafka_security_protocol="SASL_PLAINTEXT", **settings)
    assert made.options()["sasl_plain_password"] == "hush"
    assert "hush" not in repr(made)
    assert "hush" not in repr(ServiceSettings(**settings))


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({}, "KAFKA_USERNAME and KAFKA_PASSWORD_FILE"),
        ({"kafka_username": "x"}, "KAFKA_PASSWORD_FILE"),
        ({"kafka_password_file": Path("password")}, "KAFKA_USERNAME"),
        ({"kafka_username": "x", "kafka_password_file": Path("nowhere")}, "KAFKA_PASSWORD_FILE .*nowhere"),
        ({"kafka_username": "x", "kafka_password_file": Path("empty")}, "is empty"),
        ({"kafka_ca_file": Path("nowhere")}, "KAFKA_CA_FILE .*nowhere"),
        ({"kafka_ca_file": Path("password")}, "KAFKA_CA_FILE .*no certificates"),
    ],
)
def test_what_cannot_be_is_refused_by_name(
    files: Path, monkeypatch: pytest.MonkeyPatch, settings: dict[str, Any], named: str
) -> None:
    monkeypatch.chdir(files)
    with pytest.raises(ValueError, match=named):
        connection(kafka_security_protocol="SASL_SSL", **settings)
