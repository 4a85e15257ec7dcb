"""Write the committed model files anew: ``python tests/committed_models/renew.py``.

Do so only when a change of the mathematics is meant, and look at the difference before it is
committed.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from coercivity.chain import load_case  # noqa: E402
from coercivity.studies.model_files import write_model_file  # noqa: E402
from tests.committed_models.cases import CASES  # noqa: E402
from tests.written_cases import write_case_folder  # noqa: E402

DIGITS = 12
"""Digits that are compared: the last ones of a double depend on the machine."""


def _shortened(word: str) -> str:
    try:
        number = float(word) + 0.0  # -0 becomes 0
    except ValueError:
        return word
    return f"{number:+.{DIGITS}g}" if word[0] in "+-" else f"{number:.{DIGITS}g}"


def _laid_out(lines: list[str]) -> list[str]:
    """Put each cost on a line of its own, and each row on one."""
    start = lines.index("st")
    costs = " ".join(lines[1:start]).removeprefix("obj: ").split()
    pairs = [" ".join(costs[n : n + 2]) for n in range(0, len(costs), 2)]
    return [lines[0], "obj:", *pairs, *lines[start:]]


def model_text(name: str) -> str:
    """Write the model of a case as text, its numbers to twelve digits, without comments."""
    tables, settings = CASES[name]
    with tempfile.TemporaryDirectory() as folder:
        case = load_case(write_case_folder(Path(folder) / name, tables, settings))[0]
        target = write_model_file(case, Path(folder) / f"{name}.lp")
        lines = target.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if line and not line.startswith("\\")]
    short = [" ".join(map(_shortened, line.split())) for line in kept]
    return "\n".join(_laid_out(short)) + "\n"


def renew() -> list[str]:
    """Write every model file and tell which have changed."""
    changed = []
    for name in CASES:
        path, text = HERE / f"{name}.lp", model_text(name)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed.append(path.name)
    return changed


if __name__ == "__main__":
    sys.stdout.write(f"changed: {', '.join(renew()) or 'nothing'}\n")
