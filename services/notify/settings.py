"""Notify's own knobs beside those of every service."""

from datetime import date, time
from pathlib import Path

from pydantic import Field, SecretStr

from chassis.settings import ServiceSettings
from services.notify.post import Security


class Settings(ServiceSettings):
    """Every knob says its unit and what happens when it is turned."""

    mongodb_database: str = Field("hop_luc_notify", description="Notify's own database.")
    contacts_file: Path | None = Field(
        None,
        description="JSON object of agency codes and e-mail addresses, read at the start. An agency without an address "
        "is not reminded, and its reminders say so.",
    )
    smtp_host: str = Field("127.0.0.1", description="The mail server that takes the reminders.")
    smtp_port: int = Field(25, gt=0, le=65535, description="Its TCP port.")
    smtp_security: Security = Field(
        "opportunistic",
        description="opportunistic: STARTTLS where the server offers it; starttls: or not at all; tls: from the start.",
    )
    smtp_user: str = Field("", description="Name to log in with; empty: no login.")
    smtp_password: SecretStr = Field(SecretStr(""), description="Password to log in with; never logged.")
    smtp_password_file: Path | None = Field(
        None, description="File that holds the password, in place of SMTP_PASSWORD."
    )
    smtp_timeout_seconds: float = Field(20.0, gt=0, description="Time for each step of the conversation, seconds.")
    mail_sender: str = Field("Hợp Lực <hop-luc@hop-luc.example>", description="Who the reminders are from.")
    mail_domain: str = Field(
        "hop-luc.example",
        pattern=r"^[a-z0-9.-]+$",
        description="End of every Message-ID. If two deployments share it, mail servers take their reminders for one.",
    )
    submit_url: str = Field(
        "", description="Where an agency hands its report in; {period} becomes the period's code. Empty: not named."
    )
    reminders_open_at: time = Field(time(8), description="Local time of day at which reminders go out.")
    leave_after_days: int = Field(
        30, ge=0, description="Days past the last moment after which a duty is not reminded of any more."
    )
    in_use_since: date | None = Field(
        None,
        description="First day on which agencies hand reports in here, as 2021-04-01. A report whose last day was "
        "before it is neither reminded of nor counted as missing. Empty: every one is.",
    )
    look_every_seconds: float = Field(
        3600.0, gt=0, description="The clock's time between looks, seconds; at least one look a second of real time."
    )
    lease_seconds: float = Field(
        600.0,
        gt=0,
        description="How long reminders that a killed copy was sending lie before they are sent again, seconds.",
    )
