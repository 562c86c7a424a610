"""Support's own knobs beside those of every service."""

from datetime import timedelta

from pydantic import Field

from chassis.workbook.limits import WorkbookSettings


class Settings(WorkbookSettings):
    """Every knob says its unit and what happens when it is turned."""

    mongodb_database: str = Field("hop_luc_support", description="Support's own database.")
    max_events: int = Field(
        5_000,
        gt=0,
        description="Most events in one request. A larger batch is answered 413 and nothing of it is taken.",
    )
    max_event_bytes: int = Field(
        65_536,
        gt=0,
        le=1_000_000,
        description="Largest event, bytes; a larger one is refused. Kafka takes no more than a megabyte.",
    )
    events_per_write: int = Field(
        500,
        gt=0,
        description="Most events kept by one write. More is faster and loses more work when two batches race.",
    )
    max_account_bytes: int = Field(
        4_000_000,
        gt=0,
        le=4_000_000,
        description="Most bytes of events kept of one loan or budget: some 10,000. Beyond it more are refused.",
    )
    held_seconds: float = Field(
        15.0,
        gt=0,
        description="How often what is held is measured, and judged again, seconds. Hearing registry does so at once.",
    )
    heartbeat_seconds: float = Field(
        60.0,
        ge=0,
        description="How often a heartbeat is sent through all services, seconds: so coarse is what it says. 0: never.",
    )
    ahead_seconds: float = Field(
        300.0,
        ge=0,
        description="How far in the future an event may lie, seconds: the error allowed to senders' clocks.",
    )

    @property
    def ahead(self) -> timedelta:
        return timedelta(seconds=self.ahead_seconds)
