"""Pages of codes about units, runs and jobs: meaning, why, what to do."""

from __future__ import annotations

RUNNING: dict[str, tuple[str, str, str]] = {
    "N101": (
        "A quantity met the wrong unit.",
        "Tonnes of oxide, of element and gross tonnes are different things, and so are the moneys "
        "of two years.",
        "Convert the number to the unit of its column; `coercivity explain COLUMN` shows it.",
    ),
    "N201": (
        "The numbers of the model lie too far apart.",
        "A solver is not exact over more than nine orders of magnitude, so its answer could be "
        "wrong.",
        "Look for an amount, size or capital in a wrong unit, such as tonnes for kilograms.",
    ),
    "R000": (
        "The program refused or failed to do what was asked.",
        "The message says what.",
        "Read the message.",
    ),
    "R001": (
        "The command was called wrongly: an unknown option, name or value.",
        "Nothing is guessed, so that a slip does not start the wrong work.",
        "`coercivity VERB --help` shows what can be given, with examples.",
    ),
    "R002": (
        "A run folder is missing, locked, lost, damaged or of another version.",
        "Runs are written once and never changed, so that their answers can be trusted.",
        "`coercivity runs` lists the runs and their state; run a lost one again.",
    ),
    "R003": (
        "A file or folder cannot be read or written.",
        "The disk is full, or the folder is missing or not yours.",
        "Free some space or choose another folder; `coercivity doctor` checks the runs folder.",
    ),
    "R004": (
        "The work was stopped.",
        "What was done until then is kept in the run folder.",
        "Run it again; sweeps, simulations and decompositions resume.",
    ),
    "R005": (
        "This is a bug in coercivity, not in your case.",
        "The program met something it holds to be impossible.",
        "Report it with the file that the message names; read it before you send it.",
    ),
}
"""Meaning, why it matters and what to do, by code."""
