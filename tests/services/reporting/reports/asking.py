"""What an agency and those above it ask of its reports, for tests."""

from typing import Any

import httpx

from tests.services.reporting.test_routes import Office

REPORT = {"periods": ["2021-Q2"], "outcome": "activity"}


async def handed_in(office: Office, **more: Any) -> httpx.Response:
    """Sở Nội vụ hands in its report."""
    return await office.post("/v1/reports", "SNV", {**REPORT, **more})


async def get(office: Office, path: str, key: str = "SNV") -> httpx.Response:
    return await office.http.get(path, headers={"Authorization": f"Bearer {key}"})
