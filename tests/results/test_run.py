from __future__ import annotations

import ast
import errno
import shutil
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

import coercivity.results
from coercivity.foundation.errors import DiskError, RunError
from coercivity.results import Run, RunState, open_run


def test_what_was_written_is_read_back(finished: Run, builds: pd.DataFrame) -> None:
    run = open_run(finished.path)
    pd.testing.assert_frame_equal(run.table("builds"), builds)
    assert run.units("builds") == {"size": "t/year"}
    assert run.tables == ("builds",)
    assert run.result == {"objective": 1.5, "builds": [{"asset": "NA"}]}
    assert run.kpis == {"cost_musd": 1.5}
    assert run.state is RunState.DONE
    assert (run.inputs / "case.yaml").read_text(encoding="utf-8") == "name: mini\n"
    assert "build" in run.log.read_text(encoding="utf-8")


def test_changing_what_a_run_lends_does_not_change_the_run(finished: Run) -> None:
    frame = finished.table("builds")
    frame["size"] = -1.0
    finished.result["builds"].clear()
    finished.kpis.clear()
    assert finished.table("builds")["size"].tolist() == [5.0, 7.5]
    assert finished.result["builds"] == [{"asset": "NA"}]
    assert finished.kpis == {"cost_musd": 1.5}


def test_other_programs_find_the_units_in_the_parquet_metadata(finished: Run) -> None:
    schema = pq.read_schema(finished.path / "tables" / "builds.parquet")
    assert schema.metadata[b"coercivity.units"] == b'{"size": "t/year"}'


def test_opening_a_run_reads_no_table(finished: Run) -> None:
    shutil.rmtree(finished.path / "tables")
    assert open_run(finished.path).tables == ("builds",)


def test_an_unknown_table_is_refused_with_the_nearest_name(finished: Run) -> None:
    with pytest.raises(RunError, match="has no table 'build'. Did you mean 'builds'"):
        finished.table("build")


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", ".."])
def test_a_table_name_never_leads_out_of_the_run(finished: Run, name: str) -> None:
    with pytest.raises(RunError, match="has no table"):
        finished.table(name)


def test_a_missing_table_file_is_named(finished: Run) -> None:
    (finished.path / "tables" / "builds.parquet").unlink()
    with pytest.raises(RunError, match=r"tables/builds\.parquet is damaged \(the file is missing"):
        finished.table("builds")


@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 0.95])
def test_a_cut_table_is_refused_by_name(finished: Run, share: float) -> None:
    file = finished.path / "tables" / "builds.parquet"
    content = file.read_bytes()
    file.write_bytes(content[: int(share * len(content))])
    with pytest.raises(RunError, match=r"run 'first': tables/builds\.parquet is damaged"):
        finished.table("builds")


def test_one_flipped_bit_among_the_numbers_is_noticed(finished: Run) -> None:
    file = finished.path / "tables" / "builds.parquet"
    content = bytearray(file.read_bytes())
    chunk = pq.ParquetFile(file).metadata.row_group(0).column(1)
    content[chunk.data_page_offset + chunk.total_compressed_size - 1] ^= 1
    file.write_bytes(content)
    with pytest.raises(RunError, match=r"tables/builds\.parquet is damaged"):
        finished.table("builds")


def test_a_table_that_may_not_be_read_is_a_matter_of_the_disk(
    finished: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(pq, "read_table", refuse)
    with pytest.raises(DiskError, match=r"cannot read tables/builds.parquet .* permission was"):
        finished.table("builds")


def test_a_folder_that_is_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"is not a run: it has no run\.json"):
        open_run(tmp_path)
    with pytest.raises(RunError, match=r"is not a run: it has no run\.json"):
        open_run(tmp_path / "nowhere")


def test_nothing_in_this_room_unpickles() -> None:
    for file in Path(coercivity.results.__file__).parent.glob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        modules = {
            alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        }
        assert not (names | modules) & {"pickle", "cPickle", "marshal", "shelve", "read_pickle"}
