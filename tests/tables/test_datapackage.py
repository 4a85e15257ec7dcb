"""The description of a case agrees with its files."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

from coercivity.tables import read_case
from coercivity.tables.datapackage import describe, write_datapackage

WriteCase = Callable[..., Path]


def test_every_file_and_column_is_described(write_small: WriteCase, tmp_path: Path) -> None:
    folder = write_datapackage(read_case(write_small()), tmp_path / "out")
    package = json.loads((folder / "datapackage.json").read_text())
    paths = {resource["path"] for resource in package["resources"]}
    assert paths == {path.name for path in folder.glob("*.csv")}
    for resource in package["resources"]:
        with (folder / resource["path"]).open(newline="") as file:
            header, *rows = list(csv.reader(file))
        schema = resource["schema"]
        assert [field["name"] for field in schema["fields"]] == header
        key = [header.index(name) for name in schema.get("primaryKey", [])]
        keys = [tuple(row[index] for index in key) for row in rows]
        assert not key or (len(set(keys)) == len(rows) and all(all(k) for k in keys))


def test_units_types_and_references(write_small: WriteCase) -> None:
    resources = describe(read_case(write_small()))["resources"]
    assert isinstance(resources, list)
    by_name = {resource["name"]: resource["schema"] for resource in resources}
    assets = {field["name"]: field for field in by_name["assets"]["fields"]}
    assert assets["nameplate_capacity"]["unit"] == "t/year"
    assert assets["nameplate_capacity"]["type"] == "number"
    assert assets["id"]["constraints"]["required"] is True
    assert by_name["assets"]["primaryKey"] == ["id"]
    assert {"fields": ["site"], "reference": {"resource": "sites", "fields": ["id"]}} in by_name[
        "assets"
    ]["foreignKeys"]
    suppliers = {field["name"]: field for field in by_name["suppliers"]["fields"]}
    assert suppliers["offered"]["type"] == "string"
    assert suppliers["year"]["type"] == "year"
    assert "primaryKey" not in by_name["suppliers"]
    assert by_name["assets-availability"]["primaryKey"] == ["year"]
