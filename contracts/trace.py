"""W3C trace context as it travels: in requests' headers, and in events as CloudEvents' distributed tracing extension.

``traceparent`` names a trace and the step in it that caused the event; ``tracestate`` is what tracing systems add for
themselves (W3C Trace Context, sections 3.2 and 3.3). Pure.
"""

import re
from typing import Final

TRACEPARENT: Final = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
TRACESTATE: Final = re.compile(r"[\x20-\x7e]{1,512}")


def is_trace(traceparent: object) -> bool:
    """Whether it is a trace's name; anything else is not passed on."""
    return isinstance(traceparent, str) and TRACEPARENT.fullmatch(traceparent) is not None
