"""From whatever went wrong to a message, an exit status and a JSON object."""

from __future__ import annotations

import logging
import os
import re
import tempfile
import traceback
from dataclasses import dataclass
from typing import Any

import typer

from coercivity.foundation.errors import (
    CaseError,
    CoercivityError,
    DiskError,
    InfeasiblePlan,
    InternalError,
    Stopped,
    UnboundedPlan,
    UsageError,
)
from coercivity.foundation.identifiers import nearest
from coercivity.foundation.problems import quoted

USAGE_ERROR = typer.BadParameter.__mro__[1]
"""What the parser raises where the call does not fit."""
CODE_AT_END = re.compile(r"\s*\[([A-Z]\d{3})\]\s*$")
STATUS: dict[type[BaseException], str] = {
    InfeasiblePlan: "infeasible",
    UnboundedPlan: "unbounded",
    Stopped: "stopped",
}

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Failure:
    """How a command ended that did not do what was asked."""

    exit: int
    """Exit status."""
    text: str
    """Message for people."""
    problems: tuple[dict[str, Any], ...]
    """The same for programs."""
    status: str = "error"
    conflict: tuple[tuple[str, str], ...] | None = None
    """Requirements that contradict each other, with their place; None where that is not why."""
    earliest: tuple[dict[str, object], ...] = ()
    """When each target could be met."""

    def as_json(self) -> dict[str, Any]:
        """Give the one object that ``--json`` prints."""
        plain: dict[str, Any] = {"status": self.status, "exit": self.exit}
        if self.conflict is not None:
            plain["conflict"] = [{"requirement": r, "place": p} for r, p in self.conflict]
            plain["earliest"] = [dict(one) for one in self.earliest]
        return plain | {"problems": list(self.problems)}


def failure_of(error: BaseException) -> Failure:
    """Put anything that was raised into words."""
    if isinstance(error, KeyboardInterrupt | typer.Abort):
        return _simple(Stopped("Stopped; what is done is kept."))
    if isinstance(error, USAGE_ERROR):
        return _simple(_usage(error))
    if isinstance(error, CaseError):
        problems = tuple(problem.as_json() for problem in error.problems)
        return Failure(error.exit_status, str(error), problems)
    if isinstance(error, CoercivityError) and not isinstance(error, InternalError):
        return _simple(error)
    if isinstance(error, MemoryError):
        msg = "The memory of this machine ran out. Use fewer periods, scenarios or workers."
        return _simple(DiskError(msg))
    if isinstance(error, OSError):
        return _simple(_disk(error))
    return _simple(_bug(error))


def _simple(error: CoercivityError) -> Failure:
    message = str(error)
    found = CODE_AT_END.search(message)
    code = found.group(1) if found else error.code
    what = CODE_AT_END.sub("", message)
    problem = {
        "code": code,
        "severity": "error",
        "file": None,
        "row": None,
        "column": None,
        "what": what,
        "instead": "",
    }
    status = STATUS.get(type(error), "error")
    text = f"{what}  [{code}]"
    if isinstance(error, InfeasiblePlan):
        told = (error.conflict, error.earliest)
        return Failure(error.exit_status, text, (problem,), status, *told)
    return Failure(error.exit_status, text, (problem,), status)


def _disk(error: OSError) -> DiskError:
    name = f"{quoted(error.filename)}: " if error.filename else "A file or stream failed: "
    return DiskError(
        f"{name}{error.strerror or error}. Check the folder, the disk and your rights."
    )


def _usage(error: BaseException) -> UsageError:
    """Say what does not fit, with the nearest option where an unknown one was given."""
    context = getattr(error, "ctx", None)
    path = getattr(context, "command_path", "coercivity")
    option = getattr(error, "option_name", None)
    if option is not None and type(error).__name__ == "NoSuchOption":
        command = getattr(context, "command", None)
        known = [name for p in getattr(command, "params", ()) for name in p.opts if "--" in name]
        near = nearest(option, [*known, "--help"])
        meant = f" Did you mean '{near}'?" if near is not None else ""
        what = f"There is no option {quoted(option)}.{meant}"
    else:
        told = error.format_message() if hasattr(error, "format_message") else str(error)
        what = f"{' '.join(told.split()).rstrip('.')}."
    return UsageError(f"{what} `{path} --help` shows what can be given.")


def _bug(error: BaseException) -> InternalError:
    """Own up to a bug and say where its traceback is kept."""
    story = "".join(traceback.format_exception(error))
    logger.info("%s", story)
    kind = str(error) if isinstance(error, InternalError) else type(error).__name__
    try:
        handle, name = tempfile.mkstemp(prefix="coercivity-bug-", suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(story)
    except OSError:
        where = "Run it again with -v to see the traceback"
    else:
        where = f"The traceback is in {name}"
    what = CODE_AT_END.sub("", kind).rstrip(".")
    msg = (
        f"This is a bug in coercivity, not in your case: {what}. {where}. Attach it to a new "
        "issue; it may name files and values of your case, so read it before you send it."
    )
    return InternalError(msg)
