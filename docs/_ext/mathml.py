"""Formulas as MathML, which browsers draw themselves: no script, no font, no connection."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

logger = logging.getLogger(__name__)

WORD = re.compile(
    r"(?P<text>\\text\{[^}]*\})"
    r"|(?<![A-Za-z\\{])(?P<word>[A-Za-z]{2,})"
    r"|(?<=[_^]\{)(?P<index>[A-Za-z]{2,})(?=\})"
)
"""Names of several letters, which would else be set as a product of letters."""


def worded(formula: str) -> str:
    r"""Set names of several letters as words; what is text already stays.

    Examples
    --------
    >>> worded(r"use_m x^{in}") == r"\text{use}_m x^{\text{in}}"
    True
    >>> worded(r"\text{out of it} \to x")
    '\\text{out of it} \\to x'
    """

    def as_text(found: re.Match[str]) -> str:
        return found["text"] or f"\\text{{{found['word'] or found['index']}}}"

    return WORD.sub(as_text, formula)


def mathml(formula: str, *, block: bool = False) -> str:
    """Convert a formula.

    Examples
    --------
    >>> "<mi>x</mi>" in mathml("x")
    True
    """
    text = worded(formula.strip())
    if block and "\\\\" in text and "\\begin" not in text:
        text = f"\\begin{{aligned}}{text}\\end{{aligned}}"
    return convert(text, display="block" if block else "inline")


def write_inline(translator: HTML5Translator, node: nodes.math) -> None:
    """Write a formula within a sentence."""
    translator.body.append(_safe(node.astext(), block=False))
    raise nodes.SkipNode


def write_block(translator: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula on its own line."""
    translator.body.append(f'<div class="formula">{_safe(node.astext(), block=True)}</div>\n')
    raise nodes.SkipNode


def _safe(formula: str, *, block: bool) -> str:
    try:
        return mathml(formula, block=block)
    except Exception as error:
        logger.warning("formula %r: %r", formula, error, type="mathml")
        return ""


def setup(app: Sphinx) -> dict[str, Any]:
    """Register as the way in which HTML shows formulas."""
    app.add_html_math_renderer("mathml", (write_inline, None), (write_block, None))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
