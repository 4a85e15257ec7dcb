"""The settings of a case: ``case.yaml``, or the sheet ``case``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from coercivity.foundation.identifiers import nearest
from coercivity.foundation.periods import Discounting, Horizon
from coercivity.foundation.problems import Place, Problem, quoted
from coercivity.tables.cells import (
    CONTROL,
    CellRefused,
    cell_text,
    is_empty,
    parse_cell,
    plain_text,
    refuse,
)
from coercivity.tables.columns import Column, Kind
from coercivity.tables.raw import Cell, RawCase

FORMAT = 1
REPORT_MARGIN = 5
YEARS_LOW, YEARS_HIGH = 1800, 2300

SETTINGS: tuple[Column, ...] = (
    Column("format", Kind.INTEGER, "Format of the case.", required=True, low=0),
    Column("name", Kind.TEXT, "Short name (blank = the folder's)."),
    Column("title", Kind.TEXT, "Title shown to people."),
    Column("description", Kind.TEXT, "What the case describes."),
    Column("perspective", Kind.TEXT, "Country from which cost and groups are seen."),
    Column("currency", Kind.TEXT, "Currency of all money, such as USD.", required=True),
    Column(
        "price_year",
        Kind.YEAR,
        "Year whose prices all money is in.",
        "calendar year",
        required=True,
        low=YEARS_LOW,
        high=YEARS_HIGH,
    ),
    Column(
        "periods",
        Kind.YEAR,
        "First year of each period and, last, the first year after the horizon.",
        "calendar year",
        required=True,
        many=True,
        low=YEARS_LOW,
        high=YEARS_HIGH,
    ),
    Column(
        "report_until",
        Kind.YEAR,
        "Year to which targets and reports go (blank = five years before the end of the horizon, "
        "or its end where that is too short).",
        "calendar year",
        low=YEARS_LOW,
        high=YEARS_HIGH,
    ),
    Column(
        "discount_rate",
        Kind.NUMBER,
        "Real discount rate.",
        "1/year",
        required=True,
        low=0.0,
        high=1.0,
    ),
    Column(
        "discounting",
        Kind.CHOICE,
        "When in a year its money falls.",
        default="mid",
        allowed=("start", "mid", "end"),
    ),
    Column("key_product", Kind.TEXT, "Material the reports lead with."),
    Column("key_product_unit", Kind.TEXT, "Unit in which it is shown.", default="t"),
    Column("normalise", Kind.YES_NO, "Whether compositions are scaled to 100 %.", default=False),
    Column("banner", Kind.TEXT, "Handling banner shown on every page."),
    Column("imports", Kind.TEXT, "Other cases, by the prefix their ids get."),
)
"""Every key of ``case.yaml``, in the order in which it is written."""

KEYS = {column.name: column for column in SETTINGS}


@dataclass(frozen=True, slots=True)
class Settings:
    """What a case says about itself."""

    name: str
    """Short name."""
    currency: str
    """Currency of all money."""
    price_year: int
    """Year whose prices all money is in. [calendar year]"""
    periods: tuple[int, ...]
    """First year of each period, then the first year after the horizon. [calendar year]"""
    report_until: int
    """Year to which targets and reports go. [calendar year]"""
    discount_rate: float
    """Real rate. [1/year]"""
    discounting: Discounting = Discounting.MID
    """When in a year its money falls."""
    title: str = ""
    """Title shown to people."""
    description: str = ""
    """What the case describes."""
    perspective: str = ""
    """Country from which cost and groups are seen; empty = none named."""
    key_product: str = ""
    """Material the reports lead with; empty = none named."""
    key_product_unit: str = "t"
    """Unit in which it is shown."""
    normalise: bool = False
    """Whether compositions are scaled to 100 %."""
    banner: str = ""
    """Handling banner shown on every page."""
    imports: tuple[tuple[str, str], ...] = ()
    """Prefix and case of each import."""
    format: int = FORMAT
    """Format of the case."""

    @property
    def horizon(self) -> Horizon:
        """Periods, years and discounting."""
        return Horizon(self.periods, self.discount_rate, self.discounting)


def default_report_until(periods: tuple[int, ...]) -> int:
    """Give the year to which reports go where none is stated.

    Parameters
    ----------
    periods
        First years and the end of the horizon. [calendar year]

    Examples
    --------
    >>> default_report_until((2025, 2030, 2041)), default_report_until((2025, 2026))
    (2036, 2026)
    """
    early = periods[-1] - REPORT_MARGIN
    return early if early > periods[0] else periods[-1]


def parse_settings(raw: RawCase) -> tuple[Settings | None, list[Problem]]:
    """Turn the raw settings of a case into :class:`Settings`, collecting every problem.

    Returns
    -------
    tuple
        The settings, None where they cannot be used, and the problems.
    """
    problems = _unknown_keys(raw)
    values: dict[str, object] = {}
    for column in SETTINGS:
        value, problem = _value(raw, column)
        values[column.name] = column.default if value is None else value
        if problem is not None:
            problems.append(problem)
    problems += _contradictions(raw, values)
    if any(problem.code != "T301" for problem in problems):
        return None, problems
    return _settings(raw, values), problems


def settings_data(settings: Settings) -> dict[str, object]:
    """Give the settings as plain values by key, without those that are as by default."""
    data: dict[str, object] = {}
    for column in SETTINGS:
        value = getattr(settings, column.name)
        if isinstance(value, Discounting):
            value = value.value
        elif column.name == "imports":
            value = dict(value)
        elif isinstance(value, tuple):
            value = list(value)
        if column.required or value not in ("", {}, column.default):
            data[column.name] = value
    return data


def settings_cells(settings: Settings) -> dict[str, str]:
    """Give the settings as text by key, as the sheet ``case`` holds them."""
    cells: dict[str, str] = {}
    for key, value in settings_data(settings).items():
        if isinstance(value, dict):
            cells[key] = ";".join(f"{prefix}={case}" for prefix, case in value.items())
        elif isinstance(value, list):
            cells[key] = ";".join(map(str, value))
        else:
            cells[key] = cell_text(value, KEYS[key])
    return cells


def setting_place(raw: RawCase, key: str) -> Place:
    """Give the place of a key in the settings."""
    return Place(raw.settings_file, raw.settings_places.get(key), key)


def _settings(raw: RawCase, values: Mapping[str, object]) -> Settings:
    periods = values["periods"]
    assert isinstance(periods, tuple)  # noqa: S101 - checked by _contradictions
    given = {key: value for key, value in values.items() if value is not None}
    given["discounting"] = Discounting(given["discounting"])
    given.setdefault("report_until", default_report_until(periods))
    given.setdefault("name", raw.name)
    return Settings(**given)  # type: ignore[arg-type]


def _unknown_keys(raw: RawCase) -> list[Problem]:
    problems = []
    for key in raw.settings:
        if key not in KEYS:
            near = nearest(key, KEYS)
            start = f"Did you mean '{near}'? " if near is not None else ""
            problems.append(
                Problem(
                    "T301",
                    setting_place(raw, key),
                    f"{quoted(key)} is not a setting",
                    f"{start}Known: {', '.join(KEYS)}.",
                )
            )
    return problems


def _value(raw: RawCase, column: Column) -> tuple[object, Problem | None]:
    cell = raw.settings.get(column.name)
    place = setting_place(raw, column.name)
    try:
        if column.name == "imports":
            return _imports(cell), None
        if column.many:
            return _years(cell, column), None
        value = _single(cell, column)
    except CellRefused as refused:
        code = "T303" if refused.code != "T302" else "T302"
        return None, Problem(code, place, refused.what, refused.instead)
    return value, None


def _single(cell: object, column: Column) -> object:
    if isinstance(cell, (list, dict)):
        refuse(
            "T303", f"'{column.name}' holds a list", "Write one value; put text with ':' in quotes."
        )
    plain = _as_cell(cell)
    if isinstance(plain, str):
        plain = plain.replace("\r\n", "\n").replace("\r", "\n")
        if CONTROL.search(plain):
            refuse("T303", f"{quoted(plain)} holds a control character", "Take it out.")
    if is_empty(plain):
        _refuse_missing(column)
        return None
    return parse_cell(plain, column)


def _as_cell(value: object) -> Cell:
    return value if isinstance(value, (str, int, float)) else None if value is None else str(value)


def _refuse_missing(column: Column) -> None:
    if column.required and column.name != "format":
        refuse("T302", f"'{column.name}' is missing", f"{column.description} Every case states it.")


def _years(cell: object, column: Column) -> tuple[int, ...] | None:
    if isinstance(cell, str):
        cell = [part.strip() for part in cell.strip("[] ").replace(",", ";").split(";")]
    items = cell if isinstance(cell, list) else [] if cell is None else [cell]
    years = [parse_cell(_as_cell(item), column) for item in items]
    if not years or years == [None]:
        _refuse_missing(column)
    whole = tuple(year for year in years if isinstance(year, int))
    if len(whole) < 2 or len(whole) < len(years) or list(whole) != sorted(set(whole)):
        shown = ", ".join(plain_text(_as_cell(item)) for item in items)
        refuse(
            "T303",
            f"{quoted(shown)} are not rising years",
            "List the first year of each period and, last, the first year after the horizon, such "
            "as [2025, 2026, 2028].",
        )
    return whole


def _imports(cell: object) -> tuple[tuple[str, str], ...]:
    if isinstance(cell, str):
        pairs = [part.partition("=")[::2] for part in cell.split(";") if part.strip()]
        cell = {prefix.strip(): case.strip() for prefix, case in pairs}
    if cell is None:
        return ()
    if not isinstance(cell, dict) or not all(
        isinstance(case, str) and case.strip() for case in cell.values()
    ):
        refuse("T303", f"{quoted(cell)} does not list cases", "Write such as {t: us-tungsten}.")
    prefix_column = Column("imports", Kind.ID, "")
    for prefix in cell:
        parse_cell(str(prefix), prefix_column)
    return tuple((str(prefix), case) for prefix, case in cell.items())


def _no_format(raw: RawCase) -> bool:
    cell = raw.settings.get("format")
    return cell is None or (isinstance(cell, str) and is_empty(cell))


def _contradictions(raw: RawCase, values: Mapping[str, object]) -> list[Problem]:
    problems = []
    found = values["format"]
    if isinstance(found, int) and found > FORMAT:
        problems.append(
            Problem(
                "T305",
                setting_place(raw, "format"),
                f"the case has format {found}, newer than {FORMAT}",
                f"This program reads format {FORMAT}: upgrade coercivity to read the case.",
            )
        )
    elif _no_format(raw) or (isinstance(found, int) and found < FORMAT):
        stated = f"format {found}" if found is not None else "no format"
        problems.append(
            Problem(
                "T305",
                setting_place(raw, "format"),
                f"the case states {stated}; this program reads format {FORMAT}",
                "Upgrade it with: coercivity convert CASE --to DIR.",
            )
        )
    until, periods = values["report_until"], values["periods"]
    inside = (
        not isinstance(until, int)
        or not isinstance(periods, tuple)
        or periods[0] <= until <= periods[-1]
    )
    if not inside and isinstance(periods, tuple):
        problems.append(
            Problem(
                "T303",
                setting_place(raw, "report_until"),
                f"{until} lies outside the horizon",
                f"Write a year from {periods[0]} to {periods[-1]}.",
            )
        )
    return problems
