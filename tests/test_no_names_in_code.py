"""Materials are data: no element, ore or product is named in code.

Docstrings, comments and the names of reference cases may name them; identifiers, file names and
strings that the program works with may not.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "src" / "coercivity"
CASES = SOURCE / "cases"


def listed(words: str) -> frozenset[str]:
    """Read words from a text."""
    return frozenset(words.split())


ELEMENTS = listed(
    """
    hydrogen helium lithium beryllium boron carbon nitrogen oxygen fluorine neon sodium magnesium
    aluminium aluminum silicon phosphorus sulphur sulfur chlorine argon potassium calcium scandium
    titanium vanadium chromium manganese iron cobalt nickel copper zinc gallium germanium arsenic
    selenium bromine krypton rubidium strontium yttrium zirconium niobium molybdenum ruthenium
    rhodium palladium silver cadmium indium tin antimony tellurium iodine xenon caesium cesium
    barium lanthanum cerium praseodymium neodymium promethium samarium europium gadolinium terbium
    dysprosium holmium erbium thulium ytterbium lutetium hafnium tantalum tungsten rhenium osmium
    iridium platinum gold mercury thallium bismuth radon thorium uranium plutonium
    """
)
"""Names of elements; not *lead*, which is also a time."""

PRODUCTS = listed(
    """
    wolfram wolframite scheelite paratungstate apt carbide carbides monazite bastnaesite bastnasite
    xenotime loparite didymium mischmetal lanthanide lanthanides ferrite alnico smco ndfeb ndpr
    magnet magnets swarf steel treo lree hree reo beneficiation
    """
)

SYMBOLS = listed("La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Sc Fe Ni Mo NdPr")
"""Symbols that are no ordinary word or code; in strings they count as they are written."""

SYMBOL_NAMES = listed("la ce pr nd sm eu gd tb dy tm yb ndpr")
"""Symbols that count as a part of an identifier."""

PHRASES = re.compile(r"\brare[\s_-]*earths?\b", re.IGNORECASE)
PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
WORDS = re.compile(r"[A-Za-z]+")
CASE_NAMES = re.compile(r"\b(?:us|mini)(?:-rare-earths|-tungsten)\b")


def named_in_identifier(name: str) -> set[str]:
    """Find what an identifier names; the arrays of numpy name nothing."""
    parts = {part.lower() for part in PARTS.findall(name.replace("NDArray", "Array"))}
    return (parts & (ELEMENTS | PRODUCTS | SYMBOL_NAMES)) | set(PHRASES.findall(name))


def named_in_string(text: str) -> set[str]:
    """Find what a string names, apart from reference cases."""
    text = CASE_NAMES.sub("", text)
    words = set(WORDS.findall(text))
    return (
        {word for word in words if word.lower() in ELEMENTS | PRODUCTS}
        | (words & SYMBOLS)
        | set(PHRASES.findall(text))
    )


def identifiers(node: ast.AST) -> Iterator[str]:
    """Give the names that a node introduces or uses."""
    for field in ("id", "name", "attr", "arg", "asname", "module"):
        value = getattr(node, field, None)
        if isinstance(value, str):
            yield value
    if isinstance(node, (ast.Global, ast.Nonlocal)):
        yield from node.names


def found_names(code: str) -> list[tuple[int, str]]:
    """List every line and name in code, bare strings (docstrings) left out."""
    tree = ast.parse(code)
    bare = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    found: set[tuple[int, str]] = set()
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        for name in identifiers(node):
            found |= {(line, word) for word in named_in_identifier(name)}
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in bare:
            found |= {(line, word) for word in named_in_string(node.value)}
    return sorted(found)


def sources() -> list[Path]:
    return sorted(p for p in SOURCE.rglob("*.py") if not p.is_relative_to(CASES))


def test_no_code_names_a_material() -> None:
    files = sources()
    assert len(files) > 50
    found = [
        f"{path.relative_to(SOURCE)}:{line}: {word}"
        for path in files
        for line, word in found_names(path.read_text(encoding="utf-8"))
    ]
    assert not found, "named in code:\n" + "\n".join(found)


def test_no_file_or_folder_of_code_names_a_material() -> None:
    found = [
        str(path.relative_to(SOURCE))
        for path in sources()
        for part in path.relative_to(SOURCE).with_suffix("").parts
        if named_in_identifier(part)
    ]
    assert not found


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("neodymium_price = 1", "neodymium"),
        ("def cost(*, tungstenGrade): ...", "tungsten"),
        ("class MagnetPlant: ...", "magnet"),
        ("row.ndpr_share", "ndpr"),
        ("f(dy_oxide=1)", "dy"),
        ("import rare_earths", "rare_earths"),
        ("if material == 'ndpr-oxide': pass", "ndpr"),
        ("key = 'mag-std: Nd 0.3'", "Nd"),
        ("text = f'{count} t of magnets'", "magnets"),
        ("STAGES = {'a': ['scheelite']}", "scheelite"),
        ("title = 'Rare earths from mine to plant'", "Rare earths"),
    ],
)
def test_a_name_in_code_is_found(code: str, word: str) -> None:
    assert any(word in (name, name.lower()) for _, name in found_names(code))


@pytest.mark.parametrize(
    "code",
    [
        '"""Neodymium is only spoken of."""',
        "def f() -> None:\n    '''Make magnets from NdPr.'''",
        "count = 1  # tungsten",
        "basis = ('oxide', 'metal', 'contained')",
        "lead_time = order = apply = produce = code = place = 1",
        "advice = 'Write such as {t: us-tungsten}.'",
        "magnetisation = permit = chapter = 1",
    ],
)
def test_words_about_materials_and_ordinary_words_pass(code: str) -> None:
    assert found_names(code) == []
