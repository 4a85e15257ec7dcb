"""What a verb is to the command line, and the group that runs them and ends every failure."""

from __future__ import annotations

import io
import logging
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import typer
from typer.core import TyperGroup

from coercivity.foundation.errors import UsageError
from coercivity.foundation.identifiers import nearest
from coercivity.foundation.problems import quoted
from coercivity.interfaces.cli.failures import failure_of
from coercivity.interfaces.cli.screen import inert, show_json, tell

EXITS = {
    0: "done",
    1: "a bug of coercivity",
    2: "the call is wrong, or a file cannot be read or written",
    3: "the case is wrong",
    4: "no plan satisfies the case",
    5: "time ran out before a first plan",
    130: "stopped; what is done is kept",
}
"""Meaning of each exit status."""
STOPPED = 130


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb of the command line; its module is imported at once, its work only when called."""

    name: str
    function: Callable[..., None]
    """The command; its docstring is the help, its first line the summary."""
    examples: tuple[tuple[str, str], ...]
    """Commands that can be run as they stand, and what each does."""
    exits: tuple[int, ...] = (0, 1, 2, 130)
    """Exit statuses it may end with."""

    def epilog(self) -> str:
        r"""Lay out examples and exit statuses below the options; ``\b`` keeps the lines."""
        examples = [f"  {command}\n      {told}" for command, told in self.examples]
        exits = [f"  {status:>3}  {EXITS[status]}" for status in self.exits]
        return "\n\n".join(
            ("\b\n" + "\n".join(["Examples:", *examples]),)
            + ("\b\n" + "\n".join(["Exit status:", *exits]),)
        )


class Verbs(TyperGroup):
    """All verbs: unknown ones get the nearest name, and every failure its message and status."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 - as its base
        """Find the verb, or say which one may have been meant."""
        if args and args[0] not in self.commands:
            near = nearest(args[0], self.commands)
            meant = f" Did you mean '{near}'?" if near is not None else ""
            msg = (
                f"There is no command {quoted(args[0])}.{meant} Commands: "
                f"{', '.join(self.commands)}."
            )
            raise UsageError(msg)
        return super().resolve_command(ctx, args)

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,  # noqa: ANN401 - as its base
    ) -> Any:  # noqa: ANN401 - as its base
        """Run a command and leave with its exit status."""
        given = list(sys.argv[1:] if args is None else args)
        _ready_streams()
        sys.exit(self._run(given, prog_name or "coercivity"))

    def _run(self, args: list[str], name: str) -> int:
        with _logging(verbose=_asked(args, "--verbose", "-v")):
            try:
                with self.make_context(name, list(args)) as context:
                    self.invoke(context)
                sys.stdout.flush()
            except typer.Exit as ended:
                return _flushed(ended.exit_code)
            except BrokenPipeError:
                _close_stdout()
            except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the outermost place
                return _fail(error, as_json=_asked(args, "--json"))
        return 0


def _asked(args: Sequence[str], *names: str) -> bool:
    """Tell whether an option was given, also where the call could not be parsed."""
    options = args[: args.index("--")] if "--" in args else args
    return any(name in options for name in names)


def _fail(error: BaseException, *, as_json: bool) -> int:
    failure = failure_of(error)
    try:
        if as_json:
            show_json(failure.as_json())
            sys.stdout.flush()
        tell(failure.text)
        sys.stdout.flush()
    except OSError:
        _close_stdout()
    return failure.exit


def _flushed(status: int) -> int:
    """Hand over what is left of the output; a reader who has had enough is no failure."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _close_stdout()
    except OSError as error:
        return _fail(error, as_json=False)
    return status


def _ready_streams() -> None:
    """Give closed streams a place to go, and let signs the terminal lacks be shown as escapes."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _close_stdout() -> None:
    """Give what is left of the output to nobody, so that the end of the process stays quiet."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return


class InertFormatter(logging.Formatter):
    """Writes what was told, control characters made visible."""

    def format(self, record: logging.LogRecord) -> str:
        """Lay out one record."""
        return inert(super().format(record))


@contextmanager
def _logging(*, verbose: bool) -> Iterator[None]:
    """Show what the program tells of its work on stderr: warnings, or all that ``-v`` asks for."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(InertFormatter("%(message)s"))
    logger = logging.getLogger("coercivity")
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO if verbose else logging.WARNING)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)
