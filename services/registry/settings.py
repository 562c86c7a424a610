"""Registry's own knobs beside those of every service."""

from pydantic import Field

from chassis.workbook.limits import WorkbookSettings


class Settings(WorkbookSettings):
    """Every knob says its unit and what happens when it is turned."""

    mongodb_database: str = Field("hop_luc_registry", description="Registry's own database.")
