"""What agencies' systems write to their intake topics, for the services that judge it. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import msgspec

from chassis.listening import Record
from chassis.store import Message
from contracts.binary import of_kafka
from contracts.envelope import Malformed, attributes_of
from contracts.kinds import judge_of
from contracts.topics import agency_of, receipts

Asked = tuple[Record, bytes]
"""A record, and its event in structured mode."""


def offered(records: Iterable[Record], judge: str) -> Iterator[tuple[str, Sequence[Asked]]]:
    """The records that are this service's to judge, each with its event in structured mode, by the agency that wrote
    them, in order."""
    for topic, run in groupby(records, key=lambda record: record.topic):
        structured = ((record, of_kafka(record.headers, record.value) or record.value) for record in run)
        mine = [(record, value) for record, value in structured if judge_of(_type_of(value)) == judge]
        if mine:
            yield agency_of(topic), mine


def receipt(record: Record, members: dict[str, object]) -> Message:
    """The answer to a record, on the agency's topic of receipts: the record's place and key, and what became of it."""
    place = {"topic": record.topic, "partition": record.partition, "offset": record.offset}
    key = (record.key or b"").decode(errors="backslashreplace") or str(record.offset)
    value = msgspec.json.encode({**place, **members})
    return Message(receipts(agency_of(record.topic)).name, key, value)


def _type_of(value: bytes) -> object:
    try:
        return attributes_of(value).get("type")
    except Malformed:
        return None
