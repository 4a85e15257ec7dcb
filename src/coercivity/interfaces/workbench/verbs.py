"""Verbs of the command line as the workbench offers them: fields of a form, and back to words.

The list is made from the command line itself by whoever starts the workbench, so a verb that is
added there appears here with all its options.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from coercivity.foundation.errors import UsageError
from coercivity.foundation.problems import quoted

LONGEST = 300
"""Longest value of a field. [character]"""


class Subject(Enum):
    """What a verb works on."""

    CASE = "case"
    RUN = "run"
    EITHER = "run or case"


class Entry(Enum):
    """How a field is filled in."""

    FLAG = "flag"
    NUMBER = "number"
    WHOLE = "whole"
    TEXT = "text"
    CHOICE = "choice"
    UPLOAD = "upload"


@dataclass(frozen=True, slots=True)
class Field:
    """An option of a verb."""

    name: str
    """Name of the field in a form."""
    option: str
    """How the command line calls it: ``--gap``; empty for an argument."""
    entry: Entry
    help: str
    hint: str = ""
    """What stands for a value in the help, such as ``REQ``."""
    default: str = ""
    choices: tuple[str, ...] = ()
    many: bool = False
    required: bool = False

    @property
    def label(self) -> str:
        """Name for people.

        Examples
        --------
        >>> Field("time_limit", "--time-limit", Entry.NUMBER, "").label
        'time limit'
        """
        return self.name.replace("_", " ")


@dataclass(frozen=True, slots=True)
class VerbForm:
    """A verb that writes a run."""

    id: str
    """How its runs and addresses call it: ``stress-sweep``."""
    words: tuple[str, ...]
    """How the command line calls it: ``stress``, ``sweep``."""
    summary: str
    subject: Subject
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field | None:
        """Find a field by its name."""
        return next((field for field in self.fields if field.name == name), None)


def command_words(
    verb: VerbForm, subject: str, values: Mapping[str, Sequence[str]], *, files: Mapping[str, str]
) -> list[str]:
    """Turn what was filled in into the words of a command; nothing in it can become an option.

    Parameters
    ----------
    verb
        The verb.
    subject
        Case or run it works on.
    values
        What was filled in, by field; empty texts count as not filled in.
    files
        Stored uploads, by field.

    Raises
    ------
    UsageError
        If a value does not fit its field, or a required one is missing.

    Examples
    --------
    >>> gap = Field("gap", "--gap", Entry.NUMBER, "")
    >>> plan = VerbForm("plan", ("plan",), "", Subject.CASE, (gap,))
    >>> command_words(plan, "mini", {"gap": ["0.05"]}, files={})
    ['plan', '--gap=0.05', '--', 'mini']
    """
    options: list[str] = []
    arguments = [subject]
    for field in verb.fields:
        if field.entry is Entry.UPLOAD:
            given = [files[field.name]] if field.name in files else []
        else:
            given = [text.strip() for text in values.get(field.name, ()) if text.strip()]
        given = given if field.many else given[:1]
        if field.required and not given:
            msg = f"{field.label.capitalize()} must be given: {field.help}  [R001]"
            raise UsageError(msg)
        for text in given:
            words = _words(field, text)
            (options if field.option else arguments).extend(words)
    return [*verb.words, *options, "--", *arguments]


def _words(field: Field, text: str) -> list[str]:
    if len(text) > LONGEST and field.entry is not Entry.UPLOAD:
        msg = f"{field.label.capitalize()} is longer than {LONGEST} characters.  [R001]"
        raise UsageError(msg)
    if field.entry is Entry.FLAG:
        return [field.option]
    if field.entry in {Entry.NUMBER, Entry.WHOLE} and not _is_number(field, text):
        kind = "a whole number" if field.entry is Entry.WHOLE else "a number"
        msg = f"{field.label.capitalize()} is {quoted(text)}; it must be {kind}.  [R001]"
        raise UsageError(msg)
    if field.entry is Entry.CHOICE and text not in field.choices:
        listed = ", ".join(field.choices)
        msg = f"{field.label.capitalize()} is {quoted(text)}; known: {listed}.  [R001]"
        raise UsageError(msg)
    return [f"{field.option}={text}"] if field.option else [text]


def _is_number(field: Field, text: str) -> bool:
    try:
        int(text) if field.entry is Entry.WHOLE else float(text)
    except ValueError:
        return False
    return True
