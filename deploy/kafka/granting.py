"""Giving a running cluster its ACLs, over Kafka's own protocol: no Java tool is needed."""

import asyncio
from collections.abc import Sequence
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import for_code
from aiokafka.protocol.admin import CreateAclsRequest

from chassis.connection import Connection
from deploy.kafka.grants import Grant

# The protocol's numbers (org.apache.kafka.common.resource, org.apache.kafka.common.acl).
_RESOURCES = {"topic": 2, "group": 3}
_OPERATIONS = {"read": 3, "write": 4, "create": 5, "describe": 8}
_LITERAL, _PREFIXED, _ALLOW = 3, 4, 3
_WITHIN = 30.0


class _Creation(CreateAclsRequest):  # type: ignore[misc]
    """All in one request; aiokafka's own takes a single one, and its admin client has none."""

    def __init__(self, rows: Sequence[tuple[Any, ...]]) -> None:
        self._rows = list(rows)

    def build(self, request_struct_class: Any) -> Any:
        return request_struct_class(self._rows)


async def grant(connection: Connection, grants: Sequence[Grant]) -> None:
    """Add the grants; one that is there already stays. Raises `KafkaError` if the broker refuses any."""
    admin = AIOKafkaAdminClient(**connection.options())
    try:
        async with asyncio.timeout(_WITHIN):
            await admin.start()
            answer = await admin._send_request(_Creation([_row(one) for one in grants]))
    finally:
        await admin.close()
    for code, said in answer.creation_responses:
        if code:
            raise for_code(code)(said)


def _row(grant: Grant) -> tuple[Any, ...]:
    pattern = _PREFIXED if grant.prefixed else _LITERAL
    who, anywhere = f"User:{grant.principal}", "*"
    return (_RESOURCES[grant.resource], grant.name, pattern, who, anywhere, _OPERATIONS[grant.operation], _ALLOW)
