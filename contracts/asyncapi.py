"""The kinds and topics as an AsyncAPI 3.0 document. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from contracts.envelope import MEDIA_TYPE, Envelope
from contracts.golden import example, retraction
from contracts.kinds import KINDS, RETRACTED, Kind, Retraction
from contracts.topics import TOPICS, Topic

_SCHEMAS = "#/components/schemas/{name}"
_KAFKA = "0.5.0"
_RETRACTION = "retraction"
# The only speaker whose facts are agencies' own words, so the only one that takes any back.
_TAKES_BACK = "support"


def asyncapi(kinds: Mapping[str, Kind] = KINDS, topics: Iterable[Topic] = TOPICS) -> dict[str, Any]:
    """The whole document: a channel per topic, a message per kind, an operation per speaker."""
    spoken = {topic: [kind for kind in kinds.values() if kind.speaker == topic.speaker] for topic in topics}
    _, schemas = msgspec.json.schema_components(
        [Envelope, Retraction, *(kind.shape for kind in kinds.values())], ref_template=_SCHEMAS
    )
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Hợp Lực",
            "version": "1",
            "description": "What the services say to each other. Attributes and fields are only ever added; readers "
            "ignore those they do not know. The highest (revision, id) of an agency, kind and subject is what holds.",
        },
        "defaultContentType": MEDIA_TYPE,
        "channels": {topic.name: _channel(topic, kinds) for topic, kinds in spoken.items()},
        "operations": {f"{topic.speaker}-says": _operation(topic, kinds) for topic, kinds in spoken.items()},
        "components": {
            "messages": {kind.name: _message(kind) for kind in kinds.values()} | {_RETRACTION: _retraction()},
            # Through JSON, where a default that is a tuple becomes a list.
            "schemas": msgspec.json.decode(msgspec.json.encode(schemas)),
        },
    }


def _names(topic: Topic, kinds: Iterable[Kind]) -> list[str]:
    return [kind.name for kind in kinds] + ([_RETRACTION] if topic.speaker == _TAKES_BACK else [])


def _channel(topic: Topic, kinds: Iterable[Kind]) -> dict[str, Any]:
    return {
        "address": topic.name,
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in _names(topic, kinds)},
        "bindings": {"kafka": {"topic": topic.name, "partitions": topic.partitions, "bindingVersion": _KAFKA}},
    }


def _operation(topic: Topic, kinds: Iterable[Kind]) -> dict[str, Any]:
    return {
        "action": "send",
        "channel": {"$ref": f"#/channels/{topic.name}"},
        "messages": [{"$ref": f"#/channels/{topic.name}/messages/{name}"} for name in _names(topic, kinds)],
    }


def _message(kind: Kind) -> dict[str, Any]:
    return {
        "name": kind.name,
        "title": kind.title,
        "summary": kind.shape.__doc__,
        **_carrying({"const": kind.name}, kind.shape.__name__),
        "examples": [{"name": kind.name, "payload": example(kind)}],
    }


def _retraction() -> dict[str, Any]:
    return {
        "name": _RETRACTION,
        "title": "Rút lại",
        "summary": Retraction.__doc__,
        **_carrying({"type": "string", "pattern": rf"\{RETRACTED}$"}, Retraction.__name__),
        "examples": [{"name": _RETRACTION, "payload": retraction(KINDS["training.held"])}],
    }


def _carrying(event_type: Mapping[str, Any], shape: str) -> dict[str, Any]:
    data = {"$ref": _SCHEMAS.format(name=shape)}
    return {
        "contentType": MEDIA_TYPE,
        "payload": {
            "allOf": [
                {"$ref": _SCHEMAS.format(name=Envelope.__name__)},
                {"type": "object", "properties": {"type": event_type, "data": data}, "required": ["type", "data"]},
            ]
        },
        "bindings": {
            "kafka": {
                "key": {"type": "string", "description": "The subject up to its first slash: order holds within it."},
                "bindingVersion": _KAFKA,
            }
        },
    }
