"""``coercivity serve``: the workbench in a browser."""

from __future__ import annotations

import inspect
import os
from pathlib import Path
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin, get_type_hints

import typer

from coercivity.foundation.errors import UsageError
from coercivity.interfaces.cli.options import Json, RunsFolder, Verbose
from coercivity.interfaces.cli.screen import show, show_json, tell
from coercivity.interfaces.cli.verbs import Verb

if TYPE_CHECKING:
    from coercivity.interfaces.workbench.verbs import Field, VerbForm

OURS = frozenset({"folder", "name", "as_json", "verbose"})
"""Options that the workbench fills in itself."""
UPLOADED = frozenset({"suppliers"})
"""Options whose file a browser may send."""
FILE = "FILE"
"""How an option that takes a file calls its value."""

Folder = Annotated[
    Path, typer.Argument(metavar="[DIR]", help="Folder whose cases are shown.", show_default="here")
]
Host = Annotated[
    str,
    typer.Option(
        "--host",
        metavar="ADDRESS",
        help="Address to listen on. Any but that of this machine alone asks for a token, which the "
        "printed address carries.",
    ),
]
Names = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-host",
        metavar="NAME",
        help="A further name by which browsers may ask for it.",
        show_default="none",
    ),
]


def serve(
    context: typer.Context,
    folder: Folder = Path(),
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Port; 0 takes a free one.")
    ] = 8765,
    browse: Annotated[bool, typer.Option("--open/--no-open", help="Open a browser.")] = True,
    read_only: Annotated[
        bool, typer.Option("--read-only", help="Let nothing be started or changed.")
    ] = False,
    host: Host = "127.0.0.1",
    names: Names = None,
    check: Annotated[
        bool, typer.Option("--check", help="Make sure that it can serve, say where, and end.")
    ] = False,
    runs: RunsFolder = None,
    as_json: Json = False,
    verbose: Verbose = False,
) -> None:
    """Open the workbench in a browser: the same cases and runs.

    `coercivity serve` shows the cases of this folder, and the examples, until Ctrl-C. Runs are
    those of `coercivity runs`, whoever started them. Nothing leaves this machine.
    """
    from coercivity.results import runs_folder
    from coercivity.results.catalogue import RUNS_VARIABLE

    serving = _workbench()
    _check_folder(folder)
    elsewhere = runs is not None or os.environ.get(RUNS_VARIABLE, "").strip()
    kept = (Path.cwd() if elsewhere else folder.resolve()) / runs_folder(runs)
    workspace = serving.Workspace(folder.resolve(), kept, read_only=read_only)

    def told(address: str) -> None:
        if as_json:
            show_json({"status": "ok", "exit": 0, "address": address, "read_only": read_only})
        else:
            show(f"The workbench answers at {address}")
        if not check:
            tell("Ctrl-C ends it; runs that work go on, and are found again.")

    where = serving.Place(host, 0 if check else port, tuple(names or ()))
    forms = verb_forms(context.find_root().command)
    serving.serve(workspace, forms, place=where, tell=told, browse=browse, once=check)


def _check_folder(folder: Path) -> None:
    if not folder.is_dir():
        msg = f"There is no folder '{folder}' to show. Name one that exists.  [{UsageError.code}]"
        raise UsageError(msg)


def _workbench() -> Any:  # noqa: ANN401 - a module that may be missing
    try:
        from coercivity.interfaces.workbench import serving
    except ImportError as error:
        missing = (error.name or "a package").partition(".")[0]
        msg = (
            f"The workbench needs {missing}, which is not installed. Install it with `pip install "
            f"'coercivity[app]'`.  [{UsageError.code}]"
        )
        raise UsageError(msg) from error
    return serving


def verb_forms(command: Any, words: tuple[str, ...] = ()) -> list[VerbForm]:  # noqa: ANN401 - click's
    """Describe every verb below a command that writes a run.

    Parameters
    ----------
    command
        A command of the command line, or a group of them.
    words
        How it is called.
    """
    from coercivity.interfaces.workbench.verbs import Subject, VerbForm

    below = getattr(command, "commands", None)
    if below is not None:
        return [form for name, one in below.items() for form in verb_forms(one, (*words, name))]
    options = {parameter.name: parameter for parameter in command.params}
    if not {"folder", "name"} <= options.keys():
        return []
    subject = next((one for one in command.params if _is_argument(one)), None)
    kinds = {"CASE": Subject.CASE, "RUN": Subject.RUN}
    called = str(getattr(subject, "metavar", "") or "")
    if subject is None or not called:
        return []
    types = _kinds(command)
    fields = tuple(
        field
        for one in command.params
        if one is not subject and one.name not in OURS
        if (field := _field(one, types.get(one.name))) is not None
    )
    summary = (command.help or "").strip().splitlines()[0].rstrip(".")
    kind = kinds.get(called, Subject.EITHER)
    return [VerbForm("-".join(words), words, summary, kind, fields)]


def _is_argument(parameter: Any) -> bool:  # noqa: ANN401 - click's
    return bool(parameter.param_type_name == "argument")


def _field(parameter: Any, kind: type | None) -> Field | None:  # noqa: ANN401 - click's
    """Describe an option; one that takes a folder, or a file that is no supply list, is left out.

    Parameters
    ----------
    parameter
        The option.
    kind
        What its values are; None where it cannot be told.
    """
    from coercivity.interfaces.workbench.verbs import Entry, Field

    hint = str(getattr(parameter, "metavar", "") or "")
    choices = tuple(hint.split("|")) if "|" in hint else ()
    entries = {bool: Entry.FLAG, int: Entry.WHOLE, float: Entry.NUMBER, str: Entry.TEXT}
    if kind is Path and hint == FILE and parameter.name in UPLOADED:
        entry = Entry.UPLOAD
    elif kind in entries and hint not in {FILE, "DIR"}:
        entry = Entry.CHOICE if choices and kind is str else entries[kind]
    else:
        return None
    default, shown = parameter.default, getattr(parameter, "show_default", None)
    plain = isinstance(default, str | int | float) and not isinstance(default, bool)
    return Field(
        parameter.name,
        "" if _is_argument(parameter) else max(parameter.opts, key=len),
        entry,
        (getattr(parameter, "help", "") or "").strip(),
        hint,
        str(default) if plain else shown if isinstance(shown, str) else "",
        choices,
        bool(getattr(parameter, "multiple", False)),
        bool(parameter.required),
    )


def _kinds(command: Any) -> dict[str, type]:  # noqa: ANN401 - click's
    """Tell what the values of each option are, from the signature of the verb."""
    found = {}
    function = inspect.unwrap(command.callback)
    for name, hint in get_type_hints(function).items():
        parts = get_args(hint) if get_origin(hint) in {Union, UnionType} else (hint,)
        inner = next((part for part in parts if part is not NoneType), None)
        inner = get_args(inner)[0] if get_origin(inner) is list else inner
        if isinstance(inner, type):
            found[name] = inner
    return found


VERB = Verb(
    "serve",
    serve,
    (
        ("coercivity serve --check", "make sure that this folder can be served"),
        ("coercivity serve my-case --read-only --check --json", "the same, for programs"),
    ),
    exits=(0, 1, 2, 130),
)
