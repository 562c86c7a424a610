"""The logins of a cluster, as files."""

from dataclasses import dataclass
from pathlib import Path

from chassis.connection import Connection
from chassis.settings import ServiceSettings
from deploy.kafka.config import Papers


@dataclass(frozen=True)
class Accounts:
    """Each password is in the file of its principal's name."""

    folder: Path
    papers: Papers
    passwords: dict[str, str]

    def environment(self) -> dict[str, str]:
        """What tells services how to reach the cluster; who they are there is `KAFKA_ACCOUNTS`' to the launcher."""
        return {
            "KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
            "KAFKA_CA_FILE": str(self.papers.authority),
            "KAFKA_ACCOUNTS": str(self.folder),
        }

    def connection(self, bootstrap: str, principal: str) -> Connection:
        """The cluster as a principal sees it."""
        return Connection.of(
            ServiceSettings(
                kafka_bootstrap=bootstrap,
                kafka_security_protocol="SASL_SSL",
                kafka_ca_file=self.papers.authority,
                kafka_username=principal,
                kafka_password_file=self.folder / principal,
            )
        )


def write_secret(file: Path, text: str) -> None:
    """Readable by its owner only."""
    file.touch(0o600)
    file.write_text(text, encoding="utf-8")
