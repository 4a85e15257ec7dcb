from __future__ import annotations

from coercivity.chain import load_case
from coercivity.planning.model import build_model
from coercivity.studies.model_files import named_matrices
from coercivity.tables import find_case


def test_every_column_and_row_has_its_own_name_with_its_year() -> None:
    case, _, _ = load_case(find_case("mini"))
    matrices = named_matrices(build_model(case))
    for names, count in (
        (matrices.column_names, matrices.columns),
        (matrices.row_names, matrices.rows),
    ):
        assert names is not None
        assert len(set(names)) == len(names) == count
        assert not any(" " in name for name in names)
    assert any(name.endswith(",2025]") for name in matrices.column_names or ())


def test_names_belong_to_their_columns() -> None:
    case, _, _ = load_case(find_case("mini"))
    model = build_model(case)
    names = named_matrices(model).column_names or ()
    for block in model.builder.blocks.values():
        for label in block.labels:
            assert names[label].startswith(f"{block.name}[")
