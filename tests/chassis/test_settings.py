"""The knobs: named as the environment names them, each explained, wrong ones refused."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from chassis.settings import ServiceSettings
from services.notify.settings import Settings as NotifySettings


def test_a_knob_is_read_from_the_variable_of_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PORT", "8080")
    monkeypatch.setenv("KAFKA_IDEMPOTENCE", "false")
    monkeypatch.setenv("API_KEYS_FILE", "/etc/keys.json")
    monkeypatch.setenv("SOMETHING_ELSE", "x")
    settings = ServiceSettings()
    assert (settings.http_port, settings.kafka_idempotence) == (8080, False)
    assert settings.api_keys_file == Path("/etc/keys.json")


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NotifySettings.model_fields:
        monkeypatch.setenv(name.upper(), "")
    assert NotifySettings() == NotifySettings.model_construct()


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


def test_a_secret_is_read_from_the_file_that_is_named_in_its_place(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "uri").write_text("mongodb://registry:s3cret@mongo/\n")
    (tmp_path / "password").write_text("pa ss\n")
    monkeypatch.setenv("MONGODB_URI_FILE", str(tmp_path / "uri"))
    monkeypatch.setenv("SMTP_PASSWORD_FILE", str(tmp_path / "password"))
    settings = NotifySettings()
    assert settings.mongodb_uri == "mongodb://registry:s3cret@mongo/"
    assert settings.smtp_password.get_secret_value() == "pa ss"


def test_a_secret_that_is_given_twice_or_cannot_be_read_is_refused_without_being_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MONGODB_URI_FILE", str(tmp_path / "nowhere"))
    with pytest.raises(ValidationError, match="MONGODB_URI_FILE cannot be read: FileNotFoundError"):
        ServiceSettings()
    (tmp_path / "nowhere").write_text("mongodb://s3cret@mongo/")
    monkeypatch.setenv("MONGODB_URI", "mongodb://s3cret@mongo/")
    with pytest.raises(ValidationError, match="only one of them may be set") as refused:
        ServiceSettings()
    told = [error["msg"] for error in refused.value.errors(include_input=False)]
    assert "s3cret" not in " ".join(told)
