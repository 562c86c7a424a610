"""The logins of a cluster and the certificates of its nodes, made fresh at each start, as files."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import trustme
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from chassis.connection import Connection
from chassis.settings import ServiceSettings
from deploy.kafka.config import BROKERS, CLIENTS, CONTROLLERS, NODE_NAME, SUPER_USER, Papers
from deploy.kafka.grants import SCALER, WORK, principal_of


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


def open_accounts(folder: Path, agencies: Iterable[str]) -> Accounts:
    """Make certificates, and a login for each service, each agency, KEDA and the administrator."""
    names = (SUPER_USER, SCALER, *map(principal_of, WORK), *agencies)
    passwords = {name: secrets.token_urlsafe(24) for name in names}
    logins = folder / "accounts"
    logins.mkdir(mode=0o700, exist_ok=True)
    for name, password in passwords.items():
        write_secret(logins / name, password)
    return Accounts(logins, _papers(folder), passwords)


def write_secret(file: Path, text: str) -> None:
    """Readable by its owner only."""
    file.touch(0o600)
    file.write_text(text, encoding="utf-8")


def _papers(folder: Path) -> Papers:
    authority = trustme.CA()
    issued = authority.issue_cert(CLIENTS, CONTROLLERS, BROKERS, common_name=NODE_NAME)
    papers = Papers(folder / "node.pem", folder / "authority.pem")
    key = load_pem_private_key(issued.private_key_pem.bytes(), None)
    readable = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())  # the only form that Kafka reads
    chain = b"".join(one.bytes() for one in issued.cert_chain_pems)
    write_secret(papers.certificate, (readable + chain).decode())
    papers.authority.write_bytes(authority.cert_pem.bytes())
    return papers
