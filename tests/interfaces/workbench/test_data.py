"""The data screen: problems beside their cells, changes in place, nobody's change lost."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from coercivity.interfaces.workbench.case_files import content_digest
from coercivity.interfaces.workbench.editing import sheet_of
from coercivity.interfaces.workbench.workspace import Workspace

SAVE = "/data/row?project=mine"


def file_of(workspace: Workspace, table: str = "options") -> Path:
    return workspace.folder / "mine" / f"{table}.csv"


def fields(workspace: Workspace, row: int, **values: str) -> dict[str, str]:
    """Fill in the editor of a row as a page would, with some values changed."""
    content = file_of(workspace).read_bytes()
    sheet = sheet_of(content.decode())
    record = sheet.record(row)
    was = sheet.row(record) if record is not None else {}
    held = {f"value-{name}": text for name, text in (was | values).items()}
    held |= {f"was-{name}": text for name, text in was.items()}
    about = {"table": "options", "row": str(row) if was else "new", "do": "save"}
    return held | about | {"digest": content_digest(content)}


def test_the_tree_lists_every_table_with_its_state(client: TestClient) -> None:
    page = client.get("/data?project=mine").text
    assert "mine can be used" in page
    assert '<span class="dot good"' in page
    assert '<span class="dot absent"' in page


def test_a_changed_cell_is_kept_and_nothing_else(client: TestClient, filled: Workspace) -> None:
    before = file_of(filled).read_text()
    answer = client.post(SAVE, data=fields(filled, 2, capital="95"))
    assert answer.status_code == 303
    assert answer.headers["location"].endswith("#row-2")
    after = file_of(filled).read_text()
    assert after == before.replace(",90,", ",95,", 1)


def test_an_error_stands_beside_its_cell_and_nothing_is_kept(
    client: TestClient, filled: Workspace
) -> None:
    before = file_of(filled).read_bytes()
    answer = client.post(SAVE, data=fields(filled, 2, capital="a lot", adds_to="magnet-plan"))
    assert answer.status_code == 422
    assert re.search(r'id="bad-capital"[^>]*>[^<]*a lot', answer.text)
    assert re.search(r'id="bad-adds_to"[^>]*>[^<]*magnet-plant', answer.text)
    assert 'value="a lot"' in answer.text
    assert file_of(filled).read_bytes() == before


def test_an_error_is_kept_when_that_is_wanted_and_shown_in_the_table(
    client: TestClient, filled: Workspace
) -> None:
    wrong = fields(filled, 2, capital="a lot") | {"do": "anyway"}
    assert client.post(SAVE, data=wrong).status_code == 303
    page = client.get("/data?project=mine&table=options").text
    assert re.search(r'<td class="bad[^"]*">a lot<p class="mark error">', page)
    assert "cannot be used until" in client.get("/data?project=mine").text
    assert '<span class="dot error"' in page


def test_another_persons_change_of_the_row_is_shown_and_not_overwritten(
    client: TestClient, filled: Workspace
) -> None:
    mine = fields(filled, 2, capital="95")
    theirs = file_of(filled).read_text().replace(",90,", ",80,", 1)
    file_of(filled).write_text(theirs)
    answer = client.post(SAVE, data=mine)
    assert answer.status_code == 409
    assert "Another person changed this row" in answer.text
    assert "<q>80</q>" in answer.text
    assert 'value="95"' in answer.text
    assert file_of(filled).read_text() == theirs
    again = mine | {"digest": content_digest(theirs.encode())}
    assert client.post(SAVE, data=again).status_code == 303
    assert file_of(filled).read_text() == theirs.replace(",80,", ",95,", 1)


def test_a_row_that_has_moved_is_found_again(client: TestClient, filled: Workspace) -> None:
    mine = fields(filled, 2, capital="95")
    header, row = file_of(filled).read_text().splitlines()
    theirs = f"{header}\n{row.replace('magnet-hall', 'other-hall')}\n{row}\n"
    file_of(filled).write_text(theirs)
    answer = client.post(SAVE, data=mine)
    assert answer.status_code == 409
    assert "this row is as it was" in answer.text
    assert 'name="row" value="3"' in answer.text


def test_a_row_that_is_gone_is_told(client: TestClient, filled: Workspace) -> None:
    mine = fields(filled, 2, capital="95")
    file_of(filled).write_text(file_of(filled).read_text().splitlines()[0] + "\n")
    answer = client.post(SAVE, data=mine)
    assert answer.status_code == 409
    assert "took this row away" in answer.text


def test_a_row_is_added_and_taken_away(client: TestClient, filled: Workspace) -> None:
    new = fields(filled, 99, id="second-hall", adds_to="magnet-plant", size="500", capital="50",
                 permit_years="1", build_years="1", life="10")  # fmt: skip
    assert client.post(SAVE, data=new).status_code == 303
    assert "second-hall" in client.get("/data?project=mine&table=options").text
    assert client.post(SAVE, data=fields(filled, 3) | {"do": "delete"}).status_code == 303
    assert "second-hall" not in file_of(filled).read_text()


def test_a_reference_case_is_never_changed(client: TestClient, filled: Workspace) -> None:
    answer = client.post("/data/row?project=example~mini", data=fields(filled, 2, capital="95"))
    assert answer.status_code == 400
    assert "make a copy" in answer.text


def upload(client: TestClient, name: str, content: bytes, table: str = "") -> str:
    answer = client.post(
        "/data/import?project=mine", data={"table": table}, files={"file": (name, content)}
    )
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def kept(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(upload|digest)" value="([^"]+)"', page))


def test_an_import_shows_what_would_change_before_it_does(
    client: TestClient, filled: Workspace
) -> None:
    before = file_of(filled).read_text()
    changed = before.replace(",90,", ",95,", 1)
    page = client.get(upload(client, "any name.csv", changed.encode(), "options")).text
    assert "0 added, 1 changed, 0 removed" in page
    assert "<del>90</del>" in page
    assert "<ins>95</ins>" in page
    assert file_of(filled).read_text() == before
    assert client.post("/data/import/keep?project=mine", data=kept(page)).status_code == 303
    assert file_of(filled).read_text() == changed


def test_a_workbook_just_exported_changes_nothing(client: TestClient) -> None:
    content = client.get("/data/case.xlsx?project=mine").content
    assert "Nothing would change" in client.get(upload(client, "case.xlsx", content)).text


def test_an_import_with_errors_cannot_be_kept(client: TestClient, filled: Workspace) -> None:
    before = file_of(filled).read_text()
    wrong = before.replace(",90,", ",dear,", 1)
    page = client.get(upload(client, "a.csv", wrong.encode(), "options")).text
    assert "would have errors" in page
    assert "Keep these changes" not in page
    own = re.search(r"upload=(\w+)", upload(client, "a.csv", wrong.encode(), "options"))
    assert own is not None
    from coercivity.interfaces.workbench.case_files import case_digest

    sent = {"upload": own.group(1), "digest": case_digest(filled.folder / "mine")}
    assert client.post("/data/import/keep?project=mine", data=sent).status_code == 422
    assert file_of(filled).read_text() == before


def test_an_import_is_shown_again_if_the_case_was_changed_meanwhile(
    client: TestClient, filled: Workspace
) -> None:
    changed = file_of(filled).read_text().replace(",90,", ",95,", 1)
    page = client.get(upload(client, "a.csv", changed.encode(), "options")).text
    theirs = file_of(filled).read_text().replace(",90,", ",80,", 1)
    file_of(filled).write_text(theirs)
    answer = client.post("/data/import/keep?project=mine", data=kept(page))
    assert "again=yes" in answer.headers["location"]
    assert "<del>80</del>" in client.get(answer.headers["location"]).text
    assert file_of(filled).read_text() == theirs


def test_the_archive_holds_the_files_as_they_are(client: TestClient, filled: Workspace) -> None:
    import io
    import zipfile

    archive = zipfile.ZipFile(io.BytesIO(client.get("/data/case.zip?project=mine").content))
    assert archive.read("mine/options.csv") == file_of(filled).read_bytes()


def test_long_tables_come_in_pages_and_can_be_searched(client: TestClient) -> None:
    first = client.get("/data?project=example~us-rare-earths&table=recipes").text
    assert "1–100 of" in first
    assert "Later rows" in first
    later = client.get("/data?project=example~us-rare-earths&table=recipes&start=200").text
    assert "201–" in later
    found = client.get("/data?project=example~us-rare-earths&table=sites&find=zzzz").text
    assert "No row holds" in found


@pytest.mark.parametrize("start", ["-1", "1e9", "99999999", "x", "²"])
def test_a_strange_beginning_is_no_failure(client: TestClient, start: str) -> None:
    page = client.get(f"/data?project=mine&table=sites&start={start}")
    assert page.status_code == 200
