"""Changing the settings of a case in place: as rows are, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from coercivity.foundation.errors import UsageError
from coercivity.foundation.problems import Problem
from coercivity.interfaces.workbench import case_files
from coercivity.interfaces.workbench.editing import problems_with, write_text
from coercivity.interfaces.workbench.pages import to
from coercivity.interfaces.workbench.screens.data import (
    being_changed,
    data_page,
    needed,
    setting_columns,
)
from coercivity.interfaces.workbench.screens.data_change import (
    CONFLICT,
    LONGEST_CELL,
    VALUE,
    WAS,
    WRONG,
    Editor,
    brought,
    with_problems,
)
from coercivity.interfaces.workbench.settings_text import (
    problems_with_settings,
    setting_texts,
    with_settings,
)
from coercivity.interfaces.workbench.workspace import Project
from coercivity.results.disk import disk_errors
from coercivity.tables.raw import SETTINGS_FILE

SETTINGS = "settings"


def edit(request: Request) -> Response:
    """Offer the settings to be changed."""
    project = needed(request)
    content = _content(project)
    values = setting_texts(_text(content))
    return data_page(request, settings_editor=_editor(project, content, values, values))


async def save(request: Request) -> Response:
    """Keep changed settings, unless they bring errors or the file was changed meanwhile."""
    async with request.form(max_files=0, max_fields=100) as form:
        fields = {key: str(value) for key, value in form.items()}
    return await run_in_threadpool(_save, request, fields)


def _save(request: Request, fields: Mapping[str, str]) -> Response:
    with being_changed(request) as project:
        content = _content(project)
        values, was = _part(fields, VALUE), _part(fields, WAS)
        changes = {key: text for key, text in values.items() if text != was.get(key, "")}
        if case_files.content_digest(content) != fields.get("digest", ""):
            return _conflict(request, project, content, (changes, was))
        text = with_settings(_text(content), changes)
        if fields.get("do") != "anyway":
            found = _new_problems(project, text)
            if found:
                editor = with_problems(_editor(project, content, values, was), found)
                return data_page(request, status=WRONG, settings_editor=editor)
        write_text(project.folder / SETTINGS_FILE, text)
    answer = to("/data", project=project.id)
    answer.headers["location"] += "#settings"
    return answer


def _content(project: Project) -> bytes:
    with disk_errors("cannot read the settings"):
        return (project.folder / SETTINGS_FILE).read_bytes()


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        msg = f"{SETTINGS_FILE} is not UTF-8 text: mend the file itself.  [{UsageError.code}]"
        raise UsageError(msg) from error


def _part(fields: Mapping[str, str], start: str) -> dict[str, str]:
    """Give the fields of one kind, each as one line."""
    known = {name for name, _, _ in setting_columns()}
    return {
        name: " ".join(text[:LONGEST_CELL].split())
        for key, text in fields.items()
        if key.startswith(start) and (name := key.removeprefix(start)) in known
    }


def _editor(
    project: Project, content: bytes, values: Mapping[str, str], was: Mapping[str, str]
) -> Editor:
    digest = case_files.content_digest(content)
    return Editor(
        project, SETTINGS_FILE.removesuffix(".yaml"), SETTINGS, digest, setting_columns(),
        values, was,
    )  # fmt: skip


def _new_problems(project: Project, text: str) -> list[Problem]:
    return brought(problems_with(project.folder, {}), problems_with_settings(project.folder, text))


def _conflict(
    request: Request,
    project: Project,
    content: bytes,
    asked: tuple[Mapping[str, str], Mapping[str, str]],
) -> Response:
    """Show what another person changed, beside what is wanted; nothing is kept yet."""
    changes, was = asked
    theirs = {key: " ".join(text.split()) for key, text in setting_texts(_text(content)).items()}
    both = [key for key in changes if theirs.get(key, "") != was.get(key, "")]
    told = (
        "Another person changed the same settings while you wrote. Both versions stand below."
        if both
        else "The file was changed in other places while you wrote. Those changes stand below; "
        "yours are not kept yet."
    )
    editor = replace(
        _editor(project, content, {**theirs, **changes}, theirs), theirs=theirs, conflict=told
    )
    return data_page(request, status=CONFLICT, settings_editor=editor)


ROUTES = (
    Route("/data/settings", edit, methods=["GET"]),
    Route("/data/settings", save, methods=["POST"]),
)
