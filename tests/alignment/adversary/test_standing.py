from __future__ import annotations

from pathlib import Path

import numpy as np

from coercivity.alignment.adversary import Attack, standing_share, under_attack
from tests.finance.projects.works import load_works, position


def test_certain_plants_stand_all_their_years_and_a_closed_one_none_after(tmp_path: Path) -> None:
    case, tables = load_works(tmp_path)
    base = position(case, tables, paths=4)
    found = base.appraise(workers=1)
    share = standing_share(found, base.operation, first_year=2025, years=16)
    np.testing.assert_array_equal(share, 1.0)
    # Ten years at a price below running cost: idle from the first, closed after patience.
    hit = under_attack(base, Attack("good", 35.0, 2030, 10, 0.0), floor=1.0)
    fallen = hit.appraise(workers=1)
    share = standing_share(fallen, hit.operation, first_year=2025, years=16)
    np.testing.assert_array_equal(share, [1.0] * 5 + [0.0] * 11)


def test_years_outside_the_project_count_as_standing(tmp_path: Path) -> None:
    case, tables = load_works(tmp_path)
    base = position(case, tables, paths=4)
    hit = under_attack(base, Attack("good", 35.0, 2028, 8, 0.0), floor=1.0)
    found = hit.appraise(workers=1)
    long = standing_share(found, hit.operation, first_year=2020, years=40)
    assert (long[:8] == 1.0).all()
    assert (long[8:12] == 0.0).all()
    assert (long[6 + hit.operation.years :] == 1.0).all()
