"""Reporting's own knobs beside those of every service."""

from pydantic import Field

from chassis.settings import ServiceSettings


class Settings(ServiceSettings):
    """Every knob says its unit and what happens when it is turned."""

    mongodb_database: str = Field("hop_luc_reporting", description="Reporting's own database.")
    cells_every_seconds: float = Field(
        0.25,
        gt=0,
        description="How often changed cells are written for other copies of the service, seconds. Longer writes less; "
        "a copy's own answers are always of every event it has folded.",
    )
