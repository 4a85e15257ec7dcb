"""Budgets and limits as levers of the plan: one row of a table is changed, as on Data."""

from __future__ import annotations

import re

from starlette.testclient import TestClient

from coercivity.interfaces.workbench.workspace import Workspace


def lever(client: TestClient) -> dict[str, str]:
    """Give the fields that the first lever sends."""
    page = client.get("/plan?project=mine").text
    start = page.index('<form class="limit"')
    form = page[start : page.index("</form>", start)]
    return dict(re.findall(r'name="([\w-]+)" value="([^"]*)"', form)) | {"do": "save"}


def test_setting_a_budget_changes_its_cell_and_leads_back(
    client: TestClient, filled: Workspace
) -> None:
    file = filled.folder / "mine" / "limits.csv"
    before = file.read_text(encoding="utf-8")
    assert lever(client)["value-amount"] == "100"
    fields = lever(client) | {"value-amount": "80"}
    answer = client.post("/data/row?project=mine", data=fields)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/plan?project=mine"
    assert file.read_text(encoding="utf-8") == before.replace(",100,", ",80,")
    assert lever(client)["value-amount"] == "80"


def test_a_wrong_budget_is_told_beside_its_cell(client: TestClient, filled: Workspace) -> None:
    file = filled.folder / "mine" / "limits.csv"
    before = file.read_bytes()
    answer = client.post("/data/row?project=mine", data=lever(client) | {"value-amount": "lots"})
    assert answer.status_code == 422
    assert "lots" in answer.text[answer.text.index('id="bad-amount"') :][:200]
    assert file.read_bytes() == before


def test_a_lever_says_what_it_bounds_and_in_what_unit(client: TestClient) -> None:
    page = client.get("/plan?project=mine").text
    assert "capital altogether, million USD a year" in page
    example = client.get("/plan?project=example~mini").text
    assert '<form class="limit"' not in example
    assert "a copy of this example can change them" in example


def test_a_case_without_limits_says_where_they_would_be(
    client: TestClient, filled: Workspace
) -> None:
    (filled.folder / "mine" / "limits.csv").unlink()
    page = client.get("/plan?project=mine").text
    assert "This case has none" in page
    assert "They would be rows" in page
