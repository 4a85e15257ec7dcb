"""Pages of codes about plans, units, runs and jobs: meaning, why, what to do."""

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
    "P000": (
        "No plan came out.",
        "The message says whether none exists or none was found.",
        "Read the message; P401, P402 and P403 have pages of their own.",
    ),
    "P301": (
        "A requirement cannot be read, or cannot be used with the case.",
        "It names a segment, class or year that the case does not have, or asks for more than all.",
        "Write SEGMENT>=SHARE@YEAR[:CLASS], such as defence>=100%@2030:allied.",
    ),
    "P401": (
        "No plan can satisfy the case.",
        "Some requirements contradict each other. The list in the message is a smallest conflict: "
        "requirements were left out one by one; each that could be spared without making "
        "a plan possible was dropped, so any list that lacks one of those shown can be satisfied.",
        "Give up or soften one of the listed requirements: give a demand a penalty, start a plant "
        "earlier, or raise a limit.",
    ),
    "P402": (
        "The cost of a plan has no lower limit.",
        "Something can be bought and sold again at a profit without bound.",
        "Look for a buyer above a supplier of the same material, and limit one of the two.",
    ),
    "P403": (
        "Time ran out before a first plan was found.",
        "The case may still have one.",
        "Give more time with --time-limit, or make the case smaller: fewer periods, fewer sites.",
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
