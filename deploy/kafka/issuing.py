"""Makes the logins of a cluster and the certificates of its nodes, fresh at each start.

Apart from `accounts`, because a node without logins needs no library for certificates.
"""

import secrets
from collections.abc import Iterable
from pathlib import Path

import trustme
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from deploy.kafka.accounts import Accounts, write_secret
from deploy.kafka.config import BROKERS, CLIENTS, CONTROLLERS, NODE_NAME, SUPER_USER, Papers
from deploy.kafka.grants import SCALER, WORK, principal_of


def open_accounts(folder: Path, agencies: Iterable[str]) -> Accounts:
    """Make certificates, and a login for each service, each agency, KEDA and the administrator."""
    names = (SUPER_USER, SCALER, *map(principal_of, WORK), *agencies)
    passwords = {name: secrets.token_urlsafe(24) for name in names}
    logins = folder / "accounts"
    logins.mkdir(mode=0o700, exist_ok=True)
    for name, password in passwords.items():
        write_secret(logins / name, password)
    return Accounts(logins, _papers(folder), passwords)


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
