"""A heartbeat: what travels the events' way through every service only to show that, and how fast, it gets through.

It is no event of the plan: it has topics of its own, which only the services write and hear, so no figure, ledger or
dead letter ever sees one. Pure.
"""

import msgspec


class Beat(msgspec.Struct, frozen=True):
    """``made``: when, milliseconds since 1970 UTC by the clock of the machine that made it."""

    made: int


_DECODER = msgspec.json.Decoder(Beat)


def write_beat(beat: Beat) -> bytes:
    return msgspec.json.encode(beat)


def read_beat(value: bytes) -> Beat | None:
    """The beat, or None for anything else: what is no heartbeat is nothing to be kept either."""
    try:
        return _DECODER.decode(value)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
