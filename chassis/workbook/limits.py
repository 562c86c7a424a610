"""The knobs of services that take workbooks."""

from pydantic import Field

from chassis.settings import ServiceSettings
from chassis.workbook.package import Limits


class WorkbookSettings(ServiceSettings):
    """Every knob says its unit and what happens when it is turned."""

    workbook_max_rows: int = Field(
        10_000,
        gt=0,
        le=1_000_000,
        description="Most rows of data in an uploaded workbook. A longer one is refused whole and nothing is taken.",
    )
    workbook_max_columns: int = Field(
        200, gt=0, le=16_000, description="Most columns in an uploaded workbook. A wider one is refused whole."
    )
    workbook_max_unpacked_bytes: int = Field(
        33_554_432,
        gt=0,
        description="Largest workbook when unpacked, bytes; a larger one is refused unread. Reading takes a few times "
        "as much memory, and one workbook is read at a time.",
    )

    @property
    def workbook_limits(self) -> Limits:
        return Limits(self.workbook_max_rows, self.workbook_max_columns, self.workbook_max_unpacked_bytes)
