"""The kinds as a document to read, docs/events.md. Pure."""

from collections.abc import Iterator, Mapping
from inspect import getdoc

import msgspec
from msgspec import inspect

from contracts.fields import Field, fields_of
from contracts.golden import data_of, example, text
from contracts.kinds import KINDS, Kind
from contracts.topics import TOPICS, Topic

_HEAD = """\
# Events

Written by `make docs` from `contracts/`; do not edit. The same for programs: [asyncapi.json](asyncapi.json).

Every event is a structured [CloudEvents 1.0](https://github.com/cloudevents/spec) JSON object: `specversion`, `id`,
`source`, `type` (the kind), `subject` (what it is about), `time` (business time, RFC 3339 with an offset) and `data`
are required. `revision` (from 1) corrects: of the events of one agency, kind and subject, the one with the highest
revision holds, and of equal revisions the one with the greatest `id`. `KIND.retracted`, whose data is a `reason`, takes
support's facts back the same way. `agency` is set by the service that accepts the event, whatever the sender wrote;
`traceparent` is W3C trace context. Attributes that are not listed here are kept and ignored.

Money is whole đồng, area whole m², mass whole kilograms. `unit` is a district to 30 June 2025, a commune-level unit
from 1 July 2025; absent, the fact is of the province as a whole. The Kafka key is the subject up to its first slash.

One whole event:

"""


def document(kinds: Mapping[str, Kind] = KINDS) -> str:
    """The whole document in Markdown."""
    whole = f"```json\n{text(example(KINDS['training.held']))}```\n"
    return _HEAD + whole + "".join(_section(topic, kinds) for topic in TOPICS)


def _section(topic: Topic, kinds: Mapping[str, Kind]) -> str:
    spoken = [kind for kind in kinds.values() if kind.speaker == topic.speaker]
    partitions = f"{topic.partitions} partition" + ("s" if topic.partitions > 1 else "")
    heading = f"\n## {topic.speaker.capitalize()}\n\nTopic `{topic.name}`, {partitions}, {len(spoken)} kinds.\n"
    return heading + "".join(map(_kind, spoken))


def _kind(kind: Kind) -> str:
    rows = "\n".join(_rows(kind))
    data = msgspec.json.encode(data_of(kind)).decode()
    return (
        f"\n### `{kind.name}`: {kind.title}\n\n{getdoc(kind.shape)}\n\n"
        f"| Field | Tên gọi | Type | Unit | Required |\n|---|---|---|---|---|\n{rows}\n\n"
        f"```json\n{data}\n```\n"
    )


def _rows(kind: Kind) -> Iterator[str]:
    for field in fields_of(kind):
        cells = (f"`{field.name}`", field.title, _words(field), field.unit, "yes" if field.required else "")
        yield f"| {' | '.join(cells)} |"


def _words(field: Field) -> str:
    match field.type:
        case inspect.LiteralType():
            return "; ".join(f"`{code}` {label}" for code, label in field.labels.items())
        case inspect.VarTupleType():
            return "list of codes"
        case inspect.BoolType():
            return "yes or no"
        case inspect.IntType() as number:
            return _whole(number)
        case inspect.DateTimeType():
            return "instant with offset"
        case inspect.StrType(pattern=str(pattern)):
            return f"text, `{pattern}`".replace("|", "\\|")
        case inspect.StrType(max_length=int(most)):
            return f"text, up to {most} characters"
        case other:
            raise TypeError(f"no words for {other}")


def _whole(described: inspect.IntType) -> str:
    """Bounds that only keep a number exact in JSON are not worth a word."""
    match described.ge, described.le:
        case int(least), int(most) if most < 1_000:
            return f"whole number, {least} to {most}"
        case int(least), _ if least >= 0:
            return f"whole number, {least} or more"
        case _:
            return "whole number"
