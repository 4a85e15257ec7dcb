"""Pages of codes about the files of a case: meaning, why, what to do."""

from __future__ import annotations

FILES: dict[str, tuple[str, str, str]] = {
    "T000": (
        "The tables of the case hold errors.",
        "A case with an error is never solved: the answer would rest on a guess.",
        "Work through the list; each problem has its place and its own code.",
    ),
    "T100": (
        "The name given is no case: a case is a folder with case.yaml or an .xlsx workbook.",
        "Nothing of that name lies here, and no reference case has it.",
        "Check the spelling and the current folder; `coercivity init DIR` makes a first case.",
    ),
    "T101": (
        "A file cannot be read: no permission, not an ordinary file, or a loop of links.",
        "A table that is only partly read would be a silent wrong answer. Writing fails with the "
        "same code.",
        "Check that the file is there, that you may read or write it, and that the disk has room.",
    ),
    "T102": (
        "A file or sheet has a name that no table has.",
        "A table with a misspelt name would otherwise be left out without a word.",
        "Rename it as suggested, or take it out of the case; `coercivity schema` lists the tables.",
    ),
    "T103": (
        "A file holds bytes that are not UTF-8 text, or characters that no cell can hold.",
        "Guessing an encoding turns names into other names.",
        "Save the file as CSV in UTF-8; spreadsheet programs offer this when saving.",
    ),
    "T105": (
        "A table has no header row, or a header with an empty or doubled name.",
        "Columns are found by name, never by position.",
        "Write the column names in the first row, each once; `coercivity schema TABLE` lists them.",
    ),
    "T106": (
        "A table has a column that its schema does not know.",
        "A misspelt column would otherwise be read as empty.",
        "Rename the column as suggested, or move remarks to the column note.",
    ),
    "T107": (
        "A row is cut wrongly: too many or too few cells, or a quote that is never closed.",
        "From there on every cell would stand in the wrong column.",
        "Put texts with commas in double quotes, and double a quote inside them.",
    ),
    "T108": (
        "A file or cell is larger than any case needs, and was not read.",
        "Such a file is rarely a table.",
        "Check that it is the file you mean; keep bulk data outside the case.",
    ),
    "T109": (
        "How a file is written was recognised and is told; nothing has to be done.",
        "Semicolons, decimal commas and byte-order marks are read, but never silently.",
        "Nothing; save as plain CSV with commas to be rid of the note.",
    ),
    "T110": (
        "The workbook is refused: encrypted, with macros, linked to others, or not a workbook.",
        "Macros and links can change what the case says after it was checked.",
        "Save it as a plain .xlsx workbook without password, macros and links.",
    ),
    "T111": (
        "A formula has no stored value; the program never computes formulas.",
        "Only the spreadsheet program that wrote the formula knows its value.",
        "Open and save the workbook in a spreadsheet program, or replace formulas by values.",
    ),
    "T112": (
        "Stored values of formulas were used; their number is told.",
        "A stored value may be older than the cells it depends on.",
        "Nothing, if the workbook was saved after its last change.",
    ),
    "T113": (
        "Excel has turned an id into a number, a date or a truth value.",
        "The text that was typed is lost, so two ids may have become one.",
        "Format the column as text and type the id again.",
    ),
    "T114": (
        "A table without which nothing can be said about a case is missing.",
        "Countries, sites and materials name everything else.",
        "Add the table; `coercivity schema TABLE` shows its columns.",
    ),
    "T115": (
        "The units row of a sheet names another unit than the one of the column.",
        "Numbers are read in the unit of the schema, whatever the sheet says.",
        "Convert the numbers and put the unit of the schema in the second row.",
    ),
    "T301": (
        "case.yaml has a key that the program does not know.",
        "A misspelt setting would otherwise have no effect without a word.",
        "Rename it as suggested; `coercivity schema case` lists the settings.",
    ),
    "T302": (
        "case.yaml lacks a key that every case needs.",
        "Currency, price year, periods and discount rate have no sensible default.",
        "Add the key; `coercivity schema case` describes it.",
    ),
    "T303": (
        "A value in case.yaml cannot be used.",
        "It is of the wrong kind, outside its range, or contradicts another setting.",
        "Write a value as `coercivity schema case` describes it.",
    ),
    "T304": (
        "case.yaml is not well-formed YAML, or names a key twice.",
        "Which of two values was meant cannot be known.",
        "Write one `key: value` a line; put texts that hold ':' or '#' in quotes.",
    ),
    "T305": (
        "The format of the case is newer or older than the one of this program.",
        "Another format may mean something else by the same column.",
        "Older: `coercivity convert CASE --to DIR` writes it in the present format. Newer: upgrade "
        "coercivity.",
    ),
    "T306": (
        "case.yaml names something that is not listed in a table.",
        "Perspective and key product are looked up in countries and materials.",
        "Name a listed id, or leave the setting out.",
    ),
    "T401": (
        "An imported case cannot be found or read.",
        "Without it, ids that refer to it are unknown.",
        "Check the path under `imports` in case.yaml; it starts at the folder of the case.",
    ),
    "T402": (
        "A case imports itself, directly or through others.",
        "Such a chain of imports has no end.",
        "Take one of the imports out.",
    ),
    "T403": (
        "An imported case has other periods, another currency or another price year.",
        "Their money and years cannot be added up as they stand.",
        "Bring both cases to the same periods, currency and price year.",
    ),
    "T404": (
        "An imported row contradicts one of the case.",
        "Countries are shared, so both cases have to say the same of them.",
        "Make the two rows agree.",
    ),
    "T405": (
        "The probability of an imported scenario is not used; nothing has to be done.",
        "Probabilities are a statement about this case as a whole.",
        "Nothing, or list the scenario with its probability in this case.",
    ),
}
"""Meaning, why it matters and what to do, by code."""
