"""Pages of codes about prices, contracts and cash: meaning, why, what to do."""

from __future__ import annotations

FINANCE: dict[str, tuple[str, str, str]] = {
    "F101": (
        "Contracts of a project contradict each other, or cover the same thing twice.",
        "A tonne has one price, a result one floor and a loss one guarantor; where two contracts "
        "would pay for the same thing, what each is worth is undefined.",
        "Let their shares sum to 1 at most, let their years not overlap, or keep one of them.",
    ),
    "F102": (
        "A contract or a loan runs beyond the life of the project.",
        "Nothing is made and no debt is repaid after the last year, so part of its term would "
        "silently be worth nothing.",
        "Shorten its years, tenor or grace, or extend the life of the project.",
    ),
    "F103": (
        "A project has no revenue.",
        "Without output, a price and a buyer for at least one product there is nothing to judge.",
        "Give output, a price for every product (0 where it is unsold) and the share that is sold.",
    ),
    "F104": (
        "Debt cannot be sized on these terms.",
        "Debt is at most the whole of the capital, covered at least once by cash, and repaid over "
        "at least one year.",
        "Write shares between 0 and 1, a cover of at least 1, a tenor of at least 1.",
    ),
    "F105": (
        "Cash of a project does not fit together, or is not finite.",
        "Tables of a project run over the same years and paths, and a missing value would make "
        "every sum after it missing; nothing is filled in.",
        "Give one row for all paths or one row each, one column a year (prices also by quarter), "
        "and find why a value is missing.",
    ),
    "F106": (
        "A depreciation class is not known.",
        "Tax depreciation follows published tables.",
        "Write MACRS-n with n of 3, 5, 7, 10, 15 or 20, SL-n for equal parts, or none.",
    ),
    "F107": (
        "Grants and loans of a project are larger than its capital.",
        "Public money towards capital is paid as it is spent, never above it.",
        "Lower an amount, or raise the budget.",
    ),
    "F108": (
        "A share in a contract is not between 0 and 1.",
        "Fractions are never written in percent.",
        "Write 0.3 for 30 %.",
    ),
    "F109": (
        "A project has neither a plant that exists nor an option.",
        "Cash comes from plants: without any there is nothing to appraise.",
        "Name a project with assets, or give it options.",
    ),
    "F110": (
        "A project lacks its row, or the return its owners ask.",
        "Whether owners would say yes depends on the return that they ask.",
        "Write the row of the project with its hurdle, real, as a fraction.",
    ),
    "F111": (
        "A project has to buy something that has no price.",
        "What is bought costs something; without a price the project would look too good.",
        "Add a row to price_models, price_links or prices, or a supplier that offers it.",
    ),
    "F112": (
        "The case names no key product.",
        "The field of the loop is money per kg of key product, in everything that contains it or "
        "stands for it.",
        "Write `key_product`, the id of a material, in case.yaml, and give it a price.",
    ),
    "F201": (
        "A price history cannot be fitted.",
        "It has too few prices, a gap, a price that is not above 0, or none that moves; short "
        "histories make a price look as if it returned faster than it does.",
        "Give a longer history at equal intervals, or state level, speed and volatility as a "
        "judgement in `price_models`, with standard errors.",
    ),
    "F202": (
        "Correlations of prices cannot all hold.",
        "Two prices that both move with a third move with each other, so the matrix of "
        "correlations may have no negative eigenvalue.",
        "Bring the pairs closer together, and list pairs that are missing: they count as 0.",
    ),
    "F203": (
        "A price process cannot be simulated.",
        "A price needs a level, a speed of return and a volatility, both rates where it has a "
        "second attractor, and one process only; prices of a group share one state.",
        "Fill in or correct the row of `price_models`, or ask for at least one path and year.",
    ),
    "F204": (
        "A price deck or a settlement cannot be used.",
        "Stated prices are finite and not negative, cover the years that are asked for, and are "
        "settled over whole intervals. Nothing is filled in.",
        "State a price for the first year or before, and settle 1, 2, 4 or 12 times a year.",
    ),
    "F205": (
        "A price that follows others cannot be found.",
        "It follows a price that is not there, or itself round a circle, or one that has several "
        "places; prices of two places are never mixed.",
        "Give the followed material a process or links at the same place, or at one place only.",
    ),
    "F206": (
        "A technical risk cannot be drawn.",
        "Delays are not negative, shares lie between 0 and 1, ramp-ups follow a known class, and "
        "capital is spent within the years of the project.",
        "Correct the row of `overruns`, or give the project more years.",
    ),
    "F207": (
        "A promise cannot be drawn.",
        "Rates of lapsing and coming back decide what a promise is worth: they are finite and not "
        "negative.",
        "Correct the row of `promises`; write 0 for what never happens.",
    ),
    "F208": (
        "Waiting, opening or closing has no answer.",
        "A value that grows as fast as it is discounted is infinite, and opening and closing "
        "again may not earn.",
        "Correct rates and costs, or give enough paths and dates.",
    ),
    "F301": (
        "A game of owners who wait for each other cannot be set up.",
        "Every set of projects needs a worth for every project, and their number doubles with "
        "each project more.",
        "Name at most twenty projects, each once, and give every worth; or fix those that invest, "
        "or stay out, whatever the others do.",
    ),
}
