"""Pages of codes about scenarios, sampling and decomposition: meaning, why, what to do."""

from __future__ import annotations

UNCERTAINTY: dict[str, tuple[str, str, str]] = {
    "U302": (
        "A share lies outside its range.",
        "Risk weights, tails and levels are shares from 0 to 1, never percentages; a tail of 0 "
        "has no mean.",
        "Write 0.05 for 5 %. Texts that quote a confidence level of 0.95 mean a tail of 0.05.",
    ),
    "U303": (
        "A scenario has no name, or shares its name with another.",
        "Results are kept by the name of the scenario.",
        "Give each scenario a name of its own.",
    ),
    "U304": (
        "Numbers that belong together do not fit: their count differs, one is not finite, or "
        "they are not in order.",
        "A mean, a risk or a draw made from them would be wrong without a sign of it.",
        "Give one number for each scenario or value, all finite, in the order that is asked for.",
    ),
    "U305": (
        "The scenarios have no average.",
        "The plan for the average future needs one: the scenarios differ in size, or a limit is "
        "infinite in some of them only.",
        "Give the expected scenario yourself, or a large finite limit.",
    ),
    "U306": (
        "It cannot be told which futures a plan is to be made for.",
        "There is nothing to draw from, no scenario has a probability, the number of futures is "
        "no number from 1 on, or the question is about one future only.",
        "Give --scenarios a number, or 'named' with the column probability of scenarios.csv "
        "filled; to draw, the case needs events, overruns, price_models, or ranges of demands "
        "and suppliers.",
    ),
    "U307": (
        "A scenario changes a limit on capital or starts.",
        "What is built is decided before it is known which future comes, so one limit holds in "
        "all of them.",
        "Change the limit in the case itself, or take the change out of the scenario that is "
        "among the futures.",
    ),
    "U401": (
        "A worker process ended before its time.",
        "It was killed, or the machine ran out of memory. The scenarios it held were lost with it; "
        "every finished round is kept where the search was saved.",
        "Run it again to go on from there, with fewer --workers if memory is short.",
    ),
    "U402": (
        "A saved search cannot be gone on from.",
        "It is damaged, or belongs to another case, other scenarios or another risk: cuts of one "
        "problem prove nothing for another.",
        "Save the search elsewhere, or delete the file to begin anew.",
    ),
    "U403": (
        "The decomposition met decisions after the first stage that must be whole.",
        "Cuts are made from duals, which such decisions do not have.",
        "Solve the extensive form, or move these decisions into the first stage.",
    ),
}
"""Meaning, why it matters and what to do, by code."""
