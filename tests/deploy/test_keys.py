"""Keys are fresh for each stack, and services know only their hashes."""

import json
import stat
from pathlib import Path

from catalogue.model import Plan
from chassis.auth import Keyring
from deploy.local.keys import ROLES, contacts_of, fresh_keys, hashes_of, where_credentials_are, write_credentials
from deploy.local.ready import remove_ready, write_ready
from services.notify.contacts import load_contacts


async def test_every_agency_and_role_has_a_key_of_its_own_that_the_services_know_by_its_hash(
    plan: Plan, tmp_path: Path
) -> None:
    agencies = [agency.code for agency in plan.agencies]
    keys = fresh_keys(agencies)
    assert set(keys) == {*agencies, *ROLES}
    assert len(set(keys.values())) == len(keys)
    file = tmp_path / "keys.json"
    file.write_text(json.dumps(hashes_of(keys)))
    assert not any(key in file.read_text() for key in keys.values())
    keyring = Keyring.load(file)
    for name, key in keys.items():
        principal = await keyring.find(key)
        assert principal is not None
        assert (principal.role, principal.agency) == ((name, None) if name in ROLES else ("agency", name))


def test_two_stacks_never_share_a_key() -> None:
    assert not set(fresh_keys(["SNV"]).values()) & set(fresh_keys(["SNV"]).values())


def test_what_is_written_for_the_services_is_for_their_owner_only(tmp_path: Path) -> None:
    keys = write_credentials(tmp_path, ["SNV"])
    files = [Path(file) for file in where_credentials_are(tmp_path).values()]
    assert sorted(files) == sorted(tmp_path.iterdir())
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert not any(key in file.read_text() for key in keys.values() for file in files)


def test_every_agency_has_an_address_that_nobody_can_own(plan: Plan, tmp_path: Path) -> None:
    contacts = contacts_of(agency.code for agency in plan.agencies)
    assert all(address.endswith(".example") for address in contacts.values())
    file = tmp_path / "contacts.json"
    file.write_text(json.dumps(contacts))
    assert load_contacts(file) == contacts


def test_the_ready_file_is_for_its_owner_only_and_never_half(tmp_path: Path) -> None:
    file = tmp_path / "ready.json"
    write_ready(file, {"api_keys": {"SNV": "secret"}})
    write_ready(file, {"api_keys": {"SNV": "another"}})
    assert json.loads(file.read_text()) == {"api_keys": {"SNV": "another"}}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]
    remove_ready(file)
    remove_ready(file)
    assert not file.exists()
