"""What every answer tells browsers and proxies: not to guess, frame, keep, run or pass on anything."""

import httpx
import pytest

from tests.chassis.test_http import service


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/livez", 200),
        ("GET", "/readyz", 503),
        ("GET", "/metrics", 200),
        ("GET", "/openapi.json", 200),
        ("POST", "/v1/orders/x", 422),
        ("GET", "/nowhere", 404),
        ("DELETE", "/v1/orders/5", 405),
        ("GET", "/v1/errors/bug", 500),
    ],
)
async def test_every_answer_is_secured_whatever_it_is(method: str, path: str, status: int) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(service()), base_url="http://test") as client:
        answer = await client.request(method, path)
    assert answer.status_code == status
    told = answer.headers
    assert told["x-content-type-options"] == "nosniff"
    assert told["x-frame-options"] == "DENY"
    assert told["referrer-policy"] == "no-referrer"
    assert told["cache-control"] == "no-store"
    assert told["cross-origin-opener-policy"] == told["cross-origin-resource-policy"] == "same-origin"
    assert "camera=()" in told["permissions-policy"]
    policy = told["content-security-policy"].split("; ")
    nothing = ("default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'")
    assert set(nothing) <= set(policy)
    assert not [rule for rule in policy if rule.startswith("script-src")], "no script runs"
    assert "server" not in told
