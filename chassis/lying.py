"""How a document lies in MongoDB, and is read from there; `chassis.store_mongo` says what each field is. Pure."""

from collections.abc import Sequence
from typing import Any

from chassis.store import Body, Document, Message, Whole


def document(found: dict[str, Any]) -> Document:
    """What is decided of it."""
    return Document(found["_id"], found["version"], found["body"])


def whole(found: dict[str, Any]) -> Whole:
    """All that is kept of it."""
    return Whole(
        found["_id"],
        found["version"],
        found["body"],
        found.get("claims", ()),
        messages(found.get("said", ())),
        found.get("sent", 0),
        found.get("queued"),
    )


def raw(one: Whole) -> dict[str, Any]:
    """As it lies there."""
    lies: dict[str, Any] = {"_id": one.id, "version": one.version, "body": one.body, "sent": one.sent}
    lies["said"] = [said(message) for message in one.said]
    if one.claims:
        lies["claims"] = list(one.claims)
    if one.queued is not None:
        lies["queued"] = one.queued
    return lies


def said(message: Message) -> Body:
    """A message of its outbox as it lies there."""
    return {"topic": message.topic, "key": message.key, "value": message.value, "headers": dict(message.headers)}


def messages(stored: Sequence[Body]) -> tuple[Message, ...]:
    """Messages of its outbox."""
    return tuple(Message(one["topic"], one["key"], bytes(one["value"]), one["headers"]) for one in stored)
