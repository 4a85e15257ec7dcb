"""Pages of codes about shocks, worst cases and simulation: meaning, why, what to do."""

from __future__ import annotations

SIMULATION: dict[str, tuple[str, str, str]] = {
    "S101": (
        "What is to fail or to be served is not known, or its name stands for several things.",
        "Only what runs, moves or sells in the chain can fail, and only demand can be served.",
        "Name it as in the case; of targets, write kind/id, such as asset/mill or country/ABC.",
    ),
    "S102": (
        "What is to be counted is not known.",
        "Attacker and defender count the same thing: tonnes that a segment is short in reported "
        "years, or the cost of all of it.",
        "Name a segment and year of the case; ask for cost only where a demand has a penalty.",
    ),
    "S103": (
        "More, or less, is to fail or be protected than there is, or a limit leaves no time.",
        "A budget beyond everything that can be attacked, or a time of nothing, has no meaning.",
        "Give a time above 0. What can be attacked is in the columns attackable, attack_cost and "
        "group_of of assets, links and suppliers.",
    ),
    "S104": (
        "An event lasts no time, or takes nothing away.",
        "As a shock it would do nothing, and would silently look harmless.",
        "Give duration_mean above 0 and a depth above 0 in events.csv, or leave the row out.",
    ),
    "S105": (
        "The year of an emergency cannot be used.",
        "A stock is bought in the first year of the case, and the emergency must end inside it.",
        "Name a year from the second one on that leaves four years.",
    ),
    "S106": (
        "An emergency cannot be set up.",
        "Its limit is a share of demand, its demand a multiple above 0, its chance above 0 and at "
        "most 1.",
        "Look at --limit, --surge and --chance of stress stockpile.",
    ),
    "S201": (
        "A disruption, surge or price shock that was asked for cannot be used.",
        "It needs a target of the case, a month counted from 1, a length above nothing, and a "
        "share or factor above 0: otherwise nothing would happen, or something else than meant.",
        "Write SCOPE:TARGET@MONTH+MONTHS after --lose, NAME=FACTOR@MONTH+MONTHS after --surge and "
        "--price-shock.",
    ),
    "S202": (
        "An event of the case happens but lasts no time, or a number of it is negative.",
        "An outage without a length loses nothing, and a negative rate means nothing: drawn as "
        "they stand they would silently be left out.",
        "Give duration_mean in events.csv, or set the rate to 0.",
    ),
    "S203": (
        "There is no policy of that name.",
        "A policy says who is served first and what stocks are for; a wrong name must not fall "
        "back to another.",
        "Name one of those listed in the message.",
    ),
    "S204": (
        "An elasticity has the wrong sign.",
        "Users take less at a higher price and suppliers offer no less; with other signs there is "
        "no price at which they meet.",
        "Write a demand elasticity below 0 and a supply elasticity of 0 or more in "
        "elasticities.csv.",
    ),
    "S205": (
        "Two chains that are compared serve different segments.",
        "A paired difference is told by segment, so both must have the same.",
        "Compare two plans of the same case, or two policies.",
    ),
    "S206": (
        "The length or number of replications cannot be used.",
        "A replication has at least one month, and a percentile needs replications.",
        "Ask for 120 months and 1000 replications.",
    ),
    "S207": (
        "Nothing can happen.",
        "Without an event, disruption, surge or price shock every month is as planned.",
        "Fill events.csv, or use --lose, --surge or --price-shock.",
    ),
    "S208": (
        "A base-stock chain cannot be set up.",
        "It needs as many base stocks and lead times as places, lead times of at least no time, "
        "and demands that are not negative.",
        "Give one base stock and one lead time a place.",
    ),
    "S209": (
        "A lead that was asked for cannot be used.",
        "The simulation counts in whole months. What moves takes at least one, and only a plant "
        "that stands still can take none, or never be started.",
        "Write SCOPE:TARGET=MONTHS after --lead, such as mode:sea=2, start:plant=12 or "
        "start=never.",
    ),
    "S301": (
        "An adversary cannot be set up.",
        "He dumps what he sells and a project trades at a price, within a budget of margin he may "
        "lose, down to his own cost.",
        "Write a budget of 0 or more, a cost of his as a share below 1, and a product that "
        "suppliers of covered countries offer; or state his exports with `--exports`.",
    ),
}
