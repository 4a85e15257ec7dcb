"""Answers of an unfinished sweep, kept in its run folder."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from coercivity.resilience.attack.striking import Answer
from coercivity.results.manifest import versions
from coercivity.results.parts import Parts
from coercivity.solvers import Basis


@dataclass(frozen=True, slots=True)
class AnswersKept:
    """Keeps pieces of answers in files that tell what was asked, and by which solver.

    A piece whose fingerprint is another one, or that cannot be read, is answered anew.
    """

    parts: Parts
    """Pieces of the run."""

    def known(self, name: str, asked: str) -> list[Answer] | None:
        """Give a piece back; None where there is none that was asked just this."""
        file = self.parts.folder / f"{name}.npz"
        if not file.is_file():
            return None
        try:
            with np.load(file) as kept:
                if str(kept["asked"]) != _marked(asked):
                    return None
                return _answers(dict(kept))
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return None

    def keep(self, name: str, asked: str, answers: Sequence[Answer]) -> None:
        """Keep a piece in place of any that has its name.

        Raises
        ------
        DiskError
            If the disk refuses.
        """
        content = {
            "asked": np.array(_marked(asked)),
            "value": np.array([one.value for one in answers]),
            "cost": np.array([one.cost for one in answers]),
            "steps": np.array([one.steps for one in answers], dtype=np.int64),
            "seen": np.stack([one.seen for one in answers]),
        }
        bases = [one.basis for one in answers if one.basis is not None]
        if bases:
            content["columns"] = np.stack([basis.columns for basis in bases])
            content["rows"] = np.stack([basis.rows for basis in bases])

        def write(path: Path) -> None:
            with path.open("wb") as stream:
                np.savez_compressed(stream, allow_pickle=False, **content)

        self.parts.keep_file(f"{name}.npz", write)


def _marked(asked: str) -> str:
    """Add the versions on which bits depend to a fingerprint."""
    told = " ".join(f"{name}={version}" for name, version in sorted(versions().items()))
    return f"{asked} {hashlib.sha256(told.encode()).hexdigest()}"


def _answers(kept: dict[str, np.ndarray]) -> list[Answer]:
    found = []
    for number, value in enumerate(kept["value"].tolist()):
        basis = None
        if "columns" in kept:
            basis = Basis(kept["columns"][number], kept["rows"][number])
        found.append(
            Answer(
                value,
                float(kept["cost"][number]),
                kept["seen"][number],
                basis,
                int(kept["steps"][number]),
            )
        )
    return found
