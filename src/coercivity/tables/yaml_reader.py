"""Read ``case.yaml`` as text: no value is interpreted, so ``no`` stays a word and 010 stays 010."""

from __future__ import annotations

import yaml

from coercivity.foundation.problems import Place, Problem, quoted
from coercivity.tables.raw import SETTINGS_FILE


def parse_yaml(text: str) -> tuple[dict[str, object], dict[str, int], list[Problem]]:
    r"""Read the keys and values of a flat YAML file.

    Values are text, lists of text, or dictionaries of text; YAML 1.1 would read ``no`` as a truth
    value, which is why nothing is interpreted here.

    Returns
    -------
    tuple
        Values by key, row by key, and the problems.

    Examples
    --------
    >>> values, rows, problems = parse_yaml("name: no\nperiods: [2025, 2026]\n")
    >>> values, rows["periods"], problems
    ({'name': 'no', 'periods': ['2025', '2026']}, 2, [])
    """
    try:
        node = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        row = None if mark is None else mark.line + 1
        return {}, {}, [_broken(row, getattr(error, "problem", None) or "it is not YAML")]
    except RecursionError:
        return {}, {}, [_broken(None, "it is nested too deeply")]
    if node is None:
        return {}, {}, []
    if not isinstance(node, yaml.MappingNode):
        return {}, {}, [_broken(1, "it is not a list of 'key: value'")]
    return _top(node)


def _broken(row: int | None, why: str) -> Problem:
    return Problem(
        "T304",
        Place(SETTINGS_FILE, row),
        f"the file cannot be read as YAML: {why}",
        "Write one 'key: value' a line and put text with ':' or '#' in quotes.",
    )


def _top(node: yaml.MappingNode) -> tuple[dict[str, object], dict[str, int], list[Problem]]:
    values: dict[str, object] = {}
    rows: dict[str, int] = {}
    problems: list[Problem] = []
    for key_node, value_node in node.value:
        row = key_node.start_mark.line + 1
        key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
        if key is None:
            problems.append(_broken(row, "a key is not a word"))
        elif key in values:
            problems.append(_doubled(key, row, rows[key]))
        else:
            rows[key] = row
            values[key] = _value(key, value_node, problems)
    return values, rows, problems


def _doubled(key: str, row: int, first: int) -> Problem:
    return Problem(
        "T304",
        Place(SETTINGS_FILE, row, key),
        f"{quoted(key)} is stated twice",
        f"It stands in row {first} already; keep one of them.",
    )


def _value(key: str, node: yaml.Node, problems: list[Problem]) -> object:
    if isinstance(node, yaml.ScalarNode):
        return str(node.value)
    row = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        if all(isinstance(item, yaml.ScalarNode) for item in node.value):
            return [str(item.value) for item in node.value]
    elif isinstance(node, yaml.MappingNode):
        pairs: dict[str, str] = {}
        for name, item in node.value:
            if not (isinstance(name, yaml.ScalarNode) and isinstance(item, yaml.ScalarNode)):
                break
            if name.value in pairs:
                problems.append(_doubled(name.value, name.start_mark.line + 1, row))
            pairs[str(name.value)] = str(item.value)
        else:
            return pairs
    problems.append(_broken(row, f"'{key}' is nested too deeply"))
    return None
