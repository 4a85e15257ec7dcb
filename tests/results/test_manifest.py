from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coercivity.foundation.errors import InternalError, RunError
from coercivity.results import SCHEMA_VERSION, Run, digest_of, open_run
from coercivity.results.manifest import plain_json, read_manifest

leaves: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(),
    st.floats(allow_nan=False, allow_infinity=False),
)
trees = st.dictionaries(
    st.text(max_size=4),
    st.recursive(
        leaves, lambda part: st.lists(part) | st.dictionaries(st.text(), part), max_leaves=8
    ),
)


@settings(max_examples=50, deadline=None)
@given(trees)
def test_finite_json_survives_unchanged(content: dict[str, Any]) -> None:
    assert json.loads(json.dumps(plain_json(content), allow_nan=False)) == content


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -np.inf, np.float32("nan")])
def test_a_number_that_is_not_finite_is_refused_with_its_key(number: float) -> None:
    content = {"coverage": [{"served_t": 1.0}, {"served_t": number}]}
    with pytest.raises(InternalError, match=r"'coverage\[1\]\.served_t' is -?(nan|inf)"):
        plain_json(content)


def test_what_json_cannot_hold_is_refused_with_its_key() -> None:
    with pytest.raises(InternalError, match=r"'options\.place' is a \w*Path, which run.json"):
        plain_json({"place": Path("a")}, key="options")
    with pytest.raises(InternalError, match="'kpis' has the key 3; keys must be texts"):
        plain_json({"kpis": {3: 1}})


def test_numbers_of_numpy_become_plain() -> None:
    content = {"a": np.int64(3), "b": np.bool_(True), "c": np.float32(0.5), "d": np.longdouble(2)}
    plain = plain_json(content)
    assert plain == {"a": 3, "b": True, "c": 0.5, "d": 2.0}
    assert [type(value) for value in plain.values()] == [int, bool, float, float]


def test_the_digest_is_the_checksum_of_the_checksum_list(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "x.csv").write_bytes(b"1\n")
    (tmp_path / "a.csv").write_bytes(b"2\n")
    one, two = (hashlib.sha256(content).hexdigest() for content in (b"1\n", b"2\n"))
    listing = f"{two}  a.csv\n{one}  b/x.csv\n"
    assert digest_of(tmp_path) == hashlib.sha256(listing.encode()).hexdigest()


@settings(max_examples=30, deadline=None)
@given(
    st.dictionaries(
        st.text("abc", min_size=1, max_size=3), st.binary(max_size=4), min_size=1, max_size=4
    )
)
def test_the_digest_ignores_the_order_of_writing_and_sees_every_byte(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes]
) -> None:
    there, back, other = (tmp_path_factory.mktemp("digest") for _ in range(3))
    for folder, order in ((there, list(files)), (back, list(files)[::-1]), (other, list(files))):
        for name in order:
            (folder / name).write_bytes(files[name])
    changed = other / next(iter(files))
    changed.write_bytes(changed.read_bytes() + b"x")
    assert digest_of(there) == digest_of(back) != digest_of(other)


def test_the_manifest_says_what_was_asked_with_what_and_what_came_out(finished: Run) -> None:
    content = json.loads((finished.path / "run.json").read_text(encoding="utf-8"))
    assert set(content["versions"]) == {
        "coercivity", "python", "highspy", "linopy", "numpy", "pandas",
    }  # fmt: skip
    assert content["versions"]["numpy"] == np.__version__
    assert content["seconds"]["solve"] == 0.25
    assert content["seconds"]["total"] >= 0
    assert content["started"] <= content["finished"]
    assert content["finished"].endswith("Z")
    expected = {
        "run": "first", "verb": "plan", "case": "mini", "status": "optimal", "seed": 7,
        "options": {"gap": 0.01}, "solver": "highs", "gap": 0.004, "tables": ["builds"],
        "kpis": {"cost_musd": 1.5}, "schema_version": SCHEMA_VERSION,
        "digest": digest_of(finished.inputs),
    }  # fmt: skip
    assert {key: content[key] for key in expected} == expected
    assert read_manifest(finished.path) == finished.manifest


def edit(run: Run, **changes: Any) -> None:
    file = run.path / "run.json"
    content = json.loads(file.read_text(encoding="utf-8")) | changes
    file.write_text(json.dumps(content), encoding="utf-8")


def test_a_newer_layout_asks_for_an_upgrade(finished: Run) -> None:
    edit(finished, schema_version=SCHEMA_VERSION + 1, tables="laid out otherwise")
    with pytest.raises(RunError, match=r"has layout 2, this program reads up to 1.*upgrade"):
        open_run(finished.path)


def test_keys_of_later_versions_of_the_same_layout_are_left_aside(finished: Run) -> None:
    edit(finished, mood="good")
    assert open_run(finished.path).manifest == finished.manifest


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({"schema_version": "1"}, "'schema_version' is '1'"),
        ({"tables": [3]}, "'tables' must list names"),
        ({"seconds": {}}, "'seconds' has no number 'total'"),
        ({"kpis": None}, "'kpis' is 'None'"),
    ],
)
def test_a_key_of_the_wrong_kind_is_named(
    finished: Run, changes: dict[str, Any], because: str
) -> None:
    edit(finished, **changes)
    with pytest.raises(RunError, match="run 'first': run.json is damaged") as refusal:
        open_run(finished.path)
    assert because in str(refusal.value)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "\xff", '{"gap": NaN}', '{"gap": 1e999}', "[" * 100_000]
)
def test_broken_json_is_refused_with_the_name_of_the_file(finished: Run, text: str) -> None:
    (finished.path / "run.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(RunError, match=r"run 'first': run\.json is damaged .*restore the folder"):
        open_run(finished.path)
