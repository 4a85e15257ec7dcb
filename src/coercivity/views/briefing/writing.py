"""Writing a briefing to a file, in the form that its ending says."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import suppress
from enum import Enum
from pathlib import Path

from coercivity.foundation.errors import DiskError, UsageError
from coercivity.foundation.problems import quoted
from coercivity.views.briefing.nouns import Briefing
from coercivity.views.briefing.page import interactive_page, static_page
from coercivity.views.briefing.paper import paper
from coercivity.views.briefing.workbook import workbook


class Form(Enum):
    """What a briefing can be written as."""

    INTERACTIVE = "interactive HTML"
    STATIC = "static HTML"
    PDF = "PDF"
    EXCEL = "Excel workbook"


WRITERS: dict[Form, Callable[[Briefing], bytes]] = {
    Form.INTERACTIVE: lambda briefing: interactive_page(briefing).encode(),
    Form.STATIC: lambda briefing: static_page(briefing).encode(),
    Form.PDF: paper,
    Form.EXCEL: workbook,
}
ENDINGS = {".html": Form.INTERACTIVE, ".htm": Form.INTERACTIVE, ".pdf": Form.PDF,
           ".xlsx": Form.EXCEL}  # fmt: skip


def form_of(path: Path, *, static: bool = False) -> Form:
    """Tell the form from the ending of a file.

    Parameters
    ----------
    path
        The file.
    static
        Whether HTML is to be without scripts.

    Raises
    ------
    UsageError
        If the ending says no form, or ``static`` is asked of another than HTML.

    Examples
    --------
    >>> form_of(Path("brief.pdf")), form_of(Path("brief.html"), static=True)
    (<Form.PDF: 'PDF'>, <Form.STATIC: 'static HTML'>)
    """
    form = ENDINGS.get(path.suffix.lower())
    if form is None:
        msg = (
            f"the ending of {quoted(path.name)} says no form. Name a file that ends in .html, "
            f".pdf or .xlsx.  [{UsageError.code}]"
        )
        raise UsageError(msg)
    if static and form is not Form.INTERACTIVE:
        msg = (
            f"{quoted(path.name)} is a {form.value}, which has no scripts anyway. Drop --static, "
            f"or name a file that ends in .html.  [{UsageError.code}]"
        )
        raise UsageError(msg)
    return Form.STATIC if static else form


def write_briefing(briefing: Briefing, path: Path, *, static: bool = False) -> Form:
    """Write a briefing to a file, replacing it only once the new one is whole.

    Parameters
    ----------
    briefing
        The briefing.
    path
        File whose ending says the form: ``.html``, ``.pdf`` or ``.xlsx``.
    static
        Whether HTML is to be without scripts.

    Raises
    ------
    UsageError
        If the ending says no form, or a package of the extra ``report`` is missing.
    DiskError
        If the file cannot be written.
    """
    form = form_of(path, static=static)
    content = WRITERS[form](briefing)
    temporary = path.with_name(f".{path.name[:60]}.{secrets.token_hex(4)}.tmp")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        msg = (
            f"The briefing {quoted(path)} cannot be written: {error.strerror or error}. Name "
            f"another place with --to.  [{DiskError.code}]"
        )
        raise DiskError(msg) from error
    return form
