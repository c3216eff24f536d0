"""Choose the tests that may notice a fault, by the map of the lines that tests execute."""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import NamedTuple

from line_map import PACKAGE, LineMap
from mutation import FunctionNode, Mutant

# Tests that execute no code of a table but compare what it holds with what it has held.
TABLE_TESTS = 'tests/contracts/test_word_tables.py::'
SLOW_SECONDS = 1.0  # for one test: it waits until the quick ones have run
FIRST_STRETCH_SECONDS = 4.0


class Choice(NamedTuple):
    """The tests to run on a fault, in order, and what they take.

    `left_out` counts the tests that execute the place and had no room in the time there is.
    """

    tests: list[str]
    seconds: float
    left_out: int


def choose_tests(
    root: Path, mutant: Mutant, lines: LineMap, cap: float, killers: Collection[str] = ()
) -> Choice:
    """Choose from the tests that execute the changed line, `cap` seconds of them.

    Tests that have noticed the fault before come first, and those that compare tables; then the
    unit tests of its module, those of its room, and all others, narrow ones first. The first case
    of every test function comes before the second of any: a hundred cases of one table say less
    than a hundred tests. At least one test is chosen if any executes the line.
    """
    found = find_candidates(root, mutant, lines)
    ordered = sorted(found, key=lambda test: (lines.width[test], lines.seconds[test], test))
    cases: Counter[str] = Counter()
    ranks: list[tuple[bool, int, int, bool, int, str]] = []
    for place, test in enumerate(ordered):
        function = test.partition('[')[0]
        is_slow = lines.seconds[test] > SLOW_SECONDS
        distance = measure_distance(mutant.path, test)
        is_known = test in killers or test.startswith(TABLE_TESTS)
        ranks.append((not is_known, cases[function], distance, is_slow, place, test))
        cases[function] += 1
    chosen: list[str] = []
    seconds = 0.0
    for *_, test in sorted(ranks):
        if not chosen or seconds + lines.seconds[test] <= cap:
            chosen.append(test)
            seconds += lines.seconds[test]
    return Choice(group_by_module(chosen, lines), seconds, len(found) - len(chosen))


def measure_distance(path: str, test: str) -> int:
    """Return 0 for the tests of a module of the package, 1 for those of its room, 2 for others."""
    room, _, name = path.removeprefix(f'{PACKAGE}/').rpartition('/')
    if not test.startswith(f'tests/{room}/'):
        return 2
    return 0 if test.startswith(f'tests/{room}/test_{name.removesuffix(".py")}') else 1


def group_by_module(tests: Sequence[str], lines: LineMap) -> list[str]:
    """Bring tests of one module together, within a few stretches of time that double.

    What a fixture makes for a module would be made again each time that pytest comes back to it.
    """
    stretches: list[list[str]] = [[]]
    seconds, end = 0.0, FIRST_STRETCH_SECONDS
    for test in tests:
        seconds += lines.seconds[test]
        if seconds > end and stretches[-1]:
            stretches.append([])
            end *= 2
        stretches[-1].append(test)
    ordered = []
    for stretch in stretches:
        modules: dict[str, list[str]] = defaultdict(list)
        for test in stretch:
            modules[test.partition('::')[0]].append(test)
        ordered += [test for module in modules.values() for test in module]
    return ordered


def find_candidates(root: Path, mutant: Mutant, lines: LineMap) -> set[str]:
    """Return all tests that execute the changed code.

    A table or constant of a module is executed by whoever uses its name; other code outside of
    functions, and what the session runs once for all tests, by the tests of the module. A word of
    a table is also seen by the tests that compare tables.
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
    if mutant.kind == 'word':
        found |= {test for test in lines.tests if test.startswith(TABLE_TESTS)}
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
