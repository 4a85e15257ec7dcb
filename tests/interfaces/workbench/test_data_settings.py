"""Settings changed in place: validated beside the field, nothing of anybody lost."""

from __future__ import annotations

import re

from starlette.testclient import TestClient

from coercivity.interfaces.workbench.settings_text import setting_texts
from coercivity.interfaces.workbench.workspace import Workspace

ADDRESS = "/data/settings?project=mine"


def opened(client: TestClient) -> dict[str, str]:
    """Open the form and give the fields that it sends."""
    page = client.get(ADDRESS).text
    form = page[page.index('aria-label="Settings"') :]
    fields = dict(re.findall(r'name="((?:digest|was-\w+))" value="([^"]*)"', form))
    return {**fields, **{f"value-{key[4:]}": text for key, text in fields.items()
                         if key.startswith("was-")}}  # fmt: skip


def held(workspace: Workspace) -> str:
    """Give the file."""
    return (workspace.folder / "mine" / "case.yaml").read_text(encoding="utf-8")


def test_a_setting_is_changed_and_no_other_line(client: TestClient, filled: Workspace) -> None:
    before = held(filled)
    fields = opened(client) | {"value-title": "Ours", "value-banner": "DRAFT", "do": "save"}
    answer = client.post(ADDRESS, data=fields)
    assert answer.status_code == 303
    after = held(filled)
    changed = set(before.splitlines()) ^ set(after.splitlines())
    assert {line.partition(":")[0] for line in changed} == {"title", "banner"}
    assert "DRAFT" in client.get("/data?project=mine").text


def test_a_wrong_value_is_told_beside_its_field_and_not_kept(
    client: TestClient, filled: Workspace
) -> None:
    before = held(filled)
    fields = opened(client) | {"value-discount_rate": "ten", "do": "save"}
    answer = client.post(ADDRESS, data=fields)
    assert answer.status_code == 422
    place = answer.text.index('id="bad-discount_rate"')
    assert "ten" in answer.text[place : place + 200]
    assert 'value="ten"' in answer.text
    assert held(filled) == before
    assert client.post(ADDRESS, data=fields | {"do": "anyway"}).status_code == 303
    assert setting_texts(held(filled))["discount_rate"] == "ten"


def test_another_persons_change_is_shown_and_survives(
    client: TestClient, filled: Workspace
) -> None:
    fields = opened(client) | {"value-title": "Ours", "do": "save"}
    file = filled.folder / "mine" / "case.yaml"
    theirs = held(filled).replace("currency: USD", "currency: EUR")
    file.write_text(theirs, encoding="utf-8")
    answer = client.post(ADDRESS, data=fields)
    assert answer.status_code == 409
    assert held(filled) == theirs
    assert 'value="EUR"' in answer.text
    assert 'value="Ours"' in answer.text
    digest = re.search(r'name="digest" value="(\w+)"', answer.text)
    was = dict(re.findall(r'name="(was-\w+)" value="([^"]*)"', answer.text))
    assert digest is not None
    values = {f"value-{key[4:]}": text for key, text in was.items()} | {"value-title": "Ours"}
    again = client.post(ADDRESS, data={"digest": digest[1], "do": "save", **was, **values})
    assert again.status_code == 303
    settings = setting_texts(held(filled))
    assert (settings["title"], settings["currency"]) == ("Ours", "EUR")


def test_both_versions_stand_where_two_changed_the_same(
    client: TestClient, filled: Workspace
) -> None:
    fields = opened(client) | {"value-title": "Ours", "do": "save"}
    file = filled.folder / "mine" / "case.yaml"
    title = setting_texts(held(filled))["title"]
    file.write_text(held(filled).replace(title, "Theirs"), encoding="utf-8")
    answer = client.post(ADDRESS, data=fields)
    assert answer.status_code == 409
    assert "in the file now: <q>Theirs</q>" in answer.text
    assert "Both versions" in answer.text


def test_an_example_and_a_setting_that_is_none_are_refused(
    client: TestClient, filled: Workspace
) -> None:
    assert client.post("/data/settings?project=example~mini", data={}).status_code == 400
    before = held(filled)
    fields = opened(client) | {"value-unknown": "x", "was-unknown": "", "do": "anyway"}
    assert client.post(ADDRESS, data=fields).status_code == 303
    assert held(filled) == before
