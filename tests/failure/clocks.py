"""The clock of each service, in a file of its own: all are told the same moment, and one may be off."""

from datetime import datetime, timedelta
from pathlib import Path

from chassis.clock import write_clock_file
from deploy.local.programs import SERVICES

BEGIN = datetime.fromisoformat("2021-06-16T12:00:00+07:00")
"""Before the first reminder of the second quarter, of whose reports a run tells."""
STAGES = tuple(
    (share, datetime.fromisoformat(f"2021-06-{day:02d}T09:00:00+07:00"))
    for share, day in ((0.1, 17), (0.3, 21), (0.5, 23), (0.7, 24), (0.9, 25))
)
"""When it becomes the day of which reminder, as a share of the traffic."""
LATER = timedelta(hours=1)
"""Longer than a skew and a lease: what a killed copy was mailing is mailed after that."""


class Clocks:
    """They run at the speed of real time from the moment that was set last."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._moment = BEGIN
        self._off = dict.fromkeys(SERVICES, timedelta())
        self.set(BEGIN)

    def file_of(self, service: str) -> Path:
        return self._folder / f"{service}.clock.json"

    def set(self, moment: datetime) -> None:
        """It is so late, everywhere but for what a clock is off."""
        self._moment = moment
        for service in self._off:
            self._write(service)

    def skew(self, service: str, off: timedelta) -> None:
        """Put one clock wrong by so much; by nothing: right again."""
        self._off[service] = off
        self._write(service)

    def _write(self, service: str) -> None:
        write_clock_file(self.file_of(service), anchor=self._moment + self._off[service], speed=1, until=None)
