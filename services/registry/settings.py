"""Registry's own knobs beside those of every service."""

from pydantic import Field

from chassis.workbook.limits import WorkbookSettings


class Settings(WorkbookSettings):
    """Every knob says its unit and what happens when it is turned."""

    mongodb_database: str = Field("hop_luc_registry", description="Registry's own database.")
    max_events: int = Field(
        1_000,
        gt=0,
        description="Most events in one request to registry. A larger batch is answered 413, nothing of it is taken; "
        "each event is a write of its own, so a large one takes long.",
    )
