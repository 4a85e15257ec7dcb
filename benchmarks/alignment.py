"""Packages and doubt: how long one project takes, and how close line and full appraisal come."""

from __future__ import annotations

import time
from pathlib import Path
from tempfile import TemporaryDirectory

from coercivity.studies.align import AlignOptions, align_of_run
from coercivity.studies.plan import PlanOptions, plan
from coercivity.tables import find_case


def measure(case: str = "us-tungsten", *, paths: int = 2000) -> dict[str, float]:
    """Plan a case roughly and find the packages of its projects.

    Parameters
    ----------
    case
        A reference case with projects.
    paths
        On which packages are judged. [path]
    """
    with TemporaryDirectory() as folder:
        runs = Path(folder)
        planned = plan(find_case(case), runs, PlanOptions(gap=0.05, name="planned"))
        begun = time.perf_counter()
        found = align_of_run(planned, runs, AlignOptions(paths=paths, name="aligned"))
        seconds = time.perf_counter() - begun
        checked = found.result["verification"]
        return {
            "projects": float(len(found.result["projects"])),
            "seconds": seconds,
            "held at once": float(sum(row["held_at_once"] is True for row in checked)),
            "raised": float(sum(row["held_at_once"] is False for row in checked)),
            "failing": float(len(found.result["failing"])),
        }


def main() -> None:
    """Show the figures."""
    for name, value in measure().items():
        print(f"{name:>14}  {value:.1f}")  # noqa: T201 - a benchmark talks


if __name__ == "__main__":
    main()
