"""Reading from the stack as one of its roles."""

import httpx

from deploy.local.stack import Stack


def read(stack: Stack, service: str, path: str, *, key: str = "consolidator") -> httpx.Response:
    """The answer.

    Raises:
        httpx.HTTPStatusError: it is an error.
    """
    headers = {"Authorization": f"Bearer {stack.api_keys[key]}"}
    return httpx.get(stack.services[service] + path, headers=headers, timeout=60).raise_for_status()
