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
}
