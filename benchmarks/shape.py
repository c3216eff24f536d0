"""Measure the shape of the code: sizes, widths, names, types, imports, complexity.

    python benchmarks/shape.py [CHECKOUT] [--package keylint] [--rules rules]
    python benchmarks/shape.py --markdown       # the table of docs/design.md
    python benchmarks/shape.py --check          # exit 1 and name each offender of a missed budget
    python benchmarks/shape.py --list one-word  # offenders of one kind, by file and line

Only the standard library is needed, and nothing of the measured checkout is imported, so that any
project can be measured the same way. Nested functions and methods count as functions; double
underscore names are left out of the counts of names. Complexity is counted as radon 6 does.
"""

from __future__ import annotations

import argparse
import ast
import statistics
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from codebase import Place, Shape, count_lines, list_parameters, read_modules
from syntax_counts import (
    count_comments,
    count_docstrings,
    count_long_comprehensions,
    find_conditional_lists,
    find_nested_ternaries,
    list_complexities,
)

MAX_FILE_LINES, MAX_FILE_MEDIAN_LINES = 350, 120
MAX_FUNCTION_LINES, MAX_FUNCTION_MEDIAN_LINES = 45, 10
MAX_LINE_COLUMNS = 100
MAX_ANY_PERCENT = 2.0
MAX_ONE_WORD_PERCENT = 40.0
MAX_FUNCTION_IMPORTS = 40
MAX_LOOSE_MODULES = 6


@dataclass(frozen=True)
class Budget:
    """A measured number, its limit, and the places to change if it is above."""

    title: str
    value: float
    limit: float
    places: list[Place]


def list_budgets(shape: Shape) -> list[Budget]:
    """Return every budget that `--check` holds the code to."""
    file_lines = [len(module.text.splitlines()) for module in shape.modules]
    function_lines = [count_lines(node) for _, node in shape.functions]
    widths = [width for _, _, width in shape.widths]
    wide = shape.find_wide_lines(MAX_LINE_COLUMNS)
    any_percent = percent(len(shape.any_signatures), len(shape.functions))
    one_word_percent = percent(len(shape.one_word), len(shape.named_functions))
    imports = shape.function_imports
    return [
        Budget('file median, lines', statistics.median(file_lines), MAX_FILE_MEDIAN_LINES, []),
        Budget(
            'longest file, lines',
            max(file_lines),
            MAX_FILE_LINES,
            shape.find_long_files(MAX_FILE_LINES),
        ),
        Budget('function median, lines', median(function_lines), MAX_FUNCTION_MEDIAN_LINES, []),
        Budget(
            'longest function, lines',
            max(function_lines, default=0),
            MAX_FUNCTION_LINES,
            shape.find_long_functions(MAX_FUNCTION_LINES),
        ),
        Budget('widest line, columns', max(widths, default=0), MAX_LINE_COLUMNS, wide),
        Budget('signatures with Any, %', any_percent, MAX_ANY_PERCENT, shape.any_signatures),
        Budget(
            'one-word function names, %', one_word_percent, MAX_ONE_WORD_PERCENT, shape.one_word
        ),
        Budget(
            'ambiguous class names',
            count_names(shape.ambiguous_classes),
            0,
            shape.ambiguous_classes,
        ),
        Budget('module circles', len(shape.circles), 0, shape.circles),
        Budget('imports in functions', len(imports), MAX_FUNCTION_IMPORTS, imports),
        Budget(
            'modules beside packages',
            len(shape.loose_modules),
            MAX_LOOSE_MODULES,
            shape.loose_modules,
        ),
    ]


def percent(part: float, whole: float) -> float:
    """Return a share in percent; 0 of nothing."""
    return 100 * part / whole if whole else 0.0


def median(values: list[int]) -> float:
    """Return the median; 0 of nothing."""
    return statistics.median(values) if values else 0


def percentile90(values: Iterable[int]) -> int:
    """Return the value that nine in ten do not exceed."""
    ordered = sorted(values)
    return ordered[int(len(ordered) * 0.9)] if ordered else 0


def count_names(places: list[Place]) -> int:
    """Count the different names among places."""
    return len({place.note for place in places})


def list_sizes(shape: Shape) -> list[tuple[str, str]]:
    """Return the rows about files, functions and lines."""
    files = [len(module.text.splitlines()) for module in shape.modules]
    lengths = [count_lines(node) for _, node in shape.functions]
    parameters = [len(list_parameters(node)) for _, node in shape.functions]
    widths = [width for _, _, width in shape.widths]
    wide = [len(shape.find_wide_lines(columns)) for columns in (88, MAX_LINE_COLUMNS)]
    over = [sum(length > limit for length in lengths) for limit in (40, MAX_FUNCTION_LINES)]
    large = sum(parameter > 6 for parameter in parameters)
    return [
        ('modules beside the packages', f'{len(shape.loose_modules)}'),
        ('files / lines', f'{len(files)} / {sum(files):,}'),
        ('file median / max', f'{median(files):g} / {max(files)}'),
        ('files over 300 lines', f'{sum(lines > 300 for lines in files)}'),
        ('functions', f'{len(lengths):,}'),
        (
            'function median / p90 / max',
            f'{median(lengths):g} / {percentile90(lengths)} / {max(lengths, default=0)}',
        ),
        (f'functions > 40 / > {MAX_FUNCTION_LINES} lines', f'{over[0]} / {over[1]}'),
        ('functions with > 6 parameters (most)', f'{large} ({max(parameters, default=0)})'),
        (
            f'lines > 88 / > {MAX_LINE_COLUMNS} columns',
            f'{show_share(wide[0], len(widths))} / {show_share(wide[1], len(widths))}',
        ),
        ('width p90, columns', f'{percentile90(widths)}'),
    ]


def list_names(shape: Shape) -> list[tuple[str, str]]:
    """Return the rows about names, idioms, types, imports and comments."""
    trees = [module.tree for module in shape.modules]
    total = len(shape.named_functions)
    conditional = [find_conditional_lists(tree) for tree in trees]
    added, looped = (sum(len(pair[side]) for pair in conditional) for side in (0, 1))
    docstrings = [count_docstrings(tree) for tree in trees]
    documented, public = (sum(pair[side] for pair in docstrings) for side in (0, 1))
    comments = sum(count_comments(module.text) for module in shape.modules)
    lines = sum(len(module.text.splitlines()) for module in shape.modules)
    own, imports = shape.own_function_imports, len(shape.function_imports)
    return [
        ('one-word function names', show_share(len(shape.one_word), total)),
        ('function names that begin with a participle', show_share(len(shape.participles), total)),
        ('`list += [x] if c else []` / `for x in y if c else ()`', f'{added} / {looped}'),
        ('comprehensions with 2+ `for`', f'{sum(map(count_long_comprehensions, trees))}'),
        ('nested ternaries', f'{sum(len(find_nested_ternaries(tree)) for tree in trees)}'),
        (
            'functions with `Any` in the signature',
            show_share(len(shape.any_signatures), len(shape.functions)),
        ),
        ('imports in functions (own / others)', f'{imports} ({own} / {imports - own})'),
        (
            'module circles at run time',
            f'{len(shape.find_circles(in_functions=True, with_root=False))}',
        ),
        (
            'the same without imports in functions',
            f'{len(shape.find_circles(in_functions=False, with_root=False))}',
        ),
        (
            "the same with the package's `__init__` and imports in functions",
            f'{len(shape.circles)}',
        ),
        ('class names with two meanings', f'{count_names(shape.ambiguous_classes)}'),
        ('public docstrings', f'{percent(documented, public):.0f} %'),
        ('comments per 100 lines', f'{percent(comments, lines):.1f}'),
        ('mean cyclomatic complexity', f'{mean_complexity(trees):.1f}'),
    ]


def mean_complexity(trees: list[ast.Module]) -> float:
    """Return the mean over all functions, methods and classes."""
    found = [value for tree in trees for value in list_complexities(tree)]
    return statistics.mean(found) if found else 0.0


def list_rules(folder: Path) -> list[tuple[str, str]]:
    """Return the rows about rule files in subfolders: definitions, and examples beside them."""
    rows = []
    for title, is_wanted in (('rule file', False), ('examples file', True)):
        paths = [
            path
            for path in folder.glob('*/**/*.yaml')
            if path.name.endswith('.examples.yaml') is is_wanted
        ]
        lines = [len(path.read_text(encoding='utf-8').splitlines()) for path in paths]
        if lines:
            rows.append(
                (
                    f'{title}s / median / max lines',
                    f'{len(lines)} / {median(lines):g} / {max(lines)}',
                )
            )
    return rows


def show_share(part: int, whole: int) -> str:
    """Render a count with its share in percent."""
    return f'{part:,} ({percent(part, whole):.1f} %)'


def show_table(rows: list[tuple[str, str]], *, markdown: bool) -> None:
    """Print the rows as aligned text or as a Markdown table."""
    if markdown:
        print('| measure | value |\n| --- | --- |')
        print('\n'.join(f'| {title} | {value} |' for title, value in rows))
        return
    width = max(len(title) for title, _ in rows)
    print('\n'.join(f'{title.replace("`", ""):{width}}  {value}' for title, value in rows))


def check_budgets(shape: Shape) -> int:
    """Print every budget and the offenders of those missed; return the exit code."""
    budgets = list_budgets(shape)
    missed = [budget for budget in budgets if budget.value > budget.limit]
    for budget in missed:
        print(f'\n{budget.title}: {budget.value:g}, budget {budget.limit:g}')
        print('\n'.join(f'  {place}' for place in budget.places))
    print()
    for budget in budgets:
        verdict = 'MISSED' if budget in missed else 'ok'
        print(f'{budget.title:28} {budget.value:8g}  <= {budget.limit:<5g} {verdict}')
    return int(bool(missed))


def list_idioms(shape: Shape) -> list[Place]:
    """List conditional lists and nested ternaries, for which an `if` is easier to read."""
    places: list[Place] = []
    for module in shape.modules:
        added, looped = find_conditional_lists(module.tree)
        nested = find_nested_ternaries(module.tree)
        places.extend(module.place_of(node, 'conditional list') for node in [*added, *looped])
        places.extend(module.place_of(node, 'nested ternary') for node in nested)
    return sorted(places, key=lambda place: (place.path, place.line))


LISTS: dict[str, Callable[[Shape], list[Place]]] = {
    'one-word': lambda shape: shape.one_word,
    'participles': lambda shape: shape.participles,
    'long-functions': lambda shape: shape.find_long_functions(MAX_FUNCTION_LINES),
    'long-files': lambda shape: shape.find_long_files(MAX_FILE_LINES),
    'wide-lines': lambda shape: shape.find_wide_lines(MAX_LINE_COLUMNS),
    'imports': lambda shape: shape.function_imports,
    'circles': lambda shape: shape.circles,
    'classes': lambda shape: shape.ambiguous_classes,
    'idioms': list_idioms,
    'any': lambda shape: shape.any_signatures,
    'modules': lambda shape: shape.loose_modules,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what was asked for; return 1 if a budget is missed with `--check`."""
    parser = argparse.ArgumentParser(description=(__doc__ or '').partition('\n')[0])
    parser.add_argument('checkout', nargs='?', type=Path, default=Path(__file__).parent.parent)
    parser.add_argument(
        '--package', default='keylint', help='folder of the package in the checkout'
    )
    parser.add_argument('--rules', default='rules', help='folder of the rule files in the checkout')
    modes = parser.add_mutually_exclusive_group()
    modes.add_argument('--markdown', action='store_true', help='print the table for the docs')
    modes.add_argument('--check', action='store_true', help='fail if a budget is missed')
    modes.add_argument('--list', choices=LISTS, help='print the offenders of one kind')
    options = parser.parse_args(arguments)
    shape = Shape(read_modules(options.checkout, options.package), options.package)
    if options.check:
        return check_budgets(shape)
    if options.list:
        for place in LISTS[options.list](shape):
            print(place)
        return 0
    rows = [*list_sizes(shape), *list_names(shape), *list_rules(options.checkout / options.rules)]
    show_table(rows, markdown=options.markdown)
    return 0


if __name__ == '__main__':
    sys.exit(main())
