"""Older versions of a consolidation: kept, and to be had, as the newest is."""

from tests.services.reporting.test_routes import Office, office

__all__ = ["office"]


async def test_what_a_newer_consolidation_replaced_is_still_to_be_had_by_its_version(office: Office) -> None:
    path = "/v1/periods/2021-Q2/consolidation"
    first = (await office.post(path, "consolidator")).json()
    paper = (await office.http.get(f"{path}.docx")).content
    await office.hear(5)
    second = (await office.post(path, "consolidator")).json()
    assert (await office.http.get(f"{path}?version=1")).json() == first
    assert (await office.http.get(f"{path}?version=2")).json() == second
    assert (await office.http.get(f"{path}.json?version=1")).json()["consolidation"] == first
    assert (await office.http.get(f"{path}.docx?version=1")).content == paper
    assert (await office.http.get(f"{path}.docx")).content != paper
    none = await office.http.get(f"{path}.xlsx?version=3")
    assert (none.status_code, none.json()["type"]) == (404, "/problems/not-consolidated")
    assert none.json()["detail"] == "Kỳ 2021-Q2 chưa có bản tổng hợp lần 3."
    agency = await office.http.get(f"{path}?version=1", headers={"Authorization": "Bearer SNV"})
    assert agency.status_code == 403
