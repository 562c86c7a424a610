"""Following an event through the services: at DEBUG every stage logs it, with its id and the trace it came in."""

import logging
from collections.abc import Iterable

from chassis.logs import about
from contracts.envelope import Malformed, opened


def tell(log: logging.Logger, values: Iterable[bytes], what: str, *args: object) -> None:
    """Log what happens to each of these events. Costs nothing unless the logger says DEBUG; what is no event is passed
    over."""
    if not log.isEnabledFor(logging.DEBUG):
        return
    for value in values:
        try:
            envelope, _ = opened(value)
        except Malformed:
            continue
        with about(event=envelope.id, trace=envelope.traceparent):
            log.debug(what, *args)
