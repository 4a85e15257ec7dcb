"""What a browser sends is looked into before anything opens it."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from starlette.testclient import TestClient

from coercivity.foundation.errors import CaseError, UsageError
from coercivity.interfaces.workbench.uploads import LARGEST_UNPACKED, Uploads
from coercivity.interfaces.workbench.workspace import Workspace


@pytest.fixture
def uploads(tmp_path: Path) -> Uploads:
    """An empty store."""
    return Uploads(tmp_path / "uploads")


def book(**more: bytes) -> bytes:
    """Write a small workbook, with further members."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as made:
        made.add_worksheet("sites").write(0, 0, "id")
    with zipfile.ZipFile(held, "a") as archive:
        for name, content in more.items():
            archive.writestr(name.replace("__", "/").replace("_DOT_", "."), content)
    return held.getvalue()


def test_a_workbook_is_kept_under_a_name_of_our_own(uploads: Uploads, tmp_path: Path) -> None:
    own = uploads.keep("../../etc/pass wd.XLSX", book())
    found = uploads.find(own)
    assert found.name == "upload.xlsx"
    assert found.parent.parent == tmp_path / "uploads"
    assert found.read_bytes() == book()


@pytest.mark.parametrize("name", ["case.xlsm", "case.xls", "case.exe", "case", "case.csv.exe"])
def test_other_kinds_of_files_are_refused(uploads: Uploads, name: str) -> None:
    with pytest.raises(UsageError, match="T110"):
        uploads.keep(name, b"x")


def test_an_empty_file_is_refused(uploads: Uploads) -> None:
    with pytest.raises(UsageError, match="empty"):
        uploads.keep("a.csv", b"")


@pytest.mark.parametrize(
    ("member", "word"),
    [
        ("xl__vbaProject_DOT_bin", "macros"),
        ("xl__macrosheets__sheet1_DOT_xml", "macros"),
        ("xl__externalLinks__externalLink1_DOT_xml", "links to other workbooks"),
    ],
)
def test_macros_and_links_are_refused_and_not_kept(
    uploads: Uploads, tmp_path: Path, member: str, word: str
) -> None:
    with pytest.raises(CaseError, match=word):
        uploads.keep("a.xlsx", book(**{member: b"x"}))
    assert not list((tmp_path / "uploads").iterdir())


def test_a_zip_bomb_is_refused_before_it_is_unpacked(uploads: Uploads) -> None:
    held = io.BytesIO()
    with (
        zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as member,
    ):
        for _ in range(LARGEST_UNPACKED // 10_000_000 + 1):
            member.write(bytes(10_000_000))
    assert len(held.getvalue()) < 1_000_000
    with pytest.raises(CaseError, match="unpacks to"):
        uploads.keep("a.xlsx", held.getvalue())


def test_something_that_is_no_workbook_is_refused(uploads: Uploads) -> None:
    with pytest.raises(CaseError, match="not an"):
        uploads.keep("a.xlsx", b"PK\x03\x04 nothing")


@pytest.mark.parametrize("own", ["", "..", "../uploads", "unknown", "/etc"])
def test_an_unknown_id_finds_nothing(uploads: Uploads, own: str) -> None:
    uploads.keep("a.csv", b"id\n")
    with pytest.raises(UsageError, match="send it again"):
        uploads.find(own)


def test_a_project_is_made_of_a_workbook(client: TestClient, filled: Workspace) -> None:
    exported = client.get("/data/case.xlsx?project=mine").content
    answer = client.post(
        "/projects", data={"name": "again"}, files={"file": ("any.xlsx", exported)}
    )
    assert answer.status_code == 303
    assert (filled.folder / "again" / "case.yaml").is_file()
    assert "can be used" in client.get("/data?project=again").text


def test_a_workbook_with_macros_makes_no_project(client: TestClient, filled: Workspace) -> None:
    sent = {"file": ("a.xlsx", book(xl__vbaProject_DOT_bin=b"x"))}
    answer = client.post("/projects", data={"name": "again"}, files=sent)
    assert answer.status_code == 422
    assert "macros" in answer.text
    assert not (filled.folder / "again").exists()


@pytest.mark.parametrize("name", ["", "..", "a/b", "runs", "mine", "-x", ".hidden", "a b"])
def test_a_project_gets_no_name_that_leads_elsewhere(
    client: TestClient, filled: Workspace, name: str
) -> None:
    before = sorted(filled.folder.rglob("*"))
    answer = client.post("/projects", data={"name": name, "source": "example~mini"})
    assert answer.status_code == 400
    assert sorted(filled.folder.rglob("*")) == before
