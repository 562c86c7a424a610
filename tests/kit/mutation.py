"""Events spoilt in every way that clerks, programs and networks find: the same for the same seed."""

import json
import random
from collections.abc import Callable
from typing import Any

Event = dict[str, Any]

_VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, 1e308, 2**63, 10**30, "", " ", "\u0000", "٣", "Lạng Sơn", "😀" * 40, "x" * 3_000,
    [], {}, [[]], {"": {}}, ["a"] * 600, "2021-13-45T99:99:99+99:99", "9999-12-31T23:59:59Z", "../../etc", "=1+1",
)  # fmt: skip


def spoilt_value(event: Event, chance: random.Random) -> Event:
    """One attribute or one field of the data replaced by a value of any type, or taken away, or one more added."""
    where = chance.choice((event, event["data"]))
    name = chance.choice([*where, "extra", "agency", "revision", "traceparent", "datacontenttype"])
    changed = {**where, name: chance.choice(_VALUES)}
    if chance.random() < 0.2:
        changed.pop(name)
    return changed if where is event else {**event, "data": changed}


def spoilt_bytes(value: bytes, chance: random.Random) -> bytes:
    """Cut, doubled, overwritten or encoded otherwise."""
    start = chance.randrange(len(value))
    end = min(len(value), start + chance.randrange(1, 12))
    ways: tuple[Callable[[], bytes], ...] = (
        lambda: value[:start],
        lambda: value[:start] + value[end:],
        lambda: value[:start] + value[start:end] * 3 + value[end:],
        lambda: value[:start] + chance.randbytes(end - start) + value[end:],
        lambda: value.decode().encode("utf-16"),
        lambda: b"\xef\xbb\xbf" + value,
        lambda: b"\x1f\x8b\x08" + value,
        lambda: b"[" * 2_000 + value,
        lambda: value.replace(b"T", b"\xff", 1),
        lambda: value + value,
        lambda: b"",
        lambda: json.dumps({**json.loads(value), "data": {"note": "x" * 70_000}}).encode(),
    )
    return chance.choice(ways)()
