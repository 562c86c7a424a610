"""The knobs every service has, read from the environment. A service's own settings extend `ServiceSettings`.

The name of the environment variable is the field's name in capitals: `http_port` is HTTP_PORT. An empty variable is as
good as none: compose and Kubernetes hand on what nobody has filled in.
"""

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class ServiceSettings(BaseSettings):
    """Every knob says its unit and what happens when it is turned."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True, env_ignore_empty=True)

    http_host: str = Field(
        "127.0.0.1", description="Address to listen on. 0.0.0.0 opens the service to the network, without TLS."
    )
    http_port: int = Field(
        0, ge=0, le=65535, description="TCP port to listen on. 0 takes a free one and writes it to the log."
    )
    max_body_bytes: int = Field(
        8_388_608, gt=0, description="Largest request body, bytes. A larger one is answered 413 without being read."
    )
    kafka_bootstrap: str = Field(
        "127.0.0.1:9092", description="Kafka brokers to ask first, host:port, comma-separated."
    )
    kafka_idempotence: bool = Field(
        True,
        description="Producer idempotence. Off only for brokers without it: a retry may then write a record twice.",
    )
    kafka_security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        "PLAINTEXT",
        description="How the brokers are spoken to: SSL encrypts, SASL logs in. Without SSL all can be read underway.",
    )
    kafka_sasl_mechanism: Literal["SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN"] = Field(
        "SCRAM-SHA-512", description="How to log in with SASL. PLAIN shows the password to the broker."
    )
    kafka_username: str = Field("", description="Name to log in with; the broker's ACLs say what it may do.")
    kafka_password_file: Path | None = Field(
        None, description="File that holds the password to log in with; read at the start, never logged."
    )
    kafka_ca_file: Path | None = Field(
        None, description="PEM file of the authority that vouches for the brokers. Unset: those the machine trusts."
    )
    kafka_replication: int = Field(
        -1, ge=-1, description="Copies of each topic when it is created here. -1 takes the broker's default."
    )
    kafka_min_insync_replicas: int = Field(
        0,
        ge=0,
        description="Copies that must have a record before it counts as said, for topics created here. With fewer "
        "alive nothing is said and outboxes fill. 0 takes the broker's default.",
    )
    kafka_group_instance_id: str = Field(
        "",
        description="Name of this copy in its consumer groups, no two alike at a time. It then keeps its places over a "
        "restart within the session timeout; empty: they go to others at once.",
    )
    kafka_metadata_max_age_ms: int = Field(
        5_000, gt=0, description="How old the picture of topics and leaders may get, ms. Longer notices moves later."
    )
    kafka_session_timeout_ms: int = Field(
        10_000,
        gt=0,
        description="Silence after which a consumer's places go to others, ms. Shorter frees a killed one's sooner, "
        "and loses a slow one's. Kafka wants 6,000 or more; on the embedded broker a group waits half of it to join.",
    )
    kafka_max_records: int = Field(
        2_000, gt=0, description="Most records heard at once. More is faster and redoes more after a failure."
    )
    max_failures: int = Field(
        8,
        gt=0,
        description="Failures in a row to hear one batch before the process gives up and ends with exit code 1.",
    )
    mongodb_uri: str = Field(
        "mongodb://127.0.0.1:27017/", description="The MongoDB replica set. Secrets in it are never logged."
    )
    mongodb_uri_file: Path | None = Field(
        None, description="File that holds the URI, in place of MONGODB_URI: for secrets that are mounted as files."
    )
    mongodb_database: str = Field(
        "hop_luc", description="The service's own database. Two services must never share one."
    )
    store_driver: Literal["motor", "pymongo"] = Field(
        "motor", description="The MongoDB driver: motor, or its successor, pymongo's asynchronous client."
    )
    plan_folder: Path = Field(
        Path("catalogue/plans/177-KH-UBND"),
        description="Folder of the plan's TOML files. A wrong plan ends the process.",
    )
    api_keys_file: Path | None = Field(
        None,
        description="JSON list of key hashes, roles and agencies. Missing: nobody is known, every write is refused.",
    )
    access_database: str = Field(
        "hop_luc_access", description="Database of the keys that an administrator makes; the same for all services."
    )
    key_cache_seconds: float = Field(
        5.0, ge=0, description="How long a key is remembered, seconds: so late is it felt that one was taken back."
    )
    requests_per_minute: int = Field(
        6_000, gt=0, description="Requests of one key in a minute, counted by each process; more are answered 429."
    )
    failures_per_minute: int = Field(
        120, gt=0, description="Requests without a good key from one address in a minute; more are answered 429."
    )
    clock_file: Path | None = Field(
        None, description="File of a scaled clock, for demonstrations. Unset: the real time."
    )
    otlp_endpoint: str = Field(
        "",
        pattern=r"^(https?://[^\s]+)?$",
        description="OpenTelemetry collector that takes spans over OTLP/HTTP, such as http://127.0.0.1:4318. "
        "Empty: no spans are made.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="Least severe level that is logged."
    )
    max_replays: int = Field(
        3, gt=0, description="How often a dead letter may be replayed; one that still comes back is left alone."
    )
    dead_letters_seconds: float = Field(15.0, gt=0, description="How often dead letters are measured, seconds.")
    totals_seconds: float = Field(
        30.0,
        gt=0,
        description="How often control totals that did not agree are compared again, seconds; of others 20 in turn.",
    )
    ready_within_seconds: float = Field(
        2.0, gt=0, description="Time the store and the broker get to answer before /readyz says 503."
    )
    stuck_after_seconds: float = Field(
        60.0, gt=0, description="How long work may lie untouched before /livez says 503 and the process is restarted."
    )
    drain_seconds: float = Field(
        20.0, gt=0, description="Time each part gets to finish when the process is told to end, then it is cut off."
    )

    @model_validator(mode="before")
    @classmethod
    def _read_secrets(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Take the value of X from the file that X_FILE names, for every X that is a knob of its own."""
        found = dict(given)
        for name in cls.model_fields:
            file = given.get(f"{name}_file")
            if not file or f"{name}_file" not in cls.model_fields:
                continue
            variable = name.upper()
            if name in given:
                raise ValueError(f"{variable} and {variable}_FILE: only one of them may be set")
            try:
                found[name] = Path(file).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                raise ValueError(f"{variable}_FILE cannot be read: {type(error).__name__}") from None
        return found
