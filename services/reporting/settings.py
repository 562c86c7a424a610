"""Reporting's own knobs beside those of every service."""

from pydantic import Field

from chassis.settings import ServiceSettings


class Settings(ServiceSettings):
    """Every knob says its unit and what happens when it is turned."""

    mongodb_database: str = Field("hop_luc_reporting", description="Reporting's own database.")
    cells_every_seconds: float = Field(
        1.0,
        gt=0,
        description="How often changed cells are written for other copies of the service, seconds. Longer writes less; "
        "a copy's own answers are always of every event it has folded.",
    )
    gauges_seconds: float = Field(
        60.0,
        ge=0,
        description="How often the present quarter's figures and duties, and open obstacles, are told as metrics, "
        "seconds. 0: never.",
    )
    public_address: str = Field(
        "",
        pattern=r"^(https?://[^\s{}\"'<>]+)?$",
        description="Where people reach this service, as `https://reporting.example`: figures in documents then link "
        "to the events that make them. Empty: no links.",
    )
    gather_ms: int = Field(
        200,
        ge=0,
        description="How long the broker gathers events for one batch, milliseconds. Longer writes fewer ledger "
        "documents, and figures follow that much later.",
    )
    attachments_most: int = Field(
        5, ge=0, le=20, description="Most files that one report carries. More are refused; 0 takes none."
    )
    attachment_max_bytes: int = Field(
        4_194_304,
        gt=0,
        le=15_000_000,
        description="Largest file that a report carries, bytes; the store takes no document above 16 MB. All files of "
        "a report travel in one request, so MAX_BODY_BYTES bounds them together.",
    )
    restate_every_seconds: float = Field(
        5.0,
        gt=0,
        description="How often it is looked whether signed figures have changed since, seconds. Longer says it later, "
        "and more at once: each note is a letter too.",
    )
