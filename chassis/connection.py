"""How Kafka is reached and who we say we are there: what every client of the broker is made with."""

import ssl
from dataclasses import dataclass, field
from typing import Any

from faststream.kafka.security import parse_security
from faststream.security import BaseSecurity, SASLPlaintext, SASLScram256, SASLScram512

from chassis.settings import ServiceSettings

_MECHANISMS = {"SCRAM-SHA-512": SASLScram512, "SCRAM-SHA-256": SASLScram256, "PLAIN": SASLPlaintext}


@dataclass(frozen=True)
class Connection:
    """The brokers to ask first, `host:port`, comma-separated; and how to be safe and known there, None: neither."""

    bootstrap: str
    security: BaseSecurity | None = field(default=None, repr=False)

    @classmethod
    def of(cls, settings: ServiceSettings) -> "Connection":
        """The connection that the settings describe. Raises `ValueError` if they, or a file they name, cannot be."""
        return cls(settings.kafka_bootstrap, _security(settings))

    def options(self) -> dict[str, Any]:
        """What aiokafka's clients take."""
        return {"bootstrap_servers": self.bootstrap.split(","), **parse_security(self.security)}


def _security(settings: ServiceSettings) -> BaseSecurity | None:
    protocol = settings.kafka_security_protocol
    context = _trusting(settings) if protocol.endswith("SSL") else None
    if protocol.startswith("SASL"):
        mechanism = _MECHANISMS[settings.kafka_sasl_mechanism]
        return mechanism(settings.kafka_username, _password(settings), ssl_context=context)
    return BaseSecurity(ssl_context=context) if context else None


def _trusting(settings: ServiceSettings) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=settings.kafka_ca_file)
    except OSError as error:  # an SSLError is one
        raise ValueError(f"KAFKA_CA_FILE {settings.kafka_ca_file}: no certificates can be read: {error}") from error


def _password(settings: ServiceSettings) -> str:
    file = settings.kafka_password_file
    if file is None or not settings.kafka_username:
        raise ValueError(f"{settings.kafka_security_protocol} needs KAFKA_USERNAME and KAFKA_PASSWORD_FILE")
    try:
        password = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"KAFKA_PASSWORD_FILE {file}: {error}") from error
    if not password:
        raise ValueError(f"KAFKA_PASSWORD_FILE {file} is empty")
    return password
