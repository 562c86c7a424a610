"""The file of addresses is taken whole or refused with a reason."""

import json
from pathlib import Path

import pytest

from chassis.listening import Fatal
from services.notify.contacts import load_contacts


def test_addresses_are_read(tmp_path: Path) -> None:
    file = tmp_path / "contacts.json"
    file.write_text(json.dumps({"SNV": "van-thu@snv.example"}))
    assert load_contacts(file) == {"SNV": "van-thu@snv.example"}
    assert load_contacts(None) == {}


@pytest.mark.parametrize(
    "address", ["", "snv", "a@b", "a b@x.example", "a@x.example\nBcc: b@x.example", "á@x.example", 7]
)
def test_what_cannot_be_written_to_is_refused_by_the_agency(tmp_path: Path, address: object) -> None:
    file = tmp_path / "contacts.json"
    file.write_text(json.dumps({"SNV": address}))
    with pytest.raises(Fatal, match="SNV"):
        load_contacts(file)


@pytest.mark.parametrize("content", ["", "[]", "{"])
def test_a_file_that_is_no_list_of_addresses_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "contacts.json"
    file.write_text(content)
    with pytest.raises(Fatal, match="CONTACTS_FILE"):
        load_contacts(file)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Fatal):
        load_contacts(tmp_path / "nowhere.json")
