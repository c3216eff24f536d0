"""benchmarks/mutants.py: which faults it makes, how it draws them, and what it says of tests."""

from __future__ import annotations

import argparse
import ast
import difflib
import importlib
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / 'benchmarks'))  # the scripts import their neighbours by name
line_map, map_store, mutants, mutant_results, mutation, selection = (
    importlib.import_module(name)
    for name in ('line_map', 'map_store', 'mutants', 'mutant_results', 'mutation', 'selection')
)


def make_faults(folder: Path, text: str) -> list[tuple[str, str]]:
    """Return kind and changed source of every fault that changes the meaning."""
    (folder / 'a.py').write_text(text, encoding='utf-8')
    return [
        (mutant.kind, mutant.apply(text.encode()).decode())
        for mutant in mutation.list_mutants(folder, 'a.py', 'area')
        if mutation.is_fault(folder, mutant)
    ]


@pytest.mark.parametrize(
    'text',
    [
        pytest.param('"""Not 1 < 2."""\n', id='docstring'),
        pytest.param('def f(a: Literal[1, 2, 3] = ...) -> Literal[0]: ...\n', id='annotation'),
        pytest.param('a: Literal[True]\n', id='bare annotation'),
        pytest.param("print(f'{1 + 2}')\n", id='f-string'),
        pytest.param("raise ValueError('one', 2, a and b)\n", id='message'),
        pytest.param('if TYPE_CHECKING:\n    a = 1\n', id='type checking'),
        pytest.param("__all__ = ['a', 'b', 'c']\n", id='__all__'),
        pytest.param('from a import b\n', id='import'),
    ],
)
def test_no_fault_where_no_test_could_see_it(tmp_path: Path, text: str) -> None:
    faults = [new for kind, new in make_faults(tmp_path, text) if kind != 'statement']
    assert faults == []


@pytest.mark.parametrize(
    ('text', 'kind', 'want'),
    [
        ('a < b\n', 'comparison', ['a  <=  b\n']),
        ('(a)not  in(b)\n', 'comparison', ['(a) in (b)\n']),
        ('a is not b\n', 'comparison', ['a  is  b\n']),
        ('a and b\n', 'operator', ['((a) or (b))\n']),
        ('a or b or c\n', 'operand', ['((b) or (c))\n', '((a) or (c))\n', '((a) or (b))\n']),
        ('if a: b\n', 'condition', ['if (not (a)): b\n']),
        ('c = not a\n', 'condition', ['c = (a)\n']),
        ('[a for a in b if a.c]\n', 'filter', ['[a for a in b if True]\n']),
        ('c = a if b else d\n', 'ternary', ['c = ((d) if (b) else (a))\n']),
        ('a = 41\n', 'constant', ['a = 42\n']),
        ('a = True\n', 'constant', ['a = False\n']),
        ("a = ('b', 'c', 'd')\n", 'word', ["a = ( 'c', 'd')\n", "a = ('b',  'd')\n"]),
        ("a = {'b': 0, 'c': d, **e}\n", 'word', ["a = { 'c': d, **e}\n", "a = {'b': 0,  **e}\n"]),
        ("a = 'b cé'.split()\n", 'word', ["a = ' cé'.split()\n", "a = 'b '.split()\n"]),
        ('a = b + 1\n', 'arithmetic', ['a = ((b) - (1))\n']),
        ('é = len(b) - c\n', 'arithmetic', ['é = ((len(b)) + (c))\n']),
        ('any(a.b)\n', 'call', ['all(a.b)\n']),
        ("a.startswith('b')\n", 'call', ["a.endswith('b')\n"]),
        ('sorted(a, key=b)\n', 'call', []),
        ('a += b\n', 'statement', ['pass\n']),
        ('for a in b:\n    continue\n', 'statement', ['for a in b:\n    pass\n']),
        ('def f() -> bool:\n    return a\n', 'return', ['def f() -> bool:\n    return not (a)\n']),
        (
            'def f() -> list[int]:\n    return a\n',
            'return',
            ['def f() -> list[int]:\n    return []\n'],
        ),
        (
            'def f() -> A | None:\n    return a\n',
            'return',
            ['def f() -> A | None:\n    return None\n'],
        ),
        ('def f() -> A:\n    return a\n', 'return', []),
    ],
)
def test_faults(tmp_path: Path, text: str, kind: str, want: list[str]) -> None:
    found = [new for each, new in make_faults(tmp_path, text) if each == kind]
    assert sorted(found) == sorted(want)


@pytest.mark.slow
def test_every_fault_of_real_code_parses(tmp_path: Path) -> None:
    path = 'benchmarks/mutation.py'
    data = (ROOT / path).read_bytes()
    made = list(mutation.list_mutants(ROOT, path, 'area'))
    assert len(made) > 100
    for mutant in made:
        ast.parse(mutant.apply(data))
        assert mutant.first <= mutant.line <= mutant.last


def test_ids_follow_the_content_and_not_the_place(tmp_path: Path) -> None:
    first = 'def check(a):\n    return a < 1 or a > 9\n'
    second = (
        '"""Moved."""\n\n\ndef check(a):\n    return (\n        a < 1\n        or a > 9\n    )\n'
    )
    ids = []
    for name, text in (('a.py', first), ('b.py', second)):
        (tmp_path / name).write_text(text)
        ids.append({mutant.id for mutant in mutation.list_mutants(tmp_path, name, 'area')})
    assert ids[0] == ids[1]
    assert len(ids[0]) == 7


def test_a_sample_is_fixed_and_takes_one_fault_a_line(tmp_path: Path) -> None:
    (tmp_path / 'a.py').write_text('a = 1, 2, 3, 4\nb = c < 5\nd = e and f\n')
    areas = {'all': (3, ('*.py',))}
    drawn = mutation.draw_sample(tmp_path, areas, 'seed')
    assert sorted(mutant.line for mutant in drawn) == [1, 2, 3]
    assert mutation.draw_sample(tmp_path, areas, 'seed') == drawn
    ids = {
        tuple(each.id for each in mutation.draw_sample(tmp_path, areas, str(n))) for n in range(9)
    }
    assert len(ids) > 1


def test_an_area_without_modules_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match='area gone'):
        mutation.draw_sample(tmp_path, {'gone': (1, ('gone/*.py',))}, 'seed')


def test_the_areas_hold_200_faults_in_modules_that_exist() -> None:
    assert sum(wanted for wanted, _ in mutants.AREAS.values()) == 200
    missing = [
        glob
        for _, globs in mutants.AREAS.values()
        for glob in globs
        if not mutation.find_modules(ROOT, [glob])
    ]
    assert missing == []


def make_line_map(**tests: tuple[float, dict[str, list[int]]]) -> Any:
    """Return a map of tests with their seconds and lines; `a__b` is the test b of module a."""
    lines = line_map.LineMap()
    for test, (seconds, files) in tests.items():
        module, _, function = test.rpartition('__')
        name = f'{module or "t"}.py::{function}'
        lines.tests.add(name)
        lines.seconds[name] = seconds
        for path, numbers in files.items():
            lines.lines[path][name] = sum(1 << number for number in numbers)
            lines.width[name] += len(numbers)
    return lines


def test_narrow_tests_come_first_and_new_functions_before_new_cases(tmp_path: Path) -> None:
    (tmp_path / 'a.py').write_text('def f(a):\n    return a < 1\n')
    (mutant,) = (
        each
        for each in mutation.list_mutants(tmp_path, 'a.py', 'area')
        if each.kind == 'comparison'
    )
    lines = make_line_map(
        **{
            'wide': (1.0, {'a.py': [2], 'b.py': [1, 2, 3, 4]}),
            'case[1]': (1.0, {'a.py': [2]}),
            'case[2]': (1.0, {'a.py': [2], 'b.py': [1]}),
            'slow': (9.0, {'a.py': [2]}),
            'other': (1.0, {'a.py': [1], 'b.py': [1]}),
        }
    )
    chosen = selection.choose_tests(tmp_path, mutant, lines, 4.0)
    assert chosen == (['t.py::case[1]', 't.py::wide', 't.py::case[2]'], 3.0, 1)
    assert selection.choose_tests(tmp_path, mutant, lines, 0.0).tests == ['t.py::case[1]']
    assert selection.choose_tests(tmp_path, mutant, lines, 12.0).left_out == 0
    chosen = selection.choose_tests(tmp_path, mutant, lines, 4.0, ['t.py::wide', 't.py::gone'])
    assert chosen.tests[0] == 't.py::wide'


def test_unit_tests_of_the_module_come_first_and_slow_ones_last(tmp_path: Path) -> None:
    path = 'keylint/detect/tokens.py'
    (tmp_path / 'keylint' / 'detect').mkdir(parents=True)
    (tmp_path / path).write_text('def f(a):\n    return a < 1\n')
    mutant = next(mutation.list_mutants(tmp_path, path, 'area'))
    lines = make_line_map(
        **{
            'tests/test_api__all': (0.5, {path: [2]}),
            'tests/test_api__slow': (2.0, {path: [2]}),
            'tests/detect/test_grouping__near': (0.5, {path: [1, 2]}),
            'tests/detect/test_tokens__nearest': (0.5, {path: [1, 2], 'b.py': [1]}),
        }
    )
    chosen = selection.choose_tests(tmp_path, mutant, lines, 9.0).tests
    assert chosen == [
        'tests/detect/test_tokens.py::nearest',
        'tests/detect/test_grouping.py::near',
        'tests/test_api.py::all',
        'tests/test_api.py::slow',
    ]


def test_a_module_is_run_in_few_stretches() -> None:
    """A fixture of a module is made again each time that pytest comes back to it."""
    lines = make_line_map(**{f'{"ab"[n % 2]}__{n}': (1.0, {}) for n in range(12)})
    ordered = selection.group_by_module([f'{"ab"[n % 2]}.py::{n}' for n in range(12)], lines)
    assert [int(test.partition('::')[2]) for test in ordered] == [
        *(0, 2, 1, 3),
        *(4, 6, 5, 7),
        *(8, 10, 9, 11),
    ]


def test_a_table_is_tested_by_whoever_uses_its_name(tmp_path: Path) -> None:
    (tmp_path / 'keylint').mkdir()
    (tmp_path / 'keylint' / 'a.py').write_text("WORDS = ('b', 'c', 'd')\n")
    (tmp_path / 'keylint' / 'b.py').write_text('import a\ndef f(x):\n    return x in a.WORDS\n')
    mutant = next(mutation.list_mutants(tmp_path, 'keylint/a.py', 'area'))
    lines = make_line_map(
        uses=(1.0, {'keylint/b.py': [3]}), imports=(1.0, {'keylint/a.py': [1], 'keylint/b.py': [1]})
    )
    assert selection.choose_tests(tmp_path, mutant, lines, 9.0).tests == ['t.py::uses']


def test_report_counts_equivalents_apart_and_names_survivors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / 'a.py').write_text('def f(a):\n    return a < 1\n\n\ndef g(a):\n    return a > 2\n')
    made = [
        each for each in mutation.list_mutants(tmp_path, 'a.py', 'area') if each.kind != 'return'
    ]
    assert len(made) == 4
    book = tmp_path / 'equivalents.toml'
    book.write_text(f'[[equivalent]]\nid = "{made[2].id}"\nreason = "the same"\n')
    monkeypatch.setattr(mutant_results, 'EQUIVALENTS', book)
    outcomes = ['killed', 'timeout', 'survived', 'survived']
    results = {
        mutant.id: {'outcome': outcome, 'tests': 3}
        for mutant, outcome in zip(made, outcomes, strict=True)
    }
    assert mutant_results.show_report(tmp_path, made, results) == 1
    output = capsys.readouterr().out
    assert '2 of 3 faults killed (66.7 %), 1 equivalent' in output
    assert made[3].id in output
    assert made[2].id not in output
    results[made[3].id]['outcome'] = 'killed'
    assert mutant_results.show_report(tmp_path, made, results) == 0


def test_an_equivalent_needs_a_reason(tmp_path: Path) -> None:
    book = tmp_path / 'equivalents.toml'
    book.write_text('[[equivalent]]\nid = "0"\nreason = " "\n')
    with pytest.raises(SystemExit, match='no reason'):
        mutant_results.load_equivalents(book)


def test_our_list_of_equivalents_can_be_read() -> None:
    assert all(mutant_results.load_equivalents(mutant_results.EQUIVALENTS).values())


@pytest.mark.parametrize(
    ('changed', 'outcome', 'is_kept'),
    [
        pytest.param('', 'survived', True, id='nothing'),
        pytest.param('docs/a.md', 'survived', True, id='what is not looked at'),
        pytest.param('tests/test_a.py', 'killed', False, id='the test that killed it'),
        pytest.param('tests/test_b.py', 'killed', True, id='another test'),
        pytest.param('tests/test_b.py', 'survived', False, id='a test that may kill it'),
        pytest.param('tests/test_b.py', 'timeout', False, id='a test that may end'),
        pytest.param('tests/conftest.py', 'killed', False, id='what tests share'),
        pytest.param('keylint/b.py', 'killed', False, id='other code'),
        pytest.param('rules/c.yaml', 'killed', False, id='a rule'),
    ],
)
def test_a_result_holds_while_nothing_it_depends_on_changes(
    tmp_path: Path, changed: str, outcome: str, is_kept: bool
) -> None:
    for name in ('keylint/a.py', 'keylint/b.py', 'tests/test_a.py', 'tests/test_b.py'):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text('a = 1\n')
    subprocess.run(['git', 'init', '-q'], cwd=tmp_path, check=True)
    (mutant,) = mutation.list_mutants(tmp_path, 'keylint/a.py', 'area')
    book = tmp_path / 'results.jsonl'
    test = 'tests/test_a.py::test_a' if outcome == 'killed' else ''
    mutant_results.Results(book, tmp_path).add(mutant, {'outcome': outcome, 'test': test})
    if changed:
        (tmp_path / changed).parent.mkdir(exist_ok=True)
        (tmp_path / changed).write_text('b = 2\n')
    results = mutant_results.Results(book, tmp_path)
    assert [found['outcome'] for found in results.read().values()] == [outcome] * is_kept
    assert results.list_killers() == {mutant.id: {test}}


SMALL_PROJECT = {
    'keylint/__init__.py': '',
    'keylint/__main__.py': """
        import sys
        from keylint.core import is_large
        sys.exit(is_large(int(sys.argv[1])))
    """,
    'keylint/core.py': """
        import os

        def is_large(number):
            return number > 9

        def is_small(number):
            return number < 3

        def fork(number):
            process = os.fork()
            if not process:
                os._exit(is_small(number))
            return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])

        def is_odd(number):
            while number > 1:
                number -= 2
            return number == 1
    """,
    'tests/test_core.py': """
        import subprocess, sys
        from keylint.core import fork, is_odd

        def test_process():
            assert subprocess.run([sys.executable, '-m', 'keylint', '10'], env={}).returncode == 1

        def test_fork():
            assert fork(1) == 1

        def test_odd():
            assert is_odd(3)

        def test_that_fails_anyway():
            assert not is_odd(3)
    """,
}


@pytest.mark.slow
def test_the_whole_on_a_small_project(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Lines of forks and processes are known, faults are noticed, the checkout stays as it is."""
    pytest.importorskip('coverage')
    checkout = tmp_path / 'checkout'
    for name, text in SMALL_PROJECT.items():
        path = checkout / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))
    subprocess.run(['git', 'init', '-q'], cwd=checkout, check=True)
    before = {path: path.read_bytes() for path in checkout.rglob('*.py')}
    store = map_store.MapStore(tmp_path / 'map', checkout)
    modules = map_store.list_test_modules(checkout, ['tests'])
    assert store.list_stale(modules) == modules == ['tests/test_core.py']
    store.record(modules)
    assert store.list_stale(modules) == []
    lines = store.load(modules)
    assert capsys.readouterr().out.splitlines()[-1].endswith('::test_that_fails_anyway')
    workspace = line_map.Workspace(tmp_path / 'workspace', checkout)
    made = {
        (mutant.function, mutant.new.strip()): mutant
        for mutant in mutation.list_mutants(checkout, 'keylint/core.py', 'area')
    }
    for function, new, test, outcome in (
        ('is_large', '>=', 'test_process', 'survived'),
        ('is_small', '4', 'test_fork', 'survived'),
        ('is_odd', '!=', 'test_odd', 'killed'),
    ):
        mutant = made[function, new]
        choice = selection.choose_tests(checkout, mutant, lines, 9.0)
        assert choice.tests == [f'tests/test_core.py::{test}']
        result = mutants.try_mutant(workspace, mutant, choice)
        assert result['outcome'] == outcome
        assert result['test'] == (choice.tests[0] if outcome == 'killed' else '')
    result = mutants.try_mutant(workspace, made['is_small', '4'], choice._replace(left_out=1))
    assert result['outcome'] == 'not decided'
    assert {path: path.read_bytes() for path in checkout.rglob('*.py')} == before


@pytest.mark.parametrize(
    ('new', 'want'),
    [
        pytest.param('a b c d', {1: [1], 2: [2], 3: [3], 4: [4]}, id='nothing'),
        pytest.param('a x B c d', {1: [1], 2: [2, 3], 3: [4], 4: [5]}, id='a changed line'),
        pytest.param('a b x c d', {1: [1], 2: [2, 3], 3: [4], 4: [5]}, id='a new line'),
        pytest.param('a c d', {1: [1], 2: [], 3: [2], 4: [3]}, id='a line that is gone'),
        pytest.param('x y', {1: [1, 2], 2: [1, 2], 3: [1, 2], 4: [1, 2]}, id='all is new'),
    ],
)
def test_lines_are_found_again_in_changed_code(new: str, want: dict[int, list[int]]) -> None:
    old = 'a b c d'
    blocks = difflib.SequenceMatcher(None, old.split(), new.split(), autojunk=False).get_opcodes()
    for mover in [map_store.LineMover(blocks), *([map_store.LineMover(None)] * (new == old))]:
        for line, places in want.items():
            bits = mover.move(1 << line)
            assert [place for place in range(9) if bits >> place & 1] == places


def make_checkout(folder: Path, tests: str) -> Path:
    """Make a project that has nothing but the module `tests/test_a.py`."""
    checkout = folder / 'checkout'
    (checkout / 'tests').mkdir(parents=True)
    (checkout / 'tests' / 'test_a.py').write_text(tests)
    subprocess.run(['git', 'init', '-q'], cwd=checkout, check=True)
    return checkout


@pytest.mark.slow
def test_names_of_tests_that_the_code_no_longer_makes_are_left_out(tmp_path: Path) -> None:
    checkout = make_checkout(tmp_path, 'def test_a(): ...\ndef test_b(): assert 0\n')
    workspace = line_map.Workspace(tmp_path / 'workspace', checkout)
    tests = [f'tests/test_a.py::test_{name}' for name in ('a', 'b', 'gone', 'gone[1]')]
    assert mutants.run_limited(workspace, tests[:1], 1.0) == 'survived'
    assert mutants.run_limited(workspace, tests, 1.0) == 'killed'
    assert mutants.run_limited(workspace, [tests[0], *tests[2:]], 1.0) == 'not decided'
    assert mutants.run_limited(workspace, tests[2:], 1.0) == 'not decided'
    (checkout / 'tests' / 'conftest.py').write_text('import gone\n')
    workspace = line_map.Workspace(tmp_path / 'other', checkout)
    assert mutants.run_limited(workspace, tests[:1], 1.0) == 'killed'


@pytest.mark.slow
def test_a_fault_that_no_module_of_tests_survives_is_killed(tmp_path: Path) -> None:
    checkout = make_checkout(tmp_path, 'import gone\n\ndef test_a(): ...\n')
    workspace = line_map.Workspace(tmp_path / 'workspace', checkout)
    assert mutants.run_limited(workspace, ['tests/test_a.py::test_a'], 1.0) == 'killed'


@pytest.mark.slow
def test_an_endless_loop_is_a_timeout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutants, 'CPU_SECONDS', 4)
    checkout = make_checkout(tmp_path, 'def test_loop():\n    while True: ...\n')
    workspace = line_map.Workspace(tmp_path / 'workspace', checkout)
    assert mutants.run_limited(workspace, ['tests/test_a.py::test_loop'], 0.0) == 'timeout'


def test_the_sample_is_tried_from_where_it_was_interrupted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A fault with a result is not tried again."""
    tried: list[str] = []

    def run_sample(made: list[Any], *_: object) -> None:
        tried.extend(mutant.id for mutant in made)

    empty = line_map.LineMap()

    def load_map(options: argparse.Namespace) -> Any:
        return empty

    monkeypatch.setattr(mutants, 'run_sample', run_sample)
    monkeypatch.setattr(mutants, 'load_map', load_map)
    monkeypatch.setattr(mutants, 'AREAS', {'marks': (3, ('benchmarks/shape.py',))})
    drawn = mutation.draw_sample(ROOT, mutants.AREAS, mutants.SEED)
    results = mutant_results.Results(tmp_path / 'results.jsonl', ROOT)
    results.add(drawn[1], {'outcome': 'survived', 'test': ''})
    assert mutants.main(['--work', str(tmp_path)]) == 0
    assert tried == [drawn[0].id, drawn[2].id]
    assert mutants.main(['--work', str(tmp_path), '--list']) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == [
        mutant.id for mutant in drawn
    ]
