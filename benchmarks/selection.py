"""Choose the tests that may notice a fault, by the map of the lines that tests execute."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

from line_map import PACKAGE, LineMap
from mutation import FunctionNode, Mutant


def choose_tests(root: Path, mutant: Mutant, lines: LineMap, cap: float) -> list[str]:
    """Return the tests that execute the changed line, narrow ones first, `cap` seconds of them.

    The first case of every test function comes before the second of any: a hundred cases of one
    table say less than a hundred tests. At least one test is returned if any executes the line.
    """
    found = find_candidates(root, mutant, lines)
    ordered = sorted(found, key=lambda test: (lines.width[test], lines.seconds[test], test))
    cases: Counter[str] = Counter()
    rounds: list[tuple[int, int, str]] = []
    for place, test in enumerate(ordered):
        function = test.partition('[')[0]
        rounds.append((cases[function], place, test))
        cases[function] += 1
    chosen: list[str] = []
    left = cap
    for _, _, test in sorted(rounds):
        if not chosen or lines.seconds[test] <= left:
            chosen.append(test)
            left -= lines.seconds[test]
    return chosen


def find_candidates(root: Path, mutant: Mutant, lines: LineMap) -> set[str]:
    """Return all tests that execute the changed code.

    A table or constant of a module is executed by whoever uses its name; other code outside of
    functions, and what the session runs once for all tests, by the tests of the module.
    """
    found: set[str] = set()
    for path, first, last in find_uses(root, mutant):
        found |= lines.find_tests(path, first, last)
    if not mutant.names:
        found |= lines.find_tests(mutant.path, mutant.first, mutant.last)
    is_shared = lines.is_session(mutant.path, mutant.first, mutant.last)
    if not found and is_shared:
        for first, last in list_function_lines(root / mutant.path):
            found |= lines.find_tests(mutant.path, first, last)
    return found


def find_uses(root: Path, mutant: Mutant) -> list[tuple[str, int, int]]:
    """Return the lines in functions of any module that mention what the statement assigns."""
    if not mutant.names:
        return []
    wanted = set(mutant.names)
    is_private = all(name.startswith('_') for name in mutant.names)
    paths = [mutant.path] if is_private else list_modules(root)
    uses = []
    for path in paths:
        text = (root / path).read_text(encoding='utf-8')
        if not any(name in text for name in wanted):
            continue
        for function in (
            node for node in ast.walk(ast.parse(text)) if isinstance(node, FunctionNode)
        ):
            for node in ast.walk(function):
                if getattr(node, 'id', getattr(node, 'attr', '')) in wanted:
                    line = getattr(node, 'lineno', function.lineno)
                    uses.append((path, line, line))
    return uses


def list_modules(root: Path) -> list[str]:
    """Return all modules of the package."""
    return [path.relative_to(root).as_posix() for path in sorted((root / PACKAGE).rglob('*.py'))]


def list_function_lines(path: Path) -> list[tuple[int, int]]:
    """Return the lines of the bodies of all functions of a file."""
    tree = ast.parse(path.read_bytes())
    functions = [node for node in ast.walk(tree) if isinstance(node, FunctionNode)]
    return [(node.body[0].lineno, node.end_lineno or node.lineno) for node in functions]
