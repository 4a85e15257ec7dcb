"""Pages of codes about plans, targets and explanations: meaning, why, what to do."""

from __future__ import annotations

PLANNING: dict[str, tuple[str, str, str]] = {
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
}
