"""The studies behind ``init``, ``check`` and ``convert``: a case copied, checked, written anew."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from coercivity.chain.assembly import assemble
from coercivity.chain.checks import check_chain
from coercivity.foundation.errors import CaseError, DiskError, UsageError
from coercivity.foundation.problems import Problem, Severity, quoted, sorted_by_place
from coercivity.tables import CaseTables, apply_scenario, find_case, read_case, read_tables
from coercivity.tables.csv_writer import write_case
from coercivity.tables.datapackage import PACKAGE_FILE, write_datapackage
from coercivity.tables.excel_writer import write_excel
from coercivity.tables.raw import SETTINGS_FILE
from coercivity.tables.upgrade import upgrade_case

COPIED = (SETTINGS_FILE, "*.csv", "README.md")
"""Files of a case folder that belong to the case."""
OUTDATED = "T305"


@dataclass(frozen=True, slots=True)
class CaseReport:
    """What a check found, and what the case holds."""

    case: str
    """Name of the case as the user gave it."""
    problems: tuple[Problem, ...]
    """Every problem, by severity and place."""
    strict: bool
    """Whether warnings count as errors."""
    sizes: Mapping[str, int]
    """Ids (or rows, where a table has none) by table; empty where the case cannot be read."""
    periods: tuple[int, ...] = ()
    """First year of each period, then the first year after the horizon. [calendar year]"""

    def count(self, severity: Severity) -> int:
        """Count the problems of one severity."""
        return sum(problem.severity is severity for problem in self.problems)

    @property
    def failed(self) -> bool:
        """Whether the case cannot be used as asked."""
        wrong = self.count(Severity.ERROR)
        return wrong + (self.count(Severity.WARNING) if self.strict else 0) > 0


def check_case(path: str | Path, *, strict: bool = False) -> CaseReport:
    """Check a case from its cells to its chain, as it is and under each of its scenarios.

    What is wrong under scenarios only is told once, with the names of all of them.

    Parameters
    ----------
    path
        Folder, workbook, or name of a reference case.
    strict
        Whether warnings count as errors.

    Raises
    ------
    UsageError
        If there is no such case.
    DiskError
        If it cannot be read.

    Examples
    --------
    >>> check_case("us-rare-earths").failed
    False
    """
    tables, problems = read_tables(path)
    if tables is None:
        return CaseReport(str(path), tuple(sorted_by_place(problems)), strict, {})
    plain = check_chain(tables, assemble(tables))
    found = sorted_by_place([*problems, *plain, *_under_scenarios(tables, plain)])
    sizes = {name: len(t.ids()) or len(t) for name, t in tables.tables.items() if len(t)}
    return CaseReport(str(path), tuple(found), strict, sizes, tables.settings.periods)


def _under_scenarios(tables: CaseTables, plain: Iterable[Problem]) -> list[Problem]:
    """Check the chain under each scenario, and tell what the case as it is does not have."""
    known, only = set(plain), dict[Problem, list[str]]()
    for name in tables["scenarios"].ids():
        changed = apply_scenario(tables, name)
        for problem in check_chain(changed, assemble(changed)):
            if problem not in known:
                only.setdefault(problem, []).append(name)
    return [
        replace(problem, what=f"{_in_scenarios(names)}: {problem.what}")
        for problem, names in only.items()
    ]


def _in_scenarios(names: list[str]) -> str:
    listed = ", ".join(f"'{name}'" for name in dict.fromkeys(names))
    return f"in scenario{'s' if len(set(names)) > 1 else ''} {listed}"


def copy_case(source: str | Path, folder: str | Path) -> Path:
    """Copy the files of a case folder to a new folder, comments and order of rows included.

    Parameters
    ----------
    source
        Folder or name of a reference case.
    folder
        Where it goes: a folder that does not exist yet, or is empty.

    Raises
    ------
    UsageError
        If there is no such case, it is no folder, or the target holds something.
    DiskError
        If a file cannot be read or written.
    """
    found, target = find_case(source), Path(folder)
    if not found.is_dir():
        msg = (
            f"{quoted(found.name)} is not a folder. `coercivity convert` makes a folder of a "
            "workbook.  [T100]"
        )
        raise UsageError(msg)
    try:
        files = sorted(path for pattern in COPIED for path in found.glob(pattern))
        if not any(path.name == SETTINGS_FILE for path in files):
            msg = f"{quoted(found)} holds no {SETTINGS_FILE}, so it is no case.  [T100]"
            raise UsageError(msg)
        _refuse_filled(target)
        _copy_whole(files, target)
    except OSError as error:
        msg = (
            f"The case cannot be copied to {quoted(target)}: {error.strerror or error}. Choose a "
            "folder that you may write to.  [R003]"
        )
        raise DiskError(msg) from error
    return target


def _refuse_filled(target: Path) -> None:
    if target.is_dir() and not any(target.iterdir()):
        return
    if target.is_dir():
        msg = f"The folder {quoted(target)} is not empty. Name a new or empty folder.  [R001]"
        raise UsageError(msg)
    if target.exists() or target.is_symlink():
        msg = f"{quoted(target)} is a file. Name a new or empty folder.  [R001]"
        raise UsageError(msg)


def _copy_whole(files: list[Path], target: Path) -> None:
    """Copy beside the target, then rename; an empty target is filled, its settings last."""
    exists = target.is_dir()
    parent = target if exists else target.absolute().parent
    parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=".writing-", dir=parent))
    try:
        for path in files:
            shutil.copyfile(path, temporary / path.name)
        temporary.chmod(0o755)
        if not exists:
            temporary.rename(target)
            return
        for path in sorted(files, key=lambda path: path.name == SETTINGS_FILE):
            (temporary / path.name).rename(target / path.name)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


class Form(Enum):
    """What a case can be converted to."""

    FOLDER = "folder"
    WORKBOOK = "workbook"
    PACKAGE = "data package"
    MODEL = "model file"


FORMS = {
    ".xlsx": Form.WORKBOOK,
    ".json": Form.PACKAGE,
    ".lp": Form.MODEL,
    ".mps": Form.MODEL,
}


@dataclass(frozen=True, slots=True)
class Conversion:
    """What was written."""

    case: str
    """Name of the case."""
    form: Form
    """What it was converted to."""
    path: Path
    """File or folder that was written."""
    steps: tuple[str, ...] = ()
    """What was done to bring an older format up to the present."""


def form_of(target: str | Path) -> Form:
    """Tell from the name of a target what it is to be.

    Raises
    ------
    UsageError
        If it ends like a file of another kind.

    Examples
    --------
    >>> form_of("a.xlsx").value, form_of("a/v1.2").value, form_of("a.lp").value
    ('workbook', 'folder', 'model file')
    """
    path = Path(target)
    suffix = path.suffix.lower()
    if str(target).endswith(("/", "\\")) or path.is_dir() or not suffix:
        return Form.FOLDER
    if suffix in FORMS:
        return FORMS[suffix]
    if suffix[1:].isalpha():
        msg = (
            f"{quoted(path.name)} ends with {quoted(suffix)}, which is not known. The ending says "
            "the form: .xlsx (workbook), .json (data package), .lp or .mps (model); a name "
            "without ending, or with a / after it, is a folder.  [R001]"
        )
        raise UsageError(msg)
    return Form.FOLDER


def convert_case(
    path: str | Path,
    target: str | Path,
    *,
    scenario: str | None = None,
    overwrite: bool = False,
) -> Conversion:
    """Write a case in another form; a case of an older format is brought up to the present one.

    Parameters
    ----------
    path
        Folder, workbook, or name of a reference case.
    target
        Where it goes; its ending says the form, see :func:`form_of`. A data package is a folder:
        ``a/datapackage.json`` fills ``a``, any other ``b.json`` fills ``b``.
    scenario
        Scenario whose changes are applied first.
    overwrite
        Whether a file of that name is replaced; a folder that holds something never is.

    Raises
    ------
    CaseError
        If the case holds errors.
    UsageError
        If there is no such case or scenario, or the target cannot be used.
    DiskError
        If it cannot be read or written.
    """
    form, where = form_of(target), Path(target)
    if form in {Form.WORKBOOK, Form.MODEL}:
        refuse_existing(where, overwrite=overwrite)
    with _up_to_date(path) as (readable, steps):
        tables = read_case(readable)
    if scenario is not None:
        tables = apply_scenario(tables, scenario)
    if form is Form.WORKBOOK:
        written = write_excel(tables, where)
    elif form is Form.PACKAGE:
        folder = where.parent if where.name == PACKAGE_FILE else where.with_suffix("")
        written = write_datapackage(tables, folder) / PACKAGE_FILE
    elif form is Form.MODEL:
        written = _write_model(tables, where)
    else:
        written = write_case(tables, where)
    return Conversion(tables.name, form, written, steps)


def refuse_existing(path: Path, *, overwrite: bool) -> None:
    """Refuse to replace a file unless that is asked for.

    Raises
    ------
    UsageError
        If the file exists.
    """
    if path.is_dir():
        msg = f"{quoted(path)} is a folder. Name a file.  [R001]"
        raise UsageError(msg)
    if path.exists() and not overwrite:
        msg = f"{quoted(path)} exists already. Name another file, or add --overwrite.  [R001]"
        raise UsageError(msg)


@contextmanager
def _up_to_date(path: str | Path) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Lend the case itself, or a copy of it in the present format; the case is not changed."""
    found = find_case(path)
    found = found.parent if found.name == SETTINGS_FILE else found
    if not found.is_dir() or all(p.code != OUTDATED for p in read_tables(found)[1]):
        yield found, ()
        return
    with tempfile.TemporaryDirectory() as place:
        copy = copy_case(found, Path(place) / (found.resolve().name or "case"))
        yield copy, upgrade_case(copy)


def _write_model(tables: CaseTables, target: Path) -> Path:
    """Write the model of a case, with readable names, as LP or MPS."""
    from coercivity.studies.model_files import write_model_file  # noqa: PLC0415 - heavy imports

    case = assemble(tables)
    problems = [*tables.notes, *check_chain(tables, case)]
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise CaseError(problems, case=tables.name)
    return write_model_file(case, target)
