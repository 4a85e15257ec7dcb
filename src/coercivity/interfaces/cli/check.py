"""``coercivity check``: every problem of a case at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from coercivity.foundation.problems import Severity, listing
from coercivity.interfaces.cli.options import CaseArgument, Json, Verbose
from coercivity.interfaces.cli.screen import show, show_json
from coercivity.interfaces.cli.verbs import Verb

if TYPE_CHECKING:
    from coercivity.studies.cases import CaseReport

WRONG = 3
NAMED = {
    "countries": "country",
    "sites": "site",
    "materials": "material",
    "processes": "process",
    "assets": "asset",
    "options": "option",
    "links": "link",
    "link_rules": "link rule",
    "suppliers": "supplier",
    "demands": "demand",
    "scenarios": "scenario",
}
"""Tables whose sizes say most about a case, and the word for one of each."""


def check(
    case: CaseArgument,
    strict: Annotated[bool, typer.Option("--strict", help="Count warnings as errors.")] = False,
    as_json: Json = False,
    verbose: Verbose = False,
) -> None:
    """Check a case: every problem at once, with what to do.

    The case is checked as it is and under each of its scenarios. Errors make a case unusable;
    warnings tell of what is most often a slip; notes say how something was read. `coercivity
    explain CODE` tells more of each.
    """
    from coercivity.studies.cases import check_case

    report = check_case(case, strict=strict)
    if as_json:
        show_json(report_json(report))
    else:
        show(report_text(report))
    if report.failed:
        raise typer.Exit(WRONG)


def report_json(report: CaseReport) -> dict[str, object]:
    """Give a report as one JSON object."""
    return {
        "status": "error" if report.failed else "ok",
        "exit": WRONG if report.failed else 0,
        "case": report.case,
        "strict": report.strict,
        "counts": {severity.value: report.count(severity) for severity in Severity},
        "sizes": dict(report.sizes),
        "periods": list(report.periods),
        "problems": [problem.as_json() for problem in report.problems],
    }


def report_text(report: CaseReport) -> str:
    """Lay out a report: what was found, then what the case holds or that it cannot be used."""
    if not report.problems:
        return _good(report)
    counts = [(report.count(severity), severity.value) for severity in Severity]
    found = ", ".join(f"{n} {word}{'s' if n != 1 else ''}" for n, word in counts if n)
    parts = [f"{found} in case '{report.case}'"]
    for severity in Severity:
        problems = [p for p in report.problems if p.severity is severity]
        if problems:
            parts.append(f"{severity.value.capitalize()}s\n{listing(problems)}")
    parts.append(_verdict(report))
    return "\n\n".join(parts)


def _verdict(report: CaseReport) -> str:
    if not report.failed:
        return _good(report)
    if report.count(Severity.ERROR):
        return "The case cannot be used until the errors are mended."
    return "With --strict, warnings count as errors."


def _good(report: CaseReport) -> str:
    counted = {name: report.sizes[name] for name in NAMED if name in report.sizes}
    sizes = [
        f"{count} {NAMED[name] if count == 1 else name.replace('_', ' ')}"
        for name, count in counted.items()
    ]
    first, last, count = report.periods[0], report.periods[-1] - 1, len(report.periods) - 1
    periods = f"{first} to {last} in {count} period{'s' if count != 1 else ''}"
    return f"'{report.case}' can be used: {', '.join(sizes)}; {periods}."


VERB = Verb(
    "check",
    check,
    (
        ("coercivity check mini", "check a reference case"),
        ("coercivity check my-case --strict", "warnings count as errors"),
        ("coercivity check my-case --json", "the same for programs"),
    ),
    exits=(0, 1, 2, 3, 130),
)
