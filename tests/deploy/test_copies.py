"""Several copies of a service in the stack: how many is asked for, and where Prometheus finds each."""

import json

import pytest

from deploy.local.__main__ import main
from deploy.local.stack import Stack
from deploy.local.watch import targets


@pytest.mark.parametrize("said", ["reporting", "reporting=", "reporting=0", "reporting=two", "broker=2"])
def test_a_wrong_number_of_copies_is_refused(said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["up", "--copies", said])
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_the_first_copy_has_the_services_name_and_the_others_a_number() -> None:
    stack = Stack(copies={"reporting": 3})
    assert stack.copies("reporting") == ("reporting", "reporting-2", "reporting-3")
    assert stack.copies("notify") == ("notify",)


def test_prometheus_finds_every_copy_under_its_services_name() -> None:
    told = json.loads(targets({"reporting": "http://h:1", "reporting-2": "http://h:2"}))
    assert [(one["targets"], one["labels"]["service"]) for one in told] == [
        (["h:1"], "reporting"),
        (["h:2"], "reporting"),
    ]
