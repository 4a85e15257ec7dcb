"""Pages of codes about cells, rows and scenarios: meaning, why, what to do."""

from __future__ import annotations

CELLS: dict[str, tuple[str, str, str]] = {
    "T201": (
        "A cell names something that is not listed in the table it refers to.",
        "A name is matched exactly, upper and lower case included; nothing is guessed.",
        "Correct the name as suggested, or add the row it refers to.",
    ),
    "T202": (
        "A cell that must be filled is empty.",
        "The column has no default that would be right for every case.",
        "Fill it; `coercivity explain COLUMN` says what it means.",
    ),
    "T203": (
        "A cell does not hold a number as this program reads it.",
        "Thousands separators, per cent signs and units inside a cell are ambiguous.",
        "Write 12500.5, a fraction instead of per cent, and `unlimited` where the column allows.",
    ),
    "T204": (
        "A number lies outside what its column allows.",
        "It is most often per cent for a fraction, or another unit.",
        "Check the unit; `coercivity explain COLUMN` shows unit and range.",
    ),
    "T205": (
        "A cell holds a word that its column does not allow.",
        "Each word has a meaning in the model; an unknown one has none.",
        "Use one of the listed words.",
    ),
    "T206": (
        "Two rows of a table have the same key.",
        "Which of the two holds cannot be known.",
        "Delete one, or tell them apart by id, step or year.",
    ),
    "T207": (
        "Of a group of columns, one has to be filled, or at most one may be.",
        "The columns say the same thing in two ways.",
        "Fill one of the named columns and leave the others empty.",
    ),
    "T208": (
        "A text cannot be an id: letters, digits, dot, underscore and hyphen only.",
        "Ids become file names, column names and parts of lists.",
        "Write such as `mill-2`; put the full name in the column name.",
    ),
    "T209": (
        "A cell does not hold a day written YYYY-MM-DD, or a whole calendar year.",
        "03/04/2026 is another day in another country.",
        "Write 2026-04-03 for a day and 2026 for a year.",
    ),
    "T210": (
        "A range does not enclose its value: low <= value <= high.",
        "The value is the best guess; the range says how far off it may be.",
        "Swap or correct _low and _high, or leave both empty.",
    ),
    "T211": (
        "A companion table is wrong: its name, its years, or an id in its header.",
        "A companion gives the values of one column by year, a column an id.",
        "Name it TABLE-COLUMN.csv, its first column year, its others ids of the table.",
    ),
    "T212": (
        "The number of unlimited rows is told.",
        "A supply without limit is a strong assumption and should be seen.",
        "Nothing; a limit is written as a number.",
    ),
    "T213": (
        "A country is not named by three capital letters (ISO 3166 alpha-3).",
        "Countries of several cases and sources have to meet under one name.",
        "Write such as USA, AUS or CHN.",
    ),
    "T214": (
        "A source is not listed in sources.csv.",
        "A figure without a source cannot be checked by its reader.",
        "Add the source, or write `estimate` or `derived`.",
    ),
    "T215": (
        "A cell does not say yes or no.",
        "Other words mean different things to different programs.",
        "Write yes or no.",
    ),
    "T216": (
        "A change of a scenario names a table, key or column that does not exist, or that it "
        "cannot change.",
        "The scenario would otherwise be the base case without a word.",
        "Check table, key and column in changes.csv; a key of several columns is joined by /.",
    ),
    "T217": (
        "A list in a cell is written wrongly.",
        "An empty or doubled part is most often a slip.",
        "Separate the parts by ';' without one at the end.",
    ),
    "T218": (
        "Dated rows contradict each other or are not in the order of their years.",
        "A row holds from its year until the next row of the same key.",
        "Order the rows by year and keep one a year.",
    ),
    "T219": (
        "Two columns of one row contradict each other.",
        "Either could be the slip.",
        "Correct the one that is wrong.",
    ),
    "U301": (
        "Probabilities of the scenarios do not sum to 1.",
        "An expectation over them would be wrong by as much.",
        "Scale them, or add what is missing as its own scenario; nothing is rescaled for you.",
    ),
}
"""Meaning, why it matters and what to do, by code."""
