"""Where a figure of a document opens down to the events that make it. Pure."""

from collections.abc import Callable
from urllib.parse import urlencode

from services.reporting.views import ConsolidationView

Opened = Callable[[str], str | None]
"""The address for an indicator's code, or nothing where documents have no links."""


def closed(_: str) -> None:
    """No links."""


def opening(base: str, frozen: ConsolidationView) -> Opened:
    """The page of each figure as it was frozen, below the address at which people reach reporting."""
    if not base:
        return closed

    def address(indicator: str) -> str:
        asked = {"indicator": indicator, "calendar": "administrative", "version": frozen.version}
        return f"{base.rstrip('/')}/periods/{frozen.period}/figure?{urlencode(asked)}"

    return address
