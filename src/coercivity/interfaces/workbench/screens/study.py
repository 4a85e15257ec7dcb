"""What the screens of studies share: levers on the left, the newest answer on the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from coercivity.interfaces.workbench import figures, listing
from coercivity.interfaces.workbench.origins import changed_files
from coercivity.interfaces.workbench.pages import (
    Shelf,
    Workbench,
    page,
    project_of,
    workbench_of,
)
from coercivity.interfaces.workbench.screens.limits import LimitLevers
from coercivity.interfaces.workbench.shocks import ShockLine, shock_lines
from coercivity.interfaces.workbench.telling import Told, told_of
from coercivity.interfaces.workbench.verbs import Entry, Field, Subject, VerbForm
from coercivity.interfaces.workbench.workspace import Project
from coercivity.results import Run
from coercivity.results.status import now
from coercivity.tables import CaseTables, read_tables

FIRST_LEVERS = 4
"""Options that are offered at once; the rest waits behind one click."""
LEVERS: Mapping[str, tuple[str, ...]] = {
    "plan": ("scenario", "gap", "time_limit", "explain"),
    "finance": ("project", "paths"),
    "assess": ("year", "scenario"),
    "source": ("segment", "date", "suppliers"),
}
"""Options that come first, by verb; for others those that come first in their help."""
NAMED = {"scenario": "scenarios", "segment": "segments", "project": "projects"}
"""Tables of the case in which the values of an option are listed."""
SUBJECTS = ("plan",)
"""Verbs whose runs others can work on."""
NONE = Shelf((), ())


@dataclass(frozen=True, slots=True)
class Study:
    """A screen that starts runs of some verbs and shows them."""

    screen: str
    """Id of its tab."""
    title: str
    families: tuple[str, ...]
    """First words of its verbs."""
    shows: str
    """What it shows, for those who see it empty."""
    starts: tuple[str, ...] = ()
    """Verbs that it can start; all of its families where none are named."""

    def holds(self, verb: str) -> bool:
        """Tell whether runs of a verb are shown here."""
        return any(verb == one or verb.startswith(f"{one}-") for one in self.families)


@dataclass(frozen=True, slots=True)
class Form:
    """A verb as it is filled in for a project."""

    verb: VerbForm
    leading: tuple[Field, ...]
    further: tuple[Field, ...]
    choices: Mapping[str, tuple[tuple[str, str], ...]]
    """Values and names of fields that are chosen from the case."""
    subjects: Shelf
    """Runs it can work on."""
    needs_run: bool
    """Whether there is no run yet of the kind it works on."""
    targets: Mapping[str, Sequence[tuple[str, str]]]
    """Segments and classes of which targets can be made; empty where it takes none."""

    def uploads(self) -> bool:
        """Whether a file can be given."""
        return any(field.entry is Entry.UPLOAD for field in self.verb.fields)


def forms(workbench: Workbench, study: Study, project: Project) -> list[Form]:
    """Give the forms of the verbs of a screen that this version has.

    Parameters
    ----------
    workbench
        The workbench.
    study
        The screen.
    project
        The project.
    """
    tables, _ = read_tables(project.folder)
    found = [
        verb
        for verb in workbench.verbs
        if study.holds(verb.id) and (not study.starts or verb.id in study.starts)
    ]
    subjects = workbench.shelf(SUBJECTS, project) if found else NONE
    return [form_of(verb, tables, subjects) for verb in found]


def form_of(verb: VerbForm, tables: CaseTables | None, subjects: Shelf = NONE) -> Form:
    """Make the form of a verb.

    Parameters
    ----------
    verb
        The verb.
    tables
        The case, from which names are chosen; None where it cannot be read.
    subjects
        Runs it can work on.
    """
    order = LEVERS.get(verb.id, ())
    first = [field for name in order if (field := verb.field(name)) is not None]
    first = first or [field for field in verb.fields if field.required]
    rest = [field for field in verb.fields if field not in first]
    if not order:
        more = max(0, FIRST_LEVERS - len(first))
        first, rest = first + rest[:more], rest[more:]
    choices = {
        field.name: _names(tables, NAMED[field.name])
        for field in verb.fields
        if tables is not None and field.name in NAMED
    }
    needs = verb.subject is Subject.RUN and not (subjects.own or subjects.other)
    targets: dict[str, Sequence[tuple[str, str]]] = {}
    if tables is not None and verb.field("require") is not None:
        targets = {
            "segments": _names(tables, "segments"),
            "classes": _names(tables, "origin_classes"),
        }
    held = subjects if verb.subject is not Subject.CASE else NONE
    return Form(verb, tuple(first), tuple(rest), choices, held, needs, targets)


def _names(tables: CaseTables, name: str) -> tuple[tuple[str, str], ...]:
    rows = tables[name]
    shown = next((c for c in ("title", "name") if c in rows.schema.column_names), "id")
    return tuple((row.text("id"), row.maybe_text(shown) or row.text("id")) for row in rows)


@dataclass(frozen=True, slots=True)
class Shown:
    """A run on a screen."""

    run: Run
    told: Told
    levers: Mapping[str, list[tuple[str, str]]]
    """What can be chosen for its figures."""
    shocks: tuple[ShockLine, ...] = ()
    """Losses of its heat map, each of which can be opened."""


def shown_run(run: Run) -> Shown:
    """Prepare a complete run for a page.

    Parameters
    ----------
    run
        The run.
    """
    told = told_of(run)
    levers = figures.levers(run, told.figures())
    return Shown(run, told, levers, shock_lines(run) if "shocks" in told.figures() else ())


def study_page(request: Request, study: Study, *, limits: LimitLevers | None = None) -> Response:
    """Answer with the screen of a study.

    Parameters
    ----------
    request
        What was asked; ``project`` and ``run`` of its address say what is open.
    study
        The screen.
    limits
        Limits of the case, where they are levers of the screen.
    """
    workbench, project = workbench_of(request), project_of(request)
    verbs = tuple({one.verb for one in workbench.summaries(project) if study.holds(one.verb)})
    shelf = workbench.shelf(verbs, project)
    given = request.query_params.get("run", "")
    asked = shelf.opened(given) if project is not None else given
    shown = shown_run(workbench.run(asked)) if asked else None
    held = forms(workbench, study, project) if project is not None else []
    found = [one for one in listing.lines(workbench, project) if study.holds(one.verb)]
    return page(
        request,
        "study.html",
        screen=study.screen,
        title=study.title,
        study=study,
        forms=held,
        chosen=request.query_params.get("verb", held[0].verb.id if held else ""),
        known=any(study.holds(verb.id) for verb in workbench.verbs),
        shelf=shelf,
        shown=shown,
        changed=changed_since(shown.run, shelf, project) if shown is not None else None,
        limits=limits,
        active=listing.active(found),
        since=now(),
    )


def changed_since(run: Run, shelf: Shelf, project: Project | None) -> tuple[str, ...] | None:
    """Name the tables that differ from those a run was made of; None where it is of these data.

    Parameters
    ----------
    run
        The run.
    shelf
        Runs of the project.
    project
        The project; None where none is open.
    """
    if project is None or not shelf.holds_other(run.id):
        return None
    return changed_files(run, project)
