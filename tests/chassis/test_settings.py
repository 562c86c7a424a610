"""The knobs: named as the environment names them, each explained, wrong ones refused."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from chassis.settings import ServiceSettings


def test_a_knob_is_read_from_the_variable_of_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PORT", "8080")
    monkeypatch.setenv("KAFKA_IDEMPOTENCE", "false")
    monkeypatch.setenv("API_KEYS_FILE", "/etc/keys.json")
    monkeypatch.setenv("SOMETHING_ELSE", "x")
    settings = ServiceSettings()
    assert (settings.http_port, settings.kafka_idempotence) == (8080, False)
    assert settings.api_keys_file == Path("/etc/keys.json")


def test_every_knob_has_a_default_and_says_what_it_does() -> None:
    for name, field in ServiceSettings.model_fields.items():
        assert not field.is_required(), name
        assert field.description, name
        assert len(field.description) > 20, name


@pytest.mark.parametrize(
    ("name", "value"),
    [("HTTP_PORT", "70000"), ("STORE_DRIVER", "sqlite"), ("LOG_LEVEL", "loud"), ("MAX_FAILURES", "0")],
)
def test_a_wrong_value_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError):
        ServiceSettings()
